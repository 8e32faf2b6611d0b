"""What each page asks of slapd, counted in slapd's own log. README quotes this table.

SRCH is a search, and none of them grows with the number of accounts. A person's next request within
a minute does not bind again: `the_next_one_of_the_same_person` below.
"""

import pytest
from django.db import connections

from tests.crowd import add_crowd
from tests.slapd_log import Counted
from tests.world import ALICE, HOSTING, PIA, word

READING = [
    # page, who, path, what slapd is asked
    ("sign in, empty form", "stranger", "/sign-in/", "nothing"),
    ("any page, as a stranger", "stranger", "/domains/", "nothing"),
    ("start page", "pia", "/", "1 BIND, 3 SRCH"),
    ("domains of the site, 3 of them", "rita", "/domains/", "1 BIND, 5 SRCH"),
    ("new domain, empty form", "rita", "/domains/new/", "nothing"),
    ("settings of a domain", "rita", "/domains/example.test/settings/", "1 BIND, 4 SRCH"),
    ("about a domain", "pia", "/domains/example.test/settings/", "1 BIND, 4 SRCH"),
    ("delete a domain", "rita", "/domains/example.test/retire/", "1 BIND, 2 SRCH"),
    ("find, before a search", "rita", "/find/", "nothing"),
    ("find", "rita", "/find/?search=ali", "1 BIND, 1 SRCH"),
    ("addresses of a domain", "pia", "/domains/example.test/", "1 BIND, 5 SRCH"),
    ("the same, sorted", "pia", "/domains/example.test/?sort=-name", "1 BIND, 5 SRCH"),
    ("the same, searched", "pia", "/domains/example.test/?search=ali", "1 BIND, 3 SRCH"),
    ("new account", "pia", "/domains/example.test/accounts/new/", "1 BIND, 3 SRCH"),
    ("account", "pia", "/accounts/alice@example.test/", "1 BIND, 4 SRCH"),
    ("its password", "pia", "/accounts/alice@example.test/password/", "1 BIND, 4 SRCH"),
    ("close it", "pia", "/accounts/alice@example.test/retire/", "1 BIND, 4 SRCH"),
    ("new alias", "pia", "/domains/example.test/aliases/new/", "1 BIND, 2 SRCH"),
    ("alias", "pia", "/aliases/alex@example.test/", "1 BIND, 5 SRCH"),
    ("postmaster@", "pia", "/aliases/postmaster@example.test/", "1 BIND, 5 SRCH"),
    ("its password", "pia", "/aliases/alex@example.test/password/", "1 BIND, 4 SRCH"),
    ("delete it", "pia", "/aliases/alex@example.test/delete/", "1 BIND, 4 SRCH"),
    ("journal of a domain", "pia", "/domains/example.test/journal/", "1 BIND, 3 SRCH"),
    ("its trash", "pia", "/domains/example.test/trash/", "1 BIND, 4 SRCH"),
    ("trash of the site", "rita", "/trash/", "1 BIND, 5 SRCH"),
    ("my page", "alice", "/me/", "1 BIND, 1 SRCH"),
    ("my name", "alice", "/me/name/", "1 BIND, 1 SRCH"),
    ("my password", "alice", "/me/password/", "1 BIND, 1 SRCH"),
    ("my destinations", "alex", "/me/destinations/", "1 BIND, 1 SRCH"),
    ("where I am signed in", "alice", "/me/signed-in/", "1 BIND"),
    ("my second factor", "pia", "/me/second-factor/", "1 BIND"),
]

