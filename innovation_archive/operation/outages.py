"""The page for when the archive cannot answer or save: its database is away, locked, full, takes no writes or is being restored.

It works without database, session and static files' manifest. What a form sent is on the page, to be sent again.
"""

import errno
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any, NamedTuple

from django.db import Error
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from innovation_archive.operation.health import waits_for_migrations
from innovation_archive.operation.logs import chain_of, code_of
from innovation_archive.operation.restoring import is_being_restored

LOCK_WAIT = 20
"""Seconds that a transaction waits for a lock, as in the settings of SQLite."""
LONGEST_LINE = 80
"""Longer texts of a form are shown on the page, where they can be read and copied; shorter ones go along unseen."""


class Outage(Enum):
    """Why the archive does not answer: the status, a sentence for the reader, and after how many seconds a visitor's program
    may ask again."""

    AWAY = (503, _("The archive cannot reach its database, or the database is busy with something long."), 5)
    FULL = (507, _("The disk of the archive is full. Whoever runs it must make room before anything can be saved."))
    UPGRADING = (503, _("The archive is being upgraded, and its database is not ready yet."), 5)
    READ_ONLY = (503, _("The archive can be read at the moment, but it cannot save anything."), 5)
    RESTORING = (503, _("The archive is being restored from a backup, and answers again in a few minutes."), 30)

    def __init__(self, status: int, sentence: str, retry_after: int = 0) -> None:
        self.status = status
        self.sentence = sentence
        self.retry_after = retry_after


# By the names of SQLite's result codes, without what they say in detail, and by SQLSTATEs or their classes.
CODES = {
    "SQLITE_BUSY": Outage.AWAY,
    "SQLITE_LOCKED": Outage.AWAY,
    "SQLITE_CANTOPEN": Outage.AWAY,
    "SQLITE_IOERR": Outage.AWAY,
    "SQLITE_PROTOCOL": Outage.AWAY,
    "SQLITE_FULL": Outage.FULL,
    "SQLITE_READONLY": Outage.READ_ONLY,
    "08": Outage.AWAY,  # the connection broke
    "40001": Outage.AWAY,  # two transactions were in each other's way
    "40P01": Outage.AWAY,
    "53": Outage.AWAY,  # connections or memory are used up
    "53100": Outage.FULL,
    "55P03": Outage.AWAY,  # a lock was not had in time
    "57": Outage.AWAY,  # it stops or starts, or a query took too long
    "58": Outage.AWAY,  # its disk fails
    "25006": Outage.READ_ONLY,
}
NO_SUCH_TABLE_OR_COLUMN = {"SQLITE_ERROR", "42P01", "42703"}
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def outage_behind(error: BaseException | None) -> Outage | None:
    """The outage that an error, or one that led to it, tells of; None if it is a fault of the program."""
    found = [outage for each in chain_of(error) if (outage := outage_of(each))]
    return found[0] if found else None


def outage_of(error: BaseException) -> Outage | None:
    code = code_of(error)
    if isinstance(error, OSError):
        return Outage.FULL if code in NO_ROOM else None
    if code in NO_SUCH_TABLE_OR_COLUMN:
        return Outage.UPGRADING if misses_migrations() else None
    if isinstance(code, str):
        return CODES.get(code) or CODES.get("_".join(code.split("_")[:2])) or CODES.get(code[:2])
    # psycopg2 gives no code where it got no answer at all; Django's own errors have none but repeat its.
    lost = type(error).__module__ == "psycopg2" and type(error).__name__ in {"OperationalError", "InterfaceError"}
    return Outage.AWAY if lost else None


def misses_migrations() -> bool:
    try:
        return waits_for_migrations()
    except Error:  # the transaction that failed is still open, or the database has gone meanwhile
        return False


def limit_lock_wait(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Let PostgreSQL wait as long for a lock as SQLite does, unless the role or the URL says otherwise.

    It is set here and not asked for on connecting, which PgBouncer refuses.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('lock_timeout', %s, false) WHERE current_setting('lock_timeout') = '0'",
                [f"{LOCK_WAIT}s"],
            )


class TypedField(NamedTuple):
    """A field of a form as it was sent."""

    name: str
    value: str

    @property
    def is_secret(self) -> bool:
        """Whether it is a password, which is typed anew and never sent back."""
        return "password" in self.name

    @property
    def is_long(self) -> bool:
        return len(self.value) > LONGEST_LINE or "\n" in self.value


def outage_page(request: HttpRequest, outage: Outage) -> HttpResponse:
    """The answer to a request that met this outage. `typed` on it is what its form sent."""
    page = {
        "outage": outage,
        "address": request.get_full_path(),
        "is_form": request.method == "POST",
        "typed": list(typed_fields(request)),
        "had_file": request.content_type == "multipart/form-data" and has_file(request),
    }
    # Without the request: the context that pages get with it asks the database.
    response = HttpResponse(render_to_string("503.html", page), status=outage.status)
    response["Cache-Control"] = "no-store"
    if outage.retry_after:
        response["Retry-After"] = str(outage.retry_after)
    return response


def typed_fields(request: HttpRequest) -> Iterator[TypedField]:
    """Every field as it was sent, the token against forgery too: it was not judged here, and is judged again."""
    if request.method != "POST":
        return
    try:
        fields = request.POST.lists()
    except (OSError, UnreadablePostError):
        return
    for name, values in fields:
        yield from (TypedField(name, value) for value in values)


def has_file(request: HttpRequest) -> bool:
    return any(upload.size for upload in request.FILES.values())


def answer_while_restored(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: say so while the archive is restored, instead of asking a database that is about to be another one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return outage_page(request, Outage.RESTORING) if is_being_restored() else get_response(request)

    return middleware
