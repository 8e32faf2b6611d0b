"""Two people at one entry: the second is told who changed what, and keeps what was typed."""

import datetime as dt

import pytest

from tests.pages import form_of
from tests.world import ALEX, ALICE, EXAMPLE, PIA, POST
from vmail_admin.templatetags.panel import ago

CARD = "/accounts/alice@example.test/"
ALIAS = "/aliases/alex@example.test/"
NOTE = "/domains/example.test/settings/"


def test_the_second_of_two_edits_is_refused_with_who_and_what(pia, rita, world):
    old = form_of(pia.get(CARD))
    rita.post(CARD, form_of(rita.get(CARD)) | {"full_name": "Alice Berg", "quota": "1 GB"})

    page = pia.post(CARD, old | {"full_name": "Alice Cole", "quota": "2 GB"})

    assert world.value(ALICE, "cn") == "Alice Berg"
    stale = page.context["form"].stale
    assert stale["who"] == "rita"
    assert stale["fields"] == [
        {"label": "Name", "now": "Alice Berg", "typed": "Alice Cole"},
        {"label": "Quota", "now": "1 GB", "typed": "2 GB"},
    ]
    text = page.content.decode()
    assert "rita" in text
    assert 'value="Alice Cole"' in text


def test_what_happened_this_second_happened_just_now():
    assert "just now" in ago(dt.datetime.now(dt.UTC))


def test_the_second_submit_wins(pia, rita, world):
    old = form_of(pia.get(CARD))
    rita.post(CARD, form_of(rita.get(CARD)) | {"full_name": "Alice Berg"})
    refused = pia.post(CARD, old | {"full_name": "Alice Cole"})

    page = pia.post(CARD, form_of(refused))

    assert page.status_code == 302
    assert world.value(ALICE, "cn") == "Alice Cole"


def test_who_changed_it_is_named_by_address(pia, alice, rita):
    old = form_of(rita.get(CARD))
    alice.post("/me/name/", {"full_name": "Alice Berg"})

    page = rita.post(CARD, old | {"full_name": "Alice Cole"})

    assert page.context["form"].stale["who"] == "alice@example.test"


def test_a_change_by_the_server_itself_is_somebodys(pia, world):
    old = form_of(pia.get(CARD))
    world.change(ALICE, description="by hand")

    page = pia.post(CARD, old | {"full_name": "Alice Cole"}).content.decode()

    assert "Not saved: somebody changed this account" in " ".join(page.split())
    assert "gidNumber" not in page


def test_a_wrong_password_meanwhile_is_nobodys_edit(pia, world):
    """slapd notes it in the entry, which has a new version then (slapo-ppolicy(5))."""
    old, before = form_of(pia.get(CARD)), world.versions()
    assert not world.accepts(ALICE, "somebody's guess")
    assert world.versions() != before

    page = pia.post(CARD, old | {"full_name": "Alice Cole"})

    assert page.status_code == 302
    assert world.value(ALICE, "cn") == "Alice Cole"


def test_a_seal_tells_nobody_the_values(pia, world):
    world.change(ALICE, description="secret")
    first = form_of(pia.get(CARD))["version"]
    world.change(ALICE, description="hidden")

    second = form_of(pia.get(CARD))["version"]

    assert first.split()[1] != second.split()[1]
    assert "secret" not in first


def test_destinations_are_compared_line_by_line(pia, alex, world):
    old = form_of(pia.get(ALIAS))
    alex.post("/me/destinations/", {"destinations": "one@elsewhere.test\ntwo@elsewhere.test"})

    page = pia.post(ALIAS, old | {"destinations": "three@elsewhere.test"})

    [field] = page.context["form"].stale["fields"]
    assert field["label"] == "Send mail to"
    assert sorted(field["now"].split()) == ["one@elsewhere.test", "two@elsewhere.test"]
    assert field["typed"] == "three@elsewhere.test"
    assert "three@elsewhere.test" in page.content.decode()
    assert sorted(world.entry(ALEX)["maildrop"]) == ["one@elsewhere.test", "two@elsewhere.test"]


def test_the_owner_of_an_alias_is_told_too(alex, pia, world):
    old = form_of(alex.get("/me/destinations/"))
    pia.post(ALIAS, form_of(pia.get(ALIAS)) | {"destinations": "dora@example.test"})

    page = alex.post("/me/destinations/", old | {"destinations": "x@elsewhere.test"})

    assert page.context["form"].stale["who"] == "pia@example.test"
    assert world.entry(ALEX)["maildrop"] == ["dora@example.test"]


def test_a_name_changed_by_two_is_told_too(alice, pia, world):
    old = form_of(alice.get("/me/name/"))
    pia.post(CARD, form_of(pia.get(CARD)) | {"full_name": "By Pia"})

    page = alice.post("/me/name/", old | {"full_name": "By Alice"})

    assert page.context["form"].stale["fields"] == [
        {"label": "Name", "now": "By Pia", "typed": "By Alice"}
    ]
    assert world.value(ALICE, "cn") == "By Pia"


def test_a_note_on_a_domain_too(rita, world):
    old = form_of(rita.get(NOTE))
    rita.post("/domains/example.test/switch/", {"flag": "may_appoint", "to": "off"})

    page = rita.post(NOTE, old | {"description": "mine"})

    assert page.context["form"].stale["who"] == "rita"
    assert world.value(EXAMPLE, "description") is None
    assert rita.post(NOTE, form_of(page)).status_code == 302
    assert world.value(EXAMPLE, "description") == "mine"


@pytest.mark.parametrize(
    "version",
    [
        "1",
        "*",
        ")(objectClass=*",
        "20260101000000.000000Z#000000#000#000000",
        "20260101000000.000000Z",
        "x" * 10_000,
        "\x00",
        "😀",
        "<script>",
    ],
)
def test_a_version_that_was_tampered_with_is_an_old_one(pia, world, version):
    before = world.versions()

    page = pia.post(CARD, {"full_name": "A", "quota": "", "version": version})

    assert page.context["form"].stale["who"] == ""
    assert b"<script>" not in page.content.replace(b"<script src", b"")
    assert world.versions() == before
    assert pia.post(CARD, form_of(page)).status_code == 302
    assert world.value(ALICE, "cn") == "A"


def test_an_entry_that_went_away_in_the_meantime_is_not_found(pia, world):
    old = form_of(pia.get(CARD))
    world.delete(ALICE)

    page = pia.post(CARD, old | {"full_name": "A"})

    assert page.status_code == 404
    assert "was deleted meanwhile" in page.content.decode()


def test_two_appointments_at_once_both_hold(pia, rita, world):
    pia.get(CARD)
    rita.post("/accounts/dora@example.test/switch/", {"flag": "postmaster", "to": "on"})
    pia.post(f"{CARD}switch/", {"flag": "postmaster", "to": "on"})

    dora = f"mail=dora@example.test,{EXAMPLE}"
    assert set(world.entry(POST)["roleOccupant"]) == {POST, PIA, ALICE, dora}
