"""How many wrong guesses are too many, and how long the next one has to wait."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

MINUTE, HOUR = 60, 3600  # seconds
FORGOTTEN = timedelta(days=1)
KNOWN_FOR = timedelta(days=90)

# Of slapd's own policy no more than this is used up, however patient it is.
MOST_WRONG = 20


@dataclass(frozen=True)
class Growing:
    """Some are free; then each waits twice as long as the one before."""

    free: int
    first: float  # seconds
    longest: float  # seconds

    def wait(self, wrong):
        """Seconds between the last of so many and the next."""
        beyond = int(wrong) - self.free
        return 0 if beyond < 0 else min(self.longest, self.first * 2 ** min(beyond, 30))


@dataclass(frozen=True)
class Leaking:
    """So many at once, and then one in so many seconds (a leaky bucket)."""

    most: int
    seconds_each: float

    def left(self, wrong, seconds):
        return max(0, wrong - seconds / self.seconds_each)

    def wait(self, wrong, most=None):
        """Seconds until one more fits in."""
        return (wrong + 1 - (most or self.most)) * self.seconds_each


@dataclass(frozen=True)
class Limits:
    pair: Growing
    account: Leaking
    everyone: int  # as account.most, from a network where the person was signed in before
    network: Leaking | None = None
    sentence: str = "Too many wrong passwords for this name."
    of_network: str = "Too many wrong passwords came from your network."


def limits_below(max_failures, seconds):
    """What stays below a lock of slapd's after ``max_failures`` within ``seconds``; 0: no lock.

    Within any such time at most ``everyone`` and what leaks meanwhile come through: one fewer than
    would lock. One network alone never fills the account, as its waits are no shorter than a leak.
    """
    most = min(max_failures or MOST_WRONG, MOST_WRONG)
    leaks = most // 4
    each = max(MINUTE, seconds / leaks if leaks else seconds + 1)
    everyone = max(1, most - 1 - leaks)
    strangers = everyone - min(4, everyone // 3)
    return Limits(
        pair=Growing(max(1, strangers // 2), each, max(HOUR, each)),
        account=Leaking(strangers, each),
        everyone=everyone,
        network=Leaking(50, MINUTE / 2),
    )


# Whoever guesses codes has the password already, and a code has a million values only.
OF_CODES = Limits(
    pair=Growing(5, MINUTE, HOUR),
    account=Leaking(10, HOUR / 4),
    everyone=14,
    sentence="Too many wrong codes.",
)


def limits_of(kind):
    if kind == "code":
        return OF_CODES
    return limits_below(settings.DIRECTORY_MAX_FAILURES, settings.DIRECTORY_LOCKOUT_SECONDS)
