"""What an installation would change, as a unified diff that shows no password.

The lines we make are masked where a secret was printed. A line that only the
live file has was written by somebody else: one that looks like a password is
masked by its name.
"""

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path

from .emit import Rendered, rendered
from .facts.secrets import MASK
from .site import Site

# bind_pw = …, rootpw …, userPassword:: …, credentials=…, $config['des_key'] = …, LDAP_BINDPW …
NAMED_SECRET = re.compile(
    r"(?i)^(?P<name>.*?(?:passw|pass\b|pw\b|secret|credential|token|des_key|dsn)[\w'\"\]-]*"
    r"[ \t]*(?:=>|::|[=:]|[ \t])[ \t]*)\S.*$"
)


class Difference:
    """One file of the site as it is on the server and as it would be."""

    def __init__(self, file: Rendered, shown: Rendered, root: Path, secrets: Iterable[str] = ()):
        self.file = file
        self.target = root / file.path
        self.live = self.target.read_bytes() if self.target.is_file() else None
        self._masks = dict(zip(file.text.splitlines(), shown.text.splitlines(), strict=True))
        self._secrets = list(secrets)

    @property
    def changes_text(self) -> bool:
        return self.live != self.file.text.encode()

    @property
    def live_mode(self) -> int | None:
        return self.target.stat().st_mode & 0o7777 if self.live is not None else None

    def lines(self) -> Iterator[str]:
        """The unified diff, line by line."""
        if self.live is not None and self.live_mode != self.file.mode:
            yield f"mode of {self.target}: {self.live_mode:04o} becomes {self.file.mode:04o}"
        if not self.changes_text:
            return
        old = (self.live or b"").decode(errors="backslashreplace").splitlines()
        before = "/dev/null" if self.live is None else str(self.target)
        new = self.file.text.splitlines()
        heads_and_lines = difflib.unified_diff(old, new, before, str(self.target), lineterm="")
        for number, line in enumerate(heads_and_lines):
            is_head = number < 2 or line.startswith("@")
            yield line if is_head else line[0] + self.masked(line[1:])

    def masked(self, line: str) -> str:
        """A line of either file as it may be shown."""
        if line in self._masks:
            return self._masks[line]
        for secret in self._secrets:
            line = line.replace(secret, MASK)
        return printable(NAMED_SECRET.sub(rf"\g<name>{MASK}", line))


def printable(line: str) -> str:
    """Somebody else's file may hold what a terminal would take for a command."""
    return "".join(one if one.isprintable() or one == "\t" else ascii(one)[1:-1] for one in line)


def differences(service: str, site: Site, root: str | Path = "/") -> list[Difference]:
    """Every file of a service beside what lies at its place below root."""
    known = (getattr(site.secrets, one.name) for one in fields(site.secrets))
    secrets = [one.reveal() for one in known if one]
    plain = rendered(service, site)
    shown = rendered(service, site, masked=True)
    pairs = zip(plain, shown, strict=True)
    return [Difference(file, mask, Path(root), secrets) for file, mask in pairs]
