"""Rows as lines, for PostgreSQL and SQLite alike."""

import io
import sqlite3

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from innovation_archive.operation.backup_files import BackupError, TableCopy
from innovation_archive.operation.table_rows import (
    cells_of_line,
    copy_from_sqlite,
    copy_into_sqlite,
    count_lines,
    kind_of_column,
    line_of_cells,
    time_on_sqlite,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(st.lists(st.none() | TEXT, min_size=1))
def test_cells_come_back_from_their_line(cells):
    line = line_of_cells(cells)
    assert cells_of_line(line) == cells
    assert line.count("\n") == 1


@pytest.mark.parametrize(
    ("cells", "line"),
    [
        ([None, ""], "\\N\t\n"),
        (["\\N", "\\"], "\\\\N\t\\\\\n"),
        (["a\tb\nc\rd", "é🤫"], "a\\tb\\nc\\rd\té🤫\n"),
        (["\\."], "\\\\.\n"),
        (["\u2028\x85"], "\u2028\x85\n"),
    ],
)
def test_line_is_as_postgresql_writes_it(cells, line):
    assert line_of_cells(cells) == line


@given(st.lists(TEXT, min_size=1, max_size=4))
@pytest.mark.django_db
def test_postgresql_reads_and_writes_the_same_lines(cells):
    if connection.vendor != "postgresql":
        pytest.skip("It asks PostgreSQL itself.")
    line, columns = line_of_cells(cells), ", ".join(f"c{number} text" for number in range(len(cells)))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE cells ({columns})")
        cursor.copy_expert("COPY cells FROM STDIN", io.BytesIO(line.encode()))
        cursor.execute("SELECT * FROM cells")
        assert list(cursor.fetchone()) == cells
        written = io.BytesIO()
        cursor.copy_expert("COPY cells TO STDOUT", written)
        cursor.execute("DROP TABLE cells")
    assert written.getvalue().decode() == line


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("2026-11-25 12:00:00+00", "2026-11-25 12:00:00"),
        ("2026-11-25 12:00:00.1234+00", "2026-11-25 12:00:00.123400"),
        ("2026-11-25 12:00:00.123456+00", "2026-11-25 12:00:00.123456"),
    ],
)
def test_time_is_kept_as_django_keeps_it(written, kept):
    assert time_on_sqlite(written) == kept


def a_table(rows=()):
    database = sqlite3.connect(":memory:")
    database.execute(
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, yes bool, at datetime, photo BLOB, share REAL, name varchar(9))"
    )
    database.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)", rows)
    return database


ROWS = [
    (1, 1, "2026-11-25 12:00:00", b"\0\\\n", 0.1, "12"),
    (4, 0, "2026-11-25 12:00:00.123400", b"", 1e-30, ""),
    (7, None, None, None, None, None),
]


def test_values_of_each_kind_come_back():
    source, target, part = a_table(ROWS), a_table([(9, 1, None, None, None, "old")]), io.BytesIO()
    source.execute("INSERT INTO t (id) VALUES (8)")
    source.execute("DELETE FROM t WHERE id = 8")
    table = copy_from_sqlite(source, "t", part)
    assert (table.rows, table.last) == (3, 8)
    part.seek(0)
    target.execute("DELETE FROM t")
    copy_into_sqlite(target, "t", table, part)
    assert target.execute("SELECT * FROM t ORDER BY 1").fetchall() == ROWS
    target.execute("INSERT INTO t (name) VALUES ('next')")
    assert target.execute("SELECT MAX(id) FROM t").fetchone() == (9,)


@pytest.mark.parametrize("line", ["1\n", "1\t2\t3\n", "1\t2"])
def test_row_with_other_cells_than_columns_is_refused(line):
    with pytest.raises(BackupError, match="more or fewer cells"):
        count_lines(io.BytesIO(line.encode()), TableCopy(["id", "name"], 1))


def test_column_of_a_kind_that_nobody_thought_of_is_refused():
    with pytest.raises(BackupError, match="of the type uuid"):
        kind_of_column("uuid")


KNOWN_TO_POSTGRESQL = {
    "bigint", "boolean", "bytea", "character varying", "date", "double precision", "integer", "jsonb", "smallint", "text",
    "timestamp with time zone",
}  # fmt: skip
"""What SQLite writes as PostgreSQL reads it, and the other way round. A new kind may need a line in `table_rows.py`."""


@pytest.mark.django_db
def test_every_column_is_of_a_kind_that_both_databases_read():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT DISTINCT data_type FROM information_schema.columns "
                "WHERE table_schema = current_schema() AND table_name <> 'workshops_search'"
            )
            assert {kind for (kind,) in cursor.fetchall()} - KNOWN_TO_POSTGRESQL == set()
            return
        for table in connection.introspection.django_table_names(only_existing=True):
            cursor.execute("SELECT type FROM pragma_table_xinfo(%s)", [table])
            assert all(kind_of_column(declared) for (declared,) in cursor.fetchall())
