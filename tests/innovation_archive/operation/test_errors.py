"""The page of an error that is ours."""

import re

import pytest
from django.contrib.staticfiles import finders

from innovation_archive.operation.errors import PAGE
from tests.innovation_archive.operation.reading import log_lines


@pytest.fixture
def fault(client, monkeypatch):
    """The answer to a request that fails, with the log of it."""
    monkeypatch.setattr(client, "raise_request_exception", False)
    with log_lines() as lines:
        response = client.get("/stories/none/")  # without the mark of a database every query is refused
    return response, lines


def test_server_error_page_needs_neither_request_nor_database(fault):
    response, _ = fault
    assert response.status_code == 500
    assert b"The fault is ours" in response.content


def test_server_error_page_bears_the_id_under_which_the_log_tells_of_it(fault):
    response, lines = fault
    number = response["X-Request-ID"]
    assert f"<code>{number}</code>" in response.content.decode()
    told = next(line for line in lines if line["logger"] == "django.request")
    assert (told["request"], told["level"], told["status"], told["path"]) == (number, "ERROR", 500, "/stories/none/")
    assert [error["type"] for error in told["errors"]] == ["builtins.RuntimeError"]
    assert response["Cache-Control"] == "no-store"


def test_server_error_page_renders_nothing(client, monkeypatch, settings):
    settings.TEMPLATES = []
    settings.STORAGES = {}
    monkeypatch.setattr(client, "raise_request_exception", False)
    monkeypatch.setattr("django.template.loader.render_to_string", None)
    monkeypatch.setattr("django.template.loader.get_template", None)
    assert b"The fault is ours" in client.get("/").content
    assert not re.search(r"{[{%]|<style|style=|<script| on\w+=", PAGE)


def test_server_error_page_looks_like_the_archive_where_its_styles_are():
    files = re.findall(r'href="/static/([^"]+)"', PAGE)
    assert files == ["favicon.svg", "archive.css"]
    assert all(finders.find(file) for file in files)
