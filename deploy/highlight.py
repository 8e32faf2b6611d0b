"""Configuration files in colours: words with CSS classes, no style of their own."""

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer, RegexLexer
from pygments.lexers import BashLexer, LdifLexer, NginxConfLexer, PhpLexer, SystemdLexer
from pygments.token import Comment, Name, String, Text

FORMATTER = HtmlFormatter(nowrap=True, classprefix="hl-")


class DirectiveLexer(RegexLexer):
    """What most servers read: a comment, or a word at the beginning of a line and its values."""

    tokens = {
        "root": [
            (r"^[ \t]*#.*\n", Comment),
            (r"^[\w.-]+(?=[ \t=:])", Name.Attribute),
            (r'"[^"\n]*"', String),
            (r'[^"\n]+|"|\n', Text),
        ]
    }


# By the end of a path.
LEXERS: dict[str, type[Lexer]] = {
    ".sh": BashLexer,
    ".php": PhpLexer,
    ".ldif": LdifLexer,
    ".service": SystemdLexer,
    ".socket": SystemdLexer,
    "conf.d/vmail-admin.conf": NginxConfLexer,
    "vmail-admin/proxy.conf": NginxConfLexer,
}


def highlighted(path: str, text: str) -> str:
    """A file as HTML, escaped."""
    kinds = [kind for ending, kind in LEXERS.items() if path.endswith(ending)]
    lexer = (kinds or [DirectiveLexer])[0](stripnl=False, ensurenl=False)
    return highlight(text, lexer, FORMATTER)
