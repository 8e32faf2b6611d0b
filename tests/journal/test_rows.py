"""Every change leaves a row: who, what, from where, before and after, and never a password."""

import json

import ldap
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, connections
from django.db.models import F

from accounts.models import MailAccount, MailAlias
from domains.creation import create_domain
from domains.models import Postmaster, VirtualDomain
from tests.pages import form_of
from tests.world import ALEX, ALICE, CAROL, DORA, EXAMPLE, PIA, POST, RITA, word
from vmail_admin.directory.changes import new_batch, told
from vmail_admin.directory.errors import NotAllowed, NotKept, Stale
from vmail_admin.directory.identity import Identity, acting_as
from vmail_admin.directory.passwords import change_password, take_password_away
from vmail_admin.journal.models import Row, State
from vmail_admin.journal.undo import undo_rows

CARD = "/accounts/alice@example.test/"


def pia():
    return acting_as(Identity(PIA, word("pia")))


def rita():
    return acting_as(Identity(RITA, word("rita")))


def alice():
    return MailAccount.objects.of("alice@example.test").get()


def test_a_switch_says_who_what_when_before_and_after(world):
    with pia():
        alice().switch(False)

    [row] = Row.objects.all()
    assert (row.who, row.who_dn, row.entry, row.domain) == (
        "pia@example.test",
        PIA,
        "alice@example.test",
        "example.test",
    )
    assert (row.kind, row.what, row.state) == ("switched", "account", State.MADE)
    assert row.values_before["accountActive"] == ["TRUE"]
    assert row.values_after["accountActive"] == ["FALSE"]
    assert row.began <= row.ended
    assert row.version == world.versions()[ALICE].decode()


def test_before_is_what_slapd_held_and_not_what_a_page_had_loaded(world):
    with pia():
        account = alice()
        world.change(ALICE, quota="meanwhile")
        account.version = ""
        account.quota = "2000S"
        account.save(update_fields=["quota"])

    row = Row.objects.get()
    assert row.values_before["quota"] == ["meanwhile"]


def test_what_is_told_stands_in_the_row(world):
    batch = new_batch()
    with pia(), told(place="192.0.2.7", batch=batch), told(why="left the company"):
        alice().switch(False)

    row = Row.objects.get()
    assert (row.place, row.batch, row.why) == ("192.0.2.7", batch, "left the company")


def test_a_refused_change_is_no_change(world):
    with pia(), pytest.raises(NotAllowed):
        connections["directory"].modify_s(CAROL, [(ldap.MOD_REPLACE, "description", [b"x"])])

    assert Row.objects.get().state == State.REFUSED
    assert not Row.objects.shown().exists()


def test_a_stale_change_is_no_change(world):
    with pia():
        account = alice()
        world.change(ALICE, description="by hand")
        account.full_name = "A"
        with pytest.raises(Stale):
            account.save()

    assert not Row.objects.shown().exists()


def test_a_domain_is_four_rows(world):
    with rita():
        create_domain(VirtualDomain(name="new.test"))

    kinds = list(Row.objects.shown().order_by("id").values_list("kind", "what", "entry"))
    assert kinds == [
        ("created", "domain", "new.test"),
        ("created", "alias", "postmaster@new.test"),
        ("created", "alias", "abuse@new.test"),
        ("switched", "domain", "new.test"),
    ]


def test_an_appointment_is_about_who_is_appointed(world):
    with pia():
        post = Postmaster.objects.at(POST).get()
        post.appoint(ALICE)
        Postmaster.objects.at(POST).get().dismiss(ALICE)

    rows = Row.objects.shown().order_by("id").values_list("kind", "entry", "dn")
    assert list(rows) == [
        ("appointed", "alice@example.test", POST),
        ("dismissed", "alice@example.test", POST),
    ]


@pytest.mark.parametrize(("dn", "what"), [(ALICE, "account"), (ALEX, "alias")])
def test_an_appointment_knows_what_it_is_about_and_so_does_its_undo(world, dn, what):
    with pia():
        Postmaster.objects.at(POST).get().appoint(dn, what)
        undo_rows(Row.objects.all())

    rows = Row.objects.shown().order_by("id").values_list("kind", "what")
    assert list(rows) == [("appointed", what), ("dismissed", what)]


