"""vmail adopt: an old tree is looked through and comes through; only what is sure is mended."""

from collections import Counter
from pathlib import Path

import ldap
import pytest
from django.db import connections

from accounts.adoption.passwords import kind_of
from deploy.private_slapd import PrivateSlapd
from deploy.programs import run
from deploy.site import Secrets, Site
from tests.command_line.saying import called
from tests.world import SUFFIX, word
from vmail_admin.journal.models import Row

BASE = f"o=hosting,{SUFFIX}"
OLDER, TIDY = f"jvd=older.test,{BASE}", f"jvd=tidy.test,{BASE}"
BOB, CY = f"mail=bob@older.test,{OLDER}", f"mail=cy@older.test,{OLDER}"
HANS = f"mail=hans@older.test,{OLDER}"
LOST = f"mail=lost@tidy.test,{TIDY}"
EVE = f"mail=eve@older.test,{OLDER}"
POST = f"cn=postmaster,{OLDER}"
SECRETS = ("plain-of-bob", "clear-of-bob", "clear-of-cy")


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


def test_only_what_is_sure_is_mended(old):
    before = old.everything()

    said = adopt("--fix", "--yes", "--json")

    after = old.everything()
    assert said.code == 0, said.out
    changed = {dn for dn in before if shown(before[dn]) != shown(after[dn])}
    assert changed == {OLDER, POST, BOB, EVE}
    assert set(before) == set(after)
    assert difference(before[OLDER], after[OLDER]) == (
        {},
        {
            "accountActive": [b"TRUE"],
            "delete": [b"FALSE"],
            "editAccounts": [b"TRUE"],
            "editPostmasters": [b"TRUE"],
        },
    )
    assert difference(before[EVE], after[EVE]) == (
        {"accountActive": [b"TRUE"]},
        {"accountActive": [b"FALSE"]},
    )
    gone = f"mail=gone@older.test,{OLDER}".encode()
    assert difference(before[POST], after[POST]) == (
        {"roleOccupant": [gone]},
        {"accountActive": [b"TRUE"]},
    )
    assert difference(before[BOB], after[BOB]) == (
        {"clearPassword": [b"{{clear-of-bob}}"]},
        {"accountActive": [b"TRUE"], "delete": [b"FALSE"]},
    )


def test_the_only_password_somebody_has_stays(old):
    adopt("--fix", "--yes")

    assert old.everything()[CY]["clearPassword"] == [b"{{clear-of-cy}}"]


def test_each_mending_is_in_the_journal(old):
    last = Row.objects.order_by("-id").values_list("id", flat=True).first() or 0

    adopt("--fix", "--yes")

    rows = list(Row.objects.filter(id__gt=last).made())
    kinds = [row.kind for row in rows]
    assert sorted(kinds) == ["cleared", "dismissed", "filled", "filled", "filled", "switched"]
    assert len({row.batch for row in rows}) == 1
    assert all(row.why.startswith("adopt: ") and row.place == "command line" for row in rows)


def test_what_is_mended_is_not_found_again(old):
    adopt("--fix", "--yes")

    assert [row for row in adopt("--json").rows if "dn" in row and row["mends"]] == []
    before = old.everything()
    assert adopt("--fix", "--yes", "--json").rows == []
    assert old.everything() == before


def test_what_slapd_would_not_change_is_not_offered(old):
    rows = adopt("--json").rows
    [flags] = [row for row in rows if row.get("kind") == "flags" and "count" in row]

    assert (flags["count"], flags["mends"]) == (5, 3)
    assert [row["mends"] for row in rows if row.get("dn") in (LOST, HANS)] == [False] * 4


def test_all_is_all(old, monkeypatch):
    monkeypatch.setattr("accounts.management.commands.adopt.MOST_SHOWN", 1)

    assert "More are found" in adopt().err
    assert "More are found" not in adopt("--all").err


def test_a_kind_can_be_mended_by_itself(old):
    before = old.everything()

    adopt("--fix", "--yes", "--only", "flags")

    after = old.everything()
    assert after[BOB]["clearPassword"] == before[BOB]["clearPassword"]
    assert after[BOB]["accountActive"] == [b"TRUE"]


def test_without_anybody_to_ask_nothing_is_mended(old):
    before = old.everything()

    assert adopt("--fix").code == 2
    assert adopt("--yes").code == 2
    assert adopt("--fix", "--dry-run").code == 0
    assert old.everything() == before


def test_each_mending_is_asked(old, monkeypatch):
    asked = []

    def answer(question):
        asked.append(question)
        return "y" if "clearPassword" in question else ""

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", answer)
    before = old.everything()

    adopt("--fix", "--only", "clear-password", "dangling-postmaster")

    after = old.everything()
    assert len(asked) == 2
    assert {dn for dn in before if shown(before[dn]) != shown(after[dn])} <= {BOB}
    assert after[POST]["roleOccupant"] == before[POST]["roleOccupant"]


def test_the_cast_of_the_tests_is_adopted_as_it_is(world):
    before = world.versions()

    said = adopt("--json")

    kinds = {kind for kind, _ in findings(said)}
    assert kinds <= {"no-postmaster"}, said.out
    assert world.versions() == before


def test_a_postmaster_is_told_that_passwords_are_not_seen(pia_says):
    assert "No password could be looked at" in pia_says("adopt").err


OWN = {"entryCSN", "modifyTimestamp", "modifiersName", "lastChange"}


def shown(entry):
    """An entry without what slapd itself notes at every change."""
    return {name: sorted(values) for name, values in entry.items() if name not in OWN}


def difference(before, after):
    """What is gone and what came, by attribute."""
    before, after = shown(before), shown(after)
    return values_only_in(before, after), values_only_in(after, before)


def values_only_in(one, other):
    lost = {name: [v for v in some if v not in other.get(name, [])] for name, some in one.items()}
    return {name: some for name, some in lost.items() if some}
