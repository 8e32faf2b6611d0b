"""No way round the keeping of settled rows: neither by another statement, nor by the retention.

Row triggers hear nothing of TRUNCATE (PostgreSQL manual, CREATE TRIGGER), nor delete triggers of a
row that REPLACE takes away (SQLite, ON CONFLICT).
"""

from django.db import migrations

# Not a whole day, the shortest time that rows are kept: clocks differ.
FLOOR = "a row of the last 23 hours is never deleted"
TOO_YOUNG = "a row of the journal stays until its time is over"

SQLITE = (
    "CREATE TRIGGER journal_replaced BEFORE INSERT ON journal_row "
    "WHEN EXISTS (SELECT 1 FROM journal_row WHERE id = NEW.id) "
    "BEGIN SELECT RAISE(ABORT, 'a settled row of the journal stays as it is'); END",
    *(
        f"CREATE TRIGGER journal_floor_{event.lower()} BEFORE {event} ON journal_retention "
        "WHEN NEW.until > strftime('%Y-%m-%d %H:%M:%f', 'now', '-23 hours') "
        f"BEGIN SELECT RAISE(ABORT, '{FLOOR}'); END"
        for event in ("INSERT", "UPDATE")
    ),
)
POSTGRESQL = (
    "CREATE FUNCTION journal_emptied() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"RAISE EXCEPTION '{TOO_YOUNG}'; END $$",
    "CREATE TRIGGER journal_emptied BEFORE TRUNCATE ON journal_row "
    "EXECUTE FUNCTION journal_emptied()",
    "CREATE FUNCTION journal_floor() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"IF NEW.until > now() - interval '23 hours' THEN RAISE EXCEPTION '{FLOOR}'; END IF; "
    "RETURN NEW; END $$",
    "CREATE TRIGGER journal_floor BEFORE INSERT OR UPDATE ON journal_retention "
    "FOR EACH ROW EXECUTE FUNCTION journal_floor()",
)
AWAY = {
    "sqlite": (
        "DROP TRIGGER journal_replaced",
        "DROP TRIGGER journal_floor_insert",
        "DROP TRIGGER journal_floor_update",
    ),
    "postgresql": (
        "DROP FUNCTION journal_emptied() CASCADE",
        "DROP FUNCTION journal_floor() CASCADE",
    ),
}


def add(apps, schema_editor):
    for sql in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(sql, params=None)


def remove(apps, schema_editor):
    for sql in AWAY[schema_editor.connection.vendor]:
        schema_editor.execute(sql, params=None)


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_few_states")]
    operations = [migrations.RunPython(add, remove)]
