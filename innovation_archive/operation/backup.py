"""Putting the whole archive into one file, as it was at one moment, while people go on writing to it.

Everything in the database is in it but sessions with their sign-ins, by which whoever finds the file could sign in, and the
index of words, which a restore makes anew. The keys and the ledger's file are not: they must not lie where a backup does.
"""

import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import IO

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

from innovation_archive.exchange.csv_postgresql import snapshot
from innovation_archive.models import SignIn
from innovation_archive.operation.backup_files import (
    FORMAT,
    MANIFEST,
    BackupError,
    Manifest,
    TableCopy,
    is_backup,
    written_backup,
)
from innovation_archive.operation.health import waits_for_migrations
from innovation_archive.operation.restoring import refuse_during_restore
from innovation_archive.operation.table_rows import Cursor, copy_from_postgresql, copy_from_sqlite
from workshops import search

MIGRATIONS_TABLE = "django_migrations"


def make_backup(path: Path) -> Manifest:
    """Write a backup to this path, where at most an older one may stand. Raises BackupError."""
    path = path.resolve()
    refuse_place(path)
    refuse_during_restore()
    if waits_for_migrations():
        raise BackupError("The database waits for migrations. Run `manage.py migrate` first.")
    try:
        with written_backup(path) as parts:
            manifest = write_parts(parts)
            parts.writestr(MANIFEST, manifest.to_json())
    except (OSError, DatabaseError, sqlite3.Error) as problem:
        raise BackupError(f"The backup could not be written: {str(problem).strip().rstrip('.')}.") from problem
    return manifest


def refuse_place(path: Path) -> None:
    """Refuse a path in a folder that the archive serves to everyone, or beside its keys, or where something else stands."""
    served = [settings.STATIC_ROOT, *settings.STATICFILES_DIRS, settings.BASE_DIR / "templates"]
    if any(path.is_relative_to(Path(folder).resolve()) for folder in served):
        raise BackupError(f"{path.parent} is a folder of files that everyone may read. Choose another for the backup.")
    if path.is_relative_to(settings.DATA_DIR.resolve()):
        raise BackupError(
            f"{path.parent} belongs to the archive’s own data, with its keys. Choose another for the backup."
        )
    if not path.parent.is_dir():
        raise BackupError(f"There is no folder {path.parent}.")
    if path.exists() and not (path.is_file() and is_backup(path)):
        raise BackupError(f"{path} is there already and is not a backup. Choose another name.")


def write_parts(parts: zipfile.ZipFile) -> Manifest:
    """Write the rows of every table, all of one moment."""
    made_at = timezone.now()
    tables, migrations = {}, []
    with rows_of_one_moment() as (copy_rows, cursor):
        cursor.execute(f"SELECT app, name FROM {MIGRATIONS_TABLE} ORDER BY app, name")  # noqa: S608 our own name
        migrations = [(app, name) for app, name in cursor.fetchall()]
        for table in tables_to_copy():
            with parts.open(f"tables/{table}", "w", force_zip64=True) as part:
                tables[table] = copy_rows(table, part)
    return Manifest(
        format=FORMAT,
        made_at=made_at.isoformat(timespec="seconds"),
        database=connection.vendor,
        database_version=".".join(map(str, connection.get_database_version())),
        migrations=migrations,
        tables=tables,
        key_marks=marks_of_keys(),
    )


def tables_to_copy() -> list[str]:
    tables = {*connection.introspection.django_table_names(only_existing=True, include_views=False), MIGRATIONS_TABLE}
    left_out = {Session._meta.db_table, SignIn._meta.db_table, search.store().TABLE}
    return sorted(tables - left_out)


@contextmanager
def rows_of_one_moment() -> Iterator[tuple[Callable[[str, IO[bytes]], TableCopy], Cursor]]:
    """A function that writes the rows of a table as they are at this moment, and a cursor that sees that moment too.

    Nobody waits for it. SQLite is copied page by page first, into a file without a name, so that its write-ahead log need
    not be kept for as long as the rows take. PostgreSQL keeps the moment itself.
    """
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect("")) as copy:
            connection.connection.backup(copy)
            yield partial(copy_from_sqlite, copy), copy.cursor()
        return
    with snapshot(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL datestyle TO ISO; SET LOCAL timezone TO 'UTC'; SET LOCAL bytea_output TO hex")
        yield partial(copy_from_postgresql, cursor), cursor


def marks_of_keys() -> dict[str, str]:
    """Four digits of a hash of each key: enough to notice another key, too few to tell whether one was guessed."""
    keys = {"SECRET_KEY": settings.SECRET_KEY, "LEDGER_KEY": settings.LEDGER_KEY}
    return {name: salted_hmac(f"mark of {name}", "", secret=key).hexdigest()[:4] for name, key in keys.items()}
