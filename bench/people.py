"""People at work: each has a browser and a session, clicks, reads, and clicks again."""

import http.client
import random
import threading
import time
from collections import defaultdict

from bench.site import PASSWORD, spoken

THINKS = (5.0, 10.0)  # seconds between two clicks of one person


class Record:
    """How long each kind of click took, in seconds, and what went wrong."""

    def __init__(self):
        self.seconds, self.wrong = defaultdict(list), []
        self._lock = threading.Lock()

    def add(self, kind, seconds):
        with self._lock:
            self.seconds[kind].append(seconds)

    def add_wrong(self, kind, what):
        with self._lock:
            self.wrong.append((kind, what))

    def all(self):
        return sorted(one for some in self.seconds.values() for one in some)


class Person:
    """Somebody signed in. ``clicks`` are (weight, kind, what is done), chosen by chance."""

    def __init__(self, browser, login, clicks, seed):
        self.browser, self.login, self.clicks = browser, login, clicks
        self.chance = random.Random(seed)  # noqa: S311 (the same clicks in every run)

    def sign_in(self, record):
        self._noted(record, "sign in", lambda: self.browser.sign_in(self.login, PASSWORD))

    def work(self, home, record, thinks=THINKS):
        """Until ``home`` is set. Nobody's first click is at the same moment."""
        home.wait(self.chance.uniform(0, thinks[1]))
        weights = [weight for weight, _, _ in self.clicks]
        while not home.is_set():
            [(_, kind, click)] = self.chance.choices(self.clicks, weights)
            self._noted(record, kind, lambda click=click: click(self.browser, self.chance))
            home.wait(self.chance.uniform(*thinks))

    def _noted(self, record, kind, click):
        # gunicorn hangs up on who thinks for longer than two seconds, and a browser calls again.
        self.browser.close()
        began = time.perf_counter()
        try:
            click()
        except (OSError, http.client.HTTPException, AssertionError, Wrong) as error:
            record.add_wrong(kind, repr(error)[:300])
        record.add(kind, time.perf_counter() - began)


class Wrong(Exception):
    """An answer that nobody should get."""


def seen(browser, path):
    expect(browser.get(path), 200, path)


def sent(browser, path, **fields):
    """A form, and the page its answer leads to."""
    answer = browser.post(path, **fields)
    expect(answer, 302, path)
    seen(browser, answer.headers["Location"])


def expect(answer, status, path):
    if answer.status != status:
        raise Wrong(f"{path}: {answer.status}")


def postmaster_of(domain, size):
    """What somebody does who looks after a domain of so many accounts."""
    home = f"/domains/{domain}/"
    pages = max(1, size // 50)

    def some(chance):
        number = chance.randrange(size)
        return f"{spoken(number)}{number}"

    def save(browser, chance):
        words = {"full_name": spoken(chance.randrange(1000)).title(), "quota": "2000000000S"}
        account = f"/accounts/{some(chance)}@{domain}/"
        sent(browser, account, description=f"as of {time.monotonic_ns()}", **words)

    def switch(browser, chance):
        account = f"/accounts/{some(chance)}@{domain}/switch/"
        sent(browser, account, flag="active", to="on", next=home)

    return [
        (30, "list", lambda browser, chance: seen(browser, home)),
        (
            10,
            "another page",
            lambda browser, chance: seen(browser, f"{home}?page={chance.randint(1, pages)}"),
        ),
        (
            20,
            "search",
            lambda browser, chance: seen(browser, f"{home}?search={some(chance)[:5]}"),
        ),
        (
            15,
            "an account",
            lambda browser, chance: seen(browser, f"/accounts/{some(chance)}@{domain}/"),
        ),
        (15, "save an account", save),
        (5, "switch", switch),
        (5, "empty form", lambda browser, chance: seen(browser, f"{home}accounts/new/")),
    ]


def site_admin(domains):
    """What somebody does who looks after all domains."""

    def name(chance):
        return spoken(chance.randrange(domains))

    return [
        (40, "domains", lambda browser, chance: seen(browser, "/domains/")),
        (
            30,
            "search domains",
            lambda browser, chance: seen(browser, f"/domains/?search={name(chance)[:4]}"),
        ),
        (
            30,
            "find an address",
            lambda browser, chance: seen(browser, f"/find/?search={name(chance)[:6]}"),
        ),
    ]
