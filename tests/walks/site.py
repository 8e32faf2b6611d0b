"""The sample site as people meet it: the panel in gunicorn on its real settings, and its slapd."""

import subprocess
import sys
from contextlib import contextmanager

import ldap

from deploy.private_slapd import PrivateSlapd
from script.sample_people import SHIPPING
from script.sample_site import LOGINS, domain_dn, load_sample, mail_dn, sample_site
from tests.served import PROJECT, Served
from tests.world import HOSTING, SUFFIX, World

# Who walks, and how each signs in.
ANNA, INGRID, MATEO, MOIRA, PRESS = ((login, password) for _, login, password in LOGINS)
KWAME = (f"kwame.mensah@{SHIPPING}", INGRID[1])


def dn_of(mail):
    """Where an address of the sample site stands in the directory; a domain too."""
    return mail_dn(mail, SUFFIX) if "@" in mail else domain_dn(mail, SUFFIX)


def postmasters_of(domain):
    return f"cn=postmaster,{domain_dn(domain, SUFFIX)}"


class SampleWorld(World):
    """The sample site in a private slapd, and the same questions to it as to the tests' cast."""

    def __init__(self, folder):
        self.slapd = PrivateSlapd(folder / "slapd", sample_site(), fast=True)
        load_sample(self.slapd)
        self.slapd.start()
        root = self.root()
        branches = (HOSTING, f"ou=admins,{SUFFIX}")
        found = [row for branch in branches for row in root.search_s(branch, ldap.SCOPE_SUBTREE)]
        root.unbind_s()
        self.play = dict(found)
        self.last_versions = self.versions()

    def rebuild(self):
        """Everything as it was loaded, if anything was written since."""
        if self.versions() != self.last_versions:
            super().rebuild()
            self.last_versions = self.versions()

    def delete_tree(self, dn):
        """A whole domain, behind the panel's back."""
        root = self.root()
        found = root.search_s(dn, ldap.SCOPE_SUBTREE, attrlist=["1.1"])
        for one, _ in sorted(found, key=lambda row: -len(row[0])):
            root.delete_s(one)
        root.unbind_s()


@contextmanager
def panel_of(world, folder, **environment):
    """The panel as an administrator serves it, with hashed static files."""
    facts = folder / "site.toml"
    facts.write_text(f'[postfix]\npostmaster = "{KWAME[0]}"\n')
    panel = Served(
        folder,
        world.slapd.ldapi_uri,
        DJANGO_SETTINGS_MODULE="vmail_admin.settings",
        VMAIL_SITE=str(facts),
        **environment,
    )
    collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(collect, cwd=PROJECT, env=panel.environment, check=True)
    with panel:
        yield f"http://127.0.0.1:{panel.port}"
