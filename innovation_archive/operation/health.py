"""What a load balancer or a monitor asks: whether the process lives, and whether it can serve."""

from functools import cache

from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponse
from django.urls import resolve
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

PROBES = ("/healthz", "/readyz")


def answer_probes(get_response):
    """Middleware: answers the two probes by whatever name or number the server was called, over HTTP too.

    It stands before all that asks for the host, as a probe calls the machine by its address. Everywhere else
    ALLOWED_HOSTS holds.
    """

    def middleware(request):
        if request.path_info in PROBES:
            return resolve(request.path_info).func(request)
        return get_response(request)

    return middleware


@require_safe
@never_cache
def healthz(request):
    """The process answers; it asks nothing of the database."""
    return plain("ok")


@require_safe
@never_cache
def readyz(request):
    """The archive can serve: the database answers, and its tables are those of this code."""
    try:
        applied = MigrationRecorder(connection).applied_migrations()
    except Error:
        return plain("The database does not answer.", status=503)
    if migrations_of_the_code() - applied.keys():
        return plain("The database waits for migrations.", status=503)
    return plain("ok")


@cache
def migrations_of_the_code():
    """Read once, as they change only with the code. What the database has is asked each time: it may be restored."""
    return frozenset(MigrationLoader(None).graph.nodes)


def plain(text, status=200):
    return HttpResponse(text, content_type="text/plain", status=status)
