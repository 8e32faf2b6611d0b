"""Quotas: what people write, and what the directory keeps.

Courier's form, which Dovecot can read too, is bytes with an S: 2000000000S (maildirquota(7)). Old
trees hold other forms. What is not understood is shown as it is and kept.
"""

import re

UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
STORED = re.compile(r"(\d{1,18})S?")
TYPED = re.compile(r"(\d{1,9}(?:[.,]\d{1,3})?)\s*([KMGT])I?B?", re.IGNORECASE)


def shown(stored):
    """2 GB for 2000000000S; what is no number of bytes as it stands."""
    found = STORED.fullmatch(stored)
    if not found:
        return stored
    size = int(found[1])
    for unit in "TGMK":
        if size >= UNITS[unit]:
            return f"{size / UNITS[unit]:.10g} {unit}B"
    return f"{size} bytes" if size else "0"


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
    size = round(float(found[1].replace(",", ".")) * UNITS[found[2].upper()])
    if size == 0:
        raise ValueError("A quota of nothing would refuse all mail. Empty means no limit.")
    return f"{size}S"
