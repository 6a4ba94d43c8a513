"""Nothing that is only read needs to write: a locked or full database, or a replica, still shows the archive."""

import datetime
import sqlite3
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import resolve
from django.utils import timezone

from innovation_archive.models import Download, Import
from innovation_archive.urls import urlpatterns
from tests.factories import a_ballot, a_user, a_workshop
from tests.innovation_archive.test_pages import QUERIES, fill
from workshops.models import FailedAttempt, Practice, Programme

FILES = [
    "/data/stories.csv",
    "/data/stories.json",
    "/data/archive.zip",
    "/data/archive.qdpx",
    "/stories/?format=csv",
    "/insights/finding/evidence.csv",
    "/sitemap-stories.xml",
    "/catalogue.js",
]
ON_A_PHONE = ["/join/ab2c3d/paper/", "/join/ab2c3d/all/", "/join/ab2c3d/practices/P-1/"]
WITH_A_SLIP = [
    f"/my-contribution/{page}/"
    for page in ("word", "change", "call-back", "correct", "copy", "receipt", "done", "tell-me")
]
PUBLIC = [
    *QUERIES,
    "/readyz",
    *FILES,
    "/my-contribution/mail/ended/",
    "/join/",
    "/join/ab2c3d/",
    *ON_A_PHONE,
    "/my-contribution/",
    *WITH_A_SLIP,
]


WRITES = {sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE}


@contextmanager
def read_only():
    """The test's database, refusing to be written to. PostgreSQL's refuses until the end of the test's transaction.

    Not by SQLite's query_only, which refuses temporary tables too: these take no lock, and lie elsewhere.
    """
    if connection.vendor == "postgresql":
        connection.check_constraints()  # those of the rows so far: it would lock them once the test is over
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        yield
        return

    def authorise(action, table, column, database, trigger):
        to_archive = action in WRITES and database == "main" and table != "sqlite_master"  # json_each registers there
        return sqlite3.SQLITE_DENY if to_archive else sqlite3.SQLITE_OK

    connection.connection.set_authorizer(authorise)
    try:
        yield
    finally:
        connection.connection.set_authorizer(None)


def test_read_only_database_refuses_a_write(db):
    with read_only(), pytest.raises(DatabaseError), transaction.atomic():
        Programme.objects.create(slug="new", title="New")


def test_every_public_address_is_walked():
    public = [url for url in urlpatterns if not str(url.pattern).startswith("admin/")]
    names = {url.name for url in public if getattr(url, "name", None)}
    assert {resolve(address.partition("?")[0]).url_name for address in PUBLIC} == names - {"purpose"}


def test_every_public_address_answers_from_a_database_that_takes_no_writes(db, client):
    fill(3)
    ballot = a_ballot([Practice.objects.get(ref="P-1")], join_code="ab2c3d")
    client.get("/join/ab2c3d/")
    with read_only():
        shown = {address: status_of(client, address) for address in PUBLIC if address not in ON_A_PHONE}
        with_a_slip = {address: shown.pop(address) for address in WITH_A_SLIP}
    assert {address: status for address, status in shown.items() if status != 200} == {}
    assert set(with_a_slip.values()) <= {302, 403, 405}  # there is nothing to read without the code of a slip
    assert ballot.papers.count() == 0


def status_of(client, address):
    response = client.get(address)
    if response.streaming:
        assert b"".join(response)
    return response.status_code


def test_ballot_paper_is_shown_from_a_database_that_takes_no_writes(db, client):
    fill(3)
    a_ballot([Practice.objects.get(ref="P-1")], join_code="ab2c3d")
    client.get("/join/ab2c3d/")
    assert client.post("/join/ab2c3d/", {}).status_code == 302
    with read_only():
        assert [client.get(address).status_code for address in ON_A_PHONE] == [200, 200, 200]


def test_wrong_code_is_refused_though_it_cannot_be_counted(db, client):
    with read_only():
        assert client.get("/join/234567/").status_code == 404
        assert client.post("/join/", {"code": "234567"}).status_code == 404
    assert FailedAttempt.objects.count() == 0


@pytest.mark.parametrize("role", ["facilitator", "editor", "analyst", "system leader", "administrator"])
def test_desk_opens_on_a_database_that_takes_no_writes(role, db, client):
    fill(3)
    person = a_user(role)
    old = timezone.now() - datetime.timedelta(days=2)
    Import.objects.create(
        kind="stories",
        workshop=a_workshop(),
        user=person,
        file_name="old.csv",
        digest="",
        uploaded_at=old,
        content=b"a",
    )
    client.force_login(person)
    with read_only():
        assert client.get("/admin/").status_code == 200
        assert client.get("/data/").status_code == 200
        assert client.get("/stories/s1/").status_code == 200
    assert (Import.objects.count(), Download.objects.count()) == (1, 0)
