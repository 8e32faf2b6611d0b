"""Passwords of the site's own entries: read from files or the environment, never shown."""

import os
import re
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self

from .base import Facts, SiteError, shown
from .words import Refused, path

LONGEST = 128
MASK = "********"


class Secret:
    """A text that only `reveal` gives away: not print, not repr, not a traceback."""

    __slots__ = ("_value",)

    def __init__(self, value: str):
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __str__(self) -> str:
        return MASK

    def __repr__(self) -> str:
        return "Secret()"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)


def secret(value: Any) -> Secret | None:
    """A password, or None where the site has none. Its text is never in the error."""
    if value is None:
        return None
    word = value.reveal() if isinstance(value, Secret) else value
    if not isinstance(word, str) or not word:
        raise Refused("is empty")
    if len(word) > LONGEST or not word.isascii() or not word.isprintable() or word != word.strip():
        raise Refused(
            f"must be at most {LONGEST} printable ASCII characters without a blank at either end"
        )
    return Secret(word)


def webmail_key(value: Any) -> Secret | None:
    """What Roundcube seals passwords with; its cipher takes this length."""
    key = secret(value)
    if key and not re.fullmatch(r"[A-Za-z0-9]{24}", key.reveal()):
        raise Refused("must be 24 letters and digits")
    return key


CHECKED = {"check": secret}


@dataclass(frozen=True)
class Secrets(Facts):
    """The passwords this site was given; one that is missing is None.

    site.toml names files (`service_password_file = "/etc/…"`); without such a key the
    environment is asked (`VMAIL_SERVICE_PASSWORD`).
    """

    table = "secrets"

    admin_password: Secret | None = field(default=None, metadata=CHECKED)
    service_password: Secret | None = field(default=None, metadata=CHECKED)
    replicator_password: Secret | None = field(default=None, metadata=CHECKED)
    manager_password: Secret | None = field(default=None, metadata=CHECKED)
    webmail_key: Secret | None = field(default=None, metadata={"check": webmail_key})

    @classmethod
    def from_table(cls, values: Any) -> Self:
        if isinstance(values, cls):
            return values
        names = cls._names(values)
        return cls(**{name: cls._look_up(name, values.get(f"{name}_file")) for name in names})

    @classmethod
    def covered(cls, values: Any) -> Self:
        """A mask for each password that a file is named for. No file is opened."""
        names = cls._names(values)
        return cls(**{name: MASK for name in names if f"{name}_file" in values})

    @classmethod
    def _names(cls, values: Any) -> list[str]:
        """Every password there can be, once nobody wrote a key that is none."""
        if not isinstance(values, dict):
            raise SiteError(cls.table, "must be a table")
        names = [one.name for one in fields(cls)]
        for name in values:
            if name.removesuffix("_file") in names and not name.endswith("_file"):
                raise SiteError(cls.key_of(name), f"no passwords here; name a file in {name}_file")
            if name.removesuffix("_file") not in names:
                raise SiteError(cls.key_of(shown(name)), "there is no such key")
        return names

    @classmethod
    def _look_up(cls, name: str, file: Any) -> str | None:
        if file is None:
            return os.environ.get(f"VMAIL_{name.upper()}")
        try:
            return Path(path(file)).read_text(encoding="utf-8").removesuffix("\n")
        except Refused as refused:
            raise SiteError(cls.key_of(f"{name}_file"), str(refused)) from None
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "is not text"
            raise SiteError(cls.key_of(f"{name}_file"), f"cannot be read: {reason}") from None
