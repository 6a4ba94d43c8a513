"""An id for each request, and a line in the log once it was answered."""

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
"""The id of the request that is being answered; empty outside of one, as in a command."""

WELL_FORMED = re.compile(r"[A-Za-z0-9-]{1,64}")

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
SHOWN = {"slug", "ref", "version", "dataset", "format", "section"}
"""Parts of an address that name something public. All others, such as join codes, stay out of the log."""
NUMBERS = {"object_id", "pk"}
NAME = re.compile(r"[\w.-]{1,200}", re.ASCII)


class RequestLog:
    """Middleware: gives the request its id, sends it back as X-Request-ID, and logs the request when it is over.

    Over is when the last piece was sent or the reader hung up, so the duration of a download is that of its sending.
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
    """The id that the proxy gave this request, or a new one: a visitor's own word is not taken."""
    given = request.headers.get("X-Request-ID", "") if settings.BEHIND_PROXY else ""
    return given if WELL_FORMED.fullmatch(given) else secrets.token_hex(8)


def reported(pieces):
    """The same pieces. If one fails, the log says so while it still knows of which request."""
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
    """The path of a request as the log may show it: that of its route, filled in where it names something public.

    What was not found or not allowed may be anything somebody typed, or the name of a draft: there the route must do.
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
