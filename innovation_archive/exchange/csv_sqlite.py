"""Large CSV files on SQLite, which has no COPY: SQLite builds each line, as one text a row is cheapest for Python.

Cells that many lines share, such as a participant's code and role in a file of votes, are guarded, quoted and ranked
only once a participant, in a temporary table, and not once a vote. That halves the time of a file of votes.
"""

from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain, count, groupby
from typing import TypeAlias, cast

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, Model, QuerySet, TextField, Window
from django.db.models.expressions import Expression
from django.db.models.functions import Rank
from django.db.models.sql.compiler import SQLCompiler

from innovation_archive.exchange.cells import Guarded, Sql

ROWS_PER_FETCH = 5000

Cell: TypeAlias = Expression | F
"""What a cell shows: a field, or what the database makes of it."""

numbers = count(1)


class CsvLine(Func):
    """Cells as one line of CSV, or as a part of a line.

    Cells that are not Guarded are numbers, dates and fixed words, which need no quotes.
    """

    output_field = TextField()

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **extra_context: object,
    ) -> Sql:
        cells = [self.cell(each, compiler) for each in self.source_expressions]
        return " || ',' || ".join(sql for sql, _ in cells), tuple(each for _, params in cells for each in params)

    def cell(self, expression: Expression, compiler: SQLCompiler) -> Sql:
        if isinstance(expression, Guarded):
            return expression.as_quoted(compiler)
        sql, params = compiler.compile(expression)
        return f"coalesce({sql}, '')", tuple(params)


def fetch_lines(rows: QuerySet[Model], cells: Iterable[Cell]) -> Generator[tuple[str, int], None, None]:
    """Yield an ordered queryset as CSV with these cells, in pieces: text, and how many rows it has."""
    with joined(rows, cells) as (sql, params), connection.cursor() as cursor:
        cursor.execute(sql, params)
        while lines := cursor.fetchmany(ROWS_PER_FETCH):
            yield "\n".join(chain.from_iterable(lines)) + "\n", len(lines)


@contextmanager
def joined(rows: QuerySet[Model], cells: Iterable[Cell]) -> Iterator[Sql]:
    """The query of the lines and its parameters. The temporary tables it joins exist inside the `with` block."""
    wanted, line, order = columns_by_key(rows, cells)
    own = wanted.pop("", {})
    source, params = rows.order_by().values(**own, **{f"{key}_key": F(key) for key in wanted}).query.sql_with_params()
    source = f"({source})"
    with ExitStack() as tables:
        for key, columns in wanted.items():
            model = cast("type[Model]", rows.model._meta.get_field(key).related_model)
            shared = model._default_manager.order_by().values("pk", **columns)
            table = tables.enter_context(temporary_table(shared, columns))
            source += f" LEFT JOIN {table} ON {table}.id = {key}_key"
        text = " || ',' || ".join(line)
        yield f"SELECT {text} FROM {source} ORDER BY {', '.join(order)}", params  # noqa: S608 - names of ours


Columns: TypeAlias = dict[str, Cell]


def columns_by_key(
    rows: QuerySet[Model], cells: Iterable[Cell]
) -> tuple[defaultdict[str, Columns], list[str], list[str]]:
    """The columns to compute, as {foreign key: {name: expression}}, and the SQL of the line and of the order.

    A column under a foreign key is computed once for each row it refers to; one under "" for each row of the file.
    """
    wanted: defaultdict[str, Columns] = defaultdict(dict)
    line, order = [], []
    for number, (key, run) in enumerate(groupby(cells, key=foreign_key)):
        parts = [from_behind(cell) for cell in run]
        wanted[key][f"cells_{number}"] = CsvLine(*parts)
        line.append(f"coalesce(cells_{number}, '{',' * (len(parts) - 1)}')")
    for number, by in enumerate(cast("Iterable[Cell]", rows.query.order_by)):  # a dataset orders by no names
        key = foreign_key(by)
        wanted[key][f"rank_{number}"] = Window(Rank(), order_by=from_behind(by)) if key else by
        order.append(f"rank_{number}")
    return wanted, line, order


@contextmanager
def temporary_table(rows: QuerySet[Model, dict[str, object]], columns: Iterable[str]) -> Iterator[str]:
    """The name of a temporary table that holds these columns of `rows`, by primary key."""
    table = f"shared_{next(numbers)}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE {table} (id INTEGER PRIMARY KEY, {', '.join(columns)})")
        query, params = rows.query.sql_with_params()
        cursor.execute(f"INSERT INTO {table} {query}", params)
        try:
            yield table
        finally:
            cursor.execute(f"DROP TABLE IF EXISTS {table}")


def foreign_key(expression: Cell) -> str:
    """The foreign key that leads to an expression's value; empty if the row itself has it.

    >>> foreign_key(Guarded(F("participant__place__code"))), foreign_key(F("choice"))
    ('participant', '')
    """
    while not isinstance(expression, F):
        expression = expression.get_source_expressions()[0]
    key, behind, _ = expression.name.partition("__")  # type: ignore[attr-defined]  # F has a name, whatever its stub says
    return key if behind else ""


def from_behind(expression: Cell) -> Cell:
    """The same expression, as seen from the row that its foreign key leads to.

    >>> from_behind(F("participant__place__code")), from_behind(F("choice"))
    (F(place__code), F(choice))
    """
    if isinstance(expression, F):
        name: str = expression.name  # type: ignore[attr-defined]  # as above
        return F(name.partition("__")[2] or name)
    expression = expression.copy()
    expression.set_source_expressions([from_behind(each) for each in expression.get_source_expressions()])
    return expression
