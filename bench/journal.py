"""How long pages of the journal take at a million rows: python -m bench.journal [ROWS]

A database of its own, in a folder that is gone afterwards. Times: the best of five.
"""

import os
import sys
import tempfile
import time

DOMAINS, PEOPLE = 1_000, 50_000
BIG_SHARE = 30  # percent of all rows are of one domain

ROWS = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s),
d AS MATERIALIZED (SELECT i, CASE WHEN abs(random() %% 100) < %s THEN 'big.example'
    ELSE 'd' || abs(random() %% %s) || '.example' END AS name,
    substr('abcdefghij', 1 + abs(random() %% 10), 1) || 'user' || abs(random() %% %s) AS person
    FROM n)
INSERT INTO journal_row (began, state, operation, kind, what, entry, domain, dn, who, who_dn, place,
    batch, why, version, steps, before, after, facts)
SELECT datetime('now', '-' || (700.0 * (%s - i) / (SELECT max(i) FROM d)) || ' days'), 1, 'modify',
    CASE abs(random() %% 7) WHEN 0 THEN 'edited' WHEN 1 THEN 'switched' WHEN 2 THEN 'password'
    WHEN 3 THEN 'dated' WHEN 4 THEN 'created' WHEN 5 THEN 'marked' ELSE 'appointed' END,
    'account', person || '@' || name, name, 'mail=' || person || '@' || name || ',jvd=' || name,
    'post@' || name, 'mail=post', '192.0.2.7', hex(randomblob(8)), '', '', '[]', '{}', '{}', '{}'
FROM d ORDER BY i
"""


def main():
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory(prefix="vmail-journal-") as folder:
        os.environ.update(
            VMAIL_SECRET_KEY="b" * 60, VMAIL_STATE_DIR=folder, VMAIL_DIRECTORY_URI="ldapi:///"
        )
        os.environ["DJANGO_SETTINGS_MODULE"] = "vmail_admin.settings"
        import django

        django.setup()
        fill(rows)
        measure()


def fill(count):
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [count, BIG_SHARE, DOMAINS, PEOPLE, count])
    print(f"{count:,} rows in {time.perf_counter() - began:.0f} s")


def measure():
    from vmail_admin.journal.finding import Wish, page_of_rows, wished
    from vmail_admin.journal.models import Row

    everything, big = Row.objects.all(), Row.objects.filter(domain="big.example")
    small = Row.objects.filter(domain="d7.example")
    middle = Row.objects.count() // 2
    for name, rows, wish in (
        ("site, first page", everything, Wish()),
        ("site, in the middle", everything, Wish(older=middle)),
        ("site, last page", everything, Wish(older=40)),
        ("site, passwords", everything, Wish(group="passwords")),
        ("site, a rare kind", everything, Wish(group="deleted")),
        ("site, last 7 days", everything, Wish(period="7")),
        ("site, unfinished", everything, Wish(group="unfinished")),
        ("site, one address", everything, Wish(search="auser77@")),
        ("site, one letter", everything, Wish(search="a")),
        ("site, a postmaster", everything, Wish(search="post@d9.example")),
        ("site, a domain", everything, Wish(search="d9.example")),
        ("site, nobody", everything, Wish(search="zzz")),
        ("big domain, first page", big, Wish()),
        ("big domain, a rare kind", big, Wish(group="postmasters", older=middle)),
        ("big domain, one address", big, Wish(search="auser77@")),
        ("big domain, nobody", big, Wish(search="zzz")),
        ("small domain, first page", small, Wish()),
        ("small domain, one address", small, Wish(search="auser")),
    ):
        found, best = timed(lambda rows=rows, wish=wish: page_of_rows(wished(rows, wish), wish))
        print(f"{name:28} {best:8.1f} ms  {len(found.rows)} rows")
    _, best = timed(lambda: everything.unfinished().count())
    print(f"{'count of unfinished':28} {best:8.1f} ms")


def timed(act):
    times = []
    for _ in range(5):
        began = time.perf_counter()
        found = act()
        times.append(time.perf_counter() - began)
    return found, min(times) * 1000


if __name__ == "__main__":
    main()
