"""What an import costs, beside ldapadd with the same entries on the same slapd.

    .venv/bin/python -m bench.imports [--rows 10000] [--runs 3]

In turn, each into a domain of its own, as its postmaster and under the strict rules, accounts
without passwords are added: by ldapadd; by the command, without asking slapd beforehand; and on
the pages, step by step as their script asks for it, where the same rows are previewed, added and
taken back. Beside the seconds stand those that slapd and the panel were computing, for on a machine
of two cores each has one. The bar for adding is 1.3 times ldapadd.
"""

import argparse
import os
import re
import statistics
import subprocess
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from urllib.parse import urlencode

from bench.pages import CSRF, Visitor, environment, served
from bench.site import ACCOUNT, HOSTING, PASSWORD, filled_slapd, spoken

AT_ONCE = 400  # rows, as on the command line
ALLOWED = 1.3
WORKS = ("ldapadd", "command", "preview", "import", "undo")
JOB = re.compile(r"/work/[0-9a-f]+/")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        slapd = filled_slapd(Path(folder) / "slapd", [1, 2, 3], 0)
        environment(Path(folder), slapd)
        with slapd, served(Path(folder)) as panel:
            report(options, slapd, panel, Path(folder))


def report(options, slapd, panel, folder):
    measured = defaultdict(list)
    clock = Clock(slapd.pid, panel)
    for run in range(options.runs):
        names = [f"r{run}-{spoken(number)}{number}" for number in range(options.rows)]
        file = ldif_of("d1.test", names, folder)
        clerk = Clerk(panel.port, "postmaster@d3.test")
        works = (
            lambda file=file: ldapadd(slapd, "d1.test", file),
            lambda names=names: imported("d2.test", names),
            lambda clerk=clerk, names=names: clerk.preview("d3.test", names),
            clerk.start,
            clerk.undo,
        )
        for label, work in zip(WORKS, works, strict=True):
            measured[label].append(clock.of(work))
        seconds = ", ".join(f"{label} {measured[label][-1][0]:.1f}" for label in WORKS)
        print(f"run {run + 1}: {seconds} s; load {os.getloadavg()[0]:.1f}", flush=True)
    print_table(options, measured)


def print_table(options, measured):
    medians = {
        label: [statistics.median(column) for column in zip(*some, strict=True)]
        for label, some in measured.items()
    }
    floor = medians["ldapadd"][0]
    print(f"\n{options.rows:,} accounts {'seconds':>9} {'ratio':>6} {'slapd':>7} {'panel':>7}")
    for label, (seconds, slapd, panel) in medians.items():
        print(f"{label:15} {seconds:9.1f} {seconds / floor:6.2f} {slapd:7.1f} {panel:7.1f}")
    both = medians["preview"][0] + medians["import"][0]
    print(f"{'preview, import':15} {both:9.1f} {both / floor:6.2f}")
    for label in ("command", "import"):
        verdict = "yes" if medians[label][0] <= ALLOWED * floor else "NO"
        print(f"{label} within {ALLOWED} x ldapadd: {verdict}")


class Clock:
    """Seconds that pass, and that slapd and the panel compute. The command is this process."""

    def __init__(self, slapd, panel):
        self.slapd, self.panel = slapd, panel

    def of(self, work):
        before = self.now()
        work()
        return tuple(after - was for was, after in zip(before, self.now(), strict=True))

    def now(self):
        children = Path(f"/proc/{self.panel.process.pid}/task/{self.panel.process.pid}/children")
        workers = sum(computed(int(pid)) for pid in children.read_text().split())
        return time.perf_counter(), computed(self.slapd), workers + time.process_time()


def computed(pid):
    """proc(5): the 14th and 15th word, after the name in brackets."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


# --- by ldapadd, and by the command


def ldif_of(domain, names, folder):
    entries = (
        ACCOUNT.format(domain=domain, hosting=HOSTING, local_part=name, name=name, changed=1)
        for name in names
    )
    file = folder / "accounts.ldif"
    file.write_text("".join(entries))
    return file


def ldapadd(slapd, domain, file):
    words = ["ldapadd", "-x", "-H", slapd.ldapi_uri, "-D", postmaster(domain), "-w", PASSWORD]
    subprocess.run([*words, "-f", str(file)], check=True, stdout=subprocess.DEVNULL)


def postmaster(domain):
    return f"cn=postmaster,jvd={domain},{HOSTING}"


def table_of(names):
    return "address,name,quota\n" + "".join(f"{name},{name},2 GB\n" for name in names)


def imported(domain, names):
    """From the bytes of the table to the last row added."""
    from accounts.imports.applying import add_rows
    from accounts.imports.checking import Checker, note_twice
    from accounts.imports.columns import ACCOUNTS
    from accounts.imports.rows import ADDED
    from accounts.imports.table import read
    from domains.models import VirtualDomain
    from vmail_admin.directory.identity import Identity, acting_as

    with acting_as(Identity(postmaster(domain), PASSWORD)):
        kept = VirtualDomain.objects.named(domain).get()
        table = note_twice(read(table_of(names).encode(), ACCOUNTS), kept)
        checker = Checker(kept, ACCOUNTS, make=False)
        for start in range(0, len(table.rows), AT_ONCE):
            rows = [checker.checked(row) for row in table.rows[start : start + AT_ONCE]]
            add_rows(rows, ACCOUNTS)
            if left := [row for row in rows if row.state != ADDED]:
                raise SystemExit(f"not added: {left[0]}")


# --- on the pages


class Clerk(Visitor):
    """Somebody who imports a table, looks at the preview, adds it, and takes it back."""

    def preview(self, domain, names):
        self.rows = len(names)
        page = f"/domains/{domain}/import/"
        fields = {"kind": "accounts", "passwords": "none", "pasted": table_of(names)}
        self.job = self._begun(lambda: self.post(page, fields), page)
        self._until("ready", self.job)

    def start(self):
        self.connection.close()
        self.post(f"{self.job}start/", {})
        self._until("done", self.job)
        self._expect(f"{self.rows:,} added.", self.job)

    def undo(self):
        page = f"/domains/{self.login.partition('@')[2]}/import/"
        back = self._begun(lambda: self.post(f"{self.job}undo/", {}), page)
        self._until("done", back)
        self._expect(f"{self.rows:,} taken back.", back)

    def _begun(self, act, page):
        """The newest job, which the page of imports shows first."""
        self.connection.close()  # gunicorn does not keep an idle one
        act()
        return JOB.search(self.get(page))[0]

    def _until(self, stage, job):
        body = urlencode({"csrfmiddlewaretoken": self.cookies[CSRF]})
        while True:
            status, answer = self._send("POST", f"{job}step/", body, Accept="application/json")
            if status != 200:
                raise SystemExit(f"{job}: {status}")
            if f'"stage": "{stage}"' in answer:
                return

    def _expect(self, sentence, job):
        if sentence not in self.get(job):
            raise SystemExit(f"{job} does not say: {sentence}")


if __name__ == "__main__":
    main()
