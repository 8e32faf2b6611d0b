"""The files of Postfix, Dovecot and the mail user: readable, and judged by their programs."""

import re
from dataclasses import replace

import pytest

from deploy.checks import check
from deploy.emit import rendered
from deploy.programs import ProgramError
from deploy.site import Directory, Dovecot, Listen, Postfix, Secrets, Site, SiteError
from tests.mail.sites import INSTALLED, WITH_COURIER, WITH_DOVECOT
from tests.world import SITE

SERVICES = ["unix", "postfix", "dovecot"]
FULL = replace(
    SITE,
    imap="dovecot",
    directory=Directory(uris=["ldap://a.example.test", "ldap://b.example.test"], start_tls=True),
    listen=Listen(addresses=["127.0.0.1", "::1"], smtp=2525),
    postfix=Postfix(
        postmaster="joe",
        log_file="/var/log/postfix.log",
        relay_host="relay.example.test",
        milters=["inet:127.0.0.1:11332", "unix:/run/opendkim.sock"],
        need_milters=True,
        recipient_delimiter="-",
    ),
    dovecot=Dovecot(
        version=INSTALLED, log_file="/var/log/dovecot.log", quota_mb=100, slow_guessing=False
    ),
)
SITES = {
    "courier": WITH_COURIER,
    "dovecot": WITH_DOVECOT,
    "full": FULL,
    "howto": replace(WITH_COURIER, access="howto", secrets=Secrets()),
}


def texts(service, site, **options):
    return {file.path: file.text for file in rendered(service, site, **options)}


@pytest.mark.parametrize("name", SITES)
@pytest.mark.parametrize("service", SERVICES)
def test_its_own_program_has_nothing_to_say(service, name):
    assert "nothing to say" in check(service, SITES[name])[0] or service == "unix"


@pytest.mark.parametrize("name", SITES)
@pytest.mark.parametrize("service", SERVICES)
def test_the_files_read_well(service, name):
    for path, text in texts(service, SITES[name], masked=True).items():
        assert text.endswith("\n"), path
        assert not re.search(r"\n\n\n|[ \t]\n|^\n|\n\n$|\{\{|\{%|\{#", text), path


@pytest.mark.parametrize("service", ["postfix", "dovecot"])
def test_a_password_is_only_in_files_for_few_and_never_in_what_is_shown(service):
    password = SITE.secrets.service_password.reveal().replace("\\", "")[:4]

    holding = [file for file in rendered(service, SITE) if password in file.text]
    assert holding
    assert {file.mode for file in holding} == {0o640}
    assert not any(password in text for text in texts(service, SITE, masked=True).values())


def test_what_is_not_asked_for_is_not_emitted():
    assert "etc/postfix/sasl/smtpd.conf" in texts("postfix", SITE)
    assert "etc/postfix/sasl/smtpd.conf" not in texts("postfix", SITES["dovecot"])


@pytest.mark.parametrize(
    ("site", "key"),
    [
        (replace(SITE, postfix=Postfix()), "postfix.postmaster"),
        (replace(SITE, secrets=Secrets()), "secrets.service_password_file"),
    ],
)
def test_what_postfix_cannot_do_without_is_named(site, key):
    with pytest.raises(SiteError) as error:
        texts("postfix", site)
    assert error.value.key == key


def test_the_checker_is_heard_when_it_refuses():
    other = "2.4" if INSTALLED == "2.3" else "2.3"

    with pytest.raises(ProgramError, match="doveconf failed"):
        check("dovecot", replace(SITE, dovecot=Dovecot(version=other)))


def test_a_certificate_of_slapd_is_always_checked():
    for text in texts("postfix", FULL).values():
        assert ("server_host" in text) == ("tls_require_cert = yes" in text)
    old = replace(FULL, dovecot=Dovecot(version="2.3"))
    ldap = texts("dovecot", old)["etc/dovecot/dovecot-ldap.conf.ext"]
    assert "tls = yes" in ldap
    assert "tls_require_cert = hard" in ldap
    new = texts("dovecot", replace(FULL, dovecot=Dovecot(version="2.4")))
    assert list(new) == ["etc/dovecot/dovecot.conf"]
    assert "ssl_client_require_valid_cert = yes" in new["etc/dovecot/dovecot.conf"]


WRONG = [
    ("directory", {"uris": []}),
    ("directory", {"uris": "ldap://127.0.0.1"}),
    ("directory", {"uris": ["ldap://ldap.example.test"]}),
    ("directory", {"uris": ["ldap://127.0.0.1.example.test"]}),
    ("directory", {"uris": ["ldap://127.0.0.1\nbind = no"]}),
    ("directory", {"uris": ["ldap://127.0.0.1 ldap://127.0.0.2"]}),
    ("listen", {"addresses": ["0.0.0.0/0"]}),
    ("listen", {"addresses": ["localhost"]}),
    ("listen", {"addresses": ["fe80::1%lo"]}),
    ("listen", {"smtp": 587}),
    ("listen", {"smtp": 0}),
    ("postfix", {"postmaster": "root"}),
    ("postfix", {"postmaster": "a b@example.test"}),
    ("postfix", {"postmaster": "|/bin/sh"}),
    ("postfix", {"postmaster": "joe\nroot: eve"}),
    ("postfix", {"networks": ["0.0.0.0/0"]}),
    ("postfix", {"networks": ["::/0"]}),
    ("postfix", {"networks": ["10.0.0.1/8"]}),
    ("postfix", {"networks": ["127.0.0.0/8, 0.0.0.0/0"]}),
    ("postfix", {"relay_host": "relay.example.test]:25\nmynetworks=0.0.0.0/0"}),
    ("postfix", {"milters": ["inet:127.0.0.1:11332 "]}),
    ("postfix", {"need_milters": True}),
    ("postfix", {"queue_dir": "/"}),
    ("dovecot", {"version": "2.2"}),
    ("dovecot", {"homes": "/home/vmail/homes\nssl = no"}),
    ("unix", {"user": "root:0"}),
    ("unix", {"user": "$(id)"}),
]


@pytest.mark.parametrize(("table", "values"), WRONG)
def test_a_wrong_fact_is_named(table, values):
    with pytest.raises(SiteError) as error:
        Site.from_table({table: values})
    assert error.value.key.startswith(f"{table}.")