def test_a_deleted_alias_is_kept_as_it_was(world):
    with pia():
        MailAlias.objects.of("alex@example.test").get().delete()

    row = Row.objects.get()
    assert (row.kind, row.what) == ("deleted", "alias")
    assert row.values_before["maildrop"] == ["alice@example.test", "alex@elsewhere.test"]
    assert row.values_before["cn"] == ["Alex"]
    assert "pwdChangedTime" not in row.values_before or row.values_before["pwdChangedTime"]


@pytest.mark.parametrize("how", ["server", "sha512-crypt"])
def test_no_password_and_no_hash_ever_stands_in_a_row(world, settings, how):
    settings.PASSWORD_HASH = how
    with pia():
        change_password(DORA, "a new word for Dora")
        take_password_away(ALEX)
        MailAlias.objects.of("alex@example.test").get().delete()
    with rita():
        MailAlias.objects.of("bob+news@example.test").get().delete()

    assert [row.kind for row in Row.objects.order_by("id")] == [
        "password",
        "locked",
        "deleted",
        "deleted",
    ]
    text = json.dumps(list(Row.objects.values()), default=str)
    assert "a new word" not in text
    assert "{SSHA}" not in text
    assert "{CRYPT}" not in text
    for part in ("userPassword", "clearPassword"):
        assert json.dumps(list(Row.objects.values("before", "after"))).count(part) == 0


def test_huge_and_hostile_values_are_kept_short_and_whole(world):
    root = world.root()
    root.modify_s(ALICE, [(ldap.MOD_REPLACE, "cn", [b"\xf0\x9f\x98\x80 <b>'\"", b"x" * 400])])
    root.unbind_s()
    with pia():
        account = alice()
        account.full_name = "A"
        account.save()

    row = Row.objects.get()
    assert row.values_before["cn"] == ["😀 <b>'\"", "x" * 400]
    assert row.values_after["cn"] == ["A", "x" * 400]


def test_a_row_that_is_settled_can_neither_be_changed_nor_deleted(world):
    with pia():
        alice().switch(False)

    with pytest.raises(DatabaseError):
        Row.objects.update(who=F("entry"))
    with pytest.raises(DatabaseError):
        Row.objects.all().delete()
    assert Row.objects.get().who == "pia@example.test"


def test_where_the_journal_cannot_be_written_nothing_is_changed(world, read_only):
    before = world.versions()
    with pia(), read_only(), pytest.raises(NotKept):
        alice().switch(False)

    assert world.versions() == before
    assert not Row.objects.exists()


@pytest.fixture
def read_only():
    from contextlib import contextmanager

    @contextmanager
    def block():
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = ON")
        yield
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = OFF")

    return block


def test_a_page_without_a_journal_says_so(sign_in, world, read_only):
    client = sign_in("pia@example.test", word("pia"))
    form = form_of(client.get(CARD))
    before = world.versions()
    with read_only():
        page = client.post(CARD, form | {"full_name": "A"})

    assert page.status_code == 503
    assert "cannot write its journal" in page.content.decode()
    assert world.versions() == before


def test_the_place_is_the_address_of_the_browser(pia_client, world):
    pia_client.post(f"{CARD}switch/", {"flag": "active", "to": "off"})

    row = Row.objects.get()
    assert row.place == "127.0.0.1"
    assert row.batch


@pytest.fixture
def pia_client(sign_in):
    return sign_in("pia@example.test", word("pia"))


def test_rows_are_kept_for_two_years_unless_the_site_says_otherwise():
    assert settings.JOURNAL_DAYS == 730
    assert settings.TRASH_DAYS == 30


def test_the_domain_of_a_row_is_in_lower_case(world):
    with rita():
        VirtualDomain.objects.at(EXAMPLE.upper()).get().set_flags(may_appoint=False)

    row = Row.objects.get()
    assert (row.kind, row.what, row.domain) == ("rights", "domain", "example.test")
