"""The database itself keeps settled rows as they are, and deletes none before its time."""

from django.db import migrations

KEPT = "a settled row of the journal stays as it is"
TOO_YOUNG = "a row of the journal stays until its time is over"
CHANGED = (
    "OLD.state <> 0 OR NEW.id <> OLD.id OR NEW.began <> OLD.began OR NEW.dn <> OLD.dn "
    "OR NEW.who_dn <> OLD.who_dn OR NEW.steps <> OLD.steps"
)
OLD_ENOUGH = "EXISTS (SELECT 1 FROM journal_retention WHERE OLD.began < until)"

SQLITE = (
    f"CREATE TRIGGER journal_settled BEFORE UPDATE ON journal_row WHEN {CHANGED} "
    f"BEGIN SELECT RAISE(ABORT, '{KEPT}'); END",
    f"CREATE TRIGGER journal_young BEFORE DELETE ON journal_row WHEN NOT {OLD_ENOUGH} "
    f"BEGIN SELECT RAISE(ABORT, '{TOO_YOUNG}'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION journal_settled() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"IF {CHANGED} THEN RAISE EXCEPTION '{KEPT}'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER journal_settled BEFORE UPDATE ON journal_row "
    "FOR EACH ROW EXECUTE FUNCTION journal_settled()",
    "CREATE FUNCTION journal_young() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"IF NOT {OLD_ENOUGH} THEN RAISE EXCEPTION '{TOO_YOUNG}'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER journal_young BEFORE DELETE ON journal_row "
    "FOR EACH ROW EXECUTE FUNCTION journal_young()",
)
AWAY = {
    "sqlite": ("DROP TRIGGER journal_settled", "DROP TRIGGER journal_young"),
    "postgresql": (
        "DROP FUNCTION journal_settled() CASCADE",
        "DROP FUNCTION journal_young() CASCADE",
    ),
}


def add(apps, schema_editor):
    for sql in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(sql, params=None)


def remove(apps, schema_editor):
    for sql in AWAY[schema_editor.connection.vendor]:
        schema_editor.execute(sql, params=None)


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_rows")]
    operations = [migrations.RunPython(add, remove)]
