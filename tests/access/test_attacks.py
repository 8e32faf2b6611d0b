"""Every attack, under both sets of rules and in both forms of slapd's configuration."""

import pytest

from .attacks import ATTACKS, FAMILIES
from .probe import name_of, tried


@pytest.mark.parametrize("attack", ATTACKS, ids=name_of)
def test_comes_through_under_howto_or_is_stopped_there_for_a_reason(howto, attack):
    assert tried(howto, attack.who, attack.tries) is (not attack.howto), attack.howto


@pytest.mark.parametrize("attack", ATTACKS, ids=name_of)
def test_fails_under_strict_and_changes_nothing(strict, attack):
    assert not tried(strict, attack.who, attack.tries), attack.why
    if not attack.may_change:
        assert strict.changed() == {}


def test_there_are_enough_of_them():
    assert len({name_of(attack) for attack in ATTACKS}) == len(ATTACKS)
    assert len(ATTACKS) >= 120
    assert sum(not attack.howto for attack in ATTACKS) >= 120
    assert all(FAMILIES.values())
