"""An alias with a password: its owner signs in and says where the mail goes."""

from tests.pages import errors_of, messages_of
from tests.world import ALEX, BOB_NEWS, EXAMPLE, OTHER, POST, word

PAGE = "/aliases/abuse@example.test/"
ABUSE = f"mail=abuse@example.test,{EXAMPLE}"
NEW = "correct horse battery staple"


def test_given_a_password_its_owner_signs_in_and_forwards(pia, world, sign_in):
    page = pia.post(f"{PAGE}password/", {"new_password": NEW})
    assert NEW in page.content.decode()

    owner = sign_in("Abuse@example.test", NEW)
    assert owner.get("/", follow=True).redirect_chain[-1][0] == "/me/"
    owner.post("/me/destinations/", {"destinations": "x@elsewhere.test"})

    assert world.entry(ABUSE)["maildrop"] == ["x@elsewhere.test"]


def test_the_page_knows_that_it_has_one(pia):
    assert pia.get(PAGE).context["can_sign_in"] is not True
    pia.post(f"{PAGE}password/", {"new_password": NEW})

    assert pia.get(PAGE).context["can_sign_in"] is True


def test_taken_away_nobody_signs_in_any_more(pia, alex, world):
    assert alex.get("/me/").status_code == 200
    before = int(world.value(ALEX, "lastChange"))

    page = pia.post("/aliases/alex@example.test/lock/", follow=True)

    assert messages_of(page) == ["Nobody can sign in as alex@example.test any more."]
    assert not world.accepts(ALEX, word("alex"))
    assert int(world.value(ALEX, "lastChange")) > before
    assert "You were signed out" in alex.get("/me/", follow=True).content.decode()


def test_taking_it_away_twice_is_the_same_as_once(pia, world):
    for _ in range(2):
        page = pia.post("/aliases/alex@example.test/lock/", follow=True)
        assert page.status_code == 200

    assert world.value(ALEX, "userPassword") is None


def test_a_short_one_is_sent_back(pia, world):
    assert "at least 12" in errors_of(
        pia.post(f"{PAGE}password/", {"new_password": "short"}), "new_password"
    )
    assert world.value(ABUSE, "userPassword") is None


def test_the_owner_does_not_lock_the_own_alias(alex, world):
    assert alex.post("/aliases/alex@example.test/lock/").status_code == 404
    assert world.accepts(ALEX, word("alex"))


def test_an_unusual_address_gets_one_too(pia, world):
    pia.post("/aliases/bob+news@example.test/password/", {"new_password": NEW})

    assert world.accepts(BOB_NEWS, NEW)


POST_OF_OTHER = "/aliases/postmaster@other.test/"


def test_where_a_domain_may_appoint_nobody_its_post_takes_no_password(otto, rita, world):
    """slapd would refuse it: whoever knew it would be one more postmaster."""
    for path in ("/domains/other.test/", POST_OF_OTHER):
        assert f"{POST_OF_OTHER}password/" not in otto.get(path).content.decode()
        assert f"{POST_OF_OTHER}password/" in rita.get(path).content.decode()

    page = otto.post(f"{POST_OF_OTHER}password/", {"new_password": NEW})
    assert page.status_code == 403
    assert not world.accepts(f"cn=postmaster,{OTHER}", NEW)


def test_the_postmaster_by_name_does_not_lock_the_own_entry(world, sign_in):
    post = sign_in("postmaster@example.test", word("post"))

    page = post.post("/aliases/postmaster@example.test/lock/", follow=True)

    assert "You cannot lock yourself out" in page.content.decode()
    assert world.accepts(POST, word("post"))
