"""A file that breaks off, between a real server and a real socket: whoever reads knows, and nobody else waits."""

import http.client
import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from tests import factories as make
from workshops.models import Participant, Vote

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db(transaction=True)


def database_url():
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


@pytest.fixture
def port(tmp_path):
    """Where gunicorn serves the test's own archive, with one worker that does one thing at a time."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    application = "tests.innovation_archive.exchange.failing_wsgi"
    environment = {
        "DJANGO_SETTINGS_MODULE": "innovation_archive.settings",
        "DATABASE_URL": database_url(),
        "DATA_DIR": str(tmp_path),
        "SECRET_KEY": settings.SECRET_KEY,
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "HTTPS": "0",
        "DEBUG": "0",
    }
    gunicorn = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", application, f"--bind=127.0.0.1:{port}", "--log-level=critical"],
        cwd=ROOT,
        env=os.environ | environment,
    )
    try:
        for _ in range(300):
            with suppress(OSError):
                status, _ = get(port, "/healthz")
                assert status == 200
                break
            time.sleep(0.1)
        yield port
    finally:
        gunicorn.terminate()
        gunicorn.wait()


def get(port, address):
    server = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    server.request("GET", address)
    response = server.getresponse()
    return response.status, response.read()


def copies():
    """How many COPYs PostgreSQL is at."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'COPY%'")
        return cursor.fetchone()[0]


def test_reader_who_hangs_up_frees_the_worker_and_the_database(port, client):
    workshop = make.a_workshop()
    practices = [make.a_practice() for _ in range(20)]
    people = Participant.objects.bulk_create(Participant(code=f"c{n}", role="resident " * 10) for n in range(4000))
    Vote.objects.bulk_create(
        Vote(practice=practice, participant=person, workshop=workshop, choice="keep")
        for practice in practices
        for person in people
    )
    client.force_login(make.a_user("analyst"))
    reader = socket.create_connection(("127.0.0.1", port), timeout=20)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    asked = f"GET /data/votes.csv?purpose=A+test HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n"
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
