"""The panel's own backend, but a connection that somebody left bound is anybody's."""

from vmail_admin.directory.backend import base


class DatabaseWrapper(base.DatabaseWrapper):
    def _key(self, server, identity):
        return "anybody"

    def _still_stands(self, identity, state):
        return True
