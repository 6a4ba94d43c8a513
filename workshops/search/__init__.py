"""Finding stories by their words: one interface, and an index for each database.

A story's title, published wording and tags are split into words and stemmed (`words.py`), and kept in a table beside
the stories: `sqlite.py` uses FTS5, `postgresql.py` a tsvector. Both match whole stems and nothing else, so a query
finds the same stories on both. The words as they were told are never read.

Story, StoryTag and Tag call `index` or `delete_entries` in the transaction of each change. Callers pass in the stories
that may be seen, so being in the index shows nobody anything.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from django.apps import apps
from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from workshops.choices import Status
from workshops.keys import pk_subquery
from workshops.search import postgresql, sqlite
from workshops.search.entries import read_entry
from workshops.search.query import Query, read_query
from workshops.search.stores import SearchStore, SqlPart

__all__ = [
    "delete_entries", "find_stories", "found_among", "index", "indexing_once", "matching", "optimise", "read_query",
    "rebuild", "weigh",
    "weigh_titles",
]  # fmt: skip

STORES: dict[str, SearchStore] = {"postgresql": postgresql, "sqlite": sqlite}
STORIES_PER_BATCH = 500
UNWEIGHED: SqlPart = ("0", ())

stories_to_index: ContextVar[set[int] | None] = ContextVar("stories_to_index", default=None)
"""Primary keys gathered inside `indexing_once`; None outside it."""

Stories = TypeVar("Stories", bound=QuerySet)


def store() -> SearchStore:
    return STORES[connection.vendor]


def matching(stories: Stories, query: Query) -> Stories:
    """This queryset narrowed to the stories that a query finds, in the order it had."""
    where, parameters = store().condition(query)
    sql = f"SELECT {store().KEY} FROM {store().TABLE} WHERE {where}"  # noqa: S608 - our own names
    return stories.filter(pk__in=RawSQL(sql, parameters))  # noqa: S611


def find_stories(stories: QuerySet, query: Query, most: int) -> list[int]:
    """The primary keys of up to `most` of these stories that a query finds, the last entered first.

    The cost depends on `most`, not on how many stories match.
    """
    return [pk for pk, _ in matching_rows(stories, store().condition(query), most)]


def weigh_titles(stories: QuerySet, query: Query, most: int) -> dict[int, float]:
    """The scores, by primary key, of up to `most` of these stories with all the wanted words in their title.

    A higher score is a better answer: words in the title count more than words in the wording, and those more than
    words in tags.
    """
    return dict(matching_rows(stories, store().condition(query, store().TITLE), most, store().score(query)))


def matching_rows(
    stories: QuerySet, condition: SqlPart, most: int, score: SqlPart = UNWEIGHED
) -> list[tuple[int, float]]:
    """(primary key, score) of these stories' entries in the index that meet a condition, the last entered first."""
    key = f"{store().TABLE}.{store().KEY}"
    (where, where_parameters), (score_sql, score_parameters) = condition, score
    # Asked of each entry in turn: from the stories' side the database would first read all that may be seen.
    seen = stories.filter(pk=RawSQL(key, ())).order_by().values("pk")  # noqa: S611
    seen_sql, seen_parameters = seen.query.sql_with_params()
    return fetch_rows(
        f"SELECT {key}, {score_sql} FROM {store().TABLE} WHERE {where} AND EXISTS ({seen_sql}{store().ONE_BY_ONE}) "  # noqa: S608
        f"ORDER BY {key} DESC LIMIT %s",
        [*score_parameters, *where_parameters, *seen_parameters, most],
    )


def weigh(pks: Collection[int], query: Query) -> dict[int, float]:
    """The scores, by primary key, of those of these stories that a query finds. There may be thousands."""
    return dict(rows_among(pks, query, store().score(query)))


def found_among(pks: Collection[int], query: Query) -> set[int]:
    """Those of these primary keys whose stories a query finds."""
    return {pk for pk, _ in rows_among(pks, query)}


def rows_among(pks: Collection[int], query: Query, score: SqlPart = UNWEIGHED) -> list[tuple[int, float]]:
    if not pks:
        return []
    key, among = store().KEY, pk_subquery(pks)
    (where, parameters), (score_sql, score_parameters) = store().condition(query), score
    return fetch_rows(
        f"SELECT {key}, {score_sql} FROM {store().TABLE} "  # noqa: S608 - our own names
        f"WHERE {where} AND {key} BETWEEN %s AND %s AND {store().KEY_LAST} IN ({among.sql})",
        [*score_parameters, *parameters, min(pks), max(pks), *among.params],
    )


def fetch_rows(sql: str, parameters: Sequence[str | int]) -> list[tuple[int, float]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def index(story_ids: Iterable[int]) -> None:
    """Bring the index entries of these stories up to date, in the transaction that changed the stories."""
    pks = sorted(set(story_ids))
    gathered = stories_to_index.get()
    if gathered is not None:
        gathered.update(pks)
        return
    for start in range(0, len(pks), STORIES_PER_BATCH):
        index_batch(pks[start : start + STORIES_PER_BATCH])


@contextmanager
def indexing_once() -> Iterator[None]:
    """Index each story that changes inside only once, at the end. Use it where stories are saved and then tagged."""
    gathered: set[int] = set()
    token = stories_to_index.set(gathered)
    try:
        yield
    finally:
        stories_to_index.reset(token)
    index(gathered)


@transaction.atomic(savepoint=False)
def index_batch(pks: Sequence[int]) -> None:
    stories = apps.get_model("workshops", "Story").objects.filter(pk__in=pks)
    # When two people tag one story at once, the second waits here and then reads the tags of both.
    held = stories.order_by("pk").select_for_update(no_key=True)
    rows = list(held.values_list("pk", "title", "published_text", "status"))
    tags = tag_names_of(pks)
    entries = [read_entry(pk, title, text, tags[pk]) for pk, title, text, status in rows if status != Status.WITHDRAWN]
    with connection.cursor() as cursor:
        store().delete(cursor, pks)
        if entries:
            store().insert(cursor, entries)


def tag_names_of(pks: Sequence[int]) -> dict[int, list[str]]:
    links = apps.get_model("workshops", "StoryTag").objects.filter(content_object__in=pks).order_by("tag__key")
    tags = defaultdict(list)
    for story, name in links.values_list("content_object", "tag__name"):
        tags[story].append(name)
    return tags


def delete_entries(story_ids: Iterable[int]) -> None:
    """Delete the index entries of stories that are deleted."""
    with connection.cursor() as cursor:
        store().delete(cursor, list(story_ids))


@transaction.atomic
def rebuild() -> int:
    """Build the whole index anew. Returns how many stories it read."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {store().TABLE}")  # noqa: S608
    pks = list(apps.get_model("workshops", "Story").objects.values_list("pk", flat=True))
    index(pks)
    optimise()
    return len(pks)


def optimise() -> None:
    """Tidy the index after very many entries were written, which the database would otherwise do bit by bit."""
    with connection.cursor() as cursor:
        cursor.execute(store().OPTIMISE)
