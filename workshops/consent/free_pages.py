"""Leaving no deleted word in SQLite's files. PostgreSQL's are cleaned by its own vacuum, see `.readme/operating.md`.

`secure_delete` overwrites what is deleted from a table. Two places keep more: the full-text index keeps deleted words
until its parts are merged, and the write-ahead log keeps former pages until it is emptied.
"""

import logging
import time

from django.db import DatabaseError, connection, transaction

from workshops import search

logger = logging.getLogger(__name__)

ATTEMPTS, PAUSE = 10, 0.2


def scrub() -> None:
    """Leave nothing of what this transaction deleted. Call it once the rows are deleted; the rest follows the commit."""
    if connection.vendor != "sqlite":
        return
    search.optimise()
    transaction.on_commit(empty_log)


def empty_log(attempts: int = ATTEMPTS) -> bool:
    """Write the write-ahead log into the database and cut it to nothing. Returns whether nobody was reading an old page.

    Readers are asked to wait for nothing: while one still reads, it is tried again for two seconds, and later by
    `housekeeping`.
    """
    if connection.vendor != "sqlite":
        return True
    for attempt in range(attempts):
        if cut_log():
            return True
        if attempt < attempts - 1:
            time.sleep(PAUSE)
    logger.warning(
        "The write-ahead log could not be emptied yet: somebody is reading. The next housekeeping tries again."
    )
    return False


def cut_log() -> bool:
    """Cut the log if nobody reads or writes at this moment. Returns whether it was done."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        (patience,) = cursor.fetchone()
        cursor.execute("PRAGMA busy_timeout=0")  # or each attempt would wait for readers as long as writers wait
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy, _in_log, _written = cursor.fetchone()
        except DatabaseError:
            return False
        finally:
            cursor.execute(f"PRAGMA busy_timeout={patience}")
    return not busy
