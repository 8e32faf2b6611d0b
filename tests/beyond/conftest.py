"""Servers that several panels share, started for these tests alone."""

import pytest

from tests.beyond.copies import Copies


@pytest.fixture(scope="session")
def copies(tmp_path_factory):
    with Copies(tmp_path_factory.mktemp("copies")) as copies:
        yield copies


@pytest.fixture
def alike(copies):
    """The copies, when each has caught up with the others."""
    from tests.beyond.copies import CATCHING_UP, within

    assert within(CATCHING_UP, copies.are_alike)
    return copies
