"""A postmaster gives somebody a new password."""

import time

import pytest

from tests.pages import errors_of
from tests.world import ALICE, CAROL, POST, RITA, word

PAGE = "/accounts/alice@example.test/password/"
NEW = "correct horse battery staple"


def test_alice_gets_in_with_the_new_password_only(pia, world):
    began = int(time.time())

    page = pia.post(PAGE, {"new_password": NEW})

    assert NEW in page.content.decode()
    assert page.context["domain"].name == "example.test"
    assert world.accepts(ALICE, NEW)
    assert not world.accepts(ALICE, word("alice"))
    assert int(world.value(ALICE, "lastChange")) >= began


def test_a_suggestion_is_filled_in_and_is_another_each_time(pia, world):
    first, second = (pia.get(PAGE).context["suggestion"] for _ in range(2))

    pia.post(PAGE, {"new_password": first})

    assert first != second
    assert world.accepts(ALICE, first)


def test_a_suggestion_is_as_long_as_the_policy_asks(pia, world, policy):
    policy(pwdMinLength=40)

    pia.post(PAGE, {"new_password": pia.get(PAGE).context["suggestion"]})
    page = pia.post(
        "/domains/example.test/accounts/new/", {"local_part": "nora", "password_choice": "generate"}
    )

    assert not world.accepts(ALICE, word("alice"))
    assert len(page.context["password"]) >= 40


def test_the_rules_stand_on_the_page(pia):
    assert "At least 12 characters" in pia.get(PAGE).content.decode()


def test_the_password_is_shown_in_that_answer_only(pia):
    pia.post(PAGE, {"new_password": NEW})

    for url in (PAGE, "/accounts/alice@example.test/", "/domains/example.test/"):
        assert NEW not in pia.get(url).content.decode()


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", "fill this in"),
        ("short", "at least 12 characters"),
        ("alice@example.test", "The address itself is no password"),
        ("a\x00" * 10, "control character"),
        ("a line\r\nand another", "control character"),
        ("x" * 10_000, "at most 200 characters"),
    ],
)
def test_a_password_that_will_not_do_changes_nothing(pia, world, password, sentence):
    page = pia.post(PAGE, {"new_password": password})

    assert sentence in errors_of(page, "new_password")
    assert world.accepts(ALICE, word("alice"))


@pytest.mark.parametrize(
    "password", ["😀" * 12, "סיסמה ארוכה מאוד", "<script>alert(1)", "  blanks kept  "]
)
def test_any_letters_make_a_password(pia, world, password):
    page = pia.post(PAGE, {"new_password": password})

    assert world.accepts(ALICE, password)
    assert b"<script>alert" not in page.content


def test_what_the_policy_refuses_is_a_sentence(pia, world, policy):
    policy(pwdMinLength=24)
    assert "at least 24" in errors_of(pia.post(PAGE, {"new_password": "x" * 23}), "new_password")

    policy(pwdSafeModify="TRUE")
    page = pia.post(PAGE, {"new_password": NEW})

    assert "asks for the old password too" in errors_of(page, "new_password")
    assert world.accepts(ALICE, word("alice"))


def test_ones_own_is_changed_on_the_page_that_asks_for_the_old_one(pia, world):
    for answer in (
        pia.get("/accounts/pia@example.test/password/"),
        pia.post("/accounts/pia@example.test/password/", {"new_password": NEW}),
    ):
        assert answer.headers["Location"] == "/me/password/"
    assert not world.accepts(ALICE, NEW)


def test_the_open_session_of_alice_ends_with_a_sentence(pia, alice):
    alice.get("/me/")
    pia.post(PAGE, {"new_password": NEW})

    page = alice.get("/me/", follow=True)

    assert "your password was changed elsewhere" in page.content.decode()


def test_somebody_in_another_domain_is_not_found(pia, world):
    assert pia.get("/accounts/carol@other.test/password/").status_code == 404
    page = pia.post("/accounts/carol@other.test/password/", {"new_password": NEW})

    assert page.status_code == 404
    assert world.accepts(CAROL, word("carol"))


def test_who_is_postmaster_elsewhere_too_is_refused_by_slapd(pia, world):
    root = world.root()
    other = "cn=postmaster,jvd=other.test,o=hosting,dc=myhosting,dc=example"
    root.modify_s(other, [(0, "roleOccupant", [ALICE.encode()])])
    root.unbind_s()

    page = pia.post(PAGE, {"new_password": NEW})

    assert page.status_code == 403
    assert world.accepts(ALICE, word("alice"))


def test_the_site_admin_resets_anybody_in_a_domain(rita, world):
    rita.post("/accounts/carol@other.test/password/", {"new_password": NEW})

    assert world.accepts(CAROL, NEW)
    assert world.accepts(RITA, word("rita"))


def test_the_postmaster_entry_gets_one_too(pia, world):
    pia.post("/aliases/postmaster@example.test/password/", {"new_password": NEW})

    assert world.accepts(POST, NEW)


def test_a_user_resets_nobody(alice, world):
    for mail in ("alice", "pia"):
        url = f"/accounts/{mail}@example.test/password/"
        assert alice.post(url, {"new_password": NEW}).status_code == 404
    assert world.accepts(ALICE, word("alice"))
