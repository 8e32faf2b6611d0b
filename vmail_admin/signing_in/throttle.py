"""Guessing is slowed down before slapd is asked.

slapd locks an entry after some wrong passwords in a row, for the mail programs of its owner too.
Through the panel that number is never reached: what would reach it is turned away here. Each
guess counts against

- the account from that network, which has to wait longer after each wrong one;
- the account from everywhere: a few at once, then one each minute or so. Networks where the
  person was signed in before may still try when strangers have used up theirs;
- the network, generously, for whole companies share one address. Those who were signed in from
  there before are let in all the same.

A network is one IPv4 address, or the 64 bits of IPv6 that a provider gives to one customer. The
counts live in the default database, under keyed digests, for people type passwords into the wrong
field. A guess is counted before slapd is asked and taken back when it was right: so a thousand at
once count as a thousand.

django-axes keeps the names as they were typed, hangs on django.contrib.auth, and locks instead of
letting people wait. django-ratelimit counts in a cache, which forgets at a restart, and in fixed
windows: two of them side by side let through twice what slapd takes.
"""

from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from django.db import transaction
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac

from vmail_admin.directory.errors import WrongPassword
from vmail_admin.signing_in.limits import FORGOTTEN, KNOWN_FOR, limits_of
from vmail_admin.signing_in.models import Guesses

SIGN_IN, PASSWORD, CODE = "sign-in", "password", "code"
UNKNOWN = "unknown"  # one network for all whose address is not known


class TooManyWrong(Exception):
    """It is too early for one more guess. The text says how long to wait; so does ``seconds``."""

    def __init__(self, sentence, seconds):
        self.seconds = int(seconds) + 1
        super().__init__(f"{sentence} Try again in {in_words(self.seconds)}.")


@dataclass
class Guess:
    """One guess, counted as wrong until it is known to be right."""

    pair: Guesses
    account: Guesses
    network: Guesses | None

    @property
    def rows(self):
        return [row for row in (self.pair, self.account, self.network) if row]

    def was_right(self):
        """Forgets the wrong ones before it. Those of other people in the network stay."""
        with transaction.atomic():
            for row in locked(self.rows):
                if self.network and row.key == self.network.key:
                    row.wrong = max(0, row.wrong - self.pair.wrong)
                else:
                    row.wrong = 0
                if row.key == self.pair.key:
                    row.known_until = timezone.now() + KNOWN_FOR
                row.save()

    def was_none(self):
        """It was never answered: it does not count."""
        with transaction.atomic():
            for row in locked(self.rows):
                row.wrong = max(0, row.wrong - 1)
                row.save()


@contextmanager
def guess(kind, about, address):
    """Counts a guess about an account. Raises TooManyWrong, and then nobody is to be asked.

    Inside the block the guess is made; ``was_right()`` is called where it was. Whatever is raised
    but WrongPassword says that there was no answer, and the guess is not counted.
    """
    made = counted(kind, about, address)
    try:
        yield made
    except WrongPassword:
        raise
    except Exception:
        made.was_none()
        raise


def counted(kind, about, address):
    limits, network = limits_of(kind), network_of(address)
    rows = [kept(kind, about, network or UNKNOWN), kept(kind, about)]
    if network and kind == SIGN_IN:
        rows.append(kept(kind, "", network))
    with transaction.atomic():
        now = timezone.now()
        Guesses.objects.filter(at__lt=now - FORGOTTEN, known_until=None).delete()
        Guesses.objects.filter(at__lt=now - KNOWN_FOR).delete()
        in_order = sorted(rows, key=lambda row: row.key)
        Guesses.objects.bulk_create(in_order, ignore_conflicts=True)
        by_key = {row.key: row for row in locked(rows)}
        pair, account, *rest = (by_key[row.key] for row in rows)
        made = Guess(pair, account, rest[0] if rest else None)
        # Raised inside the transaction: who is turned away leaves no row.
        refuse_early(limits, made, now)
        for row in made.rows:
            row.wrong, row.at = row.wrong + 1, now
            row.save()
    return made


def refuse_early(limits, made, now):
    """Lets what leaks away leak, and raises TooManyWrong if it is too early for one more."""
    pair, account, network = made.pair, made.account, made.network
    known = bool(pair.known_until and pair.known_until > now)
    if now - pair.at > FORGOTTEN:
        pair.wrong = 0
    account.wrong = limits.account.left(account.wrong, (now - account.at).total_seconds())
    most = limits.everyone if known else limits.account.most
    waits = [
        (limits.pair.wait(pair.wrong) - (now - pair.at).total_seconds(), limits.sentence),
        (limits.account.wait(account.wrong, most), limits.sentence),
    ]
    if network:
        network.wrong = limits.network.left(network.wrong, (now - network.at).total_seconds())
        if not known:
            waits.append((limits.network.wait(network.wrong), limits.of_network))
    seconds, sentence = max(waits)
    if seconds > 0:
        raise TooManyWrong(sentence, seconds)


def locked(rows):
    """The rows as they are now, for this transaction alone; always in the same order."""
    keys = [row.key for row in rows]
    return Guesses.objects.select_for_update().filter(key__in=keys).order_by("key")


def kept(kind, about, network=""):
    """A row, if there is none yet."""
    text = "\0".join((kind, about, network))
    digest = salted_hmac("vmail_admin.signing_in.throttle", text, algorithm="sha256").hexdigest()
    return Guesses(key=digest, at=timezone.now())


def network_of(address):
    """Whose guesses are one place's; "" where the address is not known."""
    if not address:
        return ""
    bits = 64 if ip_address(address).version == 6 else 32
    return str(ip_network(f"{address}/{bits}", strict=False))


def in_words(seconds):
    """A time to wait, rounded up."""
    for size, name in ((3600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size:
            count = -(-seconds // size)
            return f"{count} {name}" if count == 1 else f"{count} {name}s"
    return "1 second"


def later(request, template, form, refusal, context=None):
    """The form again, and when to come back (RFC 6585, 4)."""
    form.add_error(None, str(refusal))
    answer = render(request, template, {"form": form, **(context or {})}, status=429)
    answer.headers["Retry-After"] = str(refusal.seconds)
    return answer
