"""Putting the archive of a backup in the place of the present one, whole or not at all.

The tables are made as the backup's migrations made them, filled, and migrated to today's. Then the ledger is replayed, and
only what is left is put in place: on SQLite the new archive is built in a file without a name and written over the old one
in a single transaction, on PostgreSQL all of it is one transaction. Killed at any moment, a restore leaves the old archive.
"""

import sqlite3
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from innovation_archive.operation.backup import marks_of_keys
from innovation_archive.operation.backup_files import OWNER_ALONE, BackupError, Manifest, read_backup
from innovation_archive.operation.health import migrations_of_the_code
from innovation_archive.operation.restoring import closed_for_restore
from innovation_archive.operation.table_rows import (
    copy_into_postgresql,
    copy_into_sqlite,
    count_lines,
    quote_name,
)
from workshops import search
from workshops.consent import free_pages, ledger
from workshops.mail.sending import hold_waiting_mails
from workshops.models import Forgotten

LOCK_WAIT = 60
"""Seconds that a restore waits for whoever is still reading or writing."""


class RestoreOutcome(NamedTuple):
    """What was restored; how many lines of the ledger were carried out again, and mails held back."""

    manifest: Manifest
    replayed: int
    mails: int


# Checking


def check_backup(path: Path) -> Manifest:
    """Read a backup through, without touching anything. Raises BackupError where it could not be restored."""
    with read_backup(path) as (manifest, parts):
        check_parts(manifest, parts)
    return manifest


def check_parts(manifest: Manifest, parts: zipfile.ZipFile) -> None:
    if newer := sorted(set(manifest.migrations) - known_migrations()):
        raise BackupError(
            "The backup was made by a newer version of the archive, with migrations that this one does not know, such as "
            f"{'.'.join(newer[-1])}. Install that version first."
        )
    try:
        for name, table in manifest.tables.items():
            with parts.open(f"tables/{name}") as part:
                if count_lines(part, table) != table.rows:
                    raise BackupError(f"The backup holds more or fewer rows of {name} than its manifest says.")
    except (KeyError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as problem:
        raise BackupError("The backup misses a table, or one of its tables cannot be read.") from problem


def known_migrations() -> set[tuple[str, str]]:
    """The migrations of the code, and those that a later one of it has taken the place of."""
    on_disk = MigrationLoader(None).disk_migrations
    replaced = {name for migration in on_disk.values() for name in migration.replaces}
    return on_disk.keys() | replaced


def other_keys(manifest: Manifest) -> list[str]:
    """The names of keys that were others when the backup was made."""
    return [name for name, mark in marks_of_keys().items() if manifest.key_marks.get(name) != mark]


def waiting_migrations(manifest: Manifest) -> int:
    """How many migrations a restore would add to those of the backup."""
    return len(migrations_of_the_code() - set(manifest.migrations))


# Restoring


def restore_backup(path: Path) -> RestoreOutcome:
    """Replace the archive by that of a backup. The site is closed meanwhile. Raises BackupError; nothing is changed then."""
    with read_backup(path) as (manifest, parts):
        check_parts(manifest, parts)
        with closed_for_restore():
            try:
                outcome = replace_archive(manifest, parts)
            except IntegrityError as problem:
                raise BackupError("Rows of the backup contradict each other. Nothing was changed.") from problem
            except (DatabaseError, sqlite3.Error) as problem:
                raise BackupError(f"The database refused: {problem}. Nothing was changed.") from problem
            # Somebody may have withdrawn something while the new archive was built.
            return outcome._replace(replayed=outcome.replayed + ledger.reconcile())


def replace_archive(manifest: Manifest, parts: zipfile.ZipFile) -> RestoreOutcome:
    return (restore_sqlite if connection.vendor == "sqlite" else restore_postgresql)(manifest, parts)


def restore_sqlite(manifest: Manifest, parts: zipfile.ZipFile) -> RestoreOutcome:
    remembered, statements = lines_of_table(), schema_of_sqlite() if tables_fit(manifest) else []
    with nameless_database() as live:
        for statement in statements:
            connection.connection.execute(statement)
        outcome = build_archive(manifest, parts, remembered, has_tables=bool(statements))
        write_over(live)
    free_pages.empty_log()
    return outcome


@transaction.atomic
def restore_postgresql(manifest: Manifest, parts: zipfile.ZipFile) -> RestoreOutcome:
    lock_tables()
    remembered, has_tables = lines_of_table(), tables_fit(manifest)
    if not has_tables:
        drop_tables()
    outcome = build_archive(manifest, parts, remembered, has_tables)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return outcome


def tables_fit(manifest: Manifest) -> bool:
    """Whether the present tables are those of the backup and of today's code: making them anew takes far longer than filling them."""
    applied = MigrationRecorder(connection).applied_migrations().keys()
    return applied == set(manifest.migrations) and applied >= migrations_of_the_code()


def lines_of_table() -> list[ledger.LedgerLine]:
    """What the present archive remembers. Its file may miss some, were it not to be written just then."""
    if Forgotten._meta.db_table not in connection.introspection.table_names():
        return []
    return [ledger.line_of(entry) for entry in Forgotten.objects.all()]


def build_archive(
    manifest: Manifest, parts: zipfile.ZipFile, remembered: Collection[ledger.LedgerLine], has_tables: bool
) -> RestoreOutcome:
    """Make the archive of a backup, as today's code needs it, and forget what must stay forgotten."""
    if not has_tables:
        migrate_to_state(set(manifest.migrations))
    fill_tables(manifest, parts)
    if not has_tables:
        call_command("migrate", interactive=False, verbosity=0)
    if connection.vendor == "postgresql":
        check_constraints_at_end()
    ContentType.objects.clear_cache()
    search.rebuild()
    mails = hold_waiting_mails()
    return RestoreOutcome(manifest, ledger.reconcile(remembered), mails)


def migrate_to_state(migrations: set[tuple[str, str]]) -> None:
    """Apply exactly these migrations to an empty database; of a squashed one and those it replaces, the squashed one."""
    executor = MigrationExecutor(connection)
    nodes = executor.loader.graph.node_map
    wanted = migrations & nodes.keys()
    executor.migrate([key for key in wanted if wanted.isdisjoint(child.key for child in nodes[key].children)])


def fill_tables(manifest: Manifest, parts: zipfile.ZipFile) -> None:
    """Put the rows of a backup, and no others, into the tables. Migrations have left some there, or the present archive."""
    if connection.vendor == "sqlite":
        connection.disable_constraint_checking()
        with transaction.atomic():
            fill_sqlite(manifest, parts)
        connection.check_constraints()
        connection.enable_constraint_checking()
    else:
        fill_postgresql(manifest, parts)


def fill_sqlite(manifest: Manifest, parts: zipfile.ZipFile) -> None:
    for name in manifest.tables:
        connection.connection.execute(f"DELETE FROM {quote_name(name)}")  # noqa: S608 tables that migrations made
    for name, table in manifest.tables.items():
        with parts.open(f"tables/{name}") as part:
            copy_into_sqlite(connection.connection, name, table, part)


def fill_postgresql(manifest: Manifest, parts: zipfile.ZipFile) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(map(quote_name, archive_tables()))} RESTART IDENTITY")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for name, table in manifest.tables.items():
            with parts.open(f"tables/{name}") as part:
                copy_into_postgresql(cursor, name, table, part)
        # And from here on at once: a migration may change no table whose rows wait to be checked.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def check_constraints_at_end() -> None:
    """As in any other transaction of the archive, where rows may be deleted before those that point to them."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


# SQLite


def schema_of_sqlite() -> list[str]:
    """The statements that make the tables and indexes of the present database. FTS5 makes those behind its index itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")
        made_by_sqlite = ("sqlite_", f"{search.store().TABLE}_")
        return [statement for name, statement in cursor.fetchall() if not name.startswith(made_by_sqlite)]


