"""Keeps a release: what its migrations say, and a database with the sample in it.

    python -m tests.migrations.snapshot 1.1

Run it once, on the code that is released. It writes `tests/migrations/releases/1.1/`, from where the tests upgrade to
all that comes later. What it needs of the living code it uses on that day alone.
"""

import json
import os
import subprocess
import sys

import django

from tests.postgresql import postgresql

# Who signs in does so anew after an upgrade; a database has its own list of migrations; taggit's tables we do not use.
LEFT_OUT = {"django_migrations", "django_session", "innovation_archive_signin", "taggit_tag", "taggit_taggeditem"}


def keep(version):
    with postgresql() as url:
        start_django(url)
        from tests.migrations import releases, sample

        folder = releases.FOLDER / version
        if folder.exists():
            sys.exit(f"{folder} is there already. A release stays as it was kept.")
        sample.install()
        tables = {table: releases.rows_of(table) for table in tables_to_keep()}
        if empty := [table for table, content in tables.items() if not content["rows"]]:
            sys.exit(f"Nothing is in {', '.join(empty)}. Add a row in tests/migrations/sample.py.")
        snapshot = releases.Snapshot(tables, {"postgresql": releases.rows_of(releases.INDEX)}, sample.public_files())
    folder.mkdir(parents=True)
    (folder / "migrations.json").write_text(json.dumps(releases.hashes(), indent=2) + "\n")
    snapshot.write(version)
    snapshot.index["sqlite"] = index_on_sqlite(version)
    snapshot.write(version)


def start_django(url):
    os.environ |= {"DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_DATABASE_URL": url}
    django.setup()


def tables_to_keep():
    from django.db import connection

    from tests.migrations.releases import INDEX

    tables = set(connection.introspection.table_names()) - LEFT_OUT
    return sorted(table for table in tables if not table.startswith(INDEX))


def index_on_sqlite(version):
    """The index of words as SQLite has it, made of the same rows by a process of its own."""
    command = [sys.executable, "-m", "tests.migrations.snapshot", version, "--index"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def print_index(version):
    start_django("")
    from django.core.management import call_command

    from tests.migrations import releases
    from workshops import search

    call_command("migrate", verbosity=0)
    releases.fill(releases.Snapshot.read(version).tables)
    search.rebuild()
    json.dump(releases.rows_of(releases.INDEX, ["rowid", "title", "body", "tags", "spellings"]), sys.stdout)


if __name__ == "__main__":
    match sys.argv[1:]:
        case [version]:
            keep(version)
        case [version, "--index"]:
            print_index(version)
        case _:
            sys.exit(__doc__)
