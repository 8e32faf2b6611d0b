"""site.toml: what is misspelt or could not stand in a file as itself is an error with its key."""

import re
import tomllib
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.emit import rendered
from deploy.facts.slapd import Slapd
from deploy.site import TABLES, Site, SiteError

EXAMPLE = Path(__file__).parents[2] / "site.example.toml"

# Every fact that is text, and a value that is right.
TEXTS = {
    "host": "mail.myhosting.example",
    "suffix": "dc=myhosting,dc=example",
    "access": "strict",
    "admin": "admin",
    "mail_home": "/home/vmail/domains",
    "slapd.config_dir": "/etc/ldap",
    "slapd.schema_dir": "/etc/ldap/schema",
    "slapd.module_dir": "/usr/lib/ldap",
    "slapd.data_dir": "/var/lib/ldap",
    "slapd.run_dir": "/run/slapd",
    "slapd.root_identity": "gidNumber=0+uidNumber=0,cn=peercred,cn=external,cn=auth",
    "slapd.tls_certificate": "/etc/ldap/cert.pem",
    "slapd.tls_key": "/etc/ldap/key.pem",
    "slapd.tls_ca": "/etc/ldap/ca.pem",
    "imap": "courier",
    "directory.ca": "/etc/ssl/certs/ca.pem",
    "tls.certificate": "/etc/ssl/certs/mail.pem",
    "tls.key": "/etc/ssl/private/mail.key",
    "tls.ca": "/etc/ssl/certs/ca.pem",
    "unix.user": "vmail",
    "unix.group": "vmail",
    "unix.home": "/home/vmail",
    "postfix.config_dir": "/etc/postfix",
    "postfix.queue_dir": "/var/spool/postfix",
    "postfix.data_dir": "/var/lib/postfix",
    "postfix.aliases": "/etc/aliases",
    "postfix.procmailrc": "/etc/procmailrc",
    "postfix.log_file": "/var/log/postfix.log",
    "postfix.postmaster": "postmaster@myhosting.example",
    "postfix.recipient_delimiter": "+",
    "postfix.relay_host": "relay.myhosting.example",
    "postfix.table_type": "hash",
    "dovecot.version": "2.3",
    "dovecot.config_dir": "/etc/dovecot",
    "dovecot.run_dir": "/run/dovecot",
    "dovecot.state_dir": "/var/lib/dovecot",
    "dovecot.homes": "/home/vmail/homes",
    "dovecot.log_file": "/var/log/dovecot.log",
    "courier.version": "5.0",
    "courier.pem": "/etc/courier/mail.pem",
    "courier.socket": "/run/courier/authdaemon/socket",
    "replication.role": "alone",
    "replication.tls_ca": "/etc/ssl/certs/ca.pem",
    "panel.host": "panel.myhosting.example",
    "panel.user": "vmail-admin",
    "panel.web_user": "www-data",
    "panel.database": "postgresql",
    "panel.second_factor": "postmasters",
    "panel.folder": "/opt/vmail-admin",
    "panel.venv": "/opt/vmail-admin/.venv",
    "panel.config_dir": "/etc/vmail-admin",
    "panel.state_dir": "/var/lib/vmail-admin",
    "panel.run_dir": "/run/vmail-admin",
    "panel.log_dir": "/var/log/vmail-admin",
    "panel.tls_certificate": "/etc/ssl/certs/panel.pem",
    "panel.tls_key": "/etc/ssl/private/panel.key",
    "webmail.title": "Webmail",
    "webmail.server": "mail.myhosting.example",
    "webmail.database": "/var/lib/roundcube/webmail.sqlite",
    "webmail.log_dir": "/var/log/roundcube",
    "webmail.temp_dir": "/var/lib/roundcube/temp",
    "webmail.squirrelmail_data": "/var/lib/squirrelmail/data",
    "webmail.squirrelmail_uploads": "/var/spool/squirrelmail/attach",
}
HOSTILE = [
    *"\n\r\t\0\x1b\x7f\"'\\$`{}#%;<>*()!|&^[]:?~é\xa0\u2028\u202e\ufeff",
    "{{ 7 }}",
    "\n by * write",
]


def site_of(**texts):
    """A site from texts named as in TEXTS."""
    table = {}
    for key, value in texts.items():
        name, _, fact = key.rpartition(".")
        (table.setdefault(name, {}) if name else table)[fact] = value
    return Site.from_table(table)


def site_from(tmp_path, text):
    file = tmp_path / "site.toml"
    file.write_text(text)
    return Site.from_file(file)


# What a site.toml that says nothing else adds: its panel is beside slapd.
DEFAULT = Site(slapd=Slapd(local_writes=True))


