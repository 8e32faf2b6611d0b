"""The postmasters of a domain: how they are appointed and dismissed there."""

import pytest

from tests.pages import changes_written, messages_of, undo_of
from tests.world import ALEX, ALICE, ASLEEP, CAROL, EXAMPLE, HOSTING, OTHER, OTTO, PIA, POST, RITA
from vmail_admin.journal.models import Row

PAGE = "/domains/example.test/settings/"
APPOINT = "/domains/example.test/appoint/"
DISMISS = "/domains/example.test/dismiss/"
POST_OTHER = f"cn=postmaster,{OTHER}"


def holders(world):
    return set(world.entry(POST)["roleOccupant"])


def problem(page):
    return " ".join(page.context["appointing"].errors["address"])


def text_of(page):
    return page.content.decode()


# --- appointing


@pytest.mark.parametrize(
    "typed", ["carol@other.test", " CAROL@Other.TEST ", "alice@example.test", "Alice@EXAMPLE.test."]
)
def test_the_site_admin_appoints_by_address_and_takes_it_back(rita, world, typed):
    before = holders(world)
    whose = CAROL if "carol" in typed.lower() else ALICE
    with changes_written(world) as changes:
        page = rita.post(APPOINT, {"address": typed}, follow=True)

    assert page.redirect_chain == [(PAGE, 302)]
    assert holders(world) == before | {whose}
    assert changes == ["roleOccupant lastChange"]
    assert "is postmaster of example.test now." in messages_of(page)[0]
    row = Row.objects.get(kind="appointed")
    name = typed.strip().lower().rstrip(".")
    assert (row.what, row.entry, row.domain) == ("account", name, "example.test")

    url, fields = undo_of(page)
    rita.post(url, fields)

    assert holders(world) == before


@pytest.mark.parametrize("typed", ["nora@bücher.test", "Nora@XN--BCHER-KVA.test"])
def test_either_spelling_of_a_domain_will_do(rita, world, typed):
    rita.post("/domains/new/", {"name": "bücher.test"})
    fields = {"local_part": "nora", "password_choice": "none"}
    rita.post("/domains/xn--bcher-kva.test/accounts/new/", fields)

    page = rita.post(APPOINT, {"address": typed}, follow=True)

    nora = f"mail=nora@xn--bcher-kva.test,jvd=xn--bcher-kva.test,{HOSTING}"
    assert nora in holders(world)
    assert "nora@bücher.test is postmaster of example.test now." in messages_of(page)


WRONG = {
    "": "Please fill this in.",
    "carol": "An address has a name, an @ and a domain",
    "@other.test": "An address has a name, an @ and a domain",
    "carol@other": "at least two parts",
    "c\x00arol@other.test": "control character",
    "nobody@other.test": "There is no account nobody@other.test.",
    "nobody@nowhere.test": "There is no account nobody@nowhere.test.",
    "x@bücher.test": "There is no account x@bücher.test.",
    "c*@other.test": "There is no account c*@other.test.",
    "pia@example.test": "pia@example.test is postmaster of example.test already.",
    "postmaster@example.test": "postmaster@example.test is postmaster of example.test already.",
    "alex@example.test": "alex@example.test is an alias: only an account can be appointed.",
    "dora@example.test": "dora@example.test is marked for deletion: restore it first.",
}


@pytest.mark.parametrize(("typed", "sentence"), WRONG.items())
def test_what_cannot_be_appointed_is_said_at_the_field(rita, world, typed, sentence):
    world.change(f"mail=dora@example.test,{EXAMPLE}", delete="TRUE")
    before = world.versions()

    page = rita.post(APPOINT, {"address": typed})

    assert page.status_code == 200
    assert sentence in problem(page)
    assert 'aria-invalid="true"' in text_of(page)
    assert world.versions() == before


def test_what_is_wrong_there_leaves_the_note_alone(rita, world):
    world.change(EXAMPLE, description="kept")

    page = rita.post(APPOINT, {"address": "nobody@other.test"})

    assert page.context["form"]["description"].value() == "kept"
    assert not page.context["form"].errors
    assert rita.get(APPOINT).url == PAGE


def test_a_postmaster_appoints_whom_slapd_lets_them(pia, world):
    page = pia.post(APPOINT, {"address": "alice@example.test"}, follow=True)

    assert ALICE in holders(world)
    url, fields = undo_of(page)
    pia.post(url, fields)
    assert ALICE not in holders(world)


def test_a_postmaster_is_told_at_the_field_that_others_are_out_of_reach(pia, world):
    before = world.versions()

    page = pia.post(APPOINT, {"address": "carol@other.test"})

    assert "You can appoint accounts of example.test only." in problem(page)
    assert world.versions() == before


def test_so_is_who_is_postmaster_of_both_and_sees_the_other(pia, world):
    world.change(POST_OTHER, roleOccupant=[POST_OTHER, OTTO, PIA])
    before = world.versions()

    page = pia.post(APPOINT, {"address": "carol@other.test"})

    assert "You can appoint accounts of example.test only." in problem(page)
    assert world.versions() == before


