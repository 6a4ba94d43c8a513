"""The releases, and a database as it was on the day of one: put there by plain SQL, which no change of the code changes.

`releases/<version>/` holds `migrations.json`, {app: {migration: SHA-256 of its file}}, and `snapshot.json.gz`, which
`snapshot.py` made: all rows of a database with the sample in it, and the files that everyone may read.
"""

import datetime
import gzip
import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction

ROOT = Path(__file__).resolve().parents[2]
APPS = ["workshops", "insights", "innovation_archive"]
FOLDER = Path(__file__).with_name("releases")
VERSIONS = sorted(path.name for path in FOLDER.iterdir()) if FOLDER.exists() else []
INDEX = "workshops_search"  # of words; on each database it is another table


@dataclass(repr=False)
class Snapshot:
    """What a release left: {table: {"columns": names, "rows": lists of values}}, the index of words so for each
    database, and public files as {name: text}."""

    tables: dict
    index: dict
    files: dict

    @classmethod
    def read(cls, version):
        return cls(**json.loads(gzip.decompress((FOLDER / version / "snapshot.json.gz").read_bytes())))

    def write(self, version):
        text = json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))
        (FOLDER / version / "snapshot.json.gz").write_bytes(gzip.compress(text.encode(), mtime=0))

    @property
    def database(self):
        """The tables as they were on the database that the tests run on."""
        return self.tables | {INDEX: self.index[connection.vendor]}


def migrations_of(version):
    return json.loads((FOLDER / version / "migrations.json").read_text())


def hashes(root=ROOT):
    """{app: {migration: SHA-256 of its text}} of the files that are there."""
    return {
        app: {
            path.stem: hashlib.sha256(path.read_text().encode()).hexdigest()
            for path in sorted((root / app / "migrations").glob("[0-9]*.py"))
        }
        for app in APPS
    }


def migrate_to(migrations):
    """Make the tables of a release. Those of Django and other packages are the newest in any case."""
    for app, names in migrations.items():
        call_command("migrate", app, max(names), verbosity=0)
    for app in ["admin", "sessions", "taggit"]:
        call_command("migrate", app, verbosity=0)


@transaction.atomic
def fill(tables):
    """Put these rows, and no others, into tables that have these columns."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DELETE FROM {quoted(table)}")  # noqa: S608
        for table, content in tables.items():
            columns = ", ".join(map(quoted, content["columns"]))
            values = ", ".join(["%s"] * len(content["columns"]))
            rows = [[for_database(value) for value in row] for row in content["rows"]]
            cursor.executemany(f"INSERT INTO {quoted(table)} ({columns}) VALUES ({values})", rows)  # noqa: S608
        if connection.vendor == "postgresql":
            count_on(cursor)


def count_on(cursor):
    """Let new rows be numbered after those that are there. SQLite does so by itself."""
    cursor.execute(
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = current_schema() AND is_identity = 'YES'"
    )
    for table, column in cursor.fetchall():
        last = f"SELECT MAX({quoted(column)}) FROM {quoted(table)}"  # noqa: S608
        cursor.execute(f"SELECT setval(pg_get_serial_sequence(%s, %s), ({last}))", [quoted(table), column])


def rows_of(table, columns=None):
    """What stands in a table, as JSON holds it, ordered by its first column."""
    wanted = ", ".join(map(quoted, columns)) if columns else "*"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {wanted} FROM {quoted(table)} ORDER BY 1")  # noqa: S608
        names = columns or [column[0] for column in cursor.description]
        return {"columns": names, "rows": [[for_json(value) for value in row] for row in cursor.fetchall()]}


def for_json(value):
    """Times as SQLite keeps them, in UTC; bytes as hexadecimal digits."""
    match value:
        case datetime.datetime():
            return str(value.astimezone(datetime.UTC).replace(tzinfo=None) if value.tzinfo else value)
        case datetime.date():
            return str(value)
        case bytes() | memoryview():
            return {"bytes": bytes(value).hex()}
    return value


def for_database(value):
    return bytes.fromhex(value["bytes"]) if isinstance(value, dict) else value


def quoted(name):
    return connection.ops.quote_name(name)
