"""Commands as a person calls them: what they say, and the exit code."""

import io
import json

import pytest
from django.core.management import call_command

from tests.world import word


class Said:
    """What came of a command."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    @property
    def document(self):
        return json.loads(self.out)

    @property
    def rows(self):
        return self.document["rows"]


def called(*words):
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command(*words, stdout=out, stderr=err)
    except SystemExit as end:
        code = end.code
    return Said(code, out.getvalue(), err.getvalue())


def speaker(who, monkeypatch, password=None):
    """A function that calls commands as somebody of the cast."""

    def says(*words):
        monkeypatch.setenv("VMAIL_BIND_PASSWORD", password or word(who.partition("@")[0]))
        return called(*words, "-D", who)

    return says


@pytest.fixture
def rita_says(world, monkeypatch):
    """As the site admin."""
    return speaker("rita", monkeypatch)


@pytest.fixture
def pia_says(world, monkeypatch):
    """As the postmaster of example.test."""
    return speaker("pia@example.test", monkeypatch)


@pytest.fixture
def otto_says(world, monkeypatch):
    """As the postmaster of other.test, who may not edit accounts or appoint."""
    return speaker("otto@other.test", monkeypatch)


@pytest.fixture
def root_says(world):
    """As root on slapd's own socket."""
    return lambda *words: called(*words, "-Y", "EXTERNAL")
