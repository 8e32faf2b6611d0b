"""Site: the facts about one mail site, from site.toml.

site.example.toml explains every key. A key nobody knows, or a value that could
not stand in an emitted file as itself, is a SiteError that names the key.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Self

from .facts import (
    Courier,
    Directory,
    Dovecot,
    Facts,
    Listen,
    Panel,
    Passwords,
    Postfix,
    Replication,
    Secrets,
    SiteError,
    Slapd,
    Tls,
    Unix,
    Webmail,
    fact,
)
from .facts.words import flag, host_name, name, one_of, plain_path, suffix, unix_id

__all__ = [
    "Courier",
    "Directory",
    "Dovecot",
    "Listen",
    "Panel",
    "Passwords",
    "Postfix",
    "Replication",
    "Secrets",
    "Site",
    "SiteError",
    "Slapd",
    "Tls",
    "Unix",
    "Webmail",
]

# The tables of site.toml; a server that comes later adds a line here and a field below.
TABLES = {
    "secrets": Secrets,
    "slapd": Slapd,
    "passwords": Passwords,
    "replication": Replication,
    "panel": Panel,
    "directory": Directory,
    "tls": Tls,
    "listen": Listen,
    "unix": Unix,
    "postfix": Postfix,
    "dovecot": Dovecot,
    "courier": Courier,
    "webmail": Webmail,
}


@dataclass(frozen=True)
class Site(Facts):
    """What several servers need to know, and a table for each of them."""

    host: str = fact(host_name, "mail.myhosting.example")
    suffix: str = fact(suffix, "dc=myhosting,dc=example")
    access: str = fact(one_of("strict", "howto"), "strict")
    legacy: bool = fact(flag, False)
    admin: str = fact(name, "admin")
    imap: str = fact(one_of("courier", "dovecot"), "courier")
    mail_home: str = fact(plain_path, "/home/vmail/domains")
    mail_uid: int = fact(unix_id, 5000)
    mail_gid: int = fact(unix_id, 5000)
    secrets: Secrets = field(default_factory=Secrets)
    slapd: Slapd = field(default_factory=Slapd)
    passwords: Passwords = field(default_factory=Passwords)
    replication: Replication = field(default_factory=Replication)
    panel: Panel = field(default_factory=Panel)
    directory: Directory = field(default_factory=Directory)
    tls: Tls = field(default_factory=Tls)
    listen: Listen = field(default_factory=Listen)
    unix: Unix = field(default_factory=Unix)
    postfix: Postfix = field(default_factory=Postfix)
    dovecot: Dovecot = field(default_factory=Dovecot)
    courier: Courier = field(default_factory=Courier)
    webmail: Webmail = field(default_factory=Webmail)

    def __post_init__(self):
        super().__post_init__()
        if self.legacy:
            object.__setattr__(self, "access", "howto")
        if self.replication.role != "alone" and self.access == "howto":
            raise SiteError("replication.role", 'copies are for access = "strict"')
        if self.replication.copies:
            password = self.secrets.replicator_password
            key = "secrets.replicator_password_file"
            if not password:
                raise SiteError(key, "a copy is made with this password")
            # slapd.conf and cn=config disagree on what these mean between quotes.
            if set(password.reveal()) & set('"\\'):
                raise SiteError(key, 'must hold neither " nor \\')

    @property
    def web_host(self) -> str:
        """The name browsers know the panel by."""
        return self.panel.host or self.host

    @property
    def web_certificate(self) -> str:
        """What nginx shows for that name."""
        return self.panel.tls_certificate or self.tls.certificate

    @property
    def web_key(self) -> str:
        return self.panel.tls_key or self.tls.key

    @property
    def replicator(self) -> str:
        """The entry another slapd copies the directory with."""
        return f"cn=replicator,{self.services}"

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
    def mailservice(self) -> str:
        """The entry Postfix, Courier and Dovecot look up with."""
        return f"cn=mailservice,{self.services}"

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
        return cls.from_table(table_in(path))

    @classmethod
    def to_show(cls, path: str | Path) -> Self:
        """The site with a mask in place of each password: its files can be shown, not used."""
        values = table_in(path)
        return cls.from_table({**values, "secrets": Secrets.covered(values.get("secrets", {}))})

    @classmethod
    def from_table(cls, values: Any) -> Self:
        tables = {key: TABLES[key].from_table(values.get(key, {})) for key in TABLES}
        site = super().from_table({**values, **tables})
        if "local_writes" in values.get("slapd", {}):
            return site
        return replace(site, slapd=replace(site.slapd, local_writes=site.writes_over_socket))

    @property
    def writes_over_socket(self) -> bool:
        """Whether only the panel of this machine changes entries, as far as the site tells."""
        only_here = all(uri.startswith("ldapi:") for uri in self.directory.uris)
        return only_here and self.access == "strict"

    def facts(self) -> Mapping[str, Any]:
        """Every fact by the name a template calls it."""
        own = {one.name: getattr(self, one.name) for one in fields(self)}
        derived = {key for key, value in vars(type(self)).items() if isinstance(value, property)}
        return own | {key: getattr(self, key) for key in derived}


def table_in(path: str | Path) -> dict[str, Any]:
    """What site.toml says, before anything is judged."""
    try:
        with Path(path).open("rb") as file:
            return tomllib.load(file)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SiteError(str(path), f"is not TOML: {error}") from None
    except OSError as error:
        raise SiteError(str(path), f"cannot be read: {error.strerror}") from None
