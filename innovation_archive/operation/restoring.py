"""The sign that the archive is being restored, which every process sees: a lock on the data folder itself.

It is no file, and ends with the process that holds it, so that a restore that was killed leaves no archive closed.
"""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from innovation_archive.operation.backup_files import BackupError, opened_folder

PATIENCE = 2
"""Seconds in which a request that is looking whether the archive is closed has surely looked."""


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
