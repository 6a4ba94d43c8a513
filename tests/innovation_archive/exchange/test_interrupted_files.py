"""A file that breaks off, between a real server and a real socket: whoever reads knows, and nobody else waits."""

import http.client
import socket
import time

import pytest
from django.conf import settings
from django.db import connection

from tests import factories as make
from tests.serving import get, serving
from workshops.choices import Consent
from workshops.models import Participant, Vote

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def port(tmp_path):
    with serving("tests.innovation_archive.exchange.failing_wsgi", tmp_path, "--log-level=critical") as port:
        yield port


def copies():
    """How many COPYs PostgreSQL is at."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'COPY%'")
        return cursor.fetchone()[0]


def test_reader_who_hangs_up_frees_the_worker_and_the_database(port, client):
    workshop = make.a_workshop()
    practices = [make.a_practice() for _ in range(20)]
    people = Participant.objects.bulk_create(
        Participant(code=f"c{n}", role="resident " * 10, consent=Consent.TEAM) for n in range(4000)
    )
    Vote.objects.bulk_create(
        Vote(practice=practice, participant=person, workshop=workshop, choice="keep")
        for practice in practices
        for person in people
    )
    client.force_login(make.a_user("analyst"))
    reader = socket.create_connection(("127.0.0.1", port), timeout=20)
    session, token = client.cookies[settings.SESSION_COOKIE_NAME].value, "t" * 32
    cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={token}"
    form = f"purpose=A+test&csrfmiddlewaretoken={token}"
    asked = (
        f"POST /data/votes.csv HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n\r\n{form}"
    )
    reader.sendall(asked.encode())
    begun = b""
    while b"keep" not in begun:
        begun += reader.recv(4096)
    assert begun.startswith(b"HTTP/1.1 200 OK")
    if connection.vendor == "postgresql":
        assert copies() == 1
    reader.close()
    hung_up = time.monotonic()
    assert get(port, "/healthz")[0] == 200
    while connection.vendor == "postgresql" and copies():
        assert time.monotonic() - hung_up < 2
    assert time.monotonic() - hung_up < 2


def test_file_that_fails_midway_does_not_end_like_one_that_is_whole(port):
    with pytest.raises(http.client.IncompleteRead) as broken:
        get(port, "/data/themes.csv")
    assert broken.value.partial.startswith(b"slug,name,aliases\nculture,Culture,\n")
    status, whole = get(port, "/data/service_areas.csv")
    assert (status, whole) == (200, b"slug,name,aliases\n")
