"""One stage for each test, on the cast's slapd, and what makes its states."""

import socket
from types import SimpleNamespace

import pytest

from accounts.bulk.models import Job
from tests.panel_attacks.stage import Stage
from tests.panel_attacks.states import STATES
from tests.signing_in.conftest import one_moment  # noqa: F401 (a fixture)


@pytest.fixture
def stage(world, kept):
    stage = Stage(world)
    yield stage
    stage.leave()


@pytest.fixture
def at_once(monkeypatch):
    """A wrong password is refused without the pause that hides how long slapd took."""
    monkeypatch.setattr("vmail_admin.views.REFUSAL_TAKES", 0)


@pytest.fixture
def in_state(stage, one_moment, settings, monkeypatch):  # noqa: F811
    """Brings the stage into a state; answers with its pages, and what is right to type there."""
    Job.objects.all().delete()
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and never listens
        settings.WELCOME_SMTP = nobody.getsockname()
        how = SimpleNamespace(settings=settings, patches=monkeypatch)
        yield lambda name: STATES[name].begin(stage, how)
    Job.objects.all().delete()
