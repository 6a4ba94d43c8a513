"""What the index needs of each database: the interface that `sqlite.py` and `postgresql.py` both offer as modules."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from django.db.backends.utils import CursorWrapper

from workshops.search.entries import SearchEntry
from workshops.search.query import Query

SqlPart = tuple[str, Sequence[str]]
"""A piece of an SQL statement, and its parameters."""


class SearchStore(Protocol):
    TABLE: str
    KEY: str
    """The column that holds the story's primary key."""
    KEY_LAST: str
    """The same column, written so that the database compares it after the words."""
    ONE_BY_ONE: str
    """The end of a subquery that is to be asked of each entry in turn."""
    TITLE: str
    """The column to look in for words of the title only."""
    OPTIMISE: str

    def insert(self, cursor: CursorWrapper, entries: Iterable[SearchEntry]) -> None: ...

    def delete(self, cursor: CursorWrapper, story_ids: Iterable[int]) -> None: ...

    def condition(self, query: Query, column: str = ...) -> SqlPart:
        """The part of WHERE that finds a query's stories."""

    def score(self, query: Query) -> SqlPart:
        """How well a story that was found answers, as a column: more is better."""
