"""How a value is written in a cell of a file: lists, and texts that a spreadsheet would run as formulas."""

import re
from collections.abc import Iterable
from typing import TypeAlias

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func
from django.db.models.sql.compiler import SQLCompiler

Sql: TypeAlias = tuple[str, tuple[str | int, ...]]

# A text that begins with one of these is a formula to a spreadsheet; the last four are their full-width twins.
# Apostrophes and spaces in front do not make it safe, since a second program may strip them.
SIGNS = "=+-@\t\r＝＋－＠"
RUNS = re.compile(f"[ ']*[{re.escape(SIGNS)}]")

# RUNS as a pattern of SQLite's GLOB, in which a dash stands for itself at the end of a set.
MAY_RUN = f"'[ ''{SIGNS.replace('-', '')}-]*'"
ASKS_QUOTES = "'*[,\"\n]*'"

BAR = re.compile(r"(\\*)\|")


def guarded(text: str) -> str:
    """A text as files hold it: with an apostrophe in front if a spreadsheet would run it.

    >>> guarded("=1+1"), guarded("a = b"), guarded("'=1+1")
    ("'=1+1", 'a = b', "''=1+1")
    """
    return f"'{text}" if RUNS.match(text) else text


class Guarded(Func):
    """A text that the database writes as `guarded` would, or NULL if it is empty."""

    arity = 1

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **extra_context: object,
    ) -> Sql:
        text, params = compiler.compile(self.source_expressions[0])
        return f"CASE WHEN {self.runs(text)} THEN '''' || {text} ELSE nullif({text}, '') END", (
            *params,
            *params,
            *params,
        )

    def as_quoted(self, compiler: SQLCompiler) -> Sql:
        """The text as a cell of CSV, in quotes if it has a comma, a quote or a line break in it.

        Two GLOBs let most texts through unchanged. SQLite compares a GLOB much faster than it takes a text apart.
        """
        text, params = compiler.compile(self.source_expressions[0])
        runs = f"{text} GLOB {MAY_RUN} AND {self.runs(text)}"
        quoted = f"""'"' || CASE WHEN {runs} THEN '''' ELSE '' END || replace({text}, '"', '""') || '"'"""
        plain = f"CASE WHEN {runs} THEN '''' || {text} ELSE coalesce({text}, '') END"
        cell = f"CASE WHEN {text} GLOB {ASKS_QUOTES} THEN {quoted} ELSE {plain} END"
        return cell, tuple(params) * cell.count(text)

    def runs(self, text: str) -> str:
        signs = ", ".join(f"'{sign}'" for sign in SIGNS)
        return f"substr(ltrim({text}, ' '''), 1, 1) IN ({signs})"


def unguarded(cell: str) -> str:
    """The text of a cell: the inverse of `guarded`, for every text.

    >>> unguarded("'=1+1"), unguarded("'tis"), unguarded("=1+1")
    ('=1+1', "'tis", '=1+1')
    """
    return cell[1:] if cell.startswith("'") and RUNS.match(cell[1:]) else cell


def join_items(items: Iterable[str]) -> str:
    r"""Several texts as one cell, separated by bars. A bar inside a text is written `\|`.

    Backslashes before a bar are doubled, so that every list reads back as it was.

    >>> print(join_items(["rotas", "a|b", "c:\\"]))
    rotas|a\|b|c:\
    """
    items = [BAR.sub(r"\1\1\\|", item) for item in items]
    doubled = [re.sub(r"(\\+)\Z", r"\1\1", item) for item in items[:-1]]
    return "|".join([*doubled, *items[-1:]])


def split_items(cell: str) -> list[str]:
    r"""The items of a cell, without outer spaces. Empty items are dropped.

    >>> split_items(r"rotas | a\|b || trust")
    ['rotas', 'a|b', 'trust']
    """
    items: list[str] = []
    item, end = "", 0
    for bar in BAR.finditer(cell):
        slashes = len(bar[1])
        item += cell[end : bar.start()] + "\\" * (slashes // 2)
        end = bar.end()
        if slashes % 2:
            item += "|"
        else:
            items.append(item)
            item = ""
    items.append(item + cell[end:])
    return [tidy for item in items if (tidy := item.strip())]
