"""An id for each request, and a line in the log once it has been answered."""

import logging
import re
import secrets
import time
from contextvars import ContextVar

from django.conf import settings
from django.urls import Resolver404, resolve

from innovation_archive.operation.health import PROBES

logger = logging.getLogger(__name__)

request_id = ContextVar("request_id", default="")
"""The id of the current request; empty outside a request, as in a command."""

WELL_FORMED = re.compile(r"[A-Za-z0-9-]{1,64}")

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
SHOWN = {"slug", "ref", "version", "dataset", "format", "section"}
"""Parameters of addresses that name something public. All others, such as join codes, are left out of the log."""
NUMBERS = {"object_id", "pk"}
NAME = re.compile(r"[\w.-]{1,200}", re.ASCII)


class RequestLog:
    """Middleware: gives the request its id, sends it back as X-Request-ID, and logs the request when it is over.

    It is over when the last piece has been sent or the reader has hung up, so a download's duration is the whole of it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        started = time.monotonic()
        request_id.set(id_of(request))
        response = self.get_response(request)
        response["X-Request-ID"] = request_id.get()
        if response.streaming and not getattr(response, "file_to_stream", None):
            response.streaming_content = reported(response.streaming_content)
        response._resource_closers.append(lambda: end(request, response.status_code, time.monotonic() - started))
        return response


def id_of(request):
    """The id that our proxy gave this request, or a new one. An id that a visitor sends is ignored."""
    given = request.headers.get("X-Request-ID", "") if settings.BEHIND_PROXY else ""
    return given if WELL_FORMED.fullmatch(given) else secrets.token_hex(8)


def reported(pieces):
    """Yield the same pieces. If one fails, log it here, where the id of the request is still known."""
    try:
        yield from pieces
    except Exception:
        logger.exception("The response broke off while it was sent.")
        raise


def end(request, status, duration):
    level = logging.INFO
    if request.path_info in PROBES:
        level = logging.DEBUG if status == 200 else logging.WARNING
    logger.log(level, "Answered", extra={"request": request, "status_code": status, "duration": duration})
    request_id.set("")


def path_of(request, status):
    """The path of a request as the log may show it: its route, with those parameters filled in that are public.

    If something was not found or not allowed, its name may be that of a draft or anything that somebody typed. The
    route alone is shown then.
    """
    if status in {200, 206, 304} and request.path_info.startswith(settings.STATIC_URL):
        return request.path_info
    try:
        match = request.resolver_match or resolve(request.path_info)
    except Resolver404:
        return "(unknown)"

    def fill(parameter):
        name, value = parameter[1], str(match.kwargs.get(parameter[1], ""))
        known = (name in SHOWN and NAME.fullmatch(value)) or (name in NUMBERS and value.isdecimal())
        return value if known and not 400 <= status < 500 else f"<{name}>"

    return "/" + PARAMETER.sub(fill, match.route)
