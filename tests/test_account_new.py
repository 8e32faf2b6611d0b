"""A postmaster adds an account."""

import datetime as dt
import time

import pytest

from tests.pages import errors_of, messages_of
from tests.rules import first_rules
from tests.world import ALICE, EXAMPLE, HOSTING, OTHER, PIA, word

PAGE = "/domains/example.test/accounts/new/"
NEW = f"mail=nora@example.test,{EXAMPLE}"


def test_an_account_without_a_password_receives_mail_and_nobody_signs_in(pia, world):
    began = int(time.time())
    fields = {"local_part": "Nora", "full_name": "Nora Nash", "quota": "2 GB"}

    page = pia.post(PAGE, fields | {"password_choice": "none", "description": "new"})

    assert page.headers["Location"] == "/accounts/nora@example.test/"
    entry = world.entry(NEW, "*")
    assert int(entry.pop("lastChange")[0]) >= began
    assert entry == {
        "objectClass": ["top", "JammMailAccount"],
        "mail": ["nora@example.test"],
        "cn": ["Nora Nash"],
        "quota": ["2000000000S"],
        "description": ["new"],
        "homeDirectory": ["/home/vmail/domains"],
        "mailbox": ["example.test/nora/"],
        "accountActive": ["TRUE"],
        "delete": ["FALSE"],
    }
    assert "It has no password yet" in messages_of(pia.get("/accounts/nora@example.test/"))[0]


def test_a_generated_password_is_shown_once_and_opens(pia, world):
    page = pia.post(PAGE, {"local_part": "nora", "password_choice": "generate"})

    password = page.context["password"]
    assert password in page.content.decode()
    assert page.context["domain"].name == "example.test"
    assert "no-store" in page.headers["Cache-Control"]
    assert world.accepts(NEW, password)
    assert password not in pia.get("/accounts/nora@example.test/").content.decode()


def test_a_typed_password_opens_and_she_signs_in(pia, world, sign_in):
    fields = {"local_part": "nora", "password_choice": "type", "password": "four simple words 😀"}

    pia.post(PAGE, fields)

    assert world.accepts(NEW, "four simple words 😀")
    nora = sign_in("Nora@example.test", "four simple words 😀")
    assert nora.get("/", follow=True).redirect_chain[-1][0] == "/me/"


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", "at least 12 characters; this one has 0"),
        ("short", "at least 12 characters; this one has 5"),
        ("nora@example.test", "The address itself is no password"),
        ("new\nline in a word", "control character"),
        ("x" * 10_000, "at most 200 characters"),
    ],
)
def test_a_password_that_will_not_do_is_said_at_the_field(pia, world, password, sentence):
    fields = {"local_part": "nora", "password_choice": "type", "password": password}

    assert sentence in errors_of(pia.post(PAGE, fields), "password")
    assert world.entry(NEW) is None


def test_a_password_that_slapd_refuses_leaves_no_half_account(pia, world, policy):
    policy(pwdSafeModify="TRUE")
    before = world.versions()
    fields = {"local_part": "nora", "password_choice": "type", "password": word("nora")}

    page = pia.post(PAGE, fields)

    assert "The password policy asks for the old password too" in errors_of(page, "password")
    assert world.versions() == before
    assert 'value="nora"' in page.content.decode()


def test_what_cannot_be_taken_back_is_said(pia, world, policy):
    policy(pwdSafeModify="TRUE")
    add_only = f'to dn.exact="{NEW}" attrs=entry by dn.exact="{PIA}" =arscd by * none'

    with first_rules(world, add_only):
        page = pia.post(PAGE, {"local_part": "nora", "password_choice": "generate"})

    assert "is here all the same, without a password" in errors_of(page, "password")
    assert world.value(NEW, "userPassword") is None


@pytest.mark.parametrize(
    "taken",
    ["alice", "ALICE", " alice ", "dora", "alex", "postmaster", "abuse"],
    ids=["account", "capitals", "blanks", "switched off", "alias", "postmaster", "abuse"],
)
def test_an_address_that_is_taken_is_said_at_the_field(pia, world, taken):
    before = world.versions()

    page = pia.post(PAGE, {"local_part": taken, "password_choice": "none"})

    assert "is taken already" in errors_of(page, "local_part")
    assert world.versions() == before


def test_an_address_that_stands_elsewhere_in_the_tree_is_a_sentence(rita, world):
    root = world.root()
    values = {"objectClass": "JammMailAlias", "mail": "nora@example.test", "maildrop": "x"}
    flags = {"accountActive": "TRUE", "lastChange": "1700000000"}
    pairs = [(name, value.encode()) for name, value in {**values, **flags}.items()]
    root.add_s(f"mail=nora@example.test,{OTHER}", pairs)
    root.unbind_s()

    page = rita.post(PAGE, {"local_part": "nora", "password_choice": "none"})

    assert "Another entry of the directory holds this already" in errors_of(page, None)


