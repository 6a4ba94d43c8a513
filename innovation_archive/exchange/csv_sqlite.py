"""Rows of a large file as lines of CSV that SQLite builds, since it has no COPY: one text a row costs Python least.

What many lines share, such as a participant's code and role, is guarded, quoted and put in order once a participant,
in a table of this connection, and not once a vote: that halves the time of a file of votes.
"""

from collections import defaultdict
from contextlib import ExitStack, contextmanager
from itertools import chain, count, groupby

from django.db import connection
from django.db.models import F, Func, TextField, Window
from django.db.models.functions import Rank

from innovation_archive.exchange.cells import Guarded

SQLITE_BATCH = 5000
numbers = count(1)


class CsvLine(Func):
    """Cells as one line of CSV, or as a part of one.

    What is not guarded needs no quotes either: numbers, days and words of ours.
    """

    output_field = TextField()

    def as_sql(self, compiler, connection, **context):
        cells = [self.cell(each, compiler) for each in self.source_expressions]
        return " || ',' || ".join(sql for sql, _ in cells), [each for _, params in cells for each in params]

    def cell(self, expression, compiler):
        if isinstance(expression, Guarded):
            return expression.as_quoted(compiler)
        sql, params = compiler.compile(expression)
        return f"coalesce({sql}, '')", params


def fetch_lines(rows, cells):
    """An ordered queryset as lines of CSV with these cells, in pieces: text, and how many rows it holds."""
    with joined(rows, cells) as (sql, params), connection.cursor() as cursor:
        cursor.execute(sql, params)
        while lines := cursor.fetchmany(SQLITE_BATCH):
            yield "\n".join(chain.from_iterable(lines)) + "\n", len(lines)


@contextmanager
def joined(rows, cells):
    """The query of these lines with its parameters, for as long as the tables stand that hold what lines share."""
    asked = defaultdict(dict)  # by foreign key: what of each row behind it, or without a key of each row of the file
    line, order = [], []
    for number, (key, run) in enumerate(groupby(cells, key=foreign_key)):
        run = [from_behind(cell) for cell in run]
        asked[key][f"cells_{number}"] = CsvLine(*run)
        line.append(f"coalesce(cells_{number}, '{',' * (len(run) - 1)}')")
    for number, by in enumerate(rows.query.order_by):
        key = foreign_key(by)
        asked[key][f"rank_{number}"] = Window(Rank(), order_by=from_behind(by)) if key else by
        order.append(f"rank_{number}")
    own = asked.pop("", {})
    source, params = rows.order_by().values(**own, **{f"{key}_key": F(key) for key in asked}).query.sql_with_params()
    source = f"({source})"
    with ExitStack() as tables:
        for key, columns in asked.items():
            model = rows.model._meta.get_field(key).related_model
            table = tables.enter_context(temporary_table(model.objects.order_by().values("pk", **columns), columns))
            source += f" LEFT JOIN {table} ON {table}.id = {key}_key"
        cells = " || ',' || ".join(line)
        yield f"SELECT {cells} FROM {source} ORDER BY {', '.join(order)}", params  # noqa: S608 - names of ours


@contextmanager
def temporary_table(rows, columns):
    """A table of this connection that holds these columns of rows, by primary key. Its name."""
    table = f"shared_{next(numbers)}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE {table} (id INTEGER PRIMARY KEY, {', '.join(columns)})")
        query, params = rows.query.sql_with_params()
        cursor.execute(f"INSERT INTO {table} {query}", params)
        try:
            yield table
        finally:
            cursor.execute(f"DROP TABLE IF EXISTS {table}")


def foreign_key(expression):
    """The foreign key behind which an expression's value lies; empty where it is the row's own.

    >>> foreign_key(Guarded(F("participant__place__code"))), foreign_key(F("choice"))
    ('participant', '')
    """
    while not isinstance(expression, F):
        expression = expression.get_source_expressions()[0]
    key, behind, _ = expression.name.partition("__")
    return key if behind else ""


def from_behind(expression):
    """The same expression, as the row behind its foreign key has it.

    >>> from_behind(F("participant__place__code")), from_behind(F("choice"))
    (F(place__code), F(choice))
    """
    if isinstance(expression, F):
        return F(expression.name.partition("__")[2] or expression.name)
    expression = expression.copy()
    expression.set_source_expressions([from_behind(each) for each in expression.get_source_expressions()])
    return expression
