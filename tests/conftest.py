"""A real slapd on the emitted rules, and people already signed in through the real page."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from tests.policy import policy  # noqa: F401 (a fixture)
from tests.wire import wire  # noqa: F401 (a fixture)
from tests.world import World, word
from vmail_admin.directory.backend.kept import KEPT
from vmail_admin.journal.models import Retention, Row
from vmail_admin.signing_in.models import Factor, Guesses


@pytest.fixture(scope="session")
def one_world(django_db_blocker):
    """The slapd and the sessions' database, once per run."""
    with django_db_blocker.unblock():
        call_command("migrate", verbosity=0)
        # Each test begins with an empty journal; beyond/test_append_only.py has what forbids that.
        with connection.cursor() as cursor:
            for event in ("insert", "update"):
                cursor.execute(f"DROP TRIGGER journal_floor_{event}")
        world = World()
        yield world
        connections.close_all()
        world.slapd.stop()


@pytest.fixture
def world(one_world, django_db_blocker):
    """The cast as at the beginning of the play; the directory is open to the test."""
    with django_db_blocker.unblock():
        one_world.rebuild()
        Guesses.objects.all().delete()
        Factor.objects.all().delete()
        forget_journal()
        yield one_world
        connections.close_all()


def forget_journal():
    """What other tests did is over: its time is up, which is how rows go."""
    if Row.objects.exists():
        long_hence = timezone.now() + dt.timedelta(days=365)
        Retention.objects.update_or_create(pk=1, defaults={"until": long_hence})
        Row.objects.all().delete()
    Retention.objects.all().delete()


@pytest.fixture
def panel_at(world):
    """Points the panel of this test at another slapd, or gives its connection other options.

    Called without anything it is as it was.
    """
    wrapper = connections["directory"]
    before = wrapper.settings_dict

    def moved(uri=None, **options):
        wrapper.close()
        wrapper.forget_list_views()
        now = wrapper.settings_dict if uri or options else before
        changed = {"NAME": uri or now["NAME"], "OPTIONS": {**now["OPTIONS"], **options}}
        wrapper.settings_dict = {**now, **changed}

    yield moved
    moved()


@pytest.fixture
def kept(panel_at):
    """Connections wait for the same person's next request, as they do outside of most tests."""
    panel_at(keep_bound=60)
    yield
    KEPT.clear()


@pytest.fixture
def sign_in(world):
    """Signs somebody in as they would do it themselves."""

    def signed_in(login, password):
        client = Client()
        answer = client.post("/sign-in/", {"login": login, "password": password})
        assert answer.status_code == 302, answer.content.decode()
        return client

    return signed_in


@pytest.fixture
def stranger(world):
    return Client()


@pytest.fixture
def rita(sign_in):
    """The site admin."""
    return sign_in("rita", word("rita"))


@pytest.fixture
def pia(sign_in):
    """The postmaster of example.test, an ordinary mailbox."""
    return sign_in("pia@example.test", word("pia"))


@pytest.fixture
def otto(sign_in):
    """The postmaster of other.test, who may not edit accounts or appoint."""
    return sign_in("otto@other.test", word("otto"))


@pytest.fixture
def alice(sign_in):
    """A user of example.test."""
    return sign_in("alice@example.test", word("alice"))


@pytest.fixture
def alex(sign_in):
    """The owner of an alias in example.test."""
    return sign_in("alex@example.test", word("alex"))
