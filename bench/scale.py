"""A server of 10,000 domains and a million accounts, and what people do most on it.

    .venv/bin/python -m bench.scale [--domains 10000] [--accounts 100] [--runs 15] [--filled FOLDER]

Each row is measured like those of bench.pages: through gunicorn over HTTP under the strict rules,
beside the same operations by bare python-ldap on one open connection, in turn and in one run.
"""

import argparse
import tempfile
import time
from functools import partial
from pathlib import Path

from bench.pages import Visitor, environment, heading, row, served
from bench.site import HOSTING, PASSWORD, filled_slapd, spoken
from deploy.private_slapd import PrivateSlapd
from deploy.site import Site

ANOTHER, OWN = "another-measure-for-measure", "/me/password/"


def main():
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        slapd = slapd_of(options, options.filled or Path(folder) / "slapd")
        environment(Path(folder), slapd)
        with slapd, served(Path(folder)) as panel:
            report(options, slapd, panel)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--domains", type=int, default=10_000)
    parser.add_argument("--accounts", type=int, default=100, help="in each domain")
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--filled", type=Path, help="where slapd stays filled for the next run")
    return parser.parse_args()


def slapd_of(options, folder):
    """Filling it takes minutes."""
    if (slapd := PrivateSlapd(folder, Site(), fast=True, log="none")).has_data:
        return slapd
    began, count = time.monotonic(), options.domains * options.accounts
    slapd = filled_slapd(folder, [], options.domains, options.accounts)
    print(f"Filled slapd with {count:,} accounts in {time.monotonic() - began:.0f} s.", flush=True)
    return slapd


def report(options, slapd, panel):
    from bench.floor import Floor  # needs Django to be set up

    floor = Floor(slapd)
    heading()
    anna = Visitor(panel.port, "anna")
    row("domains, first page", partial(anna.get, "/domains/"), floor.domains, options.runs)
    for text in (spoken(7), spoken(7)[:5], f"{spoken(7)[:4]}9"):
        path = f"/find/?search={text}"
        row(
            f"find '{text}' anywhere",
            partial(anna.get, path),
            partial(floor.find, text),
            options.runs,
        )
    (login, ours), (_, theirs) = person(5), person(6)
    for dn in (ours, theirs):
        floor.give_password(dn)
    print("\nfrom here on 1.3 x floor + 15 ms")
    visitor, bare, allowed = Visitor(panel.port, login), partial(floor.sign_in, ours), (1.3, 15)
    row("sign in", visitor.sign_in, bare, options.runs, allowed)
    by_panel = Change(
        lambda old, new: visitor.post(OWN, {"old_password": old, "new_password": new})
    )
    bare = Change(partial(floor.change_password, theirs))
    row("change the own password", by_panel, bare, options.runs, allowed)


def person(number):
    """The address and the DN of somebody."""
    domain = f"{spoken(3)}3.test"
    mail = f"{spoken(number)}{number}@{domain}"
    return mail, f"mail={mail},jvd={domain},{HOSTING}"


class Change:
    """A change of somebody's password, to and fro."""

    def __init__(self, work):
        self.work, self.words = work, (PASSWORD, ANOTHER)

    def __call__(self):
        self.work(*self.words)
        self.words = self.words[::-1]


if __name__ == "__main__":
    main()
