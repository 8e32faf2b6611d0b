"""The panel on an installation of the HOWTO: its rootdn is the site admin."""

import pytest

from tests.older import MANAGER, manager, older, older_slapd  # noqa: F401 (fixtures)
from tests.pages import messages_of
from tests.world import ALEX, ALICE, EXAMPLE, HOSTING, POST, word

NEW = "correct horse battery staple"


@pytest.mark.parametrize("login", ["Manager", "manager", MANAGER, f" {MANAGER.upper()} "])
def test_the_rootdn_signs_in_as_site_admin(older, stranger, login):  # noqa: F811
    fields = {"login": login, "password": word("manager")}

    page = stranger.post("/sign-in/", fields, follow=True)

    assert page.redirect_chain[-1][0] == "/domains/"
    assert page.context["person"].role == "site admin"
    assert len(page.context["page"].rows) == 3


def test_the_rootdn_does_all_a_site_admin_does(older, manager):  # noqa: F811
    manager.post("/domains/new/", {"name": "new.test"})
    manager.post(
        "/domains/new.test/accounts/new/", {"local_part": "nora", "password_choice": "none"}
    )
    manager.post("/accounts/nora@new.test/password/", {"new_password": NEW})
    manager.post("/domains/example.test/switch/", {"flag": "may_appoint", "to": "off"})

    assert older.accepts(f"mail=nora@new.test,jvd=new.test,{HOSTING}", NEW)
    assert older.value(EXAMPLE, "editPostmasters") == "FALSE"


def test_a_postmaster_and_a_user_work_there_too(older, sign_in):  # noqa: F811
    pia = sign_in("pia@example.test", word("pia"))
    pia.post("/accounts/alice@example.test/", {"full_name": "Alice B.", "quota": "10 MB"})
    assert older.entry(ALICE)["cn"] == ["Alice B.", "Alice A."]

    alice = sign_in("alice@example.test", word("alice"))
    page = alice.post("/me/password/", {"old_password": word("alice"), "new_password": NEW})

    assert page.status_code == 302
    assert older.accepts(ALICE, NEW)
    assert alice.get("/me/").status_code == 200


def test_a_stale_edit_is_refused_there_too(older, sign_in, manager):  # noqa: F811
    pia = sign_in("pia@example.test", word("pia"))
    version = pia.get("/accounts/alice@example.test/").context["form"]["version"].value()
    manager.post("/accounts/alice@example.test/", {"full_name": "A", "quota": ""})

    fields = {"full_name": "B", "quota": "", "version": version}
    page = pia.post("/accounts/alice@example.test/", fields)

    assert page.context["form"].stale["who"].lower() == "manager"
    assert older.entry(ALICE)["cn"][0] == "A"


def test_a_deleted_alias_takes_the_post_along_where_slapd_does_not(older, manager):  # noqa: F811
    root = older.root()
    root.modify_s(POST, [(0, "roleOccupant", [ALEX.encode()])])
    root.unbind_s()

    manager.post("/aliases/alex@example.test/delete/")

    assert ALEX not in older.entry(POST)["roleOccupant"]


@pytest.mark.parametrize("scheme", ["ssha", "sha512-crypt", "server"])
def test_a_password_hashed_here_opens(older, manager, settings, scheme):  # noqa: F811
    settings.PASSWORD_HASH = scheme

    manager.post("/accounts/alice@example.test/password/", {"new_password": NEW})

    starts = {"ssha": "{SSHA}", "server": "{SSHA}", "sha512-crypt": "{CRYPT}$6$rounds=50000$"}
    assert older.accepts(ALICE, NEW)
    assert older.value(ALICE, "userPassword").startswith(starts[scheme])


def test_an_alias_loses_its_password_there_too(older, manager):  # noqa: F811
    page = manager.post("/aliases/alex@example.test/lock/", follow=True)

    assert messages_of(page) == ["Nobody can sign in as alex@example.test any more."]
    assert older.value(ALEX, "userPassword") is None
