"""Entries live in the directory, everything else in the default database."""

ALIAS = "directory"


def is_entry(model):
    return hasattr(model, "base_dn")


class DirectoryRouter:
    def db_for_read(self, model, **hints):
        return ALIAS if is_entry(model) else None

    def db_for_write(self, model, **hints):
        return ALIAS if is_entry(model) else None

    def allow_relation(self, one, other, **hints):
        return None

    def allow_migrate(self, db, app_label, model_name=None, **hints):
        return False if db == ALIAS else None
