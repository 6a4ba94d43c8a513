"""The orders of a list of stories, and how a page of it begins after a story and not at a number."""

import datetime
from dataclasses import dataclass

from django.db.models import F, Q
from django.db.models.functions import Lower


class NoSuchPlace(ValueError):
    """A key that none of the order's places can have."""


@dataclass
class ByDate:
    """By the day of the workshop, unknown days last, then by ref. The key of a place in the list is a day and a ref."""

    descending: bool

    def sort(self, stories):
        day = F("workshop__held_on")
        return stories.order_by(day.desc(nulls_last=True) if self.descending else day.asc(nulls_last=True), "ref")

    def key_of(self, story):
        return f"{story.workshop.held_on or ''}~{story.ref}"

    def beyond(self, key, backwards=False):
        """What stands after this key, or before it. Raises NoSuchPlace."""
        day, ref = read_key(key)
        side = "lt" if backwards else "gt"
        if not day:
            there = Q(workshop__held_on=None, **{f"ref__{side}": ref})
            return there | Q(workshop__held_on__isnull=False) if backwards else there
        try:
            day = datetime.date.fromisoformat(day)
        except ValueError as problem:
            raise NoSuchPlace(key) from problem
        there = Q(workshop__held_on=day, **{f"ref__{side}": ref})
        there |= Q(**{f"workshop__held_on__{'lt' if self.descending != backwards else 'gt'}": day})
        return there if backwards else there | Q(workshop__held_on=None)


class ByTitle:
    """By title, whatever its capitals, then by ref."""

    def sort(self, stories):
        return stories.annotate(title_key=Lower("title")).order_by("title_key", "ref")

    def key_of(self, story):
        return f"{story.title_key}~{story.ref}"

    def beyond(self, key, backwards=False):
        title, ref = read_key(key)
        side = "lt" if backwards else "gt"
        return Q(**{f"title_key__{side}": title}) | Q(title_key=title, **{f"ref__{side}": ref})


def read_key(key):
    value, mark, ref = key.rpartition("~")
    if not mark or not ref:
        raise NoSuchPlace(key)
    return value, ref


ORDERS = {"newest": ByDate(descending=True), "oldest": ByDate(descending=False), "title": ByTitle()}
