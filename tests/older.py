"""An installation as the HOWTO describes it: a rootdn with a password, open rules, no policies."""

import ldap
import pytest
from django.db import connections
from django.test import Client

from deploy.private_slapd import PrivateSlapd
from deploy.site import Secrets, Site
from tests.world import HOSTING, SUFFIX, World, word

MANAGER = f"cn=Manager,{SUFFIX}"


class OlderWorld(World):
    """The same cast, but for the site admins: there is the rootdn."""

    def __init__(self, folder):
        site = Site(access="howto", secrets=Secrets(manager_password=word("manager")))
        self.slapd = PrivateSlapd(folder, site, fast=True)
        self.slapd.load(self.slapd.base_ldif)
        self.slapd.start()

    def rebuild(self, cast):
        root = self.root()
        found = root.search_s(HOSTING, ldap.SCOPE_SUBTREE, "(objectClass=*)", ["1.1"])
        for dn, _ in sorted(found, key=lambda row: -len(row[0])):
            if dn != HOSTING:
                root.delete_s(dn)
        for dn, values in cast:
            if dn.endswith(HOSTING):
                root.add_s(dn, values)
        root.unbind_s()


@pytest.fixture(scope="module")
def older_slapd(tmp_path_factory):
    older = OlderWorld(tmp_path_factory.mktemp("older"))
    yield older
    older.slapd.stop()


@pytest.fixture
def older(world, older_slapd, panel_at):
    """The panel in front of the older slapd."""
    older_slapd.rebuild(world.cast)
    panel_at(older_slapd.slapd.ldapi_uri)
    yield older_slapd
    connections.close_all()


@pytest.fixture
def manager(older):
    """The rootdn, signed in."""
    client = Client()
    client.post("/sign-in/", {"login": "Manager", "password": word("manager")})
    return client
