"""Every change of the directory: what is told of it beforehand, and who hears of it.

The database backend announces each change before it is sent, and says how it ended. Whoever keeps
a journal registers with ``heard_by``: this package knows no journal.
"""

import secrets
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import lru_cache

from django.db import DatabaseError

# Of these, not even a hash is ever told: only that they changed.
SECRET = frozenset({"userpassword", "clearpassword", "pwdhistory"})

ADD, MODIFY, DELETE, PASSWORD = "add", "modify", "delete", "password"
# Of no entry: the panel's own database holds it, beside whatever is told of it.
FACTOR = "factor"


@dataclass(frozen=True)
class Told:
    """What a change cannot say itself: where the person sits, what it belongs to, and why."""

    place: str = ""
    batch: str = ""
    why: str = ""
    undoes: int | None = None  # the journal's number of the change that is taken back
    facts: tuple = ()  # pairs of a name and a text: what the entry does not hold itself
    who: str = ""  # a DN, where nobody is bound


NOTHING_SAID = Told()
_told = ContextVar("told_of_changes", default=NOTHING_SAID)


@contextmanager
def told(**words):
    """Inside this block, changes are told with these words; blocks nest, the inner one wins.

    ``place``: a client's address, or "command line". ``batch``: one name for changes that belong
    together. ``why``: a reason, as a person typed it. ``who``: the DN of who does it, where nobody
    is bound. None says nothing new.
    """
    said = {name: word for name, word in words.items() if word is not None}
    token = _told.set(replace(_told.get(), **said))
    try:
        yield
    finally:
        _told.reset(token)


def telling():
    """What is told of a change that is made now."""
    return _told.get()


def new_batch():
    """A name for changes that belong together, as no other are called."""
    return secrets.token_hex(8)


@dataclass
class Change:
    """One operation: what is asked, and later what the entry was and has become.

    ``steps`` are (how, attribute, values): how is "add", "delete" or "replace"; values are bytes,
    None for all there are, and [] for a password, which nobody is told. ``before`` and ``after``
    are attributes with their values, as far as the person may read them, or None where slapd did
    not say.
    """

    operation: str
    dn: str
    steps: list = field(default_factory=list)
    before: dict | None = None
    after: dict | None = None
    said: Told = field(default_factory=telling)  # what is told where the change is made

    def __post_init__(self):
        self.steps = [
            (how, name, [] if values and is_secret(name) else values)
            for how, name, values in self.steps
        ]


@lru_cache(maxsize=256)
def is_secret(attribute):
    """Also with an option behind it, as in userPassword;x-old."""
    return attribute.lower().partition(";")[0] in SECRET


_listeners = []


def heard_by(listener):
    """From now on ``listener(change)`` makes a context manager, entered before slapd is asked.

    What it raises then stops the change. It is left when slapd has answered, with the error where
    slapd refused or the answer was lost.
    """
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


@contextmanager
def announced(change):
    with ExitStack() as stack:
        for listener in _listeners:
            stack.enter_context(listener(change))
        yield change


@contextmanager
def announced_together(changes):
    """The same for several changes that are sent before the first is answered.

    Yields an empty list, to be filled with what became of each: None, or the error. A listener that
    can hear of several at once has ``together(changes, outcomes)``; others hear of them one by one.
    """
    outcomes = []
    with ExitStack() as stack:
        for listener in _listeners:
            if together := getattr(listener, "together", None):
                stack.enter_context(together(changes, outcomes))
                continue
            for number, change in enumerate(changes):
                stack.enter_context(_one_of_several(listener(change), outcomes, number))
        yield outcomes


@contextmanager
def _one_of_several(listening, outcomes, number):
    try:
        with listening:
            yield
            if outcomes[number] is not None:
                raise outcomes[number]
    except DatabaseError as error:
        if number >= len(outcomes) or error is not outcomes[number]:
            raise
