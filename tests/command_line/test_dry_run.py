"""A change that is tried: slapd says what it would say, and nothing is written."""

import pytest

from accounts.models import MailAccount, MailAlias
from domains.models import VirtualDomain
from tests.world import ALICE, PIA, word
from vmail_admin.directory import dry_run as trying
from vmail_admin.directory.dry_run import dry_run
from vmail_admin.directory.errors import AlreadyThere, Invalid, NotAllowed
from vmail_admin.directory.identity import Identity, acting_as
from vmail_admin.directory.passwords import change_password


@pytest.fixture
def as_pia(world):
    before = world.versions()
    with acting_as(Identity(PIA, word("pia"))):
        yield
    assert world.versions() == before


def test_what_slapd_would_do_is_not_done(as_pia):
    with dry_run() as trial:
        account = MailAccount.objects.at(ALICE).get()
        account.full_name = "Another"
        account.save()
        MailAlias.objects.of("alex@example.test").get().delete()
        MailAlias(mail="new@example.test", destinations=["a@example.test"]).save()

    assert (trial.sent, trial.unsent, trial.asked_slapd) == (3, 0, True)


def test_what_slapd_would_refuse_is_refused(as_pia):
    with dry_run() as trial:
        with pytest.raises(NotAllowed):
            VirtualDomain.objects.named("example.test").get().set_flags(may_appoint=False)
        with pytest.raises(AlreadyThere):
            MailAlias(mail="alice@example.test", destinations=["a@example.test"]).save()
        with pytest.raises(Invalid, match="does not accept"):
            MailAccount(mail="new@example.test", mailbox="other.test/carol/").save()

    assert trial.sent == 0


def test_what_comes_after_an_addition_cannot_be_asked(as_pia):
    with dry_run() as trial:
        account = MailAccount(mail="new@example.test")
        account.save()
        change_password(account.dn, "correct horse battery")
        account.delete()

    assert (trial.sent, trial.unsent, trial.asked_slapd) == (1, 2, False)


def test_a_password_is_never_sent(as_pia):
    with dry_run() as trial:
        change_password(ALICE, "correct horse battery")

    assert (trial.sent, trial.unsent) == (0, 1)


def test_where_slapd_does_not_know_the_control_nothing_is_sent(world, as_pia, monkeypatch):
    """Asked with a control that no server knows, which is what an unknown one looks like."""
    monkeypatch.setattr(trying, "NO_OP", "1.3.6.1.4.1.4203.666.5.2.99")
    with dry_run() as trial:
        account = MailAccount.objects.at(ALICE).get()
        account.full_name = "Another"
        account.save()

    assert (trial.sent, trial.unsent, trial.asked_slapd) == (0, 1, False)


def test_after_the_block_a_change_is_a_change(world):
    with acting_as(Identity(PIA, word("pia"))):
        with dry_run():
            pass
        account = MailAccount.objects.at(ALICE).get()
        account.full_name = "Another"
        account.save()

    assert world.entry(ALICE)["cn"][0] == "Another"
