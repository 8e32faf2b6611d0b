"""slapd.conf lines as cn=config attributes, so that each rule is written once.

The words after the directive are the same in both forms. In LDIF a line that
begins with a blank continues the one above, less that blank; a second blank
therefore keeps the words apart and every `by` on a line of its own.
"""

from collections import Counter


def olc(text: str, numbered: bool = True, **attributes: str) -> str:
    """Each `directive words…` as `attribute: {n}words…`, comments kept, no blank line.

    `attributes` says what a directive is called in cn=config: access="olcAccess".
    """
    seen: Counter[str] = Counter()
    lines = []
    for line in text.splitlines():
        if not line.strip():
            continue
        if line.startswith("#"):
            lines.append(line)
        elif line[0].isspace():
            lines.append("  " + line.strip())
        else:
            directive, words = line.split(maxsplit=1)
            place = f"{{{seen[directive]}}}" if numbered else ""
            lines.append(f"{attributes[directive]}: {place}{words}")
            seen[directive] += 1
    return "\n".join(lines)
