"""Wordings that are the same, or nearly: of stories, which then count twice, and of practices, which split a vote."""

import re
from collections.abc import Hashable, Iterable, Mapping
from typing import Generic, NamedTuple, TypeVar

from django.db.models import QuerySet
from rapidfuzz import fuzz

from workshops.models import Story
from workshops.search.traces import may_be_alike

NEARLY = 90
"""Wordings that share more than this of a hundred letters, in order, are nearly the same."""
WORD = re.compile(r"\w+")

Thing = TypeVar("Thing", bound=Hashable)


class NearDouble(NamedTuple, Generic[Thing]):
    """What has the same words as something else, or nearly."""

    thing: Thing
    is_same: bool


def compared_form(text: str) -> str:
    """A text as it is compared: case, punctuation and spaces make no difference.

    >>> compared_form("Ring back — the same day!") == compared_form("ring back, the same day")
    True
    """
    return " ".join(WORD.findall(text.casefold()))


def are_near(one: str, other: str) -> bool:
    """Whether two texts in that form are nearly the same."""
    return fuzz.ratio(one, other, score_cutoff=NEARLY) > NEARLY


def near_doubles(statement: str, among: Mapping[Thing, str]) -> list[NearDouble[Thing]]:
    """Those of `among`, {thing: its statement}, that say nearly the same, be it in another order.

    Statements that differ in a number differ on purpose.

    >>> near_doubles("Keep the daily huddle.", {1: "keep the daily huddles", 2: "Ring back", 3: "The daily huddle: keep"})
    [NearDouble(thing=1, is_same=False), NearDouble(thing=3, is_same=False)]
    >>> near_doubles("Ring back within 2 days", {1: "Ring back within 3 days"})
    []
    """
    wanted = compared_form(statement)
    numbers = numbers_in(wanted)
    compared = [(thing, compared_form(other)) for thing, other in among.items()]
    return [
        NearDouble(thing, other == wanted)
        for thing, other in compared
        if numbers_in(other) == numbers
        and max(fuzz.ratio(wanted, other), fuzz.token_sort_ratio(wanted, other)) > NEARLY
    ]


def numbers_in(text: str) -> list[str]:
    return sorted(re.findall(r"\d+", text))


def stories_told_twice(story_ids: Iterable[int], among: QuerySet[Story]) -> dict[int, list[NearDouble[Story]]]:
    """For each of these stories, by primary key, those of `among` with nearly the same words; only those that have any."""
    alike = may_be_alike(set(story_ids))
    pks = alike.keys() | {other for others in alike.values() for other in others}
    seen = {story.pk: story for story in among.filter(pk__in=pks).only("pk", "ref", "title")} if pks else {}
    words = {
        pk: compared_form(text) for pk, text in Story.objects.filter(pk__in=pks).values_list("pk", "published_text")
    }
    found = {
        pk: [
            NearDouble(seen[other], words[pk] == words[other])
            for other in sorted(others)
            if other in seen and are_near(words[pk], words[other])
        ]
        for pk, others in alike.items()
    }
    return {pk: doubles for pk, doubles in found.items() if doubles}