def test_an_empty_file_is_the_default_site(tmp_path):
    assert site_from(tmp_path, "") == DEFAULT


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('sufix = "dc=a,dc=b"', "sufix"),
        ("[slapd]\nmaxsize = 1", "slapd.maxsize"),
        ("[slap]\nmax_size_gb = 1", "slap"),
        ("slapd = 1", "slapd"),
        ("secrets = 1", "secrets"),
        ('"odd\\nkey" = 1', "'odd\\nkey'"),
        ("suffix = 1", "suffix"),
        ('suffix = "myhosting"', "suffix"),
        ('suffix = "cn=a,dc=b"', "suffix"),
        ('suffix = "dc=a+o=b"', "suffix"),
        ('host = "mail"', "host"),
        ('host = "-mail.example.test"', "host"),
        ('host = "mail..example.test"', "host"),
        ('host = "mail_1.example.test"', "host"),
        ('access = "open"', "access"),
        ('admin = "Root User"', "admin"),
        ('mail_home = "home/vmail"', "mail_home"),
        ('mail_home = "/home/vmail/"', "mail_home"),
        ('mail_home = "/home/../etc"', "mail_home"),
        ('mail_home = "/home/v mail"', "mail_home"),
        ("mail_uid = 0", "mail_uid"),
        ("mail_uid = 101", "mail_uid"),
        ("mail_gid = 0", "mail_gid"),
        ("mail_gid = 101", "mail_gid"),
        ("mail_uid = -1", "mail_uid"),
        ("mail_uid = true", "mail_uid"),
        ('mail_uid = "5000"', "mail_uid"),
        ('[slapd]\ndata_dir = "var/lib"', "slapd.data_dir"),
        ('[slapd]\nroot_identity = "root"', "slapd.root_identity"),
        ("[slapd]\nmax_size_gb = 0", "slapd.max_size_gb"),
        ("[slapd]\nsync = 1", "slapd.sync"),
        ('[slapd]\ntls_key = "/etc/key.pem"', "slapd.tls_certificate"),
        ('[slapd]\ntls_certificate = "/etc/cert.pem"', "slapd.tls_key"),
        ("[passwords]\nmin_length = 3", "passwords.min_length"),
        ('[secrets]\nadmin_password = "hush"', "secrets.admin_password"),
        ('[secrets]\nadmin_file = "/x"', "secrets.admin_file"),
        ('[secrets]\nadmin_password_file = "x"', "secrets.admin_password_file"),
        ('[secrets]\nadmin_password_file = "/nonesuch"', "secrets.admin_password_file"),
    ],
)
def test_a_wrong_fact_is_an_error_with_its_key(tmp_path, text, key):
    with pytest.raises(SiteError) as error:
        site_from(tmp_path, text)
    assert error.value.key == key
    assert str(error.value).startswith(f"{key}: ")


@pytest.mark.parametrize("text", ["host = ", "a = 1\na = 2"])
def test_a_file_that_is_no_toml_is_named(tmp_path, text):
    with pytest.raises(SiteError, match=r"site\.toml: is not TOML"):
        site_from(tmp_path, text)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(SiteError, match=r"site\.toml: cannot be read: No such file"):
        Site.from_file(tmp_path / "site.toml")


def test_a_suffix_is_spelt_as_the_rules_compare_it():
    assert Site(suffix="DC=MyHosting, DC=Example").suffix == "dc=myhosting,dc=example"


def test_facts_are_checked_from_python_too():
    with pytest.raises(SiteError, match="mail_home"):
        replace(Site(), mail_home="relative")


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_a_hostile_character_anywhere_in_a_text_is_refused(data):
    key = data.draw(st.sampled_from(sorted(TEXTS)))
    value = TEXTS[key]
    place = data.draw(st.integers(0, len(value)))
    hostile = data.draw(st.sampled_from(HOSTILE))

    with pytest.raises(SiteError) as error:
        site_of(**TEXTS | {key: value[:place] + hostile + value[place:]})
    assert error.value.key == key
    assert str(error.value).isprintable()


def lines(site):
    return {file.path: file.text.count("\n") for file in rendered("slapd", site)}


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from(sorted(set(TEXTS) - {"access"})),
    st.text() | st.text("ab/.=,- +@_dco\n\"'\\{}$#%", max_size=20),
)
def test_whatever_is_let_in_means_itself_in_every_file(key, value):
    """Letters, digits and a few signs that neither slapd nor a shell takes for anything else."""
    try:
        site = site_of(**TEXTS | {key: value})
    except SiteError as error:
        assert error.key.startswith(key.partition(".")[0])
        return
    assert re.fullmatch(r"[A-Za-z0-9 .@_+,=/-]*", value)
    if value:
        assert lines(site) == lines(site_of(**TEXTS))


def test_every_text_is_tried():
    named = {"": Site} | TABLES
    known = {
        f"{table}.{one.name}".lstrip(".")
        for table, facts in named.items()
        for one in fields(facts)
        if one.type is str
    }
    assert known == set(TEXTS)


def as_in_toml(default):
    return list(default) if isinstance(default, tuple) else default


def test_the_example_names_every_fact_with_its_default(tmp_path):
    text = re.sub(r"(?m)^#(\w+ = )", r"\1", EXAMPLE.read_text())
    table = tomllib.loads(text)

    assert site_from(tmp_path, EXAMPLE.read_text()) == DEFAULT
    named = {None: {k: v for k, v in table.items() if not isinstance(v, dict)}} | {
        name: table[name] for name in TABLES
    }
    for name, facts in {None: Site, **TABLES}.items():
        suffix = "_file" if name == "secrets" else ""
        own = {one.name: one.default for one in fields(facts) if one.name not in TABLES}
        assert set(named[name]) == {f"{key}{suffix}" for key in own}
        for key, default in own.items():
            if key == "local_writes":
                default = DEFAULT.slapd.local_writes
            if name != "secrets" and not key.startswith("tls_"):
                assert named[name][key] == as_in_toml(default)
