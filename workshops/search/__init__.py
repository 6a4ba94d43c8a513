"""Finding stories by their words: one interface, and a store for each database.

A story's title, published wording and tags are read into stems (`words.py`), and the index keeps them beside the
stories: `sqlite.py` in FTS5, `postgresql.py` in a tsvector. Both match whole stems and nothing else, so that a query
finds the same stories on both. The words as told are never read.

Story, StoryTag and Tag call `index` or `delete_entries` in the transaction of each change. Whoever searches hands in the
stories that may be seen, so that an entry alone shows nobody anything.
"""

from collections import defaultdict
from contextlib import contextmanager
from contextvars import ContextVar

from django.apps import apps
from django.db import connection, transaction
from django.db.models.expressions import RawSQL

from workshops.choices import Status
from workshops.keys import pk_subquery
from workshops.search import postgresql, sqlite
from workshops.search.entries import read_entry
from workshops.search.query import read_query

__all__ = [
    "delete_entries", "find_stories", "found_among", "index", "indexing_once", "matching", "optimise", "read_query",
    "rebuild", "weigh",
    "weigh_titles",
]  # fmt: skip

STORES = {"postgresql": postgresql, "sqlite": sqlite}
INDEX_BATCH = 500
UNWEIGHED = "0", ()
waiting = ContextVar("the stories to be indexed at the end of `indexing_once`", default=None)


def store():
    return STORES[connection.vendor]


def matching(stories, query):
    """Those of these stories that a query finds: a queryset of all of them, in the order it had."""
    where, parameters = store().condition(query)
    sql = f"SELECT {store().KEY} FROM {store().TABLE} WHERE {where}"  # noqa: S608 - names of ours
    return stories.filter(pk__in=RawSQL(sql, parameters))  # noqa: S611


def find_stories(stories, query, most):
    """The primary keys of up to `most` of these stories that a query finds, the last entered first.

    It costs what `most` costs, however many there are.
    """
    return [pk for pk, _ in entries(stories, store().condition(query), most)]


def weigh_titles(stories, query, most):
    """Up to `most` of these stories that hold all the wanted words in their title, as {primary key: score}.

    A higher score answers better: words in the title count more than words in the wording, and those more than words
    of tags.
    """
    return dict(entries(stories, store().condition(query, store().TITLE), most, store().score(query)))


def entries(stories, condition, most, score=UNWEIGHED):
    key = f"{store().TABLE}.{store().KEY}"
    (where, where_parameters), (score, score_parameters) = condition, score
    # Asked of each entry in turn: from the stories' side the database would read all that may be seen first.
    seen = stories.filter(pk=RawSQL(key, ())).order_by().values("pk")  # noqa: S611
    seen_sql, seen_parameters = seen.query.sql_with_params()
    return fetch_rows(
        f"SELECT {key}, {score} FROM {store().TABLE} WHERE {where} AND EXISTS ({seen_sql}{store().ONE_BY_ONE}) "  # noqa: S608
        f"ORDER BY {key} DESC LIMIT %s",
        [*score_parameters, *where_parameters, *seen_parameters, most],
    )


def weigh(pks, query):
    """Those of these primary keys, which may be thousands, whose stories a query finds, as {primary key: score}."""
    return dict(entries_among(pks, query, store().score(query)))


def found_among(pks, query):
    """As `weigh`, without the weight: a set."""
    return {pk for pk, _ in entries_among(pks, query)}


def entries_among(pks, query, score=UNWEIGHED):
    if not pks:
        return []
    key, among = store().KEY, pk_subquery(pks)
    (where, parameters), (score, score_parameters) = store().condition(query), score
    return fetch_rows(
        f"SELECT {key}, {score} FROM {store().TABLE} "  # noqa: S608 - names of ours
        f"WHERE {where} AND {key} BETWEEN %s AND %s AND {store().KEY_LAST} IN ({among.sql})",
        [*score_parameters, *parameters, min(pks), max(pks), *among.params],
    )


def fetch_rows(sql, parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def index(story_ids):
    """Bring the entries of these stories up to date, within the transaction of what changed them."""
    pks = sorted(set(story_ids))
    if waiting.get() is not None:
        waiting.get().update(pks)
        return
    for start in range(0, len(pks), INDEX_BATCH):
        index_batch(pks[start : start + INDEX_BATCH])


@contextmanager
def indexing_once():
    """For who writes many stories and then their tags: each is indexed once, at the end, in the transaction around."""
    token = waiting.set(set())
    try:
        yield
        changed = waiting.get()
    finally:
        waiting.reset(token)
    index(changed)


@transaction.atomic(savepoint=False)
def index_batch(pks):
    stories = apps.get_model("workshops", "Story").objects.filter(pk__in=pks)
    # Of two people who tag one story at once the second waits here, and then reads the tags of both.
    held = stories.order_by("pk").select_for_update(no_key=True)
    rows = list(held.values_list("pk", "title", "published_text", "status"))
    tags = tag_names_of(pks)
    entries = [read_entry(pk, title, text, tags[pk]) for pk, title, text, status in rows if status != Status.WITHDRAWN]
    with connection.cursor() as cursor:
        store().delete(cursor, pks)
        if entries:
            store().insert(cursor, entries)


def tag_names_of(pks):
    links = apps.get_model("workshops", "StoryTag").objects.filter(content_object__in=pks).order_by("tag__key")
    tags = defaultdict(list)
    for story, name in links.values_list("content_object", "tag__name"):
        tags[story].append(name)
    return tags


def delete_entries(story_ids):
    """Delete the entries of stories that are deleted."""
    with connection.cursor() as cursor:
        store().delete(cursor, list(story_ids))


@transaction.atomic
def rebuild():
    """Make the whole index anew. Returns how many stories it read."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {store().TABLE}")  # noqa: S608
    pks = list(apps.get_model("workshops", "Story").objects.values_list("pk", flat=True))
    index(pks)
    optimise()
    return len(pks)


def optimise():
    """After very many entries were written: what the database would do by itself in time, at once."""
    with connection.cursor() as cursor:
        cursor.execute(store().OPTIMISE)
