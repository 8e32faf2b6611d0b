"""Whatever stands in site.toml: it is refused by its key, or it means itself in every file."""

import re
from dataclasses import fields, replace
from functools import cache

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.check_servers.checks import State, answers
from deploy.check_servers.every import SYSTEMS
from deploy.check_servers.target import Target
from deploy.emit import SERVICES, rendered
from deploy.facts import Secret
from deploy.highlight import highlighted
from deploy.private_mail import PrivateMail
from deploy.private_slapd import PrivateSlapd
from deploy.site import TABLES, Secrets, Site, SiteError
from tests.deploy.cast import ALICE, SITE, password_of, world
from tests.deploy.live import open_folder

# Each fact of each table, the outermost by an empty name. Secrets are tried below.
FACTS = [
    (table, one.name, one.default)
    for table, kind in {"": Site, **TABLES}.items()
    for one in fields(kind)
    if one.name not in TABLES and table != "secrets"
]
# What starts something new in a configuration file, a shell, a regular expression or LDIF.
SIGNS = "\n\r\t\0\x1b\x7f\x85\u2028\"'\\$`{}#;<>*()!|&^?~"
INJECTED = ["\nrootpw injected", "\n\ndn: cn=injected", "$(injected)", "{{ 7 }}", "'; injected"]
TEXTS = st.text(max_size=30) | st.text(SIGNS + "ab/.=,- +@_dc:0", max_size=20)
SCALARS = TEXTS | st.integers() | st.booleans() | st.floats() | st.none() | st.binary(max_size=5)
VALUES = SCALARS | st.lists(SCALARS, max_size=3) | st.dictionaries(TEXTS, SCALARS, max_size=2)
# What a fact that passed may consist of: none of it ends a word of ours.
TAME = re.compile(r"[A-Za-z0-9 .@_+,=/:%\[\]-]*")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
# So that every service can be rendered.
BASE = {
    "secrets": Secrets(service_password="for the look-ups", replicator_password="for the copy"),
    "postfix": {"postmaster": "postmaster@myhosting.example"},
}


def site_with(table, name, value):
    facts = {**BASE}
    if table:
        facts[table] = {**facts.get(table, {}), name: value}
    else:
        facts[name] = value
    return Site.from_table(facts)


def texts_in(value):
    """Every text of a fact, in lists too."""
    if isinstance(value, str):
        return [value]
    return [text for one in value for text in texts_in(one)] if isinstance(value, tuple) else []


def all_files(site):
    return [file for service in SERVICES for file in rendered(service, site)]


def value_of(site, table, name):
    return getattr(getattr(site, table) if table else site, name)


def spoilt(default):
    """The default with something hostile in it, in the shape of the default."""
    text = next(iter(texts_in(default)), "mail.example")
    places = st.integers(0, len(text))
    hostile = st.sampled_from([*SIGNS, *INJECTED])
    texts = st.builds(lambda place, sign: text[:place] + sign + text[place:], places, hostile)
    return texts.map(lambda one: [one]) if isinstance(default, tuple) else texts


@settings(deadline=None, max_examples=400)
@given(st.data())
def test_a_fact_is_refused_by_its_key_or_tame(data):
    table, name, default = data.draw(st.sampled_from(FACTS))
    value = data.draw(spoilt(default) | VALUES)
    try:
        site = site_with(table, name, value)
    except SiteError as error:
        # Two facts that contradict each other may be named by the other one.
        assert error.key.partition(".")[0] in {table or name, "replication", "secrets"}
        assert str(error).isprintable()
        return
    for text in texts_in(value_of(site, table, name)):
        assert TAME.fullmatch(text), (table, name, text)


@cache
def shape_by_default():
    return shape(site_with("", "host", Site().host))


def shape(site):
    return {file.path: file.text.count("\n") for file in all_files(site)}


