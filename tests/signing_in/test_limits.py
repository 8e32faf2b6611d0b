"""How many guesses come through: never as many as slapd locks an entry for."""

import itertools

import pytest

from deploy.emit import rendered
from deploy.site import Passwords, Site
from vmail_admin.signing_in.limits import MINUTE, limits_below


def come_through(limits, until):
    """When an attacker's guesses come through who never waits longer than needed.

    They come from everywhere, also from where the person is known: the account's limit is left.
    """
    bucket, now, wrong, times = limits.account, 0.0, 0.0, []
    while now <= until:
        wait = bucket.wait(wrong, limits.everyone)
        if wait > 0:
            now, wrong = now + wait, bucket.left(wrong, wait)
            continue
        times.append(now)
        wrong += 1
    return times


@pytest.mark.parametrize("most", [0, *range(2, 25), 1000])
@pytest.mark.parametrize("seconds", [1, 60, 300, 3600, 86400])
def test_slapd_never_sees_as_many_as_it_locks_for(most, seconds):
    limits = limits_below(most, seconds)
    times = come_through(limits, until=4 * max(seconds, 60 * MINUTE))
    in_one_window = max(
        sum(start <= time <= start + seconds for time in times) for start in times[:60]
    )

    assert len(times) > 1
    assert in_one_window < (most or 20)


@pytest.mark.parametrize("most", [0, 5, 8, 20, 100])
@pytest.mark.parametrize("seconds", [60, 300, 86400])
def test_one_network_never_uses_up_what_strangers_have_together(most, seconds):
    limits = limits_below(most, seconds)
    wrong, last_wait, tries = 0.0, 0.0, 0
    for tries in range(1, 60):
        wrong = limits.account.left(wrong, last_wait) + 1
        last_wait = limits.pair.wait(tries)
        assert limits.account.wait(wrong) <= 0, tries


def test_the_wait_doubles_up_to_an_hour():
    pair = limits_below(20, 300).pair

    waits = [pair.wait(wrong) for wrong in range(14)]
    assert waits[:5] == [0] * 5
    assert waits[5:11] == [60, 120, 240, 480, 960, 1920]
    assert waits[11:] == [3600] * 3
    assert pair.wait(10**9) == 3600


def test_what_is_emitted_for_slapd_and_for_the_panel_agrees():
    for passwords in (Passwords(), Passwords(max_failures=7, lockout_seconds=900)):
        site = Site(passwords=passwords)
        ldif = text_of("slapd", "base.ldif", site)
        panel = dict(
            line.split("=", 1)
            for line in text_of("panel", "panel.env", site).splitlines()
            if line.startswith("VMAIL_")
        )
        policy = dict(
            line.split(": ", 1)
            for line in itertools.takewhile(bool, ldif.partition("cn: default\n")[2].splitlines())
            if not line.startswith("#")
        )

        assert policy["pwdMaxFailure"] == panel["VMAIL_DIRECTORY_MAX_FAILURES"]
        assert policy["pwdFailureCountInterval"] == panel["VMAIL_DIRECTORY_LOCKOUT_SECONDS"]


def text_of(service, name, site):
    return next(file.text for file in rendered(service, site) if file.path.endswith(name))