@contextmanager
def nameless_database() -> Iterator[str]:
    """Work on an empty database in a file without a name, which nothing is left of. Gives the path of the usual one."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = "file:"
    connection.ensure_connection()
    try:
        yield str(usual)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual


def write_over(live: str) -> None:
    """Put the database that Django works on into the place of another, in one transaction that writes every page of it."""
    Path(live).parent.mkdir(parents=True, exist_ok=True)
    if not Path(live).exists():
        Path(live).touch(OWNER_ALONE)
    with closing(sqlite3.connect(live, timeout=LOCK_WAIT)) as target:
        target.execute("PRAGMA journal_mode=WAL")
        connection.connection.backup(target, progress=stop_where_locked)


def stop_where_locked(status: int, _pages_left: int, _pages: int) -> None:
    """Python would try for ever. SQLite itself has waited for as long as the connection says."""
    if status == sqlite3.SQLITE_BUSY:
        raise BackupError(f"Somebody has been writing to the database for {LOCK_WAIT} seconds. Nothing was changed.")


# PostgreSQL


def lock_tables() -> None:
    """Wait until nobody uses the tables, and let nobody begin."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{LOCK_WAIT}s"])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        if tables := archive_tables():
            cursor.execute(f"LOCK TABLE {', '.join(map(quote_name, tables))} IN ACCESS EXCLUSIVE MODE")


def drop_tables() -> None:
    with connection.cursor() as cursor:
        if tables := archive_tables():
            cursor.execute(f"DROP TABLE {', '.join(map(quote_name, tables))}")


def archive_tables() -> list[str]:
    """The tables that migrations made. Whatever else stands in the database stays."""
    owners = tuple(f"{label}_" for label in ["django", *(app.label for app in apps.get_app_configs())])
    return [name for name in connection.introspection.table_names() if name.startswith(owners)]
