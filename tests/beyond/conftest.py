"""Servers that several panels share, started for these tests alone."""

import pytest

from tests.beyond.copies import CATCHING_UP, Copies, within
from tests.beyond.postgres import PrivatePostgres
from tests.deploy.live import open_folder


@pytest.fixture(scope="session")
def copies(tmp_path_factory):
    with Copies(tmp_path_factory.mktemp("copies")) as copies:
        yield copies


@pytest.fixture
def alike(copies):
    """The copies, when each has caught up with the others."""
    assert within(CATCHING_UP, copies.are_alike)
    return copies


@pytest.fixture(scope="session")
def postgres():
    with open_folder() as folder, PrivatePostgres(folder / "postgres") as postgres:
        yield postgres
