"""The index on SQLite: an FTS5 table whose rowid is the story's primary key. Migrations create it.

The words are made in Python. Their only ASCII characters are letters and numbers, so the tokenizer `ascii` leaves them
whole.
"""

from collections.abc import Iterable

from django.db.backends.utils import CursorWrapper

from workshops.search.entries import SearchEntry
from workshops.search.query import Query, QueryTerm
from workshops.search.stores import SqlPart

TABLE, KEY = "workshops_search", "rowid"
ONE_BY_ONE = ""
KEY_LAST = (
    "+rowid"  # with the plus it is compared after the words; looked up first, FTS5 would read them anew for each story
)
# Merges the parts of the index into one and drops what is left of deleted entries, which FTS5 does bit by bit.
OPTIMISE = "INSERT INTO workshops_search (workshops_search) VALUES ('optimize')"

INSERT = "INSERT INTO workshops_search (rowid, title, body, tags, spellings) VALUES (%s, %s, %s, %s, %s)"
SCORE = "-bm25(workshops_search, 10, 4, 1, 0)"
EVERYWHERE, TITLE = "{title body tags}", "{title}"  # not translated: columns


def insert(cursor: CursorWrapper, entries: Iterable[SearchEntry]) -> None:
    cursor.executemany(INSERT, [(entry.story, *(" ".join(field) for field in entry[1:])) for entry in entries])


def delete(cursor: CursorWrapper, story_ids: Iterable[int]) -> None:
    cursor.executemany("DELETE FROM workshops_search WHERE rowid = %s", [(pk,) for pk in story_ids])


def condition(query: Query, column: str = EVERYWHERE) -> SqlPart:
    unwanted = " OR ".join(expression(term) for term in query.unwanted)
    if not query.wanted:
        sql = "rowid NOT IN (SELECT rowid FROM workshops_search WHERE workshops_search MATCH %s)"
        return sql, [unwanted]
    wanted = " AND ".join(expression(term, column) for term in query.wanted)
    return "workshops_search MATCH %s", [f"({wanted}) NOT ({unwanted})" if unwanted else wanted]


def score(query: Query) -> SqlPart:
    return (SCORE, []) if query.wanted else ("0", [])


def expression(term: QueryTerm, column: str = EVERYWHERE) -> str:
    """A term in FTS5's own syntax. Words hold no quote, so none can break out of its quotation."""
    words = f'{column} : "{" ".join(term.stems)}"'
    if term.prefix and column == EVERYWHERE:
        return f'({words} OR spellings : "{term.prefix}" *)'
    return words
