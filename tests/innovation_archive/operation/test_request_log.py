"""A request's id, and its line in the log."""

import logging
import re

import pytest
from django.core.management import call_command
from django.core.signals import request_finished
from django.db import close_old_connections
from django.test import Client

from innovation_archive.operation.request_log import path_of, request_id
from tests.factories import a_ballot, a_story, a_user
from tests.innovation_archive.operation.reading import log_lines


def answered(client, address, **headers):
    """The one line of this request."""
    with log_lines() as lines:
        response = client.get(address, headers=headers)
        b"".join(response) if response.streaming else response.content
    [line] = [line for line in lines if line["message"] == "Answered"]
    assert line["request"] == response["X-Request-ID"]
    return line


def test_request_has_a_line_with_its_status_and_duration(db, client):
    line = answered(client, "/stories/?q=canary")
    assert {name: line[name] for name in ("level", "logger", "method", "path", "status")} == {
        "level": "INFO",
        "logger": "innovation_archive.operation.request_log",
        "method": "GET",
        "path": "/stories/",
        "status": 200,
    }
    assert 0 < line["duration"] < 60
    assert "canary" not in str(line)


@pytest.mark.parametrize(
    ("address", "path", "status"),
    [
        ("/", "/", 200),
        ("/stories/S-1/", "/stories/S-1/", 200),
        ("/data/stories.csv", "/data/stories.csv", 200),
        ("/stories/Canary/", "/stories/<ref>/", 404),
        ("/join/ab2c3d/", "/join/<code>/", 200),
        ("/join/AB2C3D/", "/join/<code>/", 302),
        ("/join/ab2c3d/paper/", "/join/<code>/paper/", 302),
        ("/join/ab2c3d", "(unknown)", 301),
        ("/join/234567/", "/join/<code>/", 404),
        ("/Canary%0a%7b%7d", "(unknown)", 404),
        ("/admin/Canary/", "/admin/(?P<url>.*)$", 302),
        ("/static/archive.css", "(unknown)", 404),
    ],
)
def test_path_in_the_log_names_what_is_public_and_no_code(address, path, status, db, client):
    a_story(ref="S-1")
    a_ballot(join_code="ab2c3d")
    line = answered(client, address)
    assert (line["path"], line["status"]) == (path, status)


@pytest.mark.parametrize(
    ("status", "path"),
    [(200, "/static/archive.css"), (304, "/static/archive.css"), (301, "(unknown)"), (404, "(unknown)")],
)
def test_path_of_a_static_file_is_told_where_there_is_one(status, path, rf):
    assert path_of(rf.get("/static/archive.css"), status) == path


def test_page_of_the_desk_is_told_by_its_number(db, client):
    client.force_login(a_user("editor"))
    story = a_story()
    assert answered(client, f"/admin/workshops/story/{story.pk}/change/")["path"] == (
        f"/admin/workshops/story/{story.pk}/change/"
    )
    assert answered(client, "/admin/workshops/story/Canary/change/")["path"] == (
        "/admin/workshops/story/<object_id>/change/"
    )


def test_probe_is_told_only_where_it_says_no(db, client, monkeypatch):
    with log_lines() as lines:
        client.get("/healthz")
        client.get("/readyz")
    assert lines == []
    monkeypatch.setattr("innovation_archive.operation.health.migrations_of_the_code", lambda: {("workshops", "9999")})
    line = answered(client, "/readyz")
    assert (line["level"], line["path"], line["status"]) == ("WARNING", "/readyz", 503)
    with log_lines(logging.DEBUG) as lines:
        client.get("/healthz")
    assert [(line["level"], line["path"]) for line in lines] == [("DEBUG", "/healthz")]


def test_id_is_new_for_each_request_and_bears_no_word_of_the_visitor(client):
    ids = [client.get("/healthz", headers={"X-Request-ID": "canary"})["X-Request-ID"] for _ in range(2)]
    assert len(set(ids)) == 2
    assert all(re.fullmatch("[0-9a-f]{16}", each) for each in ids)


def test_wrong_host_is_told_without_its_name(db, client):
    with log_lines() as lines:
        assert client.get("/stories/", HTTP_HOST="canary.example.org").status_code == 400
    refused, answer = lines
    assert (refused["logger"], refused["message"]) == ("django.security.DisallowedHost", "DisallowedHost")
    assert (answer["path"], answer["status"]) == ("/stories/", 400)
    assert "canary" not in str(lines)


@pytest.mark.parametrize(("given", "is_taken"), [
    ("7f3a-B2", True),
    ("x" * 64, True),
    ("x" * 65, False),
    ("", False),
    ("two words", False),
    ("line\nbreak", False),
    ("id\n", False),
    ("<b>", False),
    ("٣", False),
])  # fmt: skip
def test_id_of_the_proxy_is_taken_if_it_is_one(given, is_taken, client, settings):
    settings.BEHIND_PROXY = True
    sent = client.get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"]
    assert (sent == given) is is_taken


def test_every_record_of_a_request_bears_its_id_and_none_outside_does(db, client, monkeypatch):
    logger = logging.getLogger("innovation_archive.sample")

    def tell(request):
        logger.info("Seen")
        return original(request)

    from innovation_archive.operation import health

    original = health.plain_response
    monkeypatch.setattr(health, "plain_response", tell)
    with log_lines() as lines:
        first = client.get("/healthz")["X-Request-ID"]
        logger.info("Seen")
        second = Client().get("/healthz")["X-Request-ID"]
        call_command("check")
        logger.info("Seen")
    assert [line["request"] for line in lines] == [first, "", second, ""]
    assert request_id.get() == ""


def test_file_is_over_when_its_last_piece_was_sent(db, client):
    a_story(ref="S-1")
    with log_lines() as lines:
        response = client.get("/data/stories.csv")
        pieces = iter(response)
        next(pieces)
        assert (lines, request_id.get()) == ([], response["X-Request-ID"])
        list(pieces)
        response.close()
    assert [(line["path"], line["request"]) for line in lines] == [("/data/stories.csv", response["X-Request-ID"])]


@pytest.fixture
def kept_connection():
    """The database connection of the test, which the end of a request would close."""
    request_finished.disconnect(close_old_connections)
    yield
    request_finished.connect(close_old_connections)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_file_that_nobody_reads_on_is_told_too(method, db, client, kept_connection):
    with log_lines() as lines:
        client.generic(method, "/data/stories.csv").close()
    assert [line["method"] for line in lines] == [method]
