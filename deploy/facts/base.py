"""What all tables of facts share: every value is checked when it is set.

A fact that got past its check can stand in any emitted file, whether it came
from site.toml, from the environment or from Python.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

from .words import Refused


class SiteError(ValueError):
    """A fact that is wrong or missing. Its text opens with the name of the key."""

    def __init__(self, key: str, reason: str):
        super().__init__(f"{key}: {reason}")
        self.key = key


def fact(check: Callable[[Any], Any], default: Any) -> Any:
    """A field of a table of facts. The check gives the value in its clean spelling."""
    return field(default=default, metadata={"check": check})


@dataclass(frozen=True)
class Facts:
    """A table of facts. `table` is its name in site.toml; the outermost has none."""

    table = ""

    @classmethod
    def key_of(cls, name: str) -> str:
        return f"{cls.table}.{name}" if cls.table else name

    def __post_init__(self):
        for one in fields(self):
            check = one.metadata.get("check")
            if check is None:
                continue
            try:
                clean = check(getattr(self, one.name))
            except Refused as refused:
                raise SiteError(self.key_of(one.name), str(refused)) from None
            object.__setattr__(self, one.name, clean)

    @classmethod
    def from_table(cls, values: Any) -> Self:
        """The facts of one table of site.toml. A key nobody knows stops here."""
        if not isinstance(values, Mapping):
            raise SiteError(cls.table, "must be a table")
        known = {one.name for one in fields(cls)}
        for name in values:
            if name not in known:
                raise SiteError(cls.key_of(shown(name)), "there is no such key")
        return cls(**values)


def shown(name: str) -> str:
    """A key as it may stand in an error: a quoted TOML key can hold anything."""
    return name if name.isprintable() else ascii(name)
