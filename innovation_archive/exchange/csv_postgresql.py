"""CSV that the database writes itself, and a snapshot of the archive for as long as a file takes to send."""

import queue
import threading
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeAlias

from django.db import connection
from django.db.models import Model, QuerySet

from innovation_archive.exchange import csv_sqlite

COPY_PIECE_SIZE = 1 << 16
MAX_PIECES_AHEAD = 8
"""How many pieces may wait for a client that reads more slowly than PostgreSQL writes."""


@contextmanager
def snapshot() -> Iterator[None]:
    """Everything read inside is of one moment; on PostgreSQL it is read-only. Inside a transaction it does nothing.

    It is not `atomic`, which on SQLite would take the write lock.
    """
    connection.ensure_connection()
    if in_transaction():
        yield
        return
    begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if connection.vendor == "postgresql" else "BEGIN"
    with connection.cursor() as cursor:
        cursor.execute(begin)
    try:
        yield
    finally:
        try:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")
        except Exception:  # a late cancel of a COPY has hit the rollback; the next query opens a new connection
            connection.close()


def in_transaction() -> bool:
    if connection.vendor == "postgresql":
        return bool(connection.connection.info.transaction_status != 0)
    return bool(connection.connection.in_transaction)


Pieces: TypeAlias = Generator[tuple[str, int], None, None]
"""Pieces of a CSV file: text, and how many rows it has."""


def csv_lines(rows: QuerySet[Model], cells: Iterable[csv_sqlite.Cell]) -> Pieces:
    """Yield the rows of a queryset as CSV, with these expressions as cells."""
    return copied(rows, cells) if connection.vendor == "postgresql" else csv_sqlite.fetch_lines(rows, cells)


def copied(rows: QuerySet[Model], cells: Iterable[csv_sqlite.Cell]) -> Pieces:
    with connection.cursor() as cursor:
        copying = CopyThread(cursor.cursor, cursor.mogrify(*rows.values_list(*cells).query.sql_with_params()).decode())
        copying.start()
        try:
            while piece := copying.pieces.get():
                yield piece
        finally:  # it is done, or the client has hung up
            copying.stop()
        if copying.problem:
            raise copying.problem


class CopyThread(threading.Thread):
    """Runs PostgreSQL's COPY of a query, and puts what it writes into the queue `pieces`. None marks the end.

    COPY calls `write` until it is done, so it needs a thread of its own beside the one that reads the pieces.
    """

    def __init__(self, cursor: Any, query: str) -> None:  # noqa: ANN401 a cursor of psycopg2, which has no types
        super().__init__(daemon=True)
        self.cursor, self.query = cursor, query
        self.pieces: queue.Queue[tuple[str, int] | None] = queue.Queue(MAX_PIECES_AHEAD)
        self.lines: list[bytes] = []
        self.size = 0
        self.problem: Exception | None = None
        self.abandoned = False

    def run(self) -> None:
        try:
            self.cursor.copy_expert(f"COPY ({self.query}) TO STDOUT WITH (FORMAT csv)", self)
            self.hand_over()
        except Exception as problem:
            self.problem = problem
        self.pieces.put(None)

    def write(self, line: bytes) -> None:
        """COPY calls this once for each row."""
        self.lines.append(line)
        self.size += len(line)
        if self.size > COPY_PIECE_SIZE:
            self.hand_over()

    def hand_over(self) -> None:
        if self.lines and not self.abandoned:
            self.pieces.put((b"".join(self.lines).decode(), len(self.lines)))
        self.lines, self.size = [], 0

    def stop(self) -> None:
        """Make PostgreSQL give up the rest of the COPY, which nobody will read."""
        self.abandoned = True
        while True:
            with suppress(queue.Empty):
                while True:
                    self.pieces.get_nowait()
            self.join(timeout=0.02)
            if not self.is_alive():
                return
            self.cursor.connection.cancel()