def test_who_may_not_appoint_is_refused_by_slapd(otto, world):
    before = world.versions()

    page = otto.post("/domains/other.test/appoint/", {"address": "carol@other.test"})

    assert page.status_code == 403
    assert world.versions() == before


def test_a_domain_without_a_postmaster_entry_has_nobody_to_appoint(rita):
    address = {"address": "sleeper@asleep.test"}

    assert "/appoint/" not in text_of(rita.get("/domains/asleep.test/settings/"))
    assert rita.post("/domains/asleep.test/appoint/", address).status_code == 404


# --- dismissing


@pytest.mark.parametrize(("dn", "what"), [(OTTO, "account"), (ALEX, "alias"), (PIA, "account")])
def test_the_site_admin_dismisses_anybody_and_takes_it_back(rita, world, dn, what):
    world.change(POST, roleOccupant=[POST, PIA, OTTO, ALEX])
    before = holders(world)

    page = rita.post(DISMISS, {"holder": dn}, follow=True)

    assert page.redirect_chain == [(PAGE, 302)]
    assert holders(world) == before - {dn}
    assert "is no longer postmaster of example.test." in messages_of(page)[0]
    row = Row.objects.get(kind="dismissed")
    assert row.what == what
    url, fields = undo_of(page)
    rita.post(url, fields)
    assert holders(world) == before
    assert Row.objects.get(kind="appointed").what == what


def test_who_has_no_entry_any_more_is_dismissed_too(rita, world):
    gone = f"mail=gone@example.test,{EXAMPLE}"
    admin = RITA.replace("rita", "former")
    world.change(POST, roleOccupant=[POST, PIA, gone, admin])

    for dn in (gone, admin):
        rita.post(DISMISS, {"holder": dn})

    assert holders(world) == {POST, PIA}


def test_twice_is_once(rita, world):
    world.change(POST, roleOccupant=[POST, PIA, OTTO])
    rita.post(DISMISS, {"holder": OTTO})
    before = world.versions()

    page = rita.post(DISMISS, {"holder": OTTO}, follow=True)

    assert messages_of(page)[-1] == "Nothing was changed: this is no postmaster of example.test."
    assert world.versions() == before


@pytest.mark.parametrize("dn", [POST, POST.upper(), "", "nonsense", "x" * 9000, "\x00", ALICE])
def test_who_holds_no_post_is_not_dismissed_and_the_post_itself_stays(rita, world, dn):
    before = world.versions()

    for page in (rita.post(DISMISS, {"holder": dn}), rita.get(DISMISS, {"holder": dn})):
        assert page.headers["Location"] == PAGE
    assert world.versions() == before


def test_nobody_dismisses_themselves(pia, world):
    before = world.versions()
    assert "/dismiss/" not in text_of(pia.get(PAGE))

    page = pia.post(DISMISS, {"holder": PIA}, follow=True)

    assert "You cannot dismiss yourself: ask another postmaster" in messages_of(page)[0]
    assert world.versions() == before


def test_a_postmaster_dismisses_one_of_the_own_domain_at_once(pia, world):
    world.change(POST, roleOccupant=[POST, PIA, ALEX])

    page = pia.post(DISMISS, {"holder": ALEX}, follow=True)

    assert holders(world) == {POST, PIA}
    url, fields = undo_of(page)
    pia.post(url, fields)
    assert holders(world) == {POST, PIA, ALEX}


def test_a_postmaster_is_asked_first_where_it_could_not_be_taken_back(pia, world):
    """slapd lets them dismiss an address of another domain, and not appoint it again."""
    world.change(POST, roleOccupant=[POST, PIA, OTTO])
    assert "Dismiss…" in text_of(pia.get(PAGE))
    before = world.versions()
    assert "You cannot take this back" in text_of(pia.get(DISMISS, {"holder": OTTO}))
    assert world.versions() == before

    page = pia.post(DISMISS, {"holder": OTTO}, follow=True)

    assert holders(world) == {POST, PIA}
    assert [message.extra_tags for message in page.context["messages"]] == [""]


def test_who_may_not_dismiss_is_refused_by_slapd(otto, world):
    world.change(POST_OTHER, roleOccupant=[POST_OTHER, OTTO, CAROL])
    before = world.versions()

    assert otto.post("/domains/other.test/dismiss/", {"holder": CAROL}).status_code == 403
    assert world.versions() == before


def test_a_domain_without_a_postmaster_entry_has_nobody_to_dismiss(rita, world):
    sleeper = f"mail=sleeper@asleep.test,{ASLEEP}"
    page = rita.post("/domains/asleep.test/dismiss/", {"holder": sleeper})

    assert page.headers["Location"] == "/domains/asleep.test/settings/"


def test_the_journal_leads_to_the_alias_that_was_dismissed(rita, world):
    world.change(POST, roleOccupant=[POST, PIA, ALEX])
    rita.post(DISMISS, {"holder": ALEX})

    page = text_of(rita.get("/domains/example.test/journal/"))

    assert 'href="/aliases/alex@example.test/">alex@example.test</a> as postmaster of' in page
