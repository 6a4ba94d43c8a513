"""The page of a search: how many stories there are, which of them it shows, and how many each filter would leave.

At most COUNTED stories are counted and weighed: where there are more, a page says “2,000+”, and the number beside a
filter is a floor. By date or title a page begins after a story, not at a number; only the best answers, of which there
are COUNTED at most, are paged by number.
"""

import math
from collections import Counter
from dataclasses import dataclass, field

from django.http import Http404
from django.utils.functional import cached_property

from workshops import search
from workshops.choices import Kind
from workshops.forms import StoryListFilter
from workshops.models import Story, StoryTag
from workshops.orders import ORDERS

COUNTED = 2_000
PAGE = 25
FACET_VALUES = 10
BEST = StoryListFilter.BEST


@dataclass
class Page:
    """Some of the stories found, and what the address of the page before and after holds; empty where there is none."""

    stories: list
    number: int | None = None
    previous: dict = field(default_factory=dict)
    next: dict = field(default_factory=dict)


@dataclass
class Facet:
    """How many stories each value of one filter would leave, the most frequent first."""

    name: str
    label: str
    values: list
    is_floor: bool


@dataclass
class Value:
    label: str
    count: int
    is_chosen: bool
    link: str


class Found:
    """What a StoryFilter finds among these stories."""

    def __init__(self, stories, filter):
        self.stories, self.filter = stories, filter
        self.query = filter.query if filter.is_valid() else None

    @cached_property
    def scores(self):
        return self.some()

    def some(self, besides=None):
        """Up to COUNTED stories, and one more if there are more, as {primary key: score}; `besides` leaves a filter out."""
        stories = self.filter.narrow_by_facets(self.stories, besides)
        if self.query:
            return dict(search.find(stories, self.query, COUNTED + 1))
        return dict.fromkeys(stories.order_by("-pk").values_list("pk", flat=True)[: COUNTED + 1], 0)

    @property
    def count(self):
        return min(len(self.scores), COUNTED)

    @property
    def has_more(self):
        return len(self.scores) > COUNTED

    @property
    def count_in_words(self):
        return f"{self.count:,}{'+' if self.has_more else ''}"

    @property
    def is_by_best(self):
        return self.order == BEST

    @property
    def order(self):
        chosen = self.filter.cleaned_data["sort"] if self.filter.is_valid() else ""
        best_if_any = BEST if self.query and self.query.wanted else "newest"
        return best_if_any if chosen in ("", BEST) else chosen

    def page(self, page=None, after="", before=""):
        """A page, by its number or by a place in the list. Raises Http404 where the list has ended before.

        Raises NoSuchPlace for a place that this order does not know.
        """
        number = page or 1
        if self.order == BEST:
            found = self.page_of_best(number)
        elif after or before:
            found = self.page_by_key(after, before)
        else:
            found = self.page_by_number(number)
        if number > 1 and not found.stories:
            raise Http404(f"The list has no page {number}.")
        return found

    def page_of_best(self, number):
        best = self.best()
        pks = best[(number - 1) * PAGE : number * PAGE]
        shown = Story.objects.for_page().in_bulk(pks)
        return Page(
            [shown[pk] for pk in pks if pk in shown],
            number,
            previous=to(page=number - 1) if number > 1 else {},
            next=to(page=number + 1) if number < math.ceil(len(best) / PAGE) else {},
        )

    def best(self):
        """The primary keys of the best answers, at most COUNTED. What is as good stands with the last entered first.

        Of too many to weigh, those that hold all the words in their title come first.
        """
        first = []
        if self.has_more:
            stories = self.filter.narrow_by_facets(self.stories)
            first = in_order(dict(search.find_in_titles(stories, self.query, COUNTED)))
        return list(dict.fromkeys(first + in_order(self.scores)))[:COUNTED]

    def rows(self):
        """All the stories found, with what the page shows of them, in no order yet."""
        if not self.has_more:
            return self.stories.filter(pk__in=list(self.scores)).for_page()
        stories = self.filter.narrow_by_facets(self.stories)
        return (search.matching(stories, self.query) if self.query else stories).for_page()

    def take(self, **place):
        """Some in the order asked for: as many as a page holds, and one more if there are more."""
        order = ORDERS[self.order]
        take = order.take_of_many if self.has_more else order.take
        return take(self.rows(), PAGE + 1, **place)

    def page_by_number(self, number):
        begin = (number - 1) * PAGE
        if begin and begin >= self.rows().count():  # counting is quick beside sorting
            return Page([])
        rows = list(ORDERS[self.order].sort(self.rows())[begin : begin + PAGE + 1]) if begin else self.take()
        return self.between(rows[:PAGE], has_previous=number > 1, has_next=len(rows) > PAGE)

    def page_by_key(self, after, before):
        if after:
            rows = self.take(key=after)
            return self.between(rows[:PAGE], has_previous=True, has_next=len(rows) > PAGE)
        rows = self.take(key=before, backwards=True)
        if len(rows) <= PAGE:
            return self.page_by_number(1)
        return self.between(rows[PAGE - 1 :: -1], has_previous=True, has_next=True)

    def between(self, stories, has_previous, has_next):
        order = ORDERS[self.order]
        if not stories:
            return Page([])
        return Page(
            stories,
            number=None if has_previous else 1,
            previous=to(before=order.key_of(stories[0])) if has_previous else {},
            next=to(after=order.key_of(stories[-1])) if has_next else {},
        )

    @cached_property
    def facets(self):
        """What can narrow this list further, and by how much. A filter that is chosen is counted without itself."""
        if not self.filter.is_valid():
            return []
        chosen = {name for name in FACETS if self.filter.cleaned_data[name]}
        same = counts_of(self.scores, set(FACETS) - chosen)
        facets = []
        for name in FACETS:
            scores = self.some(besides=name) if name in chosen else self.scores
            counts = counts_of(scores, {name})[name] if name in chosen else same[name]
            facets.append(self.facet(name, counts, is_floor=len(scores) > COUNTED))
        return [facet for facet in facets if facet.values]

    def facet(self, name, counts, is_floor):
        chosen = self.filter.data.get(name)
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0][1]))
        values = [
            Value(label, count, str(key) == chosen, f"?{self.filter.query_with(name, key)}")
            for (key, label), count in ranked
        ]
        shown = values[:FACET_VALUES] + [value for value in values[FACET_VALUES:] if value.is_chosen]
        return Facet(name, self.filter.fields[name].label, shown, is_floor)


