"""What private servers share: their folders, their emitted files and a certificate."""

import grp
import os
import stat
from pathlib import Path

from .emit import SECRET_MODE, rendered, write
from .programs import ProgramError, run
from .site import Site

DAYS = "30"


def need_root(name: str) -> None:
    if os.geteuid() != 0:
        raise ProgramError(
            f"{name} can only be started by root: it gives each of its parts a user of its own. "
            "Start this with sudo."
        )


def open_folder(folder: Path) -> None:
    """Make a folder that the servers' own users can pass, whatever the umask says."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    for above in folder.parents:
        if not above.stat().st_mode & stat.S_IXOTH:
            raise ProgramError(
                f"{above} is closed to the users postfix and dovecot; "
                "take a folder that everybody may pass"
            )


def make_folder(path: Path, mode: int, uid: int = 0, gid: int = 0) -> None:
    path.mkdir(parents=True, exist_ok=True)
    os.chown(path, uid, gid)
    path.chmod(mode)


def write_files(service: str, site: Site, folder: Path, group: str = "") -> None:
    """Emit a service's files. Those with a password are for root and the group alone."""
    gid = grp.getgrnam(group).gr_gid if group else None
    for file in rendered(service, site):
        secret = file.mode == SECRET_MODE
        write(folder / file.path, file.text, file.mode, gid=gid if secret else None)


def self_signed(site: Site) -> None:
    """A certificate for the site's host and this machine, which stands for its authority too."""
    certificate, key = Path(site.tls.certificate), Path(site.tls.key)
    if certificate.exists() and key.exists():
        return
    key.parent.mkdir(parents=True, exist_ok=True)
    names = f"subjectAltName=DNS:{site.host},DNS:localhost,IP:127.0.0.1"
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subject = ["-subj", f"/CN={site.host}"[:66], "-addext", names]
    run("openssl", "req", "-x509", *kind, "-nodes", "-days", DAYS, *subject, *files)


def warnings_of(settings: str) -> str:
    """The lines that are no setting: doveconf and postconf warn where they print."""
    lines = settings.splitlines()
    return "\n".join(line for line in lines if line.startswith(("postconf: ", "doveconf: ")))
