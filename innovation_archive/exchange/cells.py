"""How one value stands in one cell of a file: lists, and text that a spreadsheet would run."""

import re

from django.db.models import Func

# What a spreadsheet takes for a formula, its full-width twins included; apostrophes and spaces in front
# do not stop it for good, since a second program may strip them.
SIGNS = "=+-@\t\r＝＋－＠"
RUNS = re.compile(f"[ ']*[{re.escape(SIGNS)}]")

# The same as SQLite's GLOB reads it; a dash stands for itself at the end of a set.
MAY_RUN = f"'[ ''{SIGNS.replace('-', '')}-]*'"
ASKS_QUOTES = "'*[,\"\n]*'"

BAR = re.compile(r"(\\*)\|")


def guarded(text):
    """Text as a file writes it: one apostrophe in front of what a spreadsheet would run.

    >>> guarded("=1+1"), guarded("a = b"), guarded("'=1+1")
    ("'=1+1", 'a = b', "''=1+1")
    """
    return f"'{text}" if RUNS.match(text) else text


class Guarded(Func):
    """A text in the database, written by it as `guarded` would; what is empty is nothing, as in any file."""

    arity = 1

    def as_sql(self, compiler, connection, **context):
        text, params = compiler.compile(self.source_expressions[0])
        return f"CASE WHEN {self.runs(text)} THEN '''' || {text} ELSE nullif({text}, '') END", [*params * 3]

    def as_quoted(self, compiler):
        """The same as CSV quotes it: a text with a comma, a quote or a line's end in it.

        Most texts pass by two GLOBs, which SQLite compares many times as fast as it takes a text apart.
        """
        text, params = compiler.compile(self.source_expressions[0])
        runs = f"{text} GLOB {MAY_RUN} AND {self.runs(text)}"
        quoted = f"""'"' || CASE WHEN {runs} THEN '''' ELSE '' END || replace({text}, '"', '""') || '"'"""
        plain = f"CASE WHEN {runs} THEN '''' || {text} ELSE coalesce({text}, '') END"
        cell = f"CASE WHEN {text} GLOB {ASKS_QUOTES} THEN {quoted} ELSE {plain} END"
        return cell, [*params] * cell.count(text)

    def runs(self, text):
        signs = ", ".join(f"'{sign}'" for sign in SIGNS)
        return f"substr(ltrim({text}, ' '''), 1, 1) IN ({signs})"


def unguarded(cell):
    """A cell as we keep it: the inverse of `guarded`, for every text.

    >>> unguarded("'=1+1"), unguarded("'tis"), unguarded("=1+1")
    ('=1+1', "'tis", '=1+1')
    """
    return cell[1:] if cell.startswith("'") and RUNS.match(cell[1:]) else cell


def join_items(items):
    r"""Several texts in one cell, a bar between them, a bar inside one written `\|`.

    Backslashes before a bar are doubled, so that every list reads back as it was.

    >>> print(join_items(["rotas", "a|b", "c:\\"]))
    rotas|a\|b|c:\
    """
    items = [BAR.sub(r"\1\1\\|", item) for item in items]
    doubled = [re.sub(r"(\\+)\Z", r"\1\1", item) for item in items[:-1]]
    return "|".join([*doubled, *items[-1:]])


def split_items(cell):
    r"""The items of a cell, without outer spaces; empty ones are dropped.

    >>> split_items(r"rotas | a\|b || trust")
    ['rotas', 'a|b', 'trust']
    """
    items, item, end = [], "", 0
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