# A text that is empty by default brings lines of its own.
NEVER_EMPTY = [one for one in FACTS if "".join(texts_in(one[2]))]


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_every_file_keeps_its_shape_with_whatever_is_let_in(data):
    table, name, default = data.draw(st.sampled_from(NEVER_EMPTY))
    text = texts_in(default)[0]
    alphabet = st.sampled_from(sorted({*text, *"aZ09._-/ "}))
    value = text + data.draw(st.text(alphabet, min_size=1, max_size=6))
    try:
        site = site_with(table, name, [value] if isinstance(default, tuple) else value)
    except SiteError:
        return
    assert shape(site) == shape_by_default()
    for file in all_files(site):
        assert not CONTROL.search(file.text), file.path


@pytest.mark.parametrize(("table", "name", "default"), FACTS, ids=lambda one: str(one)[:20])
@pytest.mark.parametrize("hostile", ["\n", "\0", "\x1b", '"', "\\", "{{ 7 }}"])
def test_no_fact_takes_a_control_character_or_a_quote(table, name, default, hostile):
    text = next(iter(texts_in(default)), "mail.example")
    value = f"{text}{hostile}x"
    with pytest.raises(SiteError) as error:
        site_with(table, name, [value] if isinstance(default, tuple) else value)
    assert error.value.key == (f"{table}.{name}" if table else name)


@pytest.mark.parametrize(
    "line",
    [
        "mail_uid = 0",
        "mail_gid = 101",
        'mail_home = "home/vmail"',
        'host = "localhost"',
        'host = "mail.test\\u0000"',
        'hots = "mail.test"',
        '[postfix]\npostmaster = "|/bin/sh"',
        '[postfix]\nnetworks = ["0.0.0.0/0"]',
        '[panel]\nuser = "www data"',
        '[tls]\nkey = "key.pem"',
        '[secrets]\nservice_password_file = "/nonesuch"',
    ],
)
def test_nothing_is_written_when_one_fact_is_wrong(tmp_path, line):
    (tmp_path / "site.toml").write_text(f"{line}\n")
    key = re.search(r"(\w+) =", line)[1]

    for task in ({"to": str(tmp_path / "out")}, {"install": True, "root": str(tmp_path / "out")}):
        with pytest.raises(CommandError, match=rf"^(\w+\.)?{key}: "):
            call_command("emit", site=str(tmp_path / "site.toml"), no_check=True, **task)
    assert not (tmp_path / "out").exists()


SPITEFUL = "a$mail_name #b 'c' \"d\" \\e {{ f }} ${g} %u ;h =i &j <k>"


def test_a_password_of_signs_opens_the_directory_to_every_server():
    """slapd hashes it, Postfix and Dovecot read it from their files, and mail arrives."""
    secrets = replace(SITE.secrets, service_password=SPITEFUL)
    facts = replace(SITE.postfix, postmaster="postmaster@other.test")
    site = replace(SITE, imap="dovecot", secrets=secrets, postfix=facts)
    with open_folder() as folder:
        directory = PrivateSlapd(folder / "slapd", site, fast=True)
        directory.load(f"{directory.base_ldif}\n{world()}")
        with directory, PrivateMail(folder / "mail", site, [directory.ldap_uri]) as mail:
            target = Target(
                site=mail.site,
                address="127.0.0.1",
                login="alice@example.test",
                password=Secret(password_of(ALICE)),
            )
            found = [one for name in ("postfix", "mail") for one in answers(SYSTEMS[name], target)]

    assert [one for one in found if one.state is not State.PASS] == []


@settings(deadline=None, max_examples=25)
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40))
def test_a_password_never_shows_where_files_are_shown(password):
    word = f"x{password}zq"
    secrets = Secrets(service_password=word, replicator_password="for the copy")
    site = replace(SITE, secrets=secrets, postfix=replace(SITE.postfix, postmaster="a@b.test"))
    for service in ("postfix", "dovecot"):
        for file in rendered(service, site, masked=True):
            assert word not in file.text
            assert word not in highlighted(file.path, file.text)
