"""The index on PostgreSQL: a table of stored tsvectors with a GIN index. Migrations make it.

Whether a story that was found may be seen is read from an index too, without the page that holds its texts.
"""

from itertools import count

from workshops.search.entries import BREAK, SearchEntry

TABLE, KEY = "workshops_search", "story_id"
ONE_BY_ONE = " OFFSET 0"  # keeps EXISTS from becoming a join, in which all stories are read beside all entries
KEY_LAST = KEY  # PostgreSQL chooses itself what it looks at first
OPTIMISE = "ANALYZE workshops_search"

INSERT = "INSERT INTO workshops_search (story_id, vector) VALUES (%s, %s::tsvector)"
# Of D, C, B and A: spellings say nothing of how well a story answers; title before wording before tags.
SCORE = "ts_rank('{0, 0.1, 0.4, 1}', vector, %s::tsquery)"
# What stands before a word says where it is looked for. The weights could say so too, but GIN does not hold them, and
# each entry that has the word anywhere would be read.
EVERYWHERE, TITLE, SPELLING = "", "^", "~"


def insert(cursor, entries: list[SearchEntry]):
    cursor.executemany(INSERT, [(entry.story, vector(entry)) for entry in entries])


def vector(entry):
    """An entry as a tsvector is written: each word with its places, and there A, B or C for the field.

    Words of the title stand once more as such, and so do spellings, which need no place.
    """
    places, place = {}, count(1)
    for weight, field in [("A", entry.title), ("B", entry.body), ("C", entry.tags)]:
        for word in field:
            here = next(place)
            if word != BREAK:
                places.setdefault(word, []).append(f"{here}{weight}")
                if field is entry.title:
                    places.setdefault(f"{TITLE}{word}", []).append(str(here))
        next(place)  # no phrase reaches from one field into the next
    words = [f"'{word}':{','.join(found)}" for word, found in places.items()]
    return " ".join([*words, *(f"'{SPELLING}{word}'" for word in entry.spellings)])


def delete(cursor, story_ids):
    cursor.execute("DELETE FROM workshops_search WHERE story_id = ANY(%s)", [list(story_ids)])


def condition(query, column=EVERYWHERE):
    """The part of WHERE that finds a query's stories, with its parameters."""
    return "vector @@ %s::tsquery", [expression(query, column)]


def score(query):
    """How well a story found answers, as a column with its parameters: more is better."""
    return SCORE, [expression(query)]


def expression(query, column=EVERYWHERE):
    """A query as a tsquery is written. Words hold no quote or backslash, so that none can end a quotation."""
    wanted = [term_expression(term, column) for term in query.wanted]
    return " & ".join(wanted + [f"!{term_expression(term)}" for term in query.unwanted])


def term_expression(term, column=EVERYWHERE):
    words = " <-> ".join(f"'{column}{word}'" for word in term.stems)
    if term.prefix and column == EVERYWHERE:
        return f"({words} | '{SPELLING}{term.prefix}':*)"
    return f"({words})"
