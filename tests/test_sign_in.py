"""One sign-in page for everybody."""

import pytest

from deploy.private_slapd import PrivateSlapd
from deploy.site import Site
from tests.crowd import load_cast_and_crowd
from tests.slapd_log import Counted
from tests.world import ALICE, HOSTING, PIA, POST, RITA, word

SENTENCE = "does not accept this name and password"


def sent(client, login, password, path="/sign-in/"):
    return client.post(path, {"login": login, "password": password})


@pytest.mark.parametrize(
    ("login", "name", "lands"),
    [
        ("rita", "rita", "/domains/"),
        ("RITA", "rita", "/domains/"),
        ("cn=rita,ou=admins,dc=myhosting,dc=example", "rita", "/domains/"),
        ("pia@example.test", "pia", "/domains/example.test/"),
        ("  Pia@Example.TEST ", "pia", "/domains/example.test/"),
        ("postmaster@example.test", "post", "/domains/example.test/"),
        ("alice@example.test", "alice", "/me/"),
        ("alex@example.test", "alex", "/me/"),
    ],
)
def test_everybody_signs_in_and_lands_where_their_work_is(stranger, login, name, lands):
    assert sent(stranger, login, word(name)).url == lands
    page = stranger.get("/", follow=True)

    assert page.redirect_chain[-1][0] == lands
    assert page.status_code == 200


REFUSED = [
    ("alice@example.test", "wrong"),
    ("nobody@example.test", word("alice")),
    ("alice@nowhere.test", word("alice")),
    ("bob+news@example.test", word("alice")),  # an alias that has no password
    ("dora@example.test", word("dora")),  # switched off
    ("sleeper@asleep.test", word("sleeper")),  # in a suspended domain
    ("cn=Manager,dc=elsewhere", "secret"),
    ("nonsense=x,dc=myhosting,dc=example", "secret"),
    ("cn=siteadmins,ou=admins,dc=myhosting,dc=example", "secret"),
    ("manager", "secret"),
    ("@", "x"),
    ("*", "x"),
    ("*@example.test", "x"),
    ("a" * 400, "x"),
    ("<script>@example.test", "x"),
    ("alice@example.test,ou=x", word("alice")),
]


@pytest.mark.parametrize(("login", "password"), REFUSED)
def test_who_is_not_let_in_learns_nothing(stranger, login, password):
    page = sent(stranger, login, password)

    assert page.status_code == 200
    assert SENTENCE in page.content.decode()
    assert stranger.get("/me/").status_code == 302


def test_what_is_no_text_is_refused_at_the_field(stranger):
    page = sent(stranger, "alice@example.test\x00", word("alice"))

    assert "control character" in page.content.decode()


@pytest.mark.parametrize(("login", "password"), [("alice@example.test", ""), ("", "x"), ("", "")])
def test_an_empty_field_is_refused_before_slapd_is_asked(stranger, world, login, password):
    with Counted(world.slapd) as asked:
        page = sent(stranger, login, password)

    assert page.context["form"].errors
    assert (str(asked), asked.connections) == ("nothing", 0)


def test_blanks_are_a_password_like_any_other(stranger, world):
    with Counted(world.slapd) as asked:
        assert SENTENCE in sent(stranger, "alice@example.test", "   ").content.decode()

    assert str(asked) == "1 BIND"


def test_a_password_is_taken_as_it_is_typed(stranger, world):
    root = world.root()
    root.passwd_s(ALICE, None, "  blanks around ü  ")
    root.unbind_s()

    assert sent(stranger, "alice@example.test", "blanks around ü").status_code == 200
    assert sent(stranger, "alice@example.test", "  blanks around ü  ").status_code == 302


# --- what an older directory lets bind


def test_who_is_switched_off_is_not_let_in_even_where_slapd_would(stranger, world):
    """As an older directory lets everybody bind; Rita's entry stands in for one of its accounts."""
    root = world.root()
    root.modify_s(
        RITA, [(0, "objectClass", [b"extensibleObject"]), (0, "accountActive", [b"FALSE"])]
    )
    root.unbind_s()

    assert world.accepts(RITA, word("rita"))
    assert SENTENCE in sent(stranger, "rita", word("rita")).content.decode()


def test_a_slapd_that_wants_tls_is_no_failure_of_the_panel(stranger, tmp_path, panel_at):
    slapd = PrivateSlapd(tmp_path / "slapd", Site(), fast=True)
    conf = slapd.config_path
    conf.write_text(
        conf.read_text().replace("database mdb", "database mdb\nsecurity simple_bind=256")
    )
    load_cast_and_crowd(slapd, 0)
    with slapd:
        panel_at(slapd.ldapi_uri)
        page = sent(stranger, "alice@example.test", word("alice"))
        panel_at()

    assert page.status_code == 403
    assert "does not allow" in page.content.decode()


