"""vmail adopt: an old tree is looked through and comes through."""

from collections import Counter

import pytest

from accounts.adoption.passwords import kind_of
from tests.command_line.old import (
    BASE,
    BOB,
    CY,
    EVE,
    HANS,
    LOST,
    OLDER,
    POST,
    TIDY,
    adopt,
    findings,
)
from vmail_admin.journal.models import Row

SECRETS = ("plain-of-bob", "clear-of-bob", "clear-of-cy")


def test_looking_changes_nothing(old):
    before = old.everything()

    assert adopt().code == 0
    assert adopt("--json", "--all").code == 0
    assert old.everything() == before


def test_no_password_is_ever_shown(old):
    texts = [adopt(*words).out + adopt(*words).err for words in ([], ["--json"], ["--all"])]
    texts += [adopt("--fix", "--yes").out, str(list(Row.objects.values()))]

    assert [(one, secret) for one in texts for secret in SECRETS if secret in one] == []
    assert not any("Hm0YYgp4nPzSLM5" in one for one in texts)


def test_schemes_are_counted(old):
    rows = {row["scheme"]: row["count"] for row in adopt("--json").rows if "scheme" in row}

    assert rows == {
        "{CRYPT} DES": 1,
        "{CRYPT} SHA-512": 1,
        "{MD5}": 1,
        "{SMD5}": 1,
        "plain text": 1,
    }


@pytest.mark.parametrize(
    ("stored", "kind"),
    [
        (b"{SSHA}abc", "{SSHA}"),
        (b"{ssha256}abc", "{SSHA256}"),
        (b"{CLEARTEXT}abc", "plain text"),
        (b"{x", "plain text"),
        (b"", "plain text"),
        (b"{CRYPT}$1$a$b", "{CRYPT} MD5"),
        (b"{CRYPT}$2y$05$a", "{CRYPT} bcrypt"),
        (b"{CRYPT}$y$j9T$a", "{CRYPT} yescrypt"),
        (b"{CRYPT}abJnggxhB/yWI", "{CRYPT} DES"),
        (b"{CRYPT}!", "{CRYPT} of another kind"),
        (b"\xff\x00", "plain text"),
    ],
)
def test_a_scheme_has_a_name(stored, kind):
    assert kind_of(stored) == kind


def test_everything_odd_is_found(old):
    found = Counter(findings(adopt("--json")))

    assert found == Counter(
        [
            ("unseen", LOST),
            ("flags", OLDER),
            ("flags", POST),
            ("flags", BOB),
            ("flags", LOST),
            ("flags", HANS),
            ("marked-active", EVE),
            ("clear-password", BOB),
            ("clear-password", CY),
            ("dangling-postmaster", POST),
            ("no-postmaster", f"jvd=asleep.test,ou=archive,{BASE}"),
            ("plain-password", BOB),
            ("quota", BOB),
            ("quota", CY),
            ("foreign-address", f"mail=pipe@older.test,{OLDER}"),
            ("foreign-address", f"mail=ann2@older.test,{OLDER}"),
            ("duplicate", f"mail=ann2@older.test,{OLDER}"),
            ("duplicate", f"mail=ann@tidy.test,{TIDY}"),
            ("duplicate", BOB),
            ("duplicate", CY),
            ("mailbox", BOB),
            ("mailbox", CY),
            ("nested", f"ou=people,{OLDER}"),
            ("nested", f"mail=deep@older.test,ou=people,{OLDER}"),
            ("nested", f"ou=archive,{BASE}"),
            ("nested", f"jvd=asleep.test,ou=archive,{BASE}"),
            ("stray-class", CY),
            ("stray-class", CY),
            ("stray-attribute", CY),
            ("refused-later", f"mail=pipe@older.test,{OLDER}"),
            ("refused-later", f"mail=pipe@older.test,{OLDER}"),
            ("refused-later", BOB),
            ("refused-later", POST),
            ("refused-later", HANS),
        ]
    )


def test_a_tidy_domain_has_no_finding_of_its_own(old):
    found = [(kind, dn) for kind, dn in findings(adopt("--json")) if dn.endswith(TIDY)]

    assert found == [
        ("unseen", LOST),
        ("flags", LOST),
        ("duplicate", f"mail=ann@tidy.test,{TIDY}"),  # whose address somebody else has too
    ]


def test_what_slapd_would_not_change_is_not_offered(old):
    rows = adopt("--json").rows
    [flags] = [row for row in rows if row.get("kind") == "flags" and "count" in row]

    assert (flags["count"], flags["mends"]) == (5, 3)
    assert [row["mends"] for row in rows if row.get("dn") in (LOST, HANS)] == [False] * 4


def test_all_is_all(old, monkeypatch):
    monkeypatch.setattr("accounts.management.commands.adopt.MOST_SHOWN", 1)

    assert "More are found" in adopt().err
    assert "More are found" not in adopt("--all").err


def test_the_cast_of_the_tests_is_adopted_as_it_is(world):
    before = world.versions()

    said = adopt("--json")

    kinds = {kind for kind, _ in findings(said)}
    assert kinds <= {"no-postmaster"}, said.out
    assert world.versions() == before


def test_a_postmaster_is_told_that_passwords_are_not_seen(pia_says):
    assert "No password could be looked at" in pia_says("adopt").err
