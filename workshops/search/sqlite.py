"""The index on SQLite: an FTS5 table, whose rowid is the story's primary key. Migrations make it.

The words are made in Python and hold no sign that is ASCII but a letter or number: the tokenizer `ascii` keeps the rest.
"""

from workshops.search.entries import SearchEntry

TABLE, KEY = "workshops_search", "rowid"
ONE_BY_ONE = ""
KEY_LAST = "+rowid"  # so written it is compared after the words; sought first, FTS5 would read them anew for each story
# What FTS5 does little by little: one index instead of many parts, and nothing in it of entries that are gone.
OPTIMISE = "INSERT INTO workshops_search (workshops_search) VALUES ('optimize')"

INSERT = "INSERT INTO workshops_search (rowid, title, body, tags, spellings) VALUES (%s, %s, %s, %s, %s)"
SCORE = "-bm25(workshops_search, 10, 4, 1, 0)"
EVERYWHERE, TITLE = "{title body tags}", "{title}"


def insert(cursor, entries: list[SearchEntry]):
    cursor.executemany(INSERT, [(entry.story, *(" ".join(field) for field in entry[1:])) for entry in entries])


def delete(cursor, story_ids):
    cursor.executemany("DELETE FROM workshops_search WHERE rowid = %s", [(pk,) for pk in story_ids])


def condition(query, column=EVERYWHERE):
    """The part of WHERE that finds a query's stories, with its parameters."""
    unwanted = " OR ".join(expression(term) for term in query.unwanted)
    if not query.wanted:
        sql = "rowid NOT IN (SELECT rowid FROM workshops_search WHERE workshops_search MATCH %s)"
        return sql, [unwanted]
    wanted = " AND ".join(expression(term, column) for term in query.wanted)
    return "workshops_search MATCH %s", [f"({wanted}) NOT ({unwanted})" if unwanted else wanted]


def score(query):
    """How well a story found answers, as a column with its parameters: more is better."""
    return (SCORE, []) if query.wanted else ("0", [])


def expression(term, column=EVERYWHERE):
    """A term as FTS5 reads it. Words hold no quote, so that none can end a quotation."""
    words = f'{column} : "{" ".join(term.stems)}"'
    if term.prefix and column == EVERYWHERE:
        return f'({words} OR spellings : "{term.prefix}" *)'
    return words
