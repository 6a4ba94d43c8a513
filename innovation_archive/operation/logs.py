"""The log as JSON: one line a record, and in it nothing that people wrote.

What is logged comes from everywhere: Django, gunicorn, libraries, and errors whose text quotes what somebody typed. So
a record is not cleaned of what must not be there; it is made of what may be.
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
QUOTES_THE_CODE_ALONE = {
    ImproperlyConfigured,
    ImportError,
    ModuleNotFoundError,
    NameError,
    TemplateDoesNotExist,
    TemplateSyntaxError,
}
"""Errors whose message holds names from the code, and never a value."""
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
LAST_FRAMES = 50
LEFT_OUT = "…"


class JsonLines(logging.Formatter):
    """A record as one line of JSON: when, how grave, from where, in which request; what happened, and its error.

    A message keeps its wording and its numbers; texts that were put into it are left out. An error is its type, its
    code and where it happened, without the values that were there.
    """

    def format(self, record):
        try:
            fields = describe(record)
        except Exception as problem:  # a log that fails must neither take the request along nor print its arguments
            said = f"A record could not be written: {type(problem).__name__}"
            fields = {"level": record.levelname, "logger": record.name, "message": said}
        return json.dumps(fields)


def describe(record):
    """The fields of a record that are safe to keep, in the order of reading."""
    time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    fields = {"time": time.replace("+00:00", "Z"), "level": record.levelname, "logger": record.name}
    fields |= {"request": request_id.get(), "message": message_of(record)}
    status = getattr(record, "status_code", None)
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest):
        method = request.method if request.method in METHODS else LEFT_OUT  # a visitor may make one up
        fields |= {"method": method, "path": path_of(request, status or 500)}
    if isinstance(status, int):
        fields["status"] = status
    if isinstance(getattr(record, "duration", None), float):
        fields["duration"] = round(record.duration, 4)
    if record.exc_info and record.exc_info[1]:
        fields["errors"] = [describe_error(error) for error in chain_of(record.exc_info[1])]
    return fields


def message_of(record):
    """The wording of a message, with its numbers and without the texts that were put into it."""
    template = str(record.msg)
    error = record.exc_info[1] if record.exc_info else None
    if error and not record.args and str(error) and str(error) in template:
        return type(error).__name__
    if template == "%s: %s" and hasattr(record, "status_code"):  # Django's own line of a response, with the path
        return HTTPStatus(record.status_code).phrase
    if record.name == "py.warnings":
        return ":".join(record.getMessage().split(":")[:3])  # file, line and kind
    if record.args:
        return filled(template, record.args)
    if record.name.startswith(OUR_OWN):
        return template
    return re.split(r"[:=\"'“]", template, maxsplit=1)[0]  # what follows may be what another put in by itself


def filled(template, arguments):
    try:
        if isinstance(arguments, dict):
            return template % {name: shown(value) for name, value in arguments.items()}
        return template % tuple(shown(value) for value in arguments)
    except (TypeError, ValueError, KeyError):  # a text where a number belongs
        return template


def shown(value):
    return value if isinstance(value, int | float) else LeftOut()


class LeftOut:
    """Stands in a message where a text was, with or without quotes around it."""

    def __repr__(self):
        return LEFT_OUT


def chain_of(error):
    """An error, and before it those that it came from."""
    chain = []
    while error is not None and not any(error is each for each in chain):
        chain.insert(0, error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return chain


def describe_error(error):
    """What an error was and where, without its message unless that quotes nothing but code."""
    kind = type(error)
    described = {"type": f"{kind.__module__}.{kind.__qualname__}"}
    if code := code_of(error):
        described["code"] = code
    if kind in QUOTES_THE_CODE_ALONE:
        described["message"] = str(error)
    return described | {"trace": frames_of(error)}


def code_of(error):
    """What the database or the system calls this error: an SQLSTATE, SQLite's name, or an errno."""
    for name in ("pgcode", "sqlite_errorname"):
        if isinstance(code := getattr(error, name, None), str):
            return code
    return error.errno if isinstance(error, OSError) else None


def frames_of(error):
    """The last calls that led to an error, as “file:line function”."""
    frames, traceback = [], error.__traceback__
    while traceback is not None:
        code = traceback.tb_frame.f_code
        frames.append(f"{code.co_filename}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    return frames[-LAST_FRAMES:]


def take_in_others():
    """What gunicorn's workers and Python's warnings say takes this form too.

    Where gunicorn writes to stays as it was told, and so does what its first process says of its start and stop.
    """
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # it would print a record that could not be written, with its arguments
    for handler in logging.getLogger("gunicorn.error").handlers:
        handler.setFormatter(JsonLines())
