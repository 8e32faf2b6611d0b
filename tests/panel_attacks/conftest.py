"""One stage for each test, on the cast's slapd."""

import pytest

from tests.panel_attacks.stage import Stage


@pytest.fixture
def stage(world, kept):
    stage = Stage(world)
    yield stage
    stage.leave()
