"""The sign that the archive is being restored, which every process sees: a lock on the data folder itself.

It is no file, and ends with the process that holds it, so that a restore that was killed leaves no archive closed.
"""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from innovation_archive.operation.backup_files import BackupError, opened_folder

PATIENCE = 2
"""Seconds in which a request that is looking whether the archive is closed has surely looked."""
RETRY_AFTER = 30
"""Seconds after which a visitor's program may ask again."""


@contextmanager
def closed_for_restore() -> Iterator[None]:
    """Let every request be answered by 503 until the context ends. Raises BackupError if somebody else restores."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with opened_folder(settings.DATA_DIR) as folder:
        until = time.monotonic() + PATIENCE
        while not lock(folder, fcntl.LOCK_EX):
            if time.monotonic() > until:
                raise BackupError("The archive is being restored already. Nothing was done.")
            time.sleep(0.01)
        yield


def lock(folder: int, how: int) -> bool:
    try:
        fcntl.flock(folder, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_being_restored() -> bool:
    try:
        with opened_folder(settings.DATA_DIR) as folder:
            return not lock(folder, fcntl.LOCK_SH)
    except FileNotFoundError:
        return False


def refuse_during_restore() -> None:
    """Raise BackupError while the archive is being restored: what is done to it now would be lost."""
    if is_being_restored():
        raise BackupError("The archive is being restored. Try again when that is done.")


def answer_while_restored(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: say so while the archive is restored, instead of asking a database that is about to be another one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return restoring_page(request) if is_being_restored() else get_response(request)

    return middleware


def restoring_page(request: HttpRequest) -> HttpResponse:
    # Without the request: the context that pages get with it asks the database.
    page = render_to_string("restoring.html", {"sent_something": request.method == "POST"})
    return HttpResponse(page, status=503, headers={"Cache-Control": "no-store", "Retry-After": str(RETRY_AFTER)})
