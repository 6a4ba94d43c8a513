"""Finding stories by their words, and counting them by their values: one interface, and an index of words for each database.

A story's title, published wording and tags are split into words and stemmed (`words.py`), and kept in a table beside
the stories: `sqlite.py` uses FTS5, `postgresql.py` a tsvector. Both match whole stems and nothing else, so a query
finds the same stories on both. The words as they were told are never read.

Beside it are kept what facets count, the values of the public stories (`values.py`), and what finds stories with nearly
the same words (`traces.py`), in rows that both databases have.

Story, StoryTag and Tag call `index` or `delete_entries` in the transaction of each change, and what changes no word
calls `index_values`. Callers pass in the stories that may be seen, so being in the index of words shows nobody
anything; the index of values holds nothing that is not public.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.apps import apps
from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from workshops.choices import Status
from workshops.keys import pk_subquery
from workshops.search import postgresql, sqlite, traces, values
from workshops.search.entries import read_entry
from workshops.search.query import Query, read_query
from workshops.search.stores import SearchStore, SqlPart

__all__ = [
    "delete_entries", "find_all", "find_stories", "found_among", "index", "index_values", "indexing_once", "matching",
    "optimise", "read_query", "rebuild", "weigh", "weigh_titles",
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


def find_all(query: Query) -> list[int]:
    """The primary keys of all stories that a query finds, whoever may see them."""
    where, parameters = store().condition(query)
    return [pk for (pk,) in fetch_rows(f"SELECT {store().KEY} FROM {store().TABLE} WHERE {where}", parameters)]  # noqa: S608


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


def fetch_rows(sql: str, parameters: Sequence[str | int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


@transaction.atomic(savepoint=False)
def index(story_ids: Iterable[int]) -> None:
    """Bring the words and values of these stories up to date, in the transaction that changed the stories."""
    pks = sorted(set(story_ids))
    if gather(pks):
        return
    for start in range(0, len(pks), STORIES_PER_BATCH):
        index_batch(pks[start : start + STORIES_PER_BATCH])
    values.count_anew(pks)


def index_values(story_ids: Iterable[int]) -> None:
    """Do what `index` does for a change that leaves the words as they are."""
    pks = set(story_ids)
    if not gather(pks):
        values.count_anew(pks)


def gather(pks: Iterable[int]) -> bool:
    """Put these stories among those that `indexing_once` will index. False outside of it."""
    gathered = stories_to_index.get()
    if gathered is None:
        return False
    gathered.update(pks)
    return True


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
    traces.write_traces(pks, entries)


def tag_names_of(pks: Sequence[int]) -> dict[int, list[str]]:
    links = apps.get_model("workshops", "StoryTag").objects.filter(content_object__in=pks).order_by("tag__key")
    tags = defaultdict(list)
    for story, name in links.values_list("content_object", "tag__name"):
        tags[story].append(name)
    return tags


def delete_entries(story_ids: Iterable[int]) -> None:
    """Delete the words of stories that are deleted or withdrawn, and count them no longer."""
    pks = list(story_ids)
    with connection.cursor() as cursor:
        store().delete(cursor, pks)
    traces.delete_traces(pks)
    values.count_anew(pks)


@transaction.atomic
def rebuild() -> int:
    """Build both indexes anew. Returns how many stories it read."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {store().TABLE}")  # noqa: S608
    pks = list(apps.get_model("workshops", "Story").objects.values_list("pk", flat=True))
    for start in range(0, len(pks), STORIES_PER_BATCH):
        index_batch(pks[start : start + STORIES_PER_BATCH])
    values.rebuild_values()
    optimise()
    return len(pks)


def optimise() -> None:
    """Tidy the index after very many entries were written, which the database would otherwise do bit by bit."""
    with connection.cursor() as cursor:
        cursor.execute(store().OPTIMISE)
