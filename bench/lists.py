"""Ways to the first rows of a long list, side by side: what each costs slapd and the one who asks.

    .venv/bin/python -m bench.lists [--size 100000] [--runs 9]

As the postmaster of the domain, under the strict rules, by bare python-ldap; and once as the
rootdn, for whom no access rule is weighed: what the rules cost.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import ldap
import ldap.sasl
from ldap.controls.sss import SSSRequestControl
from ldap.controls.vlv import VLVRequestControl, VLVResponseControl

from bench.site import HOSTING, PASSWORD, filled_slapd

A_PAGE = 50
ANY = "(|(structuralObjectClass=JammMailAccount)(structuralObjectClass=JammMailAlias))"
ROW = ["structuralObjectClass", "cn", "accountActive", "delete", "maildrop", "quota", "lastChange"]
BY_ADDRESS = "mail:caseIgnoreOrderingMatch"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=9)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        slapd = filled_slapd(Path(folder), [options.size], 0)
        with slapd:
            report(Postmaster(slapd, f"d{options.size}.test"), options)


def report(postmaster, options):
    print(f"The first {A_PAGE} of {options.size:,} rows, by address, as the postmaster")
    ways = (
        ("sorted by slapd, each time", postmaster.sort_anew),
        ("  the same as the rootdn", postmaster.sort_as_root),
        ("sorted once, then gone on with", postmaster.go_on),
        ("  and asked whether anything changed", postmaster.ask_and_go_on),
        ("only those with one first letter", postmaster.letter),
        ("only those with two first letters", postmaster.two_letters),
        ("as they come, in no order", postmaster.unsorted),
        ("every address fetched, sorted here", postmaster.fetch_all),
    )
    # In turn, for a shared machine has its moods.
    rounds = [[way() for _, way in ways] for _ in range(options.runs + 1)][1:]
    for (label, _), times in zip(ways, zip(*rounds, strict=True), strict=True):
        print(f"{label:40} {statistics.median(times) * 1000:8.1f} ms", flush=True)


class Postmaster:
    def __init__(self, slapd, domain):
        self.uri, self.base = slapd.ldapi_uri, f"jvd={domain},{HOSTING}"
        self.held = None

    def bound(self):
        connection = ldap.initialize(self.uri)
        connection.simple_bind_s(f"cn=postmaster,{self.base}", PASSWORD)
        return connection

    def view(self, connection, filterstr=ANY, held=None):
        """A sorted page, and the list view that slapd holds from now on."""
        length, context = (held.contentCount, held.contextID) if held else (0, None)
        view = VLVRequestControl(
            True, 0, A_PAGE - 1, offset=1, content_count=length, context_id=context
        )
        controls = [SSSRequestControl(True, ordering_rules=[BY_ADDRESS]), view]
        sent = connection.search_ext(
            self.base, ldap.SCOPE_ONELEVEL, filterstr, ROW, serverctrls=controls
        )
        *_, answered = connection.result3(sent)
        return next(one for one in answered if isinstance(one, VLVResponseControl))

    def sort_as_root(self):
        connection = ldap.initialize(self.uri)
        connection.sasl_interactive_bind_s("", ldap.sasl.external())
        return self.sorted_anew(connection, ANY)

    def sort_anew(self, filterstr=ANY):
        return self.sorted_anew(self.bound(), filterstr)

    def sorted_anew(self, connection, filterstr):
        spent = timed(self.view, connection, filterstr)
        connection.unbind_s()
        return spent

    def go_on(self):
        if self.held is None:
            self.connection = self.bound()
            self.held = self.view(self.connection)
        time.sleep(0.02)  # slapd has to be done with the page before
        return timed(self.view, self.connection, ANY, self.held)

    def ask_and_go_on(self):
        suffix = HOSTING.partition(",")[2]
        asked = timed(self.connection.search_s, suffix, ldap.SCOPE_BASE, "(&)", ["contextCSN"])
        return asked + self.go_on()

    def letter(self):
        return self.sort_anew(f"(&{ANY}(mail=b*))")

    def two_letters(self):
        return self.sort_anew(f"(&{ANY}(mail=ba*))")

    def unsorted(self):
        connection = self.bound()
        spent = timed(self.first_found, connection)
        connection.unbind_s()
        return spent

    def first_found(self, connection):
        sent = connection.search_ext(self.base, ldap.SCOPE_ONELEVEL, ANY, ROW, sizelimit=A_PAGE)
        try:
            connection.result3(sent)
        except ldap.SIZELIMIT_EXCEEDED:
            return

    def fetch_all(self):
        connection = self.bound()
        spent = timed(self.sort_here, connection)
        connection.unbind_s()
        return spent

    def sort_here(self, connection):
        found = connection.search_s(self.base, ldap.SCOPE_ONELEVEL, ANY, ["mail"])
        return sorted(values["mail"][0] for _, values in found)[:A_PAGE]


def timed(work, *values):
    began = time.perf_counter()
    work(*values)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
