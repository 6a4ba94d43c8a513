"""Takes the test's own database away from a server that runs on it, and gives it back."""

import sqlite3
from contextlib import contextmanager

import psycopg2
from django.db import connection

from tests.serving import database_url

ONE_SECOND = {"sqlite": "?timeout=1", "postgresql": "?options=-c%20lock_timeout%3D1s"}


def impatient():
    """The environment of a server that waits for a lock for a second alone."""
    return {
        "DATABASE_URL": database_url() + ONE_SECOND[connection.vendor],
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
    }


@contextmanager
def locked(*tables):
    """Hold the write lock of SQLite, or these tables of PostgreSQL, against everybody."""
    if connection.vendor == "sqlite":
        other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
    else:
        other = psycopg2.connect(database_url())
        other.cursor().execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")
    try:
        yield
    finally:
        other.rollback() if connection.vendor == "postgresql" else other.execute("ROLLBACK")
        other.close()
