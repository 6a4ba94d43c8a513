"""The orders of a list of stories, and how a page of it begins after a story and not at a number."""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import F, Q, TextField
from django.db.models.functions import Cast, Lower

from workshops.keys import exists_in
from workshops.models import Workshop

READ_FIRST = 250
"""So many stories are read first in the order of their titles; then four times as many."""


class NoSuchPlaceError(ValueError):
    """A key that none of the order's places can have."""


class Order:
    """Each gives primary keys, of all these stories or of those beyond a key; if backwards, from the end or the key back."""

    def take(self, stories, most, key="", backwards=False):
        """The first `most` in order."""
        return list(self.beginning(stories, key, backwards).values_list("pk", flat=True)[:most])

    def beginning(self, stories, key, backwards):
        rows = self.sort(stories)
        rows = rows.filter(self.beyond(key, backwards)) if key else rows
        return rows.reverse() if backwards else rows


@dataclass
class ByDate(Order):
    """By the day of the workshop, unknown days last, then by ref. The key of a place in the list is a day and a ref."""

    descending: bool

    def sort(self, stories):
        day = F("workshop__held_on")
        return stories.order_by(day.desc(nulls_last=True) if self.descending else day.asc(nulls_last=True), "ref")

    def key_of(self, story):
        return write_key(story.workshop.held_on or "", story.ref)

    def beyond(self, key, backwards=False):
        """What stands after this key, or before it. Raises NoSuchPlaceError."""
        day, ref = read_key(key)
        side = "lt" if backwards else "gt"
        if not day:
            there = Q(workshop__held_on=None, **{f"ref__{side}": ref})
            return there | Q(workshop__held_on__isnull=False) if backwards else there
        try:
            day = datetime.date.fromisoformat(day)
        except ValueError as problem:
            raise NoSuchPlaceError(key) from problem
        there = Q(workshop__held_on=day, **{f"ref__{side}": ref})
        there |= Q(**{f"workshop__held_on__{'lt' if self.descending != backwards else 'gt'}": day})
        return there if backwards else there | Q(workshop__held_on=None)

    def walk(self, stories, key="", backwards=False):
        """All of them in order, one by one. They are read a day at a time, then some days, and then more."""
        days = self.days(read_key(key)[0] if key else None, backwards)
        number = 1
        while days:
            workshops = [pk for _, pks in days[:number] for pk in pks]
            yield from self.take(stories.filter(workshop__in=workshops), None, key, backwards)
            days, number = days[number:], number * 4

    def days(self, day, backwards):
        """The days in this order, each with its workshops, from one day on: [(ISO date, primary keys)]."""
        days = defaultdict(list)
        for pk, held_on in Workshop.objects.values_list("pk", Cast("held_on", TextField())):
            days[held_on or ""].append(pk)
        unknown = [("", days.pop(""))] if "" in days else []
        order = sorted(days.items(), reverse=self.descending) + unknown
        if backwards:
            order.reverse()
        names = [name for name, _ in order]
        return order[names.index(day) :] if day in names else order


class ByTitle(Order):
    """By title, whatever its capitals, then by ref."""

    def sort(self, stories):
        return stories.annotate(title_key=Lower("title")).order_by("title_key", "ref")

    def key_of(self, story):
        return write_key(story.title_key, story.ref)

    def beyond(self, key, backwards=False):
        title, ref = read_key(key)
        side = "lt" if backwards else "gt"
        beyond = Q(**{f"title_key__{side}": title}) | Q(title_key=title, **{f"ref__{side}": ref})
        return Q(**{f"title_key__{side}e": title}) & beyond  # the first part is what an index can begin from

    def walk(self, stories, key="", backwards=False):
        """All of them in order, one by one. They are read some at a time, and then more."""
        stories = stories.model.objects.filter(exists_in(stories))  # or SQLite would find them all first, and sort them
        number = READ_FIRST
        while True:
            rows = list(self.beginning(stories, key, backwards).values_list("pk", "title_key", "ref")[:number])
            yield from (pk for pk, _, _ in rows)
            if len(rows) < number:
                return
            _, title, ref = rows[-1]
            key, number = write_key(title, ref), number * 4


def write_key(value, ref):
    return f"{value}~{ref}"


def read_key(key):
    value, mark, ref = key.rpartition("~")
    if not mark or not ref:
        raise NoSuchPlaceError(key)
    return value, ref


ORDERS = {"newest": ByDate(descending=True), "oldest": ByDate(descending=False), "title": ByTitle()}
