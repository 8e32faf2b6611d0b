"""The files of services in one archive, to take along: with every password masked."""

import gzip
import io
import tarfile
from collections.abc import Iterable

from .emit import OPEN_MODE, Rendered, rendered
from .facts.secrets import MASK
from .site import Site

README = f"""\
The configuration of {{host}}, as it would be. Each path is the path on the server.

Passwords are masked: where {MASK} stands, the real file holds one. To write the
real files, run this on the server:

  manage.py emit {{services}} --site site.toml --install
"""


def archive(services: Iterable[str], site: Site) -> bytes:
    """A .tar.gz that is the same for the same facts."""
    names = list(services)
    told = README.format(host=site.host, services=" ".join(names))
    files = [Rendered("README", told, OPEN_MODE)]
    for name in names:
        files += rendered(name, site, masked=True)
    packed = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w") as tar,
    ):
        for file in files:
            data = file.text.encode()
            member = tarfile.TarInfo(f"{site.host}/{file.path}")
            member.size, member.mode = len(data), file.mode
            tar.addfile(member, io.BytesIO(data))
    return packed.getvalue()
