"""Text that can do nothing to a terminal, whoever wrote it into the directory."""

import unicodedata

# Controls, which move the cursor or colour the screen; formats, which turn the direction of writing
# round or hide; line separators; halves of characters.
DANGEROUS = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs"})


def plain(value):
    """One line that shows what it is: an escape character is written \\x1b."""
    return "".join(
        letter if unicodedata.category(letter) not in DANGEROUS else escaped(letter)
        for letter in str(value)
    )


def escaped(letter):
    return letter.encode("unicode_escape", "surrogatepass").decode("ascii")
