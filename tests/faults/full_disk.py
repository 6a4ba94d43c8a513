"""A small disk of its own with the test's database on it, to be filled up."""

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

from django.db import connection

from tests.faults.outages import other_database

SIZE = 64_000_000


def why_no_small_disk():
    """Why no disk can be mounted here; nothing if one can."""
    if os.geteuid() != 0 or not shutil.which("unshare"):
        return "only root can mount a small disk"
    attempt = ["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]
    failed = subprocess.run(attempt, check=False, capture_output=True).returncode
    return "this machine lets nobody mount a disk" if failed else ""


@contextmanager
def small_disk():
    """Its folder, which the account of PostgreSQL may enter too."""
    with tempfile.TemporaryDirectory(prefix="archive-disk-", dir="/tmp") as folder:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=755", "none", folder], check=True)
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def database_on(disk):
    """Let this process work on a copy of the test's database that is on this disk."""
    name = connection.settings_dict["NAME"]
    connection.close()
    try:
        if connection.vendor == "sqlite":
            connection.settings_dict["NAME"] = shutil.copy(name, disk / "archive.sqlite3")
            yield
        else:
            with in_tablespace(name, disk) as connection.settings_dict["NAME"]:
                yield
                connection.close()
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name


@contextmanager
def in_tablespace(database, disk):
    """The name of a copy of this PostgreSQL database whose tables are on this disk."""
    folder, copy = disk / "tables", f"full_{os.getpid()}"
    folder.mkdir()
    with other_database() as cursor:
        cursor.execute("SHOW data_directory")
        owner = Path(*cursor.fetchone()).stat()
        os.chown(folder, owner.st_uid, owner.st_gid)
        cursor.execute(f"CREATE TABLESPACE {copy} LOCATION '{folder}'")
        cursor.execute(f'CREATE DATABASE {copy} TEMPLATE "{database}" TABLESPACE {copy}')
        try:
            yield copy
        finally:
            cursor.execute(f"DROP DATABASE {copy} WITH (FORCE)")
            cursor.execute(f"DROP TABLESPACE {copy}")


def fill(disk):
    """Leave no byte free. Returns the file that takes them."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    return filler
