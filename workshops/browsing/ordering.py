"""The orders of a list of stories, in which a page begins after the key of a story and not at a number.

A key says where a story stands in an order: what it is sorted by, and its ref.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet, TextField
from django.db.models.functions import Cast, Lower

from workshops.keys import exists_in
from workshops.models import Story, Workshop

FIRST_BATCH_SIZE = 250
"""How many stories are read first when walking by title; each further batch is four times as large."""


class UnknownKeyError(ValueError):
    """A key that no story can have in this order."""


class Order:
    """An order of stories, which subclasses define. Without a key it begins at the start, or at the end if backwards."""

    def take(self, stories: QuerySet, most: int | None, key: str = "", backwards: bool = False) -> list[int]:
        """The primary keys of the first `most` stories beyond the key; of all of them if None."""
        return list(self.beginning(stories, key, backwards).values_list("pk", flat=True)[:most])

    def beginning(self, stories: QuerySet, key: str, backwards: bool) -> QuerySet:
        rows = self.sort(stories)
        rows = rows.filter(self.beyond(key, backwards)) if key else rows
        return rows.reverse() if backwards else rows


@dataclass
class ByDate(Order):
    """By the day of the workshop, unknown days last, then by ref. A key is a day and a ref."""

    descending: bool

    def sort(self, stories: QuerySet) -> QuerySet:
        day = F("workshop__held_on")
        return stories.order_by(day.desc(nulls_last=True) if self.descending else day.asc(nulls_last=True), "ref")

    def key_of(self, story: Story) -> str:
        return write_key(story.workshop.held_on or "", story.ref)

    def beyond(self, key: str, backwards: bool = False) -> Q:
        """The condition of being after this key, or before it. Raises UnknownKeyError."""
        day, ref = read_key(key)
        side = "lt" if backwards else "gt"
        if not day:
            there = Q(workshop__held_on=None, **{f"ref__{side}": ref})
            return there | Q(workshop__held_on__isnull=False) if backwards else there
        try:
            day = datetime.date.fromisoformat(day)
        except ValueError as problem:
            raise UnknownKeyError(key) from problem
        there = Q(workshop__held_on=day, **{f"ref__{side}": ref})
        there |= Q(**{f"workshop__held_on__{'lt' if self.descending != backwards else 'gt'}": day})
        return there if backwards else there | Q(workshop__held_on=None)

    def walk(self, stories: QuerySet, key: str = "", backwards: bool = False) -> Iterator[int]:
        """The primary keys of all of them in order. One day is read first, then four, then sixteen …"""
        days = self.days(read_key(key)[0] if key else None, backwards)
        number = 1
        while days:
            workshops = [pk for _day, pks in days[:number] for pk in pks]
            yield from self.take(stories.filter(workshop__in=workshops), None, key, backwards)
            days, number = days[number:], number * 4

    def days(self, day: str | None, backwards: bool) -> list[tuple[str, list[int]]]:
        """The days from this one on, in order: (ISO date, primary keys of the workshops held on it)."""
        days = defaultdict(list)
        for pk, held_on in Workshop.objects.values_list("pk", Cast("held_on", TextField())):
            days[held_on or ""].append(pk)
        unknown = [("", days.pop(""))] if "" in days else []
        order = sorted(days.items(), reverse=self.descending) + unknown
        if backwards:
            order.reverse()
        names = [name for name, _workshops in order]
        return order[names.index(day) :] if day in names else order


class ByTitle(Order):
    """By title, ignoring case, then by ref. A key is a title in lower case and a ref."""

    def sort(self, stories: QuerySet) -> QuerySet:
        return stories.annotate(title_key=Lower("title")).order_by("title_key", "ref")

    def key_of(self, story: Story) -> str:
        return write_key(story.title_key, story.ref)

    def beyond(self, key: str, backwards: bool = False) -> Q:
        """The condition of being after this key, or before it. Raises UnknownKeyError."""
        title, ref = read_key(key)
        side = "lt" if backwards else "gt"
        beyond = Q(**{f"title_key__{side}": title}) | Q(title_key=title, **{f"ref__{side}": ref})
        return Q(**{f"title_key__{side}e": title}) & beyond  # the first part lets the database use an index

    def walk(self, stories: QuerySet, key: str = "", backwards: bool = False) -> Iterator[int]:
        """The primary keys of all of them in order, read in batches that grow."""
        stories = stories.model.objects.filter(exists_in(stories))  # else SQLite would first find and sort them all
        number = FIRST_BATCH_SIZE
        while True:
            rows = list(self.beginning(stories, key, backwards).values_list("pk", "title_key", "ref")[:number])
            yield from (pk for pk, _title, _ref in rows)
            if len(rows) < number:
                return
            _pk, title, ref = rows[-1]
            key, number = write_key(title, ref), number * 4


def write_key(value: object, ref: str) -> str:
    return f"{value}~{ref}"


def read_key(key: str) -> tuple[str, str]:
    """The value and the ref in a key. Raises UnknownKeyError."""
    value, mark, ref = key.rpartition("~")
    if not mark or not ref:
        raise UnknownKeyError(key)
    return value, ref


ORDERS = {"newest": ByDate(descending=True), "oldest": ByDate(descending=False), "title": ByTitle()}