# --- other spellings of a domain


@pytest.mark.parametrize("typed", ["bücher.example", "BÜCHER.Example", "xn--bcher-kva.example"])
def test_either_spelling_of_a_domain_opens(stranger, world, typed):
    domain = f"jvd=xn--bcher-kva.example,{HOSTING}"
    root = world.root()
    flags = {"accountActive": "TRUE", "delete": "FALSE", "editAccounts": "TRUE"}
    flags |= {"editPostmasters": "TRUE", "lastChange": "1"}
    entries = {
        domain: {"objectClass": "JammVirtualDomain", "jvd": "xn--bcher-kva.example"} | flags,
        f"mail=ana@xn--bcher-kva.example,{domain}": {
            "objectClass": "JammMailAlias",
            "mail": "ana@xn--bcher-kva.example",
            "maildrop": "x@elsewhere.test",
            "accountActive": "TRUE",
            "lastChange": "1",
            "userPassword": "ana-secret-word",
        },
    }
    for dn, values in entries.items():
        root.add_s(dn, [(name, [value.encode()]) for name, value in values.items()])
    root.unbind_s()

    assert sent(stranger, f"Ana@{typed}", word("ana")).status_code == 302


@pytest.mark.parametrize(
    ("login", "who", "shown"),
    [
        ("cn=rita,ou=admins,dc=myhosting,dc=example", "rita", "rita"),
        ("  Pia@Example.TEST ", "pia", "pia@example.test"),
        (POST, "post", "postmaster@example.test"),
    ],
)
def test_pages_name_who_is_signed_in_whatever_was_typed(stranger, login, who, shown):
    sent(stranger, login, word(who))

    bar = stranger.get("/", follow=True).content.decode()

    assert f'<span class="who-name">{shown}</span>' in bar


# --- what it costs


def test_signing_in_is_one_bind_and_no_search_for_the_name(stranger, world):
    before = len(world.slapd.log_path.read_text())

    with Counted(world.slapd) as asked:
        sent(stranger, "pia@example.test", word("pia"))

    assert str(asked) == "1 BIND, 3 SRCH"
    assert "(mail=pia@example.test)" not in world.slapd.log_path.read_text()[before:]


def test_a_wrong_password_is_one_bind(stranger, world):
    with Counted(world.slapd) as asked:
        sent(stranger, "pia@example.test", "wrong")

    assert str(asked) == "1 BIND"


# --- what is learnt of a person


def test_a_postmaster_of_two_domains_is_postmaster_of_both(stranger, world):
    world.change(f"cn=postmaster,jvd=other.test,{HOSTING}", roleOccupant=[PIA])
    sent(stranger, "pia@example.test", word("pia"))

    assert stranger.session["person"]["domains"] == ["example.test", "other.test"]
    assert stranger.get("/domains/other.test/").status_code == 200


def test_a_mailbox_that_is_a_site_admin_is_both(stranger, world):
    world.change(f"cn=siteadmins,{RITA.partition(',')[2]}", member=[RITA, ALICE])
    sent(stranger, "alice@example.test", word("alice"))

    person = stranger.session["person"]
    assert person["is_site_admin"]
    assert person["kind"] == "account"
    assert stranger.get("/me/").status_code == 200


def test_the_post_itself_is_postmaster(stranger):
    sent(stranger, "postmaster@example.test", word("post"))

    assert stranger.session["person"]["dn"] == POST
    assert stranger.session["person"]["domains"] == ["example.test"]


# --- where it leads


@pytest.mark.parametrize("page", ["/me/name/", "/accounts/alice@example.test/?a=b&c=d"])
def test_it_leads_back_to_the_page_that_was_wanted(stranger, page):
    wanted = stranger.get(page)
    assert wanted.url.startswith("/sign-in/?next=")

    assert sent(stranger, "alice@example.test", word("alice"), wanted.url).url == page


@pytest.mark.parametrize(
    "elsewhere",
    [
        *("https://evil.example/", "//evil.example/", "/\\evil.example", "///evil.example"),
        *("javascript:alert(1)", "evil.example", "https:evil.example", "\\\\evil.example", ""),
    ],
)
def test_it_leads_nowhere_else(stranger, elsewhere):
    answer = stranger.post(
        "/sign-in/",
        {"login": "alice@example.test", "password": word("alice")},
        query_params={"next": elsewhere},
    )
    assert answer.url == "/me/"


def test_who_is_signed_in_does_not_sign_in_again(alice):
    assert alice.get("/sign-in/").url == "/"


def test_signing_in_as_another_ends_the_first_session(alice):
    before = alice.session.session_key
    sent(alice, "pia@example.test", word("pia"))

    assert alice.session.session_key != before
    assert alice.get("/", follow=True).redirect_chain[-1][0] == "/domains/example.test/"