ON, OFF = {"flag": "active", "to": "on"}, {"flag": "active", "to": "off"}
CAROL_IS = {"address": "carol@other.test"}
NEW = {"new_password": "a new word for somebody"}
NEW_ACCOUNT = {"local_part": "new", "password_choice": "generate"}
NEW_ALIAS = {"local_part": "new", "destinations": "x@elsewhere.test"}
OWN = {"old_password": word("alice"), "new_password": "a new word for Alice"}
CHANGING = [
    (
        "sign in",
        "stranger",
        "/sign-in/",
        {"login": "rita", "password": word("rita")},
        "1 BIND, 3 SRCH",
    ),
    ("sign in, wrong", "stranger", "/sign-in/", {"login": "rita", "password": "no"}, "1 BIND"),
    ("sign out", "pia", "/sign-out/", {}, "nothing"),
    ("add a domain", "rita", "/domains/new/", {"name": "new.test"}, "1 BIND, 3 ADD, 1 MOD"),
    ("switch of a domain", "rita", "/domains/example.test/switch/", OFF, "1 BIND, 1 SRCH, 1 MOD"),
    ("appoint", "rita", "/domains/example.test/appoint/", CAROL_IS, "1 BIND, 3 SRCH, 1 MOD"),
    ("dismiss", "rita", "/domains/example.test/dismiss/", {"holder": PIA}, "1 BIND, 3 SRCH, 1 MOD"),
    (
        *("add an account", "pia", "/domains/example.test/accounts/new/", NEW_ACCOUNT),
        "1 BIND, 3 SRCH, 1 ADD, 1 PASSMOD",
    ),
    (
        "switch of an account",
        "pia",
        "/accounts/alice@example.test/switch/",
        OFF,
        "1 BIND, 1 SRCH, 1 MOD",
    ),
    (
        *("edit an account", "pia", "/accounts/alice@example.test/", {"full_name": "A. Ames"}),
        "1 BIND, 3 SRCH, 1 MOD",
    ),
    (
        *("give a new password", "pia", "/accounts/alice@example.test/password/", NEW),
        "1 BIND, 4 SRCH, 1 MOD, 1 PASSMOD",
    ),
    (
        *("add an alias", "pia", "/domains/example.test/aliases/new/", NEW_ALIAS),
        "1 BIND, 3 SRCH, 1 ADD",
    ),
    ("delete an alias", "pia", "/aliases/alex@example.test/delete/", {}, "1 BIND, 3 SRCH, 1 DEL"),
    ("change my name", "alice", "/me/name/", {"full_name": "A. Ames"}, "1 BIND, 1 SRCH, 1 MOD"),
    ("change my password", "alice", "/me/password/", OWN, "1 BIND, 1 SRCH, 1 MOD, 1 PASSMOD"),
]


@pytest.fixture
def client_of(request):
    def signed_in(who):
        client = request.getfixturevalue(who)
        # Each thread asks slapd once whether it sorts.
        connections["directory"]._knows_list_views = True
        return client

    return signed_in


@pytest.fixture(params=[0, 120], ids=["few", "many"])
def accounts(request, world):
    add_crowd(world, request.param)


@pytest.mark.parametrize(("page", "who", "path", "cost"), READING)
def test_reading(client_of, accounts, world, page, who, path, cost):
    client = client_of(who)
    with Counted(world.slapd) as asked:
        client.get(path)

    assert (page, str(asked)) == (page, cost)


@pytest.mark.parametrize(("page", "who", "path", "fields", "cost"), CHANGING)
def test_changing(client_of, world, page, who, path, fields, cost):
    client = client_of(who)
    with Counted(world.slapd) as asked:
        client.post(path, fields)

    assert (page, str(asked)) == (page, cost)


def test_the_domain_list_counts_the_domains_it_shows_and_no_others(client_of, world):
    root = world.root()
    flags = {"accountActive": "TRUE", "delete": "FALSE", "editAccounts": "TRUE"}
    flags |= {"editPostmasters": "TRUE", "lastChange": "1", "objectClass": "JammVirtualDomain"}
    for number in range(60):
        name = f"domain{number:02}.test"
        entry = flags | {"jvd": name}
        values = [(attribute, [value.encode()]) for attribute, value in entry.items()]
        root.add_s(f"jvd={name},{HOSTING}", values)
    root.unbind_s()
    rita = client_of("rita")
    with Counted(world.slapd) as asked:
        rita.get("/domains/?page=2")

    assert str(asked) == "1 BIND, 27 SRCH"


@pytest.mark.parametrize(("page", "who", "path", "cost"), READING)
def test_the_next_one_of_the_same_person(kept, client_of, world, page, who, path, cost):
    """No bind; but slapd is asked, in one round trip, whether the last one still stands."""
    client = client_of(who)
    client.get(path)
    with Counted(world.slapd) as asked:
        client.get(path)

    searches = int(cost.partition(", ")[2].partition(" ")[0] or 0)
    if cost != "nothing":
        # One's own entry, and the domain it is in; a site admin is in none.
        searches += 1 if who == "rita" else 2
    assert asked.kinds["BIND"] == 0
    assert asked.kinds["SRCH"] == searches
    assert asked.connections == 0


@pytest.mark.parametrize(("page", "searches"), [(3, 5), (9, 9)])
def test_a_page_past_the_end_asks_four_times_more(client_of, world, page, searches):
    add_crowd(world, 120)
    pia = client_of("pia")
    with Counted(world.slapd) as asked:
        pia.get(f"/domains/example.test/?page={page}")

    assert str(asked) == f"1 BIND, {searches} SRCH"


def test_a_page_for_which_slapd_is_not_needed_costs_it_nothing(alice, world):
    world.delete(ALICE)
    with Counted(world.slapd) as asked:
        alice.get("/nowhere/")

    assert str(asked) == "nothing"
