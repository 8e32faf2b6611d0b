"""Asks whether a version in a lock file has a known hole.

    python -m script.audit requirements-test.lock

A known hole is a failure. That nobody answers is not: a sentence says that nothing was asked, for
a machine without a network, or one whose package index is a mirror, has to run the tests too.
"""

import argparse
import json
import subprocess
import sys

LONGEST = 60  # seconds for all questions to one service
PATIENCE = 5  # seconds for one answer
# PyPI passes on what OSV knows. A mirror of it does not, and then OSV is asked itself.
SERVICES = ("pypi", "osv")


def ask(lock, service, *options):
    """What pip-audit says of each package, or [] where it got no answer."""
    command = [
        *(sys.executable, "-m", "pip_audit", "--vulnerability-service", service),
        *("--requirement", lock, "--require-hashes", "--disable-pip"),
        *("--timeout", str(PATIENCE), "--progress-spinner", "off", "--format", "json"),
    ]
    try:
        done = subprocess.run(
            [*command, *options], capture_output=True, text=True, timeout=LONGEST, check=False
        )
        return json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return []


def audit(lock, services=SERVICES, *options):
    """What to say, and whether it is a failure."""
    answered = []
    for service in services:
        answered = [one for one in ask(lock, service, *options) if "skip_reason" not in one]
        if answered:
            break
    if not answered:
        return f"Nobody says here whether a version in {lock} has a known hole.", False
    holes = [
        f"{one['name']} {one['version']}: {hole['id']}, mended in "
        f"{', '.join(hole['fix_versions']) or 'no version yet'}"
        for one in answered
        for hole in one["vulns"]
    ]
    if holes:
        return "\n".join([f"Known holes in {lock}:", *holes]), True
    return f"{len(answered)} packages of {lock} have no known hole.", False


def main():
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("lock", help="the lock file")
    options.add_argument("--osv-url", help="ask this server, which speaks as api.osv.dev does")
    wish = options.parse_args()
    osv = ("osv",), "--osv-url", wish.osv_url
    sentence, failed = audit(wish.lock, *osv) if wish.osv_url else audit(wish.lock)
    print(sentence)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
