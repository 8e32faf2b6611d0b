"""systemd and nginx about the panel's files, which name places of another machine.

They are emitted once more for a folder of their own, with a certificate made for
the occasion and ports that are free; everything else is judged as it will be.
"""

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from .children import free_ports
from .emit import emit
from .private_files import self_signed
from .programs import run
from .site import Site

PROJECT = Path(__file__).resolve().parent.parent
UNITS = (
    "vmail-admin.socket",
    "vmail-admin.service",
    "vmail-admin-purge.service",
    "vmail-admin-purge.timer",
)
# As Debian's own, as far as it matters here.
NGINX = """\
pid {folder}/nginx.pid;
error_log stderr;
events {{ }}
http {{
    gzip on;
    include {folder}/etc/nginx/conf.d/*.conf;
}}
"""


def check_panel(site: Site) -> list[str]:
    """What they say; a ProgramError where one refuses."""
    with tempfile.TemporaryDirectory(prefix="panel-") as name:
        folder = Path(name)
        emit(["panel"], panel_below(site, folder), folder)
        units = [str(folder / "etc/systemd/system" / unit) for unit in UNITS]
        said = run("systemd-analyze", "verify", "--man=no", *units)
        said += run("nginx", "-t", "-q", "-p", name, "-c", str(nginx_below(folder)))
    return [said.strip().replace("\n", "; ") or "systemd-analyze and nginx have no complaint"]


def nginx_below(folder: Path) -> Path:
    """A main file for nginx that reads what was emitted into a folder."""
    main = folder / "nginx.conf"
    main.write_text(NGINX.format(folder=folder))
    return main


def panel_below(site: Site, folder: Path) -> Site:
    """The site as it would be with its panel in a folder, on this machine."""
    http_port, https_port = free_ports(2)
    panel = replace(
        site.panel,
        folder=str(PROJECT),
        venv=sys.prefix,
        config_dir=str(folder / "etc/vmail-admin"),
        state_dir=str(folder / "state"),
        run_dir=str(folder / "run"),
        log_dir=str(folder / "log"),
        http_port=http_port,
        https_port=https_port,
        tls_certificate="",
        tls_key="",
    )
    for one in (panel.state_dir, panel.run_dir, panel.log_dir):
        Path(one).mkdir(exist_ok=True)
    tls = replace(site.tls, certificate=str(folder / "cert.pem"), key=str(folder / "key.pem"))
    here = replace(site, host=site.web_host, panel=panel, tls=tls)
    self_signed(here)
    return here
