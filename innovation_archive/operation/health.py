"""Probes for load balancers and monitors: /healthz says that the process runs, /readyz whether it can serve."""

from functools import cache

from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponse
from django.urls import resolve
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from innovation_archive.operation.restoring import is_being_restored

PROBES = ("/healthz", "/readyz")


def answer_probes(get_response):
    """Middleware: answer the two probes under any host name or address, and also over HTTP.

    It comes before every middleware that checks the host, because probes call a machine by its address. ALLOWED_HOSTS
    applies to all other requests.
    """

    def middleware(request):
        if request.path_info in PROBES:
            return resolve(request.path_info).func(request)
        return get_response(request)

    return middleware


@require_safe
@never_cache
def healthz(request):
    """The process answers. This does not need the database."""
    return plain_response("ok")


@require_safe
@never_cache
def readyz(request):
    """The archive can serve: the database answers, and no migration is missing in it."""
    if is_being_restored():
        return plain_response("The archive is being restored.", status=503)
    try:
        if waits_for_migrations():
            return plain_response("The database waits for migrations.", status=503)
    except Error:
        return plain_response("The database does not answer.", status=503)
    return plain_response("ok")


def waits_for_migrations():
    return bool(migrations_of_the_code() - MigrationRecorder(connection).applied_migrations().keys())


@cache
def migrations_of_the_code():
    """All migrations of the code, read once. Those of the database are read each time: it may have been restored."""
    return frozenset(MigrationLoader(None).graph.nodes)


def plain_response(text, status=200):
    return HttpResponse(text, content_type="text/plain", status=status)
