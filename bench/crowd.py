"""Many people at once, clicking through lists and forms: how the panel bears it.

    .venv/bin/python -m bench.crowd [--people 200] [--seconds 300] [--workers 2] [--threads 100]

gunicorn, slapd and the people share this machine. Everybody thinks for 5 to 10 seconds between two
clicks. Then some of them click without thinking: that is the most this machine does. What is
printed in the end is what is asked for, and whether it is so.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench.people import THINKS, Person, Record, postmaster_of, site_admin
from bench.site import filled_slapd, spoken
from tests.served import PROJECT, Served

SIZES = [1000, 10_000]
SMALL = 1000  # domains of ten accounts
ADMINS_IN_100 = 5
IN_LARGE_DOMAINS_IN_100 = 20
P95 = 1.0  # seconds
# Of the memory, after two fifths of the time: by then there are the threads and connections that
# people need, and the rows that are kept drawn.
GROWTH = 0.05
CONNECTIONS = 2  # to slapd, for each thread
FEW = 16  # who click without thinking


def main():
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="crowd-") as folder:
        slapd = filled_slapd(Path(folder) / "slapd", SIZES, SMALL)
        panel = panel_of(Path(folder) / "panel", slapd, options)
        with slapd, panel:
            report(options, slapd, panel)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--saturated", type=int, default=20, help="seconds without thinking")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=100)
    return parser.parse_args()


def panel_of(folder, slapd, options):
    settings = {"DJANGO_SETTINGS_MODULE": "vmail_admin.settings"}
    panel = Served(folder, slapd.ldapi_uri, options.workers, options.threads, **settings)
    command = [sys.executable, "manage.py", "collectstatic", "-v0", "--no-input"]
    subprocess.run(command, cwd=PROJECT, env=panel.environment, check=True)
    return panel


def people_of(panel, count):
    """Site admins, postmasters of the two large domains, and postmasters of small ones."""
    for number in range(count):
        browser, part = panel.browser(), number % 100
        if part < ADMINS_IN_100:
            yield Person(browser, "anna", site_admin(SMALL), number)
        elif part < ADMINS_IN_100 + IN_LARGE_DOMAINS_IN_100:
            size = SIZES[number % len(SIZES)]
            domain = f"d{size}.test"
            yield Person(browser, f"postmaster@{domain}", postmaster_of(domain, size), number)
        else:
            domain = f"{spoken(number)}{number}.test"
            yield Person(browser, f"postmaster@{domain}", postmaster_of(domain, 10), number)


def report(options, slapd, panel):
    people, record, watch = list(people_of(panel, options.people)), Record(), Watch(slapd, panel)
    began = time.monotonic()
    for person in people:
        person.sign_in(record)
    took = time.monotonic() - began
    print(f"{len(people)} people signed in, {len(people) / took:.0f} a second.", flush=True)
    clicked, used = Record(), Used(slapd, panel)
    with watch, at_work(people, clicked):
        time.sleep(options.seconds)
    table(clicked, options.seconds)
    used.tell(clicked)
    verdicts(record.wrong + clicked.wrong, clicked, watch, options)
    saturated(people[:: max(1, len(people) // FEW)][:FEW], options, slapd, panel)


@contextmanager
def at_work(people, record, **options):
    home = threading.Event()
    threads = [
        threading.Thread(target=person.work, args=(home, record), kwargs=options)
        for person in people
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        home.set()
        for thread in threads:
            thread.join()


class Watch:
    """Looks once a second at the memory of the panel, and at its connections to slapd."""

    def __init__(self, slapd, panel):
        self.slapd, self.panel = slapd, panel
        self.megabytes, self.connections = [], []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self):
        self._thread.start()

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()

    def _look(self):
        while not self._over.wait(1):
            self.megabytes.append(sum(memory_of(pid) for pid in self.panel.workers()))
            self.connections.append(connections_of(self.slapd))


def memory_of(pid):
    """MB of a process that are its own: what it shares with its parent is not counted twice."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1024


def connections_of(slapd):
    """How many connections its socket has, besides the one that it listens on."""
    lines = Path("/proc/net/unix").read_text().splitlines()
    return sum(line.endswith(str(slapd.socket_path)) for line in lines) - 1


def table(record, seconds):
    print(f"\n{'click':18}{'times':>7}{'median':>10}{'95 of 100':>12}{'longest':>10}")
    for kind in sorted(record.seconds):
        row(kind, sorted(record.seconds[kind]))
    row("all", record.all())
    print(f"{len(record.all()) / seconds:.1f} clicks a second.")


def row(kind, times):
    most = times[-1]
    print(
        f"{kind:18}{len(times):7}{median(times) * 1000:7.0f} ms"
        f"{p95(times) * 1000:9.0f} ms{most * 1000:7.0f} ms"
    )


def p95(times):
    return times[int(len(times) * 0.95)]


def verdicts(wrong, record, watch, options):
    early = watch.megabytes[2 * len(watch.megabytes) // 5]
    late = median(watch.megabytes[-len(watch.megabytes) // 10 :])
    per_thread = max(watch.connections) / (options.workers * options.threads)
    slow = p95(record.all())
    print(f"\nOn {os.cpu_count()} cores, {options.workers} x {options.threads} threads:")
    verdict(f"no error: {len(wrong)}", not wrong)
    verdict(f"95 of 100 clicks take less than {P95:.0f} s: {slow * 1000:.0f} ms", slow < P95)
    fifths = watch.megabytes[:: max(1, len(watch.megabytes) // 5)][1:]
    growth = ", ".join(f"{one:.0f}" for one in [*fifths, late]) + " MB"
    verdict(f"memory stays within {GROWTH:.0%}: {growth}", late < early * (1 + GROWTH))
    verdict(
        f"at most {CONNECTIONS} connections to slapd a thread: {per_thread:.1f}",
        per_thread <= CONNECTIONS,
    )
    for kind, what in wrong[:10]:
        print(f"  {kind}: {what}")


class Used:
    """What the clicks cost from now on."""

    def __init__(self, slapd, panel):
        self.whose = {"panel": panel.workers(), "slapd": {slapd.pid}, "people": {os.getpid()}}
        self.before = self._now()

    def _now(self):
        return {name: processor_seconds(pids) for name, pids in self.whose.items()}

    def tell(self, record):
        now, clicks = self._now(), len(record.all())
        costs = [(name, (now[name] - before) / clicks) for name, before in self.before.items()]
        words = ", ".join(f"{name} {seconds * 1000:.1f} ms" for name, seconds in costs)
        print(f"  Of a processor one click takes: {words}.")


def processor_seconds(pids):
    """What these processes have used of the processors so far."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def verdict(words, is_so):
    print(f"  {'yes' if is_so else 'NO ':3}  {words}")


def saturated(people, options, slapd, panel):
    """What the machine does at most: nobody thinks."""
    record, used = Record(), Used(slapd, panel)
    with at_work(people, record, thinks=(0, 0)):
        time.sleep(options.saturated)
    times = record.all()
    middle, slow = median(times) * 1000, p95(times) * 1000
    print(f"\nWithout thinking, {len(people)} at once, {len(record.wrong)} errors:")
    print(f"  {len(times) / options.saturated:.0f} clicks a second", end=", ")
    print(f"median {middle:.0f} ms, 95 of 100 below {slow:.0f} ms.")
    think = sum(THINKS) / 2
    most = len(times) / options.saturated * think
    print(f"  Of people who click every {think:g} seconds, that is {most:.0f}.")
    used.tell(record)


if __name__ == "__main__":
    main()
