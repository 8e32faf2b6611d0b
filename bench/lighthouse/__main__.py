"""What Lighthouse says of the list of addresses, as a postmaster sees it on the sample site.

    python -m bench.lighthouse

Needs npm (apt-get install npm) beside what script/test installs. It is no part of the tests: npm
and Lighthouse are 200 MB for what axe-core judges there on every page, and the figure for
performance depends on what else the computer does.
"""

import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from threading import Event

from deploy.private_slapd import free_port
from script.demo_servers import started_panel, started_slapd
from script.sample_people import SHIPPING
from script.sample_site import LOGINS
from tests.served import Browser

HERE = Path(__file__).parent
CHROMIUM = "/usr/bin/chromium"
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-quic --disable-background-networking"
LEAST = {"accessibility": 100, "best-practices": 100, "performance": 95}
FORMS = {"a phone, slowed down": [], "a desk": ["--preset=desktop"]}
TIMED = {
    "first-contentful-paint": "first paint",
    "largest-contentful-paint": "largest paint",
    "total-blocking-time": "blocked",
    "speed-index": "speed index",
}
RUNS = 3


def main():
    install()
    with tempfile.TemporaryDirectory(prefix="vmail-lighthouse-") as folder, ExitStack() as servers:
        slapd = servers.enter_context(started_slapd(Path(folder)))
        (Path(folder) / "secret.key").write_text("lighthouse" * 5)
        port = free_port()
        servers.enter_context(started_panel(Path(folder), slapd, port, Event()))
        scores = [scores_of(port, form, options) for form, options in FORMS.items()]
    sys.exit(any(score[name] < least for score in scores for name, least in LEAST.items()))


def install():
    if not (HERE / "node_modules").exists():
        print("Fetching Lighthouse", flush=True)
        words = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(words, cwd=HERE, check=True)


def scores_of(port, form, options):
    """The middle of several runs for each category, and what is not perfect."""
    visitor = signed_in(port)
    reports = [report_of(visitor, options) for _ in range(RUNS)]
    print(f"\n{form}: " + ", ".join(f"{name} {timed(reports, one)}" for one, name in TIMED.items()))
    scores = {}
    for name, least in LEAST.items():
        scores[name] = round(100 * median(one["categories"][name]["score"] for one in reports))
        print(f"  {name:15} {scores[name]:3}  (at least {least})")
    for title in sorted({title for report in reports for title in faults(report)}):
        print(f"    - {title}")
    return scores


def timed(reports, audit):
    return f"{median(one['audits'][audit]['numericValue'] for one in reports):.0f} ms"


def faults(report):
    for name in ("accessibility", "best-practices"):
        for one in report["categories"][name]["auditRefs"]:
            audit = report["audits"][one["id"]]
            if one["weight"] and audit["score"] is not None and audit["score"] < 1:
                yield audit["title"]


def signed_in(port):
    _, login, password = LOGINS[1]
    return Browser(port).sign_in(login, password)


def report_of(visitor, options):
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    words = [
        str(HERE / "node_modules/.bin/lighthouse"),
        f"http://127.0.0.1:{visitor.port}/domains/{SHIPPING}/",
        *("--quiet", "--output=json", "--output-path=stdout", "--no-enable-error-reporting"),
        f"--only-categories={','.join(LEAST)}",
        f"--chrome-flags={FLAGS}",
        f"--extra-headers={json.dumps({'Cookie': cookies})}",
        *options,
    ]
    environment = os.environ | {"CHROME_PATH": CHROMIUM}
    done = subprocess.run(words, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout)


if __name__ == "__main__":
    main()
