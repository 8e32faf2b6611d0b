"""PHP about the files it will run."""

import tempfile

from .emit import emit
from .programs import run
from .site import Site


def check_webmail(site: Site) -> list[str]:
    """A ProgramError where PHP cannot read one."""
    with tempfile.TemporaryDirectory(prefix="webmail-") as folder:
        for path in emit(["webmail"], site, folder):
            run("php", "-l", str(path))
    return ["php has no complaint"]
