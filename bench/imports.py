"""What an import costs, beside ldapadd with the same entries on the same slapd.

    .venv/bin/python -m bench.imports [--rows 10000] [--runs 3]

Both add the same accounts without passwords as the postmaster of a domain, under the strict rules,
in turn and each into a domain of its own. Ours reads the table, checks every row by the forms of
the panel, keeps the journal, and adds; the bar is 1.3 times ldapadd. "with preview" asks slapd of
every row beforehand, by its no-op control, as the pages do.
"""

import argparse
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from bench.pages import environment
from bench.site import ACCOUNT, HOSTING, PASSWORD, filled_slapd, spoken

AT_ONCE = 200  # rows in one step, as on the pages and the command line
ALLOWED = 1.3


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        slapd = filled_slapd(Path(folder) / "slapd", [1, 2, 3], 0)
        environment(Path(folder), slapd)
        with slapd:
            report(options, slapd, Path(folder))


def report(options, slapd, folder):
    times = {"ldapadd": [], "import": [], "with preview": []}
    for run in range(options.runs):
        names = [f"r{run}-{spoken(number)}{number}" for number in range(options.rows)]
        times["ldapadd"].append(ldapadd(slapd, folder, "d1.test", names))
        times["import"].append(imported("d2.test", names, preview=False))
        times["with preview"].append(imported("d3.test", names, preview=True))
        print(f"run {run + 1}: {', '.join(f'{k} {v[-1]:.1f} s' for k, v in times.items())}")
    floor = statistics.median(times["ldapadd"])
    for label, seconds in times.items():
        ratio = statistics.median(seconds) / floor
        print(f"{label:14} {statistics.median(seconds):6.1f} s {ratio:5.2f}")
    verdict = "yes" if statistics.median(times["import"]) <= ALLOWED * floor else "NO"
    print(f"import of {options.rows:,} accounts within {ALLOWED} x ldapadd: {verdict}")


def ldapadd(slapd, folder, domain, names):
    """Seconds that ldapadd takes, from a file that is there already."""
    entries = (
        ACCOUNT.format(domain=domain, hosting=HOSTING, local_part=name, name=name, changed=1)
        for name in names
    )
    file = folder / "accounts.ldif"
    file.write_text("".join(entries))
    words = ["ldapadd", "-x", "-H", slapd.ldapi_uri, "-D", postmaster(domain), "-w", PASSWORD]
    began = time.perf_counter()
    subprocess.run([*words, "-f", str(file)], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def postmaster(domain):
    return f"cn=postmaster,jvd={domain},{HOSTING}"


def imported(domain, names, preview):
    """Seconds from the bytes of the table to the last row added."""
    from accounts.imports.applying import add_rows
    from accounts.imports.checking import Checker, note_twice
    from accounts.imports.columns import ACCOUNTS
    from accounts.imports.rows import ADDED
    from accounts.imports.table import read
    from domains.models import VirtualDomain
    from vmail_admin.directory.identity import Identity, acting_as

    data = "address,name,quota\n" + "".join(f"{name},{name},2 GB\n" for name in names)
    began = time.perf_counter()
    with acting_as(Identity(postmaster(domain), PASSWORD)):
        kept = VirtualDomain.objects.named(domain).get()
        table = note_twice(read(data.encode(), ACCOUNTS), kept)
        checker = Checker(kept, ACCOUNTS, make=False)
        for start in range(0, len(table.rows), AT_ONCE):
            rows = [checker.checked(row) for row in table.rows[start : start + AT_ONCE]]
            if preview and not checker.ask_slapd(rows):
                raise SystemExit("slapd does not know its no-op control.")
            add_rows(rows, ACCOUNTS)
            if left := [row for row in rows if row.state != ADDED]:
                raise SystemExit(f"not added: {left[0]}")
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
