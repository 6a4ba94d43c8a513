"""Takes the test's own database away from a server that runs on it, and gives it back."""

import sqlite3
from contextlib import closing, contextmanager
from urllib.parse import urlsplit

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
def away():
    """PostgreSQL ends every session on the database and begins no other."""
    name = connection.settings_dict["NAME"]
    with other_database() as cursor:
        cursor.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false')
        end_sessions(cursor, name)
        try:
            yield
        finally:
            cursor.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS true')


@contextmanager
def read_only(*tables):
    """Nothing can be written: SQLite is locked, PostgreSQL begins no transaction that writes."""
    if connection.vendor == "sqlite":
        with locked(*tables):
            yield
        return
    name = connection.settings_dict["NAME"]
    with other_database() as cursor:
        cursor.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        end_sessions(cursor, name)  # one that a server has kept could still write
        try:
            yield
        finally:
            cursor.execute(f'ALTER DATABASE "{name}" RESET default_transaction_read_only')


def end_sessions(cursor, name):
    cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])


@contextmanager
def other_database():
    """A cursor of the same PostgreSQL that is in another database than the tests', from which that can be altered."""
    connection.close()
    with closing(psycopg2.connect(urlsplit(database_url())._replace(path="/postgres").geturl())) as other:
        other.autocommit = True
        with other.cursor() as cursor:
            yield cursor


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
