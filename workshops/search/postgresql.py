"""The index on PostgreSQL: a table of stored tsvectors with a GIN index. Migrations create it.

Whether a story that was found may be seen is read from an index too, without loading its texts.
"""

from collections.abc import Iterable
from itertools import count

from django.db.backends.utils import CursorWrapper

from workshops.search.entries import BREAK, SearchEntry
from workshops.search.query import Query, QueryTerm
from workshops.search.stores import SqlPart

TABLE, KEY = "workshops_search", "story_id"
ONE_BY_ONE = " OFFSET 0"  # keeps EXISTS from becoming a join that reads all stories and all entries
KEY_LAST = KEY  # PostgreSQL decides itself what to look at first
OPTIMISE = "ANALYZE workshops_search"

INSERT = "INSERT INTO workshops_search (story_id, vector) VALUES (%s, %s::tsvector)"
# The weights of D, C, B and A: spellings count for nothing, title before wording before tags.
SCORE = "ts_rank('{0, 0.1, 0.4, 1}', vector, %s::tsquery)"
# A prefix on the word says where to look for it. Weights could say so too, but GIN does not store them, so every entry
# with the word anywhere would have to be read.
EVERYWHERE, TITLE, SPELLING = "", "^", "~"


def insert(cursor: CursorWrapper, entries: Iterable[SearchEntry]) -> None:
    cursor.executemany(INSERT, [(entry.story, vector(entry)) for entry in entries])


def vector(entry: SearchEntry) -> str:
    """An entry as the text of a tsvector: each word with its positions, and A, B or C for the field.

    Words of the title are in it a second time, prefixed as such, and so are spellings, which need no position.
    """
    places: dict[str, list[str]] = {}
    place = count(1)
    for weight, field in [("A", entry.title), ("B", entry.body), ("C", entry.tags)]:
        for word in field:
            here = next(place)
            if word != BREAK:
                places.setdefault(word, []).append(f"{here}{weight}")
                if field is entry.title:
                    places.setdefault(f"{TITLE}{word}", []).append(str(here))
        next(place)  # no phrase spans two fields
    words = [f"'{word}':{','.join(found)}" for word, found in places.items()]
    return " ".join([*words, *(f"'{SPELLING}{word}'" for word in entry.spellings)])


def delete(cursor: CursorWrapper, story_ids: Iterable[int]) -> None:
    cursor.execute("DELETE FROM workshops_search WHERE story_id = ANY(%s)", [list(story_ids)])


def condition(query: Query, column: str = EVERYWHERE) -> SqlPart:
    return "vector @@ %s::tsquery", [expression(query, column)]


def score(query: Query) -> SqlPart:
    return SCORE, [expression(query)]


def expression(query: Query, column: str = EVERYWHERE) -> str:
    """A query as the text of a tsquery. Words hold no quote or backslash, so none can break out of its quotation."""
    wanted = [term_expression(term, column) for term in query.wanted]
    return " & ".join(wanted + [f"!{term_expression(term)}" for term in query.unwanted])


def term_expression(term: QueryTerm, column: str = EVERYWHERE) -> str:
    words = " <-> ".join(f"'{column}{word}'" for word in term.stems)
    if term.prefix and column == EVERYWHERE:
        return f"({words} | '{SPELLING}{term.prefix}':*)"
    return f"({words})"
