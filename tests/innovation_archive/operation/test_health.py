"""/healthz and /readyz, as a load balancer asks them."""

import pytest
from django.db import InterfaceError, OperationalError, connection

from innovation_archive.operation import health

ADDRESSES = {"HTTP_HOST": "10.0.0.7:8000"}


def test_healthz_answers_without_a_database(client):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


def test_readyz_answers_once_the_tables_are_those_of_the_code(db, client):
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.parametrize("app", ["workshops", "sessions"])
def test_readyz_says_that_migrations_wait(app, db, client):
    assert client.get("/readyz").status_code == 200
    with connection.cursor() as cursor:  # as a restored backup of an older version would
        cursor.execute("DELETE FROM django_migrations WHERE app = %s", [app])
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"The database waits for migrations.")


def test_readyz_says_that_migrations_wait_where_there_is_no_table_yet(db, client, monkeypatch):
    monkeypatch.setattr(connection.introspection, "table_names", lambda cursor: [])
    assert client.get("/readyz").content == b"The database waits for migrations."


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_readyz_says_that_the_database_does_not_answer(error, db, client, monkeypatch):
    def fail(*args):
        raise error("no connection")

    monkeypatch.setattr(health.MigrationRecorder, "applied_migrations", fail)
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"The database does not answer.")


def test_readyz_asks_little(db, client, django_assert_max_num_queries):
    client.get("/readyz")
    with django_assert_max_num_queries(2):
        client.get("/readyz")


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
@pytest.mark.parametrize("host", ["10.0.0.7:8000", "[fe80::1]", "no such host"])
def test_probe_is_answered_by_any_name_of_the_server_and_over_http(address, host, db, client, settings):
    settings.ALLOWED_HOSTS = ["archive.example.org"]
    settings.SECURE_SSL_REDIRECT = True
    for method in (client.get, client.head):
        response = method(address, HTTP_HOST=host)
        assert (response.status_code, response["Content-Type"]) == (200, "text/plain")
        assert "no-store" in response["Cache-Control"]
    assert client.post(address, HTTP_HOST=host).status_code == 405


@pytest.mark.parametrize("address", ["/", "/healthz/", "/readyz/x", "/robots.txt", "/admin/login/"])
def test_everything_else_is_answered_by_the_names_of_the_archive_alone(address, db, client, settings):
    settings.ALLOWED_HOSTS = ["archive.example.org"]
    assert client.get(address, **ADDRESSES).status_code == 400
