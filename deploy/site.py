"""Site: the facts about one mail site, from site.toml.

site.example.toml explains every key. A key nobody knows, or a value that could
not stand in an emitted file as itself, is a SiteError that names the key.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self

from .facts import Facts, Passwords, Secrets, SiteError, Slapd, fact
from .facts.words import host_name, name, one_of, plain_path, suffix, unix_id

__all__ = ["Passwords", "Secrets", "Site", "SiteError", "Slapd"]

# The tables of site.toml; a server that comes later adds a line here and a field below.
TABLES = {"secrets": Secrets, "slapd": Slapd, "passwords": Passwords}


@dataclass(frozen=True)
class Site(Facts):
    """What several servers need to know, and a table for each of them."""

    host: str = fact(host_name, "mail.myhosting.example")
    suffix: str = fact(suffix, "dc=myhosting,dc=example")
    access: str = fact(one_of("strict", "howto"), "strict")
    admin: str = fact(name, "admin")
    mail_home: str = fact(plain_path, "/home/vmail/domains")
    mail_uid: int = fact(unix_id, 5000)
    mail_gid: int = fact(unix_id, 5000)
    secrets: Secrets = field(default_factory=Secrets)
    slapd: Slapd = field(default_factory=Slapd)
    passwords: Passwords = field(default_factory=Passwords)

    @property
    def hosting(self) -> str:
        """The tree of domains."""
        return f"o=hosting,{self.suffix}"

    @property
    def admins(self) -> str:
        """The site administrators' own entries."""
        return f"ou=admins,{self.suffix}"

    @property
    def services(self) -> str:
        """The entries the servers bind with."""
        return f"ou=services,{self.suffix}"

    @property
    def policies(self) -> str:
        """The password policies."""
        return f"ou=policies,{self.suffix}"

    @property
    def manager(self) -> str:
        """The rootdn of a HOWTO installation."""
        return f"cn=Manager,{self.suffix}"

    @classmethod
    def from_file(cls, path: str | Path) -> Self:
        try:
            with Path(path).open("rb") as file:
                values = tomllib.load(file)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SiteError(str(path), f"is not TOML: {error}") from None
        except OSError as error:
            raise SiteError(str(path), f"cannot be read: {error.strerror}") from None
        return cls.from_table(values)

    @classmethod
    def from_table(cls, values: Any) -> Self:
        tables = {key: TABLES[key].from_table(values.get(key, {})) for key in TABLES}
        return super().from_table({**values, **tables})

    def facts(self) -> Mapping[str, Any]:
        """Every fact by the name a template calls it."""
        own = {one.name: getattr(self, one.name) for one in fields(self)}
        derived = {key for key, value in vars(type(self)).items() if isinstance(value, property)}
        return own | {key: getattr(self, key) for key in derived}
