"""What Dovecot's files need to know."""

from dataclasses import dataclass

from .base import Facts, fact
from .words import flag, no_path_or, number, one_of, plain_path


@dataclass(frozen=True)
class Dovecot(Facts):
    """Its version, where it keeps things, and what it allows."""

    table = "dovecot"

    version: str = fact(one_of("2.3", "2.4"), "2.3")
    config_dir: str = fact(plain_path, "/etc/dovecot")
    run_dir: str = fact(plain_path, "/run/dovecot")
    state_dir: str = fact(plain_path, "/var/lib/dovecot")
    homes: str = fact(plain_path, "/home/vmail/homes")
    log_file: str = fact(no_path_or(plain_path), "")
    quota_mb: int = fact(number(0, 2**20), 0)
    slow_guessing: bool = fact(flag, True)
