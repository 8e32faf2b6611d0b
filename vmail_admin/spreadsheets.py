"""Cells of a table that a spreadsheet would calculate, kept as text (OWASP, CSV injection)."""

# A cell that begins so is a formula to a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(cell):
    """The text of a cell; an apostrophe before it where it would be a formula."""
    text = str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text


def as_meant(text):
    """The same text again, without that apostrophe."""
    return text[1:] if text.startswith("'") and text[1:2] in FORMULA else text
