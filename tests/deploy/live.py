"""Running servers that are different for a while, and the site file that names them."""

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

import ldap
from ldap.controls.simple import RelaxRulesControl

from deploy.programs import run
from tests.deploy.cast import SITE


@contextmanager
def open_folder():
    """A folder that the servers' own users can pass."""
    folder = Path(tempfile.mkdtemp(prefix="check-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def changed(connection, dn, attribute, *values):
    """An entry that is different for a while; the overlays let it pass, as in an old tree."""
    [(_, entry)] = connection.search_s(dn, ldap.SCOPE_BASE, attrlist=[attribute])

    def change(values):
        steps = [(ldap.MOD_REPLACE, attribute, values)]
        connection.modify_ext_s(dn, steps, serverctrls=[RelaxRulesControl()])

    change([one.encode() for one in values])
    try:
        yield
    finally:
        change(entry.get(attribute))


DATABASE = "olcDatabase={1}mdb,cn=config"


def opened(connection, attribute):
    """A directory whose first rule shows an attribute to everybody."""
    [(_, entry)] = connection.search_s(DATABASE, ldap.SCOPE_BASE, attrlist=["olcAccess"])
    rest = [value.decode().partition("}")[2] for value in entry["olcAccess"]]
    rules = [f"to dn.subtree={SITE.hosting} attrs=entry,{attribute} by * read", *rest]
    numbered = [f"{{{number}}}{text}" for number, text in enumerate(rules)]
    return changed(connection, DATABASE, "olcAccess", *numbered)


def reload_postfix(target):
    run("postfix", "-c", target.site.postfix.config_dir, "reload")


def facts_of(target, folder):
    """The site file of these servers."""
    site = target.site
    (folder / "service").write_text(site.secrets.service_password.reveal())
    ports = "\n".join(f"{name} = {getattr(site.listen, name)}" for name in site.listen.PORTS)
    file = folder / "site.toml"
    file.write_text(
        f'imap = "dovecot"\n[secrets]\nservice_password_file = "{folder}/service"\n'
        f'[directory]\nuris = ["{site.directory.uris[0]}"]\n[tls]\nca = "{site.tls.ca}"\n'
        f'[postfix]\nconfig_dir = "{site.postfix.config_dir}"\n[listen]\n{ports}\n'
    )
    return str(file)
