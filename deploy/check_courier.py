"""The shell about Courier's files: its start scripts read them, with no defaults behind them."""

import tempfile
from pathlib import Path

from .emit import emit
from .programs import run
from .site import Site

# Each pair of files as a start script reads them, and what it takes from them.
LISTENER = "ADDRESS PORT SSLADDRESS SSLPORT MAXDAEMONS MAXPERIP TCPDOPTS LOGGEROPTS SSLLOGGEROPTS"
FILES = "PIDFILE SSLPIDFILE COURIERTLS TLS_CERTFILE TLS_CACHEFILE MAILDIRPATH"
READ = {
    ("imapd", "imapd-ssl"): f"{LISTENER} {FILES} IMAPACCESSFILE IMAPDSTARTTLS IMAP_UMASK "
    "IMAP_ULIMITD IMAP_TLS_REQUIRED IMAP_CAPABILITY IMAP_CAPABILITY_TLS TLS_PRIORITY",
    ("pop3d", "pop3d-ssl"): f"{LISTENER} {FILES} POP3_STARTTLS POP3_TLS_REQUIRED TLS_PRIORITY",
}


def check_courier(site: Site) -> list[str]:
    """A ProgramError where the shell stumbles, or a setting is missing."""
    with tempfile.TemporaryDirectory(prefix="courier-") as folder:
        written = emit(["courier"], site, folder)
        config = Path(folder) / "etc/courier"
        for (first, second), names in READ.items():
            wanted = " ".join(f'"${{{name}:?}}"' for name in names.split())
            run("sh", "-euc", f'. "$0/{first}"; . "$0/{second}"; : {wanted}', str(config))
        for script in (path for path in written if path.suffix == ".sh"):
            run("sh", "-n", str(script))
    return ["the shell reads the files, and no setting is missing"]
