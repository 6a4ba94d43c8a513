"""Deleted words leave SQLite's files, also where somebody reads and where the site was killed."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from tests.factories import a_story
from workshops.consent import free_pages, ledger
from workshops.consent.withdrawal import withdraw_stories
from workshops.models import Story

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no such log"),
]


def log_file():
    return Path(f"{connection.settings_dict['NAME']}-wal")


def test_withdrawal_does_not_wait_for_somebody_who_reads_for_long():
    story = a_story()
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM workshops_story").fetchall()
        Story.objects.update(title="Newer than what is read")
        begun = time.monotonic()
        withdraw_stories([story])
        assert time.monotonic() - begun < 10  # one attempt with the patience of writers would take twice as long
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        assert cursor.fetchone() == (20_000,)


def test_start_of_the_site_empties_the_log_that_a_killed_withdrawal_left(monkeypatch, settings, tmp_path):
    settings.LEDGER = tmp_path / "forgotten.ledger"
    story = a_story(published_text="Canarypassage")
    with monkeypatch.context() as killed:
        killed.setattr(free_pages, "empty_log", lambda: None)
        withdraw_stories([story])
    assert b"Canarypassage" in log_file().read_bytes()
    ledger.reconcile_at_start()
    assert log_file().read_bytes() == b""
