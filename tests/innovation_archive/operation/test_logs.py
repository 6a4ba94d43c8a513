"""A record as a line of JSON, and what it leaves out."""

import json
import logging
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, transaction
from django.http import HttpRequest

from innovation_archive.operation.logs import JsonLines
from tests.factories import a_programme

CREATED = 1600869900.5  # 23 September 2020, 14:05:00.5 UTC


def line(message="Done", *args, name="innovation_archive.exports", level="INFO", error=None, **extra):
    exc_info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord(name, logging.getLevelName(level), "", 0, message, args, exc_info)
    record.created = CREATED
    vars(record).update(extra)
    text = JsonLines().format(record)
    assert "\n" not in text
    return json.loads(text)


def raised(run):
    try:
        run()
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


def test_record_says_when_how_grave_and_from_where():
    assert line("It is late", level="WARNING") == {
        "time": "2020-09-23T14:05:00.500Z",
        "level": "WARNING",
        "logger": "innovation_archive.exports",
        "request": "",
        "message": "It is late",
    }


@pytest.mark.parametrize(
    ("template", "args", "message"),
    [
        ("%s: %s", ("Not Found", "/join/Canary/"), "…: …"),
        (
            "(%.3f) %s; args=%s; alias=%s",
            (0.25, "SELECT 'Canary'", ("Canary",), "default"),
            "(0.250) …; args=…; alias=…",
        ),
        ("%s; (params %r)", ("CREATE TABLE", ["Canary"]), "…; (params …)"),
        ("Booting worker with pid: %s", (123,), "Booting worker with pid: 123"),
        ("%(name)s wrote %(count)d rows", ({"name": "Canary", "count": 3},), "… wrote 3 rows"),
        ("%d rows", ("Canary",), "%d rows"),
        ("100 %", ("Canary",), "100 %"),
    ],
)
def test_message_keeps_its_wording_and_numbers_and_no_texts(template, args, message):
    assert line(template, *args, name="django.db.backends")["message"] == message


@pytest.mark.parametrize(
    ("logger", "said", "message"),
    [
        ("gunicorn.error", "Invalid request from ip=192.0.2.1: Canary", "Invalid request from ip"),
        ("django.security.csrf", "Referer “https://Canary”", "Referer "),
        ("gunicorn.error", "Error handling request (no URI read)", "Error handling request (no URI read)"),
        ("insights.reminders", "Sent: all", "Sent: all"),
    ],
)
def test_sentence_that_another_program_put_together_is_cut_before_its_values(logger, said, message):
    assert line(said, name=logger)["message"] == message


@pytest.mark.parametrize("template", ["{}", "It failed: {}"])
def test_message_made_of_an_error_is_its_type(template):
    error = raised(lambda: int("Canary"))
    described = line(template.format(error), error=error)
    assert described["message"] == "ValueError"
    assert "Canary" not in json.dumps(described)


def test_message_of_an_error_without_words_stays():
    assert line("It failed", error=KeyError())["message"] == "It failed"


def test_error_is_told_by_type_and_place_without_words_or_values():
    def inner(told):
        raise ValueError(f"{told} is not a number")

    error = raised(lambda: inner("Canary"))
    described = line("It failed", error=error)
    [told] = described["errors"]
    assert told["type"] == "builtins.ValueError"
    assert [place.rpartition(" ")[2] for place in told["trace"]] == ["raised", "<lambda>", "inner"]
    assert told["trace"][-1].startswith(f"{__file__}:")
    assert "message" not in told
    assert "Canary" not in json.dumps(described)


def test_database_error_is_told_by_its_code_and_not_the_row(db):
    a_programme(slug="canary")

    def again():
        with transaction.atomic():
            a_programme(slug="canary")

    error = raised(again)
    assert isinstance(error, DatabaseError) and "slug" in str(error)
    described = line("It failed", error=error)
    driver, django = described["errors"]
    assert django["type"] == "django.db.utils.IntegrityError"
    assert driver["code"] in {"23505", "SQLITE_CONSTRAINT_UNIQUE"}
    assert "canary" not in json.dumps(described)


def test_warning_of_python_is_told_by_its_place_and_kind():
    said = "/code/views.py:12: RuntimeWarning: Canary is naive\n  save(canary)\n"
    assert line(said, name="py.warnings")["message"] == "/code/views.py:12: RuntimeWarning"


def test_answer_of_django_is_told_by_its_status():
    told = line("%s: %s", "Internal Server Error", "/join/canary/", name="django.request", status_code=500)
    assert (told["message"], told["status"]) == ("Internal Server Error", 500)


def test_error_of_the_system_is_told_by_its_number():
    assert line(error=raised(lambda: Path("/Canary").stat()))["errors"][0]["code"] == 2


def test_error_that_quotes_code_alone_keeps_its_message():
    def misconfigure():
        raise ImproperlyConfigured("SECRET_KEY is not set.")

    def misname():
        import no_such_module  # noqa: F401

    assert line(error=raised(misconfigure))["errors"][0]["message"] == "SECRET_KEY is not set."
    assert line(error=raised(misname))["errors"][0]["message"] == "No module named 'no_such_module'"


def test_error_that_called_itself_a_thousand_times_is_told_by_its_last_calls():
    def again():
        again()

    assert len(line(error=raised(again))["errors"][0]["trace"]) == 50


def test_error_that_came_from_itself_is_told_once():
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first
    assert [each["type"] for each in line(error=first)["errors"]] == ["builtins.KeyError", "builtins.ValueError"]


def test_request_is_told_by_method_and_path_and_nothing_else():
    request = HttpRequest()
    request.method, request.path_info = "CANARY", "/stories/"
    request.GET = {"q": "Canary"}
    request.META = {"REMOTE_ADDR": "192.0.2.1", "HTTP_USER_AGENT": "Canary"}
    described = line("Answered", request=request, status_code=200, duration=0.12345, user="Canary")
    assert {name: described[name] for name in list(described)[5:]} == {
        "method": "…",
        "path": "/stories/",
        "status": 200,
        "duration": 0.1235,
    }


def test_record_that_cannot_be_written_says_so_and_shows_nothing():
    class Broken:
        def __str__(self):
            raise RuntimeError("Canary")

    assert line(Broken()) == {
        "level": "INFO",
        "logger": "innovation_archive.exports",
        "message": "A record could not be written: RuntimeError",
    }
