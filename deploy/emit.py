"""files/<service>/… rendered with a site's facts.

A template's path is the path of the file it becomes; what lies in a folder
whose name begins with _ is shared between templates and emitted nowhere. A
file that a secret was printed into is not for everybody's eyes.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from .facts.secrets import MASK, Secret, Secrets
from .hashes import ldap_hash, salt_for
from .olc import olc
from .site import Site, SiteError

FILES = Path(__file__).parent / "files"
SERVICES = sorted(folder.name for folder in FILES.iterdir() if folder.is_dir())

OPEN_MODE = 0o644
SCRIPT_MODE = 0o755
SECRET_MODE = 0o640


class Rendered(NamedTuple):
    """One emitted file."""

    path: str
    text: str
    mode: int


class Printer:
    """Prints a template's values, and remembers whether one of them was a secret."""

    def __init__(self, masked: bool):
        self.masked = masked
        self.printed_secret = False

    def __call__(self, value: Any) -> Any:
        if not isinstance(value, Secret):
            return value
        self.printed_secret = True
        return str(value) if self.masked else value.reveal()


def rendered(service: str, site: Site, masked: bool = False) -> Iterator[Rendered]:
    """The files of one service. Masked: as they may be shown on a page or in a diff."""
    for path in template_paths(service):
        printer = Printer(masked)
        text = environment(service, site, printer).get_template(path).render(site.facts())
        if not text:
            # This site has no such file.
            continue
        yield Rendered(path, text, mode_of(path, printer.printed_secret))


def template_paths(service: str) -> list[str]:
    """Where the files of a service go, below the target's root."""
    folder = FILES / service
    paths = (file.relative_to(folder) for file in folder.rglob("*") if file.is_file())
    return sorted(str(path) for path in paths if not any(p.startswith("_") for p in path.parts))


def environment(service: str, site: Site, printer: Printer) -> Environment:
    jinja = Environment(
        loader=FileSystemLoader(FILES / service),
        undefined=StrictUndefined,
        # Configuration files are no HTML; the facts' checks keep every value literal.
        autoescape=False,  # noqa: S701
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=printer,
    )
    jinja.filters["olc"] = olc
    jinja.filters["one_word"] = one_word
    jinja.filters["in_regex"] = in_regex
    jinja.filters["in_url"] = in_url
    jinja.filters["needed"] = partial(needed, masked=printer.masked)
    jinja.filters["in_quotes"] = in_quotes
    jinja.filters["hashed_for"] = lambda secret, entry: Secret(
        ldap_hash(secret.reveal(), salt_for(site.host, entry))
    )
    return jinja


def one_word(text: str) -> str:
    """A path as slapd reads it; quotes only where they are needed, as slapd stores them."""
    return f'"{text}"' if " " in text else text


def needed(value: Any, key: str, why: str, masked: bool = False) -> Any:
    """A fact that most sites have no use for, in a file that cannot be without it.

    A page shows the mask for a password it does not know: it may come from elsewhere.
    """
    if value:
        return value
    if masked and key.startswith(f"{Secrets.table}."):
        return Secret(MASK)
    raise SiteError(key, why)


def in_quotes(secret: Secret, expanded: bool = False) -> Secret:
    """A password where # would begin a comment and a blank end a word, as in Dovecot's files.

    expanded: %{…} would stand for something else there.
    """
    text = secret.reveal().replace("\\", r"\\").replace('"', r"\"")
    if expanded:
        text = text.replace("%{", "%%{")
    return Secret(f'"{text}"')


def in_regex(text: str) -> str:
    """A DN in a regular expression of slapd: brackets, as both forms eat backslashes."""
    return text.replace("+", "[+]").replace(".", "[.]")


def in_url(text: str) -> str:
    """A DN in an LDAP URL, where a blank cannot stand."""
    return text.replace(" ", "%20")


def mode_of(path: str, holds_secret: bool) -> int:
    # Settings are a place where administrators put a password later.
    if holds_secret or path.endswith(".env"):
        return SECRET_MODE
    return SCRIPT_MODE if path.endswith(".sh") else OPEN_MODE


def emit(services: Iterable[str], site: Site, folder: str | Path) -> list[Path]:
    """Write the files of these services below a folder: all of them, or none on an error."""
    files = [file for service in services for file in rendered(service, site)]
    return [write(Path(folder) / file.path, file.text, file.mode) for file in files]


def write(target: Path, text: str, mode: int, gid: int | None = None) -> Path:
    """Put a file in place whole, and never for a moment readable by too many."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    draft = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        if gid is not None:
            os.chown(draft, -1, gid)
        draft.chmod(mode)
        draft.replace(target)
    except OSError:
        draft.unlink()
        raise
    return target
