"""The log as JSON: one line a record, without anything that people wrote.

Records come from everywhere: Django, gunicorn, libraries; and the text of an error may quote what somebody typed. So
a line is not a record with the private parts removed; it is put together from parts that are known to be safe.
"""

import json
import logging
import re
from datetime import UTC, datetime
from http import HTTPStatus

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.template import TemplateDoesNotExist, TemplateSyntaxError

from innovation_archive.operation.request_log import path_of, request_id

OUR_OWN = ("innovation_archive.", "insights.", "workshops.")
SAFE_ERRORS = {
    ImproperlyConfigured,
    ImportError,
    ModuleNotFoundError,
    NameError,
    TemplateDoesNotExist,
    TemplateSyntaxError,
}
"""Errors whose message has only names from the code, and never a value."""
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
MAX_FRAMES = 50
OMITTED = "…"


class JsonLines(logging.Formatter):
    """A record as one line of JSON: time, level, logger, request, message and error.

    A message keeps its wording and its numbers; texts that were inserted are left out. An error is its type, its code
    and its traceback, without any values.
    """

    def format(self, record):
        try:
            fields = safe_fields(record)
        except Exception as problem:  # a failure here must neither break the request nor print the record's arguments
            said = f"A record could not be written: {type(problem).__name__}"
            fields = {"level": record.levelname, "logger": record.name, "message": said}
        return json.dumps(fields)


def safe_fields(record):
    """The fields of a record that are safe to keep, in the order in which people read them."""
    time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    fields = {"time": time.replace("+00:00", "Z"), "level": record.levelname, "logger": record.name}
    fields |= {"request": request_id.get(), "message": message_of(record)}
    status = getattr(record, "status_code", None)
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest):
        method = request.method if request.method in METHODS else OMITTED  # a visitor may make one up
        fields |= {"method": method, "path": path_of(request, status or 500)}
    if isinstance(status, int):
        fields["status"] = status
    if isinstance(getattr(record, "duration", None), float):
        fields["duration"] = round(record.duration, 4)
    if record.exc_info and record.exc_info[1]:
        fields["errors"] = [describe_error(error) for error in chain_of(record.exc_info[1])]
    return fields


def message_of(record):
    """The wording of a message with its numbers, but without the texts that were inserted."""
    template = str(record.msg)
    error = record.exc_info[1] if record.exc_info else None
    if error and not record.args and str(error) and str(error) in template:
        return type(error).__name__
    if template == "%s: %s" and hasattr(record, "status_code"):  # Django's line about a response, which has its path
        return HTTPStatus(record.status_code).phrase
    if record.name == "py.warnings":
        return ":".join(record.getMessage().split(":")[:3])  # file, line and kind
    if record.args:
        return filled(template, record.args)
    if record.name.startswith(OUR_OWN):
        return template
    return re.split(r"[:=\"'“]", template, maxsplit=1)[
        0
    ]  # what follows may be a value that a library formatted into it


def filled(template, arguments):
    try:
        if isinstance(arguments, dict):
            return template % {name: shown(value) for name, value in arguments.items()}
        return template % tuple(shown(value) for value in arguments)
    except (TypeError, ValueError, KeyError):  # the format wants a number where a text was given
        return template


def shown(value):
    return value if isinstance(value, int | float) else LeftOut()


class LeftOut:
    """Stands for a text that is left out of a message, with %s as with %r."""

    def __repr__(self):
        return OMITTED


def chain_of(error):
    """An error, with the errors that caused it before it."""
    chain = []
    while error is not None and not any(error is each for each in chain):
        chain.insert(0, error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return chain


def describe_error(error):
    """The type of an error and where it happened; its message only if that is safe."""
    kind = type(error)
    described = {"type": f"{kind.__module__}.{kind.__qualname__}"}
    if code := code_of(error):
        described["code"] = code
    if kind in SAFE_ERRORS:
        described["message"] = str(error)
    return described | {"trace": frames_of(error)}


def code_of(error):
    """The code of an error from the database or the system: an SQLSTATE, SQLite's name, or an errno."""
    for name in ("pgcode", "sqlite_errorname"):
        if isinstance(code := getattr(error, name, None), str):
            return code
    return error.errno if isinstance(error, OSError) else None


def frames_of(error):
    """The last calls of an error's traceback, as “file:line function”."""
    frames, traceback = [], error.__traceback__
    while traceback is not None:
        code = traceback.tb_frame.f_code
        frames.append(f"{code.co_filename}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    return frames[-MAX_FRAMES:]


def take_in_others():
    """Write the records of gunicorn's workers and Python's warnings in this form too.

    gunicorn still writes where it was told to, and its main process still writes of its start and stop in its own form.
    """
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # or a record that cannot be written would be printed with its arguments
    for handler in logging.getLogger("gunicorn.error").handlers:
        handler.setFormatter(JsonLines())
