"""A new domain of which slapd refuses a part: nothing of it stays, and the page says so."""

from tests.pages import errors_of
from tests.rules import first_rules
from tests.world import EXAMPLE, HOSTING, RITA

PAGE = "/domains/new/"
NEW = f"jvd=new.test,{HOSTING}"
POST = f"cn=postmaster,{NEW}"
ABUSE = f"mail=abuse@new.test,{NEW}"


def test_an_address_that_is_in_use_elsewhere_undoes_it_all(rita, world):
    root = world.root()
    values = [("objectClass", b"JammMailAlias"), ("mail", b"abuse@new.test"), ("maildrop", b"x")]
    flags = [("accountActive", b"TRUE"), ("lastChange", b"1700000000")]
    root.add_s(f"mail=abuse@new.test,{EXAMPLE}", values + flags)
    root.unbind_s()
    before = world.versions()

    page = rita.post(PAGE, {"name": "new.test"})

    assert "new.test was not created" in errors_of(page, None)
    assert "abuse@new.test: non-unique attributes" in errors_of(page, None)
    assert "is taken away again" in errors_of(page, None)
    assert world.versions() == before


def test_a_refused_postmaster_undoes_the_domain(rita, world):
    before = world.versions()

    with first_rules(world, f'to dn.exact="{POST}" by * none'):
        page = rita.post(PAGE, {"name": "new.test"})

    assert "refused its postmaster@new.test" in errors_of(page, None)
    assert world.versions() == before


def test_a_domain_that_may_not_go_live_is_undone(rita, world):
    before = world.versions()
    asleep = f'to dn.exact="{NEW}" attrs=accountActive val="TRUE" by * none'

    with first_rules(world, asleep):
        page = rita.post(PAGE, {"name": "new.test"})

    assert "refused to make it active" in errors_of(page, None)
    assert world.versions() == before


def test_what_cannot_be_undone_is_said_and_left_suspended(rita, world):
    no_abuse = f'to dn.exact="{ABUSE}" by * none'
    add_only = f'to dn.exact="{POST}" attrs=entry by dn.exact="{RITA}" =arscd by * none'

    with first_rules(world, no_abuse, add_only):
        page = rita.post(PAGE, {"name": "new.test"})

    assert "could not be taken away again" in errors_of(page, None)
    assert "in the list now, suspended" in errors_of(page, None)
    assert world.value(NEW, "accountActive") == "FALSE"
    assert [row.name for row in rita.get("/domains/?show=suspended").context["page"].rows] == [
        "asleep.test",
        "new.test",
    ]
    assert rita.post("/domains/new.test/retire/", {"typed_name": "new.test"}).status_code == 302