def to(**place):
    """What an address holds to lead to a page, and what it must not hold."""
    return dict.fromkeys(["page", "after", "before"]) | place


def in_order(scores):
    return sorted(scores, key=lambda pk: (-scores[pk], -pk))


# Of each filter, the columns that hold its value as addresses say it and as people read it.
OF_STORY = {
    "service_area": ("service_area__slug", "service_area__name"),
    "place": ("place__code", "place__name"),
    "phase": ("workshop__phase__number", "workshop__phase__number"),
    "kind": ("kind", "kind"),
}
OF_LINKS = {
    "theme": (Story.themes.through, "story", ("theme__slug", "theme__name")),
    "tag": (StoryTag, "content_object", ("tag__slug", "tag__name")),
}
FACETS = ["service_area", "theme", "place", "phase", "kind", "tag"]


def counts_of(scores, names):
    """Of these filters {name: {(key, label): how many of these stories}}, in a query for all columns and one a link."""
    pks = list(scores)[:COUNTED]
    counts = {}
    columns = [column for name in OF_STORY if name in names for column in OF_STORY[name]]
    if columns:
        rows = list(Story.objects.filter(pk__in=pks).order_by().values_list(*columns))
        for position, name in enumerate(name for name in OF_STORY if name in names):
            pairs = (row[2 * position : 2 * position + 2] for row in rows)
            counts[name] = Counter(pair for pair in pairs if pair[0] is not None)
    for name, (links, story, pair) in OF_LINKS.items():
        if name in names:
            linked = links.objects.filter(**{f"{story}__in": pks}).order_by()
            counts[name] = Counter(linked.values_list(*pair))
    if "kind" in counts:
        counts["kind"] = {(kind, Kind(kind).label): count for (kind, _), count in counts["kind"].items()}
    return counts
