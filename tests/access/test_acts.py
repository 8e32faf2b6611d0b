"""Every act that a role is for works under the strict rules."""

import pytest

from .acts import ACTS
from .probe import name_of, tried


@pytest.mark.parametrize("act", ACTS, ids=name_of)
def test_works_under_strict(strict, act):
    assert tried(strict, act.who, act.tries)
