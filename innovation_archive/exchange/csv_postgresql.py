"""Rows of a file as the database itself writes them, and one view of the archive for as long as a file takes."""

import queue
import threading
from contextlib import contextmanager, suppress

from django.db import connection

from innovation_archive.exchange import csv_sqlite

COPY_PIECE_SIZE = 1 << 16
PIECES_AHEAD = 8
"""How many pieces wait at most for a client that reads more slowly than PostgreSQL writes."""


@contextmanager
def snapshot():
    """All that is read inside is of one moment, on PostgreSQL read-only. Inside a transaction it adds nothing.

    Not `atomic`, which on SQLite takes the lock of those who write.
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
        except Exception:  # a cancel that came late has met it; whoever asks next gets another connection
            connection.close()


def in_transaction():
    if connection.vendor == "postgresql":
        return connection.connection.info.transaction_status != 0
    return connection.connection.in_transaction


def csv_lines(rows, cells):
    """A queryset as lines of CSV with these expressions as cells, in pieces: text, and how many rows it holds."""
    return copied(rows, cells) if connection.vendor == "postgresql" else csv_sqlite.fetch_lines(rows, cells)


def copied(rows, cells):
    with connection.cursor() as cursor:
        copying = CopyThread(cursor.cursor, cursor.mogrify(*rows.values_list(*cells).query.sql_with_params()).decode())
        copying.start()
        try:
            while piece := copying.pieces.get():
                yield piece
        finally:  # done, or the client has hung up
            copying.stop()
        if copying.problem:
            raise copying.problem


class CopyThread(threading.Thread):
    """PostgreSQL's COPY of a query. It writes until it is done, and so runs beside whoever reads its pieces."""

    def __init__(self, cursor, query):
        super().__init__(daemon=True)
        self.cursor, self.query = cursor, query
        self.pieces = queue.Queue(PIECES_AHEAD)
        self.lines, self.size = [], 0
        self.problem = None
        self.abandoned = False

    def run(self):
        try:
            self.cursor.copy_expert(f"COPY ({self.query}) TO STDOUT WITH (FORMAT csv)", self)
            self.hand_over()
        except Exception as problem:
            self.problem = problem
        self.pieces.put(None)

    def write(self, line):
        """What COPY calls, once a row."""
        self.lines.append(line)
        self.size += len(line)
        if self.size > COPY_PIECE_SIZE:
            self.hand_over()

    def hand_over(self):
        if self.lines and not self.abandoned:
            self.pieces.put((b"".join(self.lines).decode(), len(self.lines)))
        self.lines, self.size = [], 0

    def stop(self):
        """Have PostgreSQL give up whatever it still would write, which nobody reads."""
        self.abandoned = True
        while True:
            with suppress(queue.Empty):
                while True:
                    self.pieces.get_nowait()
            self.join(timeout=0.02)
            if not self.is_alive():
                return
            self.cursor.connection.cancel()
