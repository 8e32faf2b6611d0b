"""Texts that mean something to somebody on the way, and how to see that one of them got through."""

from html.parser import HTMLParser

# Markup that nobody writes but an attacker: a tag zqx, an attribute zqa.
MARKUP = (
    "<zqx zqa=1>",
    '"><zqx zqa=1 ',
    "' zqa='1",
    '" zqa="1',
    "</textarea><zqx>",
    "</title></script><zqx>",
    "--><zqx>",
    "<!--",
    "&lt;zqx&gt;<zqx>",
)
OUT_OF_ANYTHING = "'\"></title></textarea><zqx zqa=1>"
TEXTS = (
    *MARKUP,
    *("", " ", "\x00", "a\x00b", "\x7f", "\x1b[31m", "\ufeff", "a\u2028b", "\u202emoc.elpmaxe"),
    *("a\r\nX-Evil: 1\r\n\r\n<zqx>", "x" * 10_000, "\n" * 300, "👩‍👩‍👧‍👦" * 30, "משהו", "ß", "İ"),
    *("*", "*)(objectClass=*", "*))(|(mail=*", "\\2a", "\\", "#", "\\00", "(&)", "dn:=x", "a,b=c"),
    *(
        "carol@other.test",
        "carol@other.test\nmallory@other.test",
        "@",
        "@@",
        "a@b@c",
        "|sh",
        "/etc",
    ),
    *("mail=carol@other.test,jvd=other.test,o=hosting,dc=myhosting,dc=example", "cn=siteadmins"),
    *("javascript:zqx()", "//evil.example/", "/\\evil.example", "https://evil.example/", "/" * 900),
    *("{{ request }}", "{% include 'x' %}", "%s %(x)d {0.__class__}", "=cmd|'/C'!A0", "../../x"),
    *("-1", "0", "1e999", "9" * 400, "NaN", "null", "true", "[]", "on", "٣", "0x10", "1 GB\x00"),
)
# As they travel; half a character is no text at all.
BYTES = (*(text.encode() for text in TEXTS), b"\xff\xfe", b"\xed\xa0\x80", b"caf\xe9", b"\xc0\xaf")


class Spotter(HTMLParser):
    """Finds what came from a value and is no value any more."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        if tag == "zqx" or any(name.startswith("zqa") for name, _ in attrs):
            self.found.append(self.get_starttag_text())
        for name, value in attrs:
            target = (value or "").strip().lower()
            if name == "src" and target.startswith("data:image/"):
                continue  # an image runs nothing
            if name in ("href", "src", "action", "formaction") and leads_out(target):
                self.found.append(f"{name}={value[:80]}")


def leads_out(target):
    return (
        target.startswith(("javascript:", "data:", "//", "/\\"))
        or "evil.example" in (target.partition("?")[0])
    )


def let_through(answer):
    """What of a hostile text got into an answer as markup, a header, or a way out."""
    found = [name for name in answer.headers if "evil" in name.lower()]
    if "Location" in answer.headers and leads_out(answer.headers["Location"]):
        found.append(answer.headers["Location"])
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        spotter = Spotter()
        spotter.feed(answer.getvalue().decode())
        found += spotter.found
    return found
