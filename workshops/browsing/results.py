"""The page of a search: how many stories there are, which of them it shows, and how many each filter would leave.

At most COUNTED stories are counted and weighed: where there are more, a page says “2,000+”, and the number beside a
filter is a floor. By date or title a page begins after a story, not at a number; only the best answers, of which there
are COUNTED at most, are paged by number.
"""

from dataclasses import dataclass, field
from itertools import islice

from django.http import Http404
from django.utils.functional import cached_property

from workshops import search
from workshops.browsing.facets import FACETS, count_facets, facet_of
from workshops.browsing.filters import StoryListFilter
from workshops.browsing.ordering import ORDERS
from workshops.keys import pk_any
from workshops.models import Story

COUNTED = 2_000
STORIES_PER_PAGE = 25
IN_TITLES = 500
"""So many stories with the words in their title come first, where there are too many to weigh them all."""
LOOKED_AT = 250
"""So many stories are looked at first for a page by date or title of more than COUNTED; then four times as many."""
BEST = StoryListFilter.BEST


@dataclass
class Page:
    """Some of the stories found, and what the address of the page before and after holds; empty where there is none."""

    stories: list
    number: int | None = None
    previous: dict = field(default_factory=dict)
    next: dict = field(default_factory=dict)


class StorySearch:
    """What a StoryFilter finds among these stories."""

    def __init__(self, stories, filter):
        self.stories, self.filter = stories, filter
        self.query = filter.query if filter.is_valid() else None

    @cached_property
    def pks(self):
        return self.matching_ids()

    def matching_ids(self, besides=None):
        """The primary keys of up to COUNTED stories, and of one more if there are more; `besides` leaves a filter out."""
        stories = self.filter.narrow_by_facets(self.stories, besides)
        if self.query:
            return search.find_stories(stories, self.query, COUNTED + 1)
        return list(stories.order_by("-pk").values_list("pk", flat=True)[: COUNTED + 1])

    @property
    def count(self):
        return min(len(self.pks), COUNTED)

    @property
    def has_more(self):
        return len(self.pks) > COUNTED

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

        Raises NoSuchPlaceError for a place that this order does not know.
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
        end = number * STORIES_PER_PAGE
        best = self.best(end)
        pks = best[end - STORIES_PER_PAGE : end]
        shown = Story.objects.for_page().in_bulk(pks)
        return Page(
            [shown[pk] for pk in pks if pk in shown],
            number,
            previous=link_params(page=number - 1) if number > 1 else {},
            next=link_params(page=number + 1) if end < len(best) else {},
        )

    def best(self, most):
        """The primary keys of the best answers, in order: more than `most`, if there are so many, and COUNTED at most.

        What is as good stands with the last entered first. Of too many to weigh, those come first that hold all the
        words in their title.
        """
        stories = self.filter.narrow_by_facets(self.stories)
        best = in_order(search.weigh_titles(stories, self.query, IN_TITLES)) if self.has_more else []
        if len(best) <= most:
            best = list(dict.fromkeys(best + in_order(search.weigh(self.pks, self.query))))
        return best[:COUNTED]

    def page_ids(self, **place):
        """The primary keys of some in the order asked for: as many as a page holds, and one more if there are more."""
        order = ORDERS[self.order]
        if not self.has_more:
            return order.take(Story.objects.filter(pk_any(Story._meta.pk, self.pks)), STORIES_PER_PAGE + 1, **place)
        walk = order.walk(self.filter.narrow_by_facets(self.stories), **place)
        if not self.query:
            return list(islice(walk, STORIES_PER_PAGE + 1))
        taken, size = [], LOOKED_AT
        while len(taken) <= STORIES_PER_PAGE and (pks := list(islice(walk, size))):
            found = search.found_among(pks, self.query)
            taken += [pk for pk in pks if pk in found]
            size *= 4
        return taken[: STORIES_PER_PAGE + 1]

    def page_by_number(self, number):
        begin = (number - 1) * STORIES_PER_PAGE
        if not begin:
            return self.build_page(self.page_ids(), is_first=True)
        rows = self.filter.narrow(self.stories)
        if begin >= rows.count():  # counting is quick beside sorting
            return Page([])
        return self.build_page(list(rows.values_list("pk", flat=True)[begin : begin + STORIES_PER_PAGE + 1]))

    def page_by_key(self, after, before):
        if after:
            return self.build_page(self.page_ids(key=after))
        pks = self.page_ids(key=before, backwards=True)
        if len(pks) <= STORIES_PER_PAGE:
            return self.page_by_number(1)
        return self.build_page(pks[:STORIES_PER_PAGE], has_next=True)

    def build_page(self, pks, is_first=False, has_next=False):
        """The page of these stories, of which one more than it holds says that another page follows."""
        order = ORDERS[self.order]
        stories = list(order.sort(Story.objects.for_page().filter(pk__in=pks[:STORIES_PER_PAGE])))
        if not stories:
            return Page([])
        return Page(
            stories,
            number=1 if is_first else None,
            previous={} if is_first else link_params(before=order.key_of(stories[0])),
            next=link_params(after=order.key_of(stories[-1])) if has_next or len(pks) > STORIES_PER_PAGE else {},
        )

    @cached_property
    def facets(self):
        """What can narrow this list further, and by how much. A filter that is chosen is counted without itself."""
        if not self.filter.is_valid():
            return []
        chosen = {name for name in FACETS if self.filter.cleaned_data[name]}
        same = count_facets(self.pks[:COUNTED], set(FACETS) - chosen)
        facets = []
        for name in FACETS:
            pks = self.matching_ids(besides=name) if name in chosen else self.pks
            counts = count_facets(pks[:COUNTED], {name})[name] if name in chosen else same[name]
            facets.append(facet_of(name, counts, self.filter, is_floor=len(pks) > COUNTED))
        return [facet for facet in facets if facet.values]


def link_params(**place):
    """What an address holds to lead to a page, and what it must not hold."""
    return dict.fromkeys(["page", "after", "before"]) | place


def in_order(scores):
    return sorted(scores, key=lambda pk: (-scores[pk], -pk))
