"""What slapd's files need to know."""

from dataclasses import dataclass

from .base import Facts, SiteError, fact
from .words import dn, flag, no_path_or, number, path

ROOT_ON_LDAPI = "gidNumber=0+uidNumber=0,cn=peercred,cn=external,cn=auth"


@dataclass(frozen=True)
class Slapd(Facts):
    """Where slapd keeps things, who is above its rules, and how much it may use."""

    table = "slapd"

    config_dir: str = fact(path, "/etc/ldap")
    schema_dir: str = fact(path, "/etc/ldap/schema")
    module_dir: str = fact(path, "/usr/lib/ldap")
    data_dir: str = fact(path, "/var/lib/ldap")
    run_dir: str = fact(path, "/run/slapd")
    root_identity: str = fact(dn, ROOT_ON_LDAPI)
    tls_certificate: str = fact(no_path_or(path), "")
    tls_key: str = fact(no_path_or(path), "")
    tls_ca: str = fact(no_path_or(path), "")
    max_size_gb: int = fact(number(1, 1024), 16)
    sync: bool = fact(flag, True)
    local_writes: bool = fact(flag, False)
    sssvlv_max: int = fact(number(1, 65535), 2048)
    sssvlv_max_keys: int = fact(number(1, 16), 5)
    sssvlv_max_per_connection: int = fact(number(1, 1024), 8)

    def __post_init__(self):
        super().__post_init__()
        if bool(self.tls_certificate) != bool(self.tls_key):
            missing = "tls_key" if self.tls_certificate else "tls_certificate"
            raise SiteError(self.key_of(missing), "a certificate and its key go together")

    @property
    def max_size(self) -> int:
        """The most the database can hold, in bytes (the file is sparse)."""
        return self.max_size_gb * 2**30


@dataclass(frozen=True)
class Passwords(Facts):
    """What slapd's password policy asks of people."""

    table = "passwords"

    min_length: int = fact(number(6, 64), 10)
    history: int = fact(number(0, 24), 0)
    max_failures: int = fact(number(0, 1000), 20)
    lockout_seconds: int = fact(number(1, 86400), 300)
    max_age_days: int = fact(number(0, 3650), 0)