@pytest.mark.parametrize(
    ("local_part", "sentence"),
    [
        ("", "fill this in"),
        ("nora@example.test", "Only the part before the @"),
        ("nora@other.test", "Only the part before the @"),
        ("nora+x", "letters a to z"),
        ("nora nash", "letters a to z"),
        (".nora", "letters a to z"),
        ("nora.", "letters a to z"),
        ("no..ra", "letters a to z"),
        ("-nora", "letters a to z"),
        ("nörå", "letters a to z"),
        ("נורה", "letters a to z"),
        ("😀", "letters a to z"),
        ("<script>", "letters a to z"),
        ("../../etc", "letters a to z"),
        ("nora,jvd=other.test", "letters a to z"),
        ("nora\x00", "control character"),
        ("nora\r\nX: 1", "control character"),
        ("n" * 65, "at most 64 characters"),
        ("n" * 10_000, "at most 64 characters"),
    ],
)
def test_what_is_no_address_is_sent_back(pia, world, local_part, sentence):
    before = world.versions()

    page = pia.post(PAGE, {"local_part": local_part, "password_choice": "none"})

    assert sentence in errors_of(page, "local_part")
    assert world.versions() == before


def test_the_longest_local_part_is_an_address(pia, world):
    longest = "n" * 64
    pia.post(PAGE, {"local_part": longest, "password_choice": "none"})

    assert world.value(f"mail={longest}@example.test,{EXAMPLE}", "mailbox")


def test_an_address_too_long_for_slapd_is_a_sentence(rita, world):
    domain = ".".join(["a" * 63, "b" * 63, "c" * 63, "d" * 42])
    rita.post("/domains/new/", {"name": domain})

    page = rita.post(
        f"/domains/{domain}/accounts/new/", {"local_part": "noranash", "password_choice": "none"}
    )

    assert "too long to be kept" in errors_of(page, "local_part")
    page = rita.post(
        f"/domains/{domain}/accounts/new/", {"local_part": "nora", "password_choice": "none"}
    )
    assert world.entry(f"mail=nora@{domain},jvd={domain},{HOSTING}")


def test_an_empty_form_is_sent_back(pia):
    page = pia.post(PAGE, {})

    assert "fill this in" in errors_of(page, "local_part")
    assert "Please choose one." in errors_of(page, "password_choice")
    assert "Please choose one." in errors_of(
        pia.post(PAGE, {"password_choice": "x"}), "password_choice"
    )


def test_a_second_click_is_told_that_a_password_may_have_gone_unseen(pia, world):
    """A browser without JavaScript sends the form twice, and shows the second answer only."""
    fields = {"local_part": "nora", "password_choice": "generate"}
    pia.post(PAGE, fields)
    before = world.versions()

    page = pia.post(PAGE, fields, follow=True)

    assert page.redirect_chain == [("/accounts/nora@example.test/", 302)]
    assert messages_of(page) == [
        "nora@example.test is here already: you added it a moment ago. "
        "If you did not see its password, give it a new one."
    ]
    assert world.versions() == before


def test_what_somebody_else_added_a_moment_ago_is_taken(pia, rita, world):
    fields = {"local_part": "nora", "password_choice": "none"}
    rita.post(PAGE, fields)

    page = pia.post(PAGE, fields)

    assert "nora@example.test is taken already" in errors_of(page, "local_part")


def test_what_oneself_added_long_ago_is_taken(pia, monkeypatch, world):
    fields = {"local_part": "nora", "password_choice": "none"}
    pia.post(PAGE, fields)
    monkeypatch.setattr("accounts.models.A_MOMENT", dt.timedelta(0))

    page = pia.post(PAGE, fields)

    assert "nora@example.test is taken already" in errors_of(page, "local_part")


def test_a_foreign_domain_in_the_url_is_not_found(pia, world):
    before = world.versions()

    for domain in ("other.test", "nowhere.test", "asleep.test"):
        url = f"/domains/{domain}/accounts/new/"
        assert pia.get(url).status_code == 404
        answer = pia.post(url, {"local_part": "nora", "password_choice": "none"})
        assert answer.status_code == 404
    assert world.versions() == before


def test_where_the_site_does_not_allow_it_the_form_is_not_shown_and_slapd_refuses(otto, world):
    url, before = "/domains/other.test/accounts/new/", world.versions()
    assert otto.get(url).status_code == 403
    assert "by the people who run this server" in otto.get(url).content.decode()

    page = otto.post(url, {"local_part": "nora", "password_choice": "generate"})

    assert page.status_code == 403
    assert "does not allow you" in page.content.decode()
    assert world.versions() == before


def test_a_user_adds_nobody(alice, world):
    before = world.versions()

    assert alice.get(PAGE).status_code == 404
    assert alice.post(PAGE, {"local_part": "x", "password_choice": "none"}).status_code == 404
    assert world.versions() == before


def test_a_domain_deleted_under_ones_feet_is_not_found(rita, world):
    world.delete(f"mail=sleeper@asleep.test,jvd=asleep.test,{HOSTING}")
    world.delete(f"jvd=asleep.test,{HOSTING}")

    url = "/domains/asleep.test/accounts/new/"
    assert rita.post(url, {"local_part": "x", "password_choice": "none"}).status_code == 404


def test_who_is_suspended_in_the_middle_is_signed_out_and_nothing_is_added(pia, world):
    world.change(EXAMPLE, accountActive="FALSE")

    page = pia.post(PAGE, {"local_part": "nora", "password_choice": "none"}, follow=True)

    assert "You were signed out" in page.content.decode()
    assert world.entry(NEW) is None
    assert world.entry(ALICE)
