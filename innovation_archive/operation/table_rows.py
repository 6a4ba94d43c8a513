"""The rows of whole tables, out of a database and into one, in the text format of PostgreSQL's COPY.

Each row is a line, cells are parted by tabs, `\\N` is NULL, and a backslash marks what would be misread. PostgreSQL reads
and writes that itself. For SQLite it is done here, cells as PostgreSQL would write them, so that either database reads
what the other wrote.
"""

import io
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import IO, Any

from django.db import connection

from innovation_archive.operation.backup_files import BackupError, TableCopy

NULL = "\\N"
ESCAPES = {"\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}
ESCAPED = str.maketrans(ESCAPES)
MEANINGS = {escape[1]: character for character, escape in ESCAPES.items()}
PIECE = 1 << 16
ROWS_AT_ONCE = 1000
MICROSECONDS = 6

Cell = int | float | str | bytes
Cursor = Any
"""Of sqlite3 or psycopg2, which have no type in common."""


def quote_name(name: str) -> str:
    return connection.ops.quote_name(name)


# Lines


def line_of_cells(cells: Iterable[str | None]) -> str:
    return "\t".join(NULL if cell is None else cell.translate(ESCAPED) for cell in cells) + "\n"


def cells_of_line(line: str) -> list[str | None]:
    return [None if cell == NULL else unescaped(cell) for cell in line.rstrip("\n").split("\t")]


def unescaped(cell: str) -> str:
    if "\\" not in cell:
        return cell
    first, *others = cell.split("\\\\")
    return "\\".join(unescaped_part(part) for part in (first, *others))


def unescaped_part(part: str) -> str:
    """A piece of a cell without escaped backslashes."""
    first, *others = part.split("\\")
    return first + "".join(MEANINGS[other[0]] + other[1:] for other in others)


def count_lines(part: IO[bytes], table: TableCopy) -> int:
    """How many rows stand in a part of a backup. Raises BackupError for one that has not a cell for each column."""
    rows = 0
    for line in io.TextIOWrapper(part, "utf-8", newline="\n"):
        rows += 1
        if line.count("\t") != len(table.columns) - 1 or not line.endswith("\n"):
            raise BackupError("A row in the backup has more or fewer cells than its table has columns.")
    return rows


# SQLite


def as_it_is(cell: Cell) -> str:
    return str(cell)


def time_on_sqlite(cell: str) -> str:
    """A time as Django keeps it on SQLite: in UTC without saying so, and with all six digits or none after the second."""
    seconds, _point, fraction = cell.removesuffix("+00").partition(".")
    return f"{seconds}.{fraction.ljust(MICROSECONDS, '0')}" if fraction else seconds


WRITERS: dict[str, Callable[[Any], str]] = {
    "bool": lambda cell: "t" if cell else "f",
    "datetime": lambda cell: f"{cell}+00",
    "BLOB": lambda cell: f"\\x{cell.hex()}",
    "REAL": repr,
}
READERS: dict[str, Callable[[str], Cell]] = {
    "bool": lambda cell: int(cell == "t"),
    "datetime": time_on_sqlite,
    "BLOB": lambda cell: bytes.fromhex(cell.removeprefix("\\x")),
    "REAL": float,
    "INTEGER": int,
}
"""By the types that Django declares for SQLite; all others hold text."""
INTEGERS = {"integer", "integer unsigned", "bigint", "bigint unsigned", "smallint", "smallint unsigned"}
TEXTS = {"date", "text", "varchar", "char"}


def kind_of_column(declared: str) -> str:
    """The key by which a column of SQLite is read and written. A kind that nobody thought of is an error."""
    if declared.lower() in INTEGERS:
        return "INTEGER"
    if declared in READERS:
        return declared
    if declared.partition("(")[0].lower() in TEXTS:
        return "text"
    raise BackupError(f"The backup cannot hold a column of the type {declared} yet.")


def kinds_of_columns(cursor: Cursor, table: str) -> dict[str, str]:
    rows = cursor.execute("SELECT name, type FROM pragma_table_xinfo(?) WHERE hidden = 0", [table]).fetchall()
    return {name: kind_of_column(declared) for name, declared in rows}


def copy_from_sqlite(source: sqlite3.Connection, table: str, part: IO[bytes]) -> TableCopy:
    """Write all rows of a table."""
    kinds = kinds_of_columns(source.cursor(), table)
    writers = [WRITERS.get(kind, as_it_is) for kind in kinds.values()]
    names = ", ".join(map(quote_name, kinds))
    count = 0
    for row in source.execute(f"SELECT {names} FROM {quote_name(table)} ORDER BY 1"):  # noqa: S608 the schema's own names
        count += 1
        cells = (None if cell is None else write(cell) for write, cell in zip(writers, row, strict=True))
        part.write(line_of_cells(cells).encode())
    return TableCopy(list(kinds), count, last_number_on_sqlite(source, table))


def last_number_on_sqlite(source: sqlite3.Connection, table: str) -> int | None:
    found = source.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", [table]).fetchone()
    return found[0] if found else None


def copy_into_sqlite(target: sqlite3.Connection, name: str, table: TableCopy, part: IO[bytes]) -> None:
    kinds = kinds_of_columns(target.cursor(), name)
    readers = [READERS.get(kinds[column], str) for column in table.columns]
    columns, places = ", ".join(map(quote_name, table.columns)), ", ".join("?" * len(table.columns))
    insert = f"INSERT INTO {quote_name(name)} ({columns}) VALUES ({places})"  # noqa: S608 names of columns that are there
    rows = values_of_lines(io.TextIOWrapper(part, "utf-8", newline="\n"), readers)
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        target.executemany(insert, batch)
    if table.last is not None:
        target.execute("DELETE FROM sqlite_sequence WHERE name = ?", [name])
        target.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", [name, table.last])


def values_of_lines(lines: Iterable[str], readers: list[Callable[[str], Cell]]) -> Iterator[list[Cell | None]]:
    for line in lines:
        cells = zip(readers, cells_of_line(line), strict=True)
        yield [None if cell is None else read(cell) for read, cell in cells]


# PostgreSQL


def copy_from_postgresql(cursor: Cursor, table: str, part: IO[bytes]) -> TableCopy:
    """Write all rows of a table."""
    columns = columns_on_postgresql(cursor, table)
    names = ", ".join(map(quote_name, columns))
    with io.BufferedWriter(part, PIECE) as buffered:  # COPY writes row by row
        cursor.copy_expert(f"COPY (SELECT {names} FROM {quote_name(table)} ORDER BY 1) TO STDOUT", buffered)  # noqa: S608
    return TableCopy(columns, cursor.rowcount, last_number_on_postgresql(cursor, table))


def columns_on_postgresql(cursor: Cursor, table: str) -> list[str]:
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() "
        "AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
        [table],
    )
    return [name for (name,) in cursor.fetchall()]


def sequence_of(cursor: Cursor, table: str) -> str | None:
    """The sequence that numbers the rows of a table."""
    cursor.execute(
        "SELECT pg_get_serial_sequence(quote_ident(table_name), column_name) FROM information_schema.columns "
        "WHERE table_schema = current_schema() AND table_name = %s AND is_identity = 'YES'",
        [table],
    )
    found = cursor.fetchone()
    return found[0] if found else None


def last_number_on_postgresql(cursor: Cursor, table: str) -> int | None:
    sequence = sequence_of(cursor, table)
    if not sequence:
        return None
    cursor.execute(f"SELECT last_value FROM {sequence} WHERE is_called")  # noqa: S608 as the database wrote its name
    found = cursor.fetchone()
    return found[0] if found else None


def copy_into_postgresql(cursor: Cursor, name: str, table: TableCopy, part: IO[bytes]) -> None:
    columns = ", ".join(map(quote_name, table.columns))
    cursor.copy_expert(f"COPY {quote_name(name)} ({columns}) FROM STDIN", part, PIECE)
    if table.last and (sequence := sequence_of(cursor, name)):
        cursor.execute("SELECT setval(%s, %s)", [sequence, table.last])
