"""Quotas: what people write, and what the directory keeps.

Courier's form, which Dovecot can read too, is bytes with an S: 2000000000S (maildirquota(7)). Old
trees hold other forms, such as 500000000S,20000C: bytes, and a number of messages. What is not
understood is shown as it is, and whatever nobody touches is kept to the letter.
"""

import re

from vmail_admin.journal.values import SHOWN_AS

POWERS = {"": 0, "K": 1, "M": 2, "G": 3, "T": 4}
BYTES = re.compile(r"(\d{1,18})S?", re.ASCII)
LIMIT = re.compile(r"([1-9]\d{0,17})([SC])", re.ASCII)
# No group of three digits: 2,000 is two thousand to one reader, and two to another.
TYPED = re.compile(r"(\d{1,9}(?:[.,]\d{1,2})?)\s*([KMGT])(I?)B?", re.IGNORECASE | re.ASCII)


def shown(stored):
    """2 GB for 2000000000S, 2 GB and 500 messages for 2000000000S,500C; else as it stands."""
    if found := BYTES.fullmatch(stored):
        return size_in_words(int(found[1]))
    limits = limits_of(stored)
    if limits is None:
        return stored
    words = [size_in_words(limits["S"])] if "S" in limits else []
    if count := limits.get("C"):
        words.append(f"{count:,} message{'' if count == 1 else 's'}")
    return " and ".join(words)


def limits_of(stored):
    """{"S": bytes, "C": messages}, one or both; None where it says anything else."""
    found = [LIMIT.fullmatch(one) for one in stored.split(",")]
    if not all(found):
        return None
    limits = {one[2]: int(one[1]) for one in found}
    return limits if len(limits) == len(found) else None


def size_in_words(size):
    for unit in "TGMK":
        if size >= 1000 ** POWERS[unit]:
            return f"{size / 1000 ** POWERS[unit]:.10g} {unit}B"
    return f"{size} bytes" if size else "0"


SHOWN_AS["quota"] = shown


def kept(typed, before=""):
    """What the directory keeps for what was typed. Raises ValueError with a sentence.

    What was not touched is kept to the letter, whatever its form.
    """
    typed = typed.strip()
    if typed in (before, shown(before)):
        return before
    if not typed:
        return ""
    found = TYPED.fullmatch(typed)
    if not found:
        raise ValueError("A quota is a number and a unit, as in 500 MB or 2 GB. Empty: no limit.")
    thousand = 1024 if found[3] else 1000
    size = round(float(found[1].replace(",", ".")) * thousand ** POWERS[found[2].upper()])
    if size == 0:
        raise ValueError("A quota of nothing would refuse all mail. Empty means no limit.")
    if size >= 10**18:
        raise ValueError("This is more than any disk holds. Empty means no limit.")
    return f"{size}S"
