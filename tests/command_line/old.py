"""A tree of another time in a slapd of its own, and the command that looks through it."""

from pathlib import Path

import ldap
import pytest
from django.db import connections

from deploy.private_slapd import PrivateSlapd
from deploy.programs import run
from deploy.site import Secrets, Site
from tests.command_line.saying import called
from tests.world import SUFFIX, word

BASE = f"o=hosting,{SUFFIX}"
OLDER, TIDY = f"jvd=older.test,{BASE}", f"jvd=tidy.test,{BASE}"
BOB, CY = f"mail=bob@older.test,{OLDER}", f"mail=cy@older.test,{OLDER}"
HANS = f"mail=hans@older.test,{OLDER}"
LOST = f"mail=lost@tidy.test,{TIDY}"
EVE = f"mail=eve@older.test,{OLDER}"
POST = f"cn=postmaster,{OLDER}"


class OldTree:
    """A slapd on the HOWTO's rules, whose data came from another time: no schema was asked."""

    def __init__(self, folder, ldif):
        site = Site(access="howto", secrets=Secrets(manager_password=word("manager")))
        self.slapd = PrivateSlapd(folder, site, fast=True)
        self.slapd.load(self.slapd.base_ldif)
        run("slapadd", *self.slapd.config_arguments, "-b", SUFFIX, "-s", stdin=ldif)
        self.slapd.start()

    def everything(self):
        """Each entry with all it holds, slapd's own attributes among them."""
        root = ldap.initialize(self.slapd.ldapi_uri)
        root.sasl_external_bind_s()
        found = root.search_s(BASE, ldap.SCOPE_SUBTREE, "(objectClass=*)", ["*", "+"])
        root.unbind_s()
        return dict(found)


@pytest.fixture
def old(world, tmp_path, panel_at):
    tree = OldTree(tmp_path / "s", (Path(__file__).parent / "old.ldif").read_text())
    panel_at(tree.slapd.ldapi_uri)
    yield tree
    connections.close_all()
    tree.slapd.stop()


def adopt(*words):
    return called("adopt", *words, "-Y", "EXTERNAL")


def findings(said):
    return [(row["kind"], row["dn"]) for row in said.rows if "dn" in row]
