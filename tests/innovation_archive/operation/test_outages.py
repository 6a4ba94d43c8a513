"""What a reader is told while the database is away, locked, full or read-only, and that what they typed is kept."""

import errno
import re
import sqlite3

import psycopg2
import pytest
from django.contrib.staticfiles import finders
from django.db import DatabaseError, InternalError, OperationalError, connection
from django.test import Client

from innovation_archive.models import Case
from innovation_archive.operation import outages
from innovation_archive.operation.outages import Outage, outage_behind
from tests.serving import typed_again

WORDS = 'They said "<b>wait</b>" & left.\nThen nobody came back.'


def sqlite_error(name):
    problem = sqlite3.OperationalError("the words of the database")
    problem.sqlite_errorname = name
    return problem


def postgresql_error(code, kind=psycopg2.OperationalError):
    problem = kind("the words of the database")
    problem.__setstate__({"pgcode": code})
    return problem


def raised_from(cause, kind=OperationalError):
    """A database's error as Django raises it."""
    problem = kind("the words of the database")
    problem.__cause__ = cause
    return problem


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (raised_from(sqlite_error("SQLITE_BUSY")), Outage.AWAY),
        (raised_from(sqlite_error("SQLITE_BUSY_SNAPSHOT")), Outage.AWAY),
        (raised_from(sqlite_error("SQLITE_CANTOPEN")), Outage.AWAY),
        (raised_from(sqlite_error("SQLITE_FULL")), Outage.FULL),
        (raised_from(sqlite_error("SQLITE_READONLY_DIRECTORY")), Outage.READ_ONLY),
        (raised_from(sqlite_error("SQLITE_CONSTRAINT_UNIQUE")), None),
        (raised_from(psycopg2.OperationalError("connection refused")), Outage.AWAY),
        (raised_from(psycopg2.InterfaceError("connection already closed")), Outage.AWAY),
        (raised_from(postgresql_error("57P01")), Outage.AWAY),
        (raised_from(postgresql_error("55P03")), Outage.AWAY),
        (raised_from(postgresql_error("53300")), Outage.AWAY),
        (raised_from(postgresql_error("53100")), Outage.FULL),
        (raised_from(postgresql_error("25006", psycopg2.InternalError), InternalError), Outage.READ_ONLY),
        (raised_from(postgresql_error("23505", psycopg2.IntegrityError)), None),
        (OSError(errno.ENOSPC, "no room"), Outage.FULL),
        (OSError(errno.EPIPE, "hung up"), None),
        (raised_from(OSError(errno.EDQUOT, "no room"), ValueError), Outage.FULL),
        (DatabaseError("a save that changed no row"), None),
        (ValueError("a fault"), None),
        (None, None),
    ],
)
def test_outage_is_told_from_a_fault_by_the_codes_of_its_error(error, outage):
    assert outage_behind(error) is outage


@pytest.fixture
def away(client, monkeypatch):
    """A client of an archive whose database answers with this error."""

    def fail_with(error):
        def fail(*args, **kwargs):
            raise error

        monkeypatch.setattr(client, "raise_request_exception", False)
        monkeypatch.setattr(connection, "cursor", fail)
        return client

    return fail_with


def test_reader_is_told_when_to_ask_again(away):
    response = away(raised_from(sqlite_error("SQLITE_BUSY"))).get("/stories/?q=van")
    assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (503, "5", "no-store")
    page = response.content.decode()
    assert "The archive cannot reach its database" in page
    assert '<a class="button" href="/stories/?q=van">Try again</a>' in page
    assert "<form" not in page


def test_full_disk_has_a_status_and_a_sentence_of_its_own(away):
    response = away(raised_from(sqlite_error("SQLITE_FULL"))).post("/complaints/", {"words": "Short."})
    assert (response.status_code, response.has_header("Retry-After")) == (507, False)
    assert "The disk of the archive is full." in response.content.decode()


@pytest.mark.django_db
def test_what_was_typed_comes_back_to_be_sent_again(away, monkeypatch):
    typed = {"kind": "complaint", "words": WORDS, "name": 'Ann "O"', "csrfmiddlewaretoken": "as it was sent"}
    client = away(raised_from(sqlite_error("SQLITE_BUSY")))
    response = client.post("/complaints/?from=story", typed)
    page = response.content.decode()
    assert response.status_code == 503
    assert "Nothing was saved yet" in page and '<form method="post" action="/complaints/?from=story"' in page
    assert typed_again(page) == typed
    monkeypatch.undo()
    assert client.post("/complaints/", typed_again(page)).status_code == 200
    assert Case.objects.get().words == WORDS


def test_password_is_asked_for_again_and_never_sent_back(away):
    client = away(raised_from(sqlite_error("SQLITE_BUSY")))
    page = client.post("/admin/login/", {"username": "fay", "password": "tram-lantern-9"}).content.decode()
    assert typed_again(page) == {"username": "fay"}
    assert re.search(r'<input type="password"\s+name="password"', page)
    assert "tram-lantern-9" not in page


def test_token_of_the_form_is_the_one_that_was_sent_so_that_no_other_site_gets_a_good_one(away):
    stranger = Client(enforce_csrf_checks=True, raise_request_exception=False)
    away(raised_from(sqlite_error("SQLITE_BUSY")))
    response = stranger.post("/complaints/", {"kind": "complaint", "words": WORDS})
    assert response.status_code == 403
    assert "Send it again" not in response.content.decode()


def test_missing_table_is_an_outage_only_while_migrations_wait(monkeypatch):
    error = raised_from(sqlite_error("SQLITE_ERROR"))
    monkeypatch.setattr(outages, "waits_for_migrations", lambda: True)
    assert outage_behind(error) is Outage.UPGRADING
    monkeypatch.setattr(outages, "waits_for_migrations", lambda: False)
    assert outage_behind(error) is None


def test_page_has_the_styles_of_the_archive_and_no_script(away):
    page = away(raised_from(sqlite_error("SQLITE_BUSY"))).get("/").content.decode()
    assert all(finders.find(file) for file in re.findall(r'href="/static/([^"]+)"', page))
    assert not re.search(r"<style|style=|<script| on\w+=", page)
