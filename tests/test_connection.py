"""One connection a thread, bound once a request; outside a request nobody is bound."""

import sys
import threading
from contextlib import ExitStack

import pytest
from django.db import connections
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from ldap import LDAPLock

from tests.slapd_log import Counted
from tests.world import ALICE, CAROL, OTTO, PIA, word
from vmail_admin.directory import sessions
from vmail_admin.directory.backend.searches import Lookup
from vmail_admin.directory.errors import NotAllowed, NotBound, WrongPassword
from vmail_admin.directory.identity import Identity, acting_as
from vmail_admin.directory.middleware import BindAsPerson


@pytest.fixture
def directory(world):
    return connections["directory"]


def alice():
    return acting_as(Identity(ALICE, word("alice")))


def pia():
    return acting_as(Identity(PIA, word("pia")))


def own_entry(directory, dn):
    return directory.search_s(dn, 0, attrlist=["mail"])


# --- who is bound


def test_outside_a_block_nobody_is_bound(directory):
    with pytest.raises(NotBound):
        directory.whoami()


def test_after_a_block_nobody_is_bound(directory):
    with alice():
        assert directory.whoami() == f"dn:{ALICE}"
    with pytest.raises(NotBound):
        directory.whoami()


def test_after_a_page_nobody_is_bound(alice, directory):
    assert alice.get("/me/").status_code == 200
    with pytest.raises(NotBound):
        directory.whoami()


def test_after_a_failure_nobody_is_bound(directory):
    with pytest.raises(RuntimeError), alice():
        directory.whoami()
        raise RuntimeError
    with pytest.raises(NotBound):
        directory.whoami()


def test_a_block_inside_a_block_is_its_own_person_and_then_the_outer_one_again(directory):
    with pia():
        with alice():
            assert directory.whoami() == f"dn:{ALICE}"
        assert directory.whoami() == f"dn:{PIA}"


def test_after_a_wrong_password_in_between_it_is_the_outer_person_again(directory):
    with pia():
        directory.whoami()
        with pytest.raises(WrongPassword), acting_as(Identity(ALICE, "wrong")):
            directory.whoami()
        assert directory.whoami() == f"dn:{PIA}"


def test_nobody_can_be_an_identity_without_a_password():
    for dn, password in ((ALICE, ""), ("", word("alice")), ("", "")):
        with pytest.raises(NotBound):
            Identity(dn, password)


def test_an_identity_shows_its_name_but_not_its_password():
    assert repr(Identity(ALICE, word("alice"))) == f"<Identity {ALICE}>"
    assert not hasattr(Identity(ALICE, word("alice")), "__dict__")


def test_each_thread_is_bound_as_its_own_person(world):
    together, seen = threading.Barrier(2), {}

    def ask(name, dn):
        try:
            with acting_as(Identity(dn, word(name))):
                for _ in range(20):
                    together.wait()
                    seen.setdefault(name, set()).add(connections["directory"].whoami())
        finally:
            connections["directory"].close()

    threads = [threading.Thread(target=ask, args=one) for one in (("alice", ALICE), ("otto", OTTO))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert seen == {"alice": {f"dn:{ALICE}"}, "otto": {f"dn:{OTTO}"}}


def test_a_thread_that_a_request_starts_is_nobody(directory):
    found = []

    def ask():
        with pytest.raises(NotBound):
            connections["directory"].whoami()
        found.append("nobody")

    with alice():
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()

    assert found == ["nobody"]


def test_an_answer_that_is_streamed_after_the_request_is_nobodys(alice, directory, rf_as_alice):
    def late():
        yield directory.whoami()

    response = BindAsPerson(lambda request: StreamingHttpResponse(late()))(rf_as_alice)

    with pytest.raises(NotBound):
        list(response)


@pytest.fixture
def rf_as_alice(alice):
    """A request that carries Alice's cookies, for the middleware alone."""
    request = RequestFactory().get("/me/")
    request.session = alice.session
    request.COOKIES = {name: morsel.value for name, morsel in alice.cookies.items()}
    return request


def test_within_the_request_it_is_the_person_of_the_session(directory, rf_as_alice):
    seen = []

    def view(request):
        seen.append(directory.whoami())
        return HttpResponse()

    BindAsPerson(view)(rf_as_alice)

    assert seen == [f"dn:{ALICE}"]
    assert sessions.found(rf_as_alice)[0].dn == ALICE


# --- how often


def test_a_block_binds_once_for_all_its_operations(directory, world):
    with Counted(world.slapd) as asked, alice():
        for _ in range(5):
            own_entry(directory, ALICE)

    assert str(asked) == "1 BIND, 5 SRCH"


def test_the_next_block_binds_anew_even_as_the_same_person(directory, world):
    with Counted(world.slapd) as asked:
        for _ in range(3):
            with alice():
                own_entry(directory, ALICE)

    assert str(asked) == "3 BIND, 3 SRCH"


def test_a_block_that_asks_nothing_binds_nobody(world):
    with Counted(world.slapd) as asked, alice():
        pass

    assert str(asked) == "nothing"


def test_a_wrong_password_is_asked_once_however_often_it_is_needed(directory, world):
    with Counted(world.slapd) as asked, acting_as(Identity(ALICE, "wrong")):
        for _ in range(3):
            with pytest.raises(WrongPassword):
                own_entry(directory, ALICE)

    assert str(asked) == "1 BIND"


# --- several at once


def test_what_slapd_refuses_leaves_the_connection_good(directory, world):
    with Counted(world.slapd) as asked, alice():
        with pytest.raises(NotAllowed):
            directory.modify_s(CAROL, [(2, "description", [b"no"])])
        assert directory.whoami() == f"dn:{ALICE}"

    assert asked.kinds["BIND"] == 1


def test_many_searches_are_sent_together_and_answered_in_order(directory, world):
    lookups = [Lookup(dn, 0, "(&)") for dn in (PIA, ALICE, CAROL)]
    with Counted(world.slapd) as asked, pia():
        answers = directory.search_many(lookups, [["mail"]] * 3, 10)

    assert [[dn for dn, _ in rows] for rows, _ in answers] == [[PIA], [ALICE], []]
    assert str(asked) == "1 BIND, 3 SRCH"


def test_a_bounded_search_keeps_what_came_before_the_limit(directory, world):
    with ExitStack() as stack:
        stack.enter_context(pia())
        base = PIA.partition(",")[2]
        rows, more = directory.search_bounded(Lookup(base, 1, "(mail=*)"), ["mail"], 3)
        every, no_more = directory.search_bounded(Lookup(base, 1, "(mail=*)"), ["mail"], 100)

    assert (len(rows), more) == (3, True)
    assert len(every) > 3
    assert not no_more


def test_a_call_that_ctrl_c_cuts_short_holds_nothing_up(directory):
    """Python raises KeyboardInterrupt wherever it is: here, before python-ldap frees its lock."""

    def at_once(frame, event, _):
        if frame.f_code is LDAPLock.release.__code__:
            raise KeyboardInterrupt

    with alice():
        directory.ensure_connection()
        connection = directory.connection
        with pytest.raises(KeyboardInterrupt):
            sys.settrace(at_once)
            try:
                connection.whoami_s()
            finally:
                sys.settrace(None)

        assert connection._ldap_object_lock._lock.acquire(blocking=False)
        directory.drop()
        assert own_entry(directory, ALICE)
