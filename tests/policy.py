"""The site's password policy, changed for one test. Import the fixture where it is wanted."""

import pytest

POLICY = "cn=default,ou=policies,dc=myhosting,dc=example"


@pytest.fixture
def policy(world):
    """Sets attributes of the policy entry, and puts them back after the test."""
    before = world.entry(POLICY)
    changed = set()

    def change(**values):
        changed.update(values)
        world.change(POLICY, **values)

    yield change
    world.change(POLICY, **{name: before.get(name, [None])[0] for name in changed})
