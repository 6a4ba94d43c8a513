"""The page of a search: how many stories there are, which of them it shows, and how many each filter would leave.

The numbers are exact, however many stories there are. At most MAX_SCORED of them are scored and held as a list; of more
the page is read from the database in its order. By date or title a page begins after the key of a story, not at a number;
only the best answers, of which there are MAX_SCORED at most, are paged by number.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from itertools import islice
from operator import and_

from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from workshops import search
from workshops.browsing.facets import (
    FACETS,
    INDEXED_FILTERS,
    Facet,
    chosen_value,
    count_facets,
    count_in_index,
    facet_of,
    stories_in_index,
)
from workshops.browsing.filters import StoryFilter, StoryListFilter
from workshops.browsing.ordering import ORDERS
from workshops.keys import pk_any
from workshops.models import Story
from workshops.search import values
from workshops.search.story_sets import StorySet

MAX_SCORED = 2_000
STORIES_PER_PAGE = 25
MAX_TITLE_HITS = 500
"""How many stories with the words in their title are put first, where there are too many to score them all."""
FIRST_BATCH_SIZE = 250
"""How many stories a page by date or title looks through first; each further batch is four times as large."""
BEST = StoryListFilter.BEST


LinkParams = dict[str, int | str | None]
"""Parameters of the address of a page; None removes one."""


@dataclass
class Page:
    """Some of the stories found, with the parameters of the pages before and after; empty where there is none."""

    stories: list[Story]
    number: int | None = None
    previous: LinkParams = field(default_factory=dict)
    next: LinkParams = field(default_factory=dict)


class StorySearch:
    """What a StoryFilter finds among the published stories."""

    def __init__(self, filter: StoryFilter) -> None:
        self.stories, self.filter = Story.objects.published(), filter
        self.query = filter.query if filter.is_valid() else None

    @cached_property
    def pks(self) -> list[int]:
        return self.matching_ids()

    def matching_ids(self, besides: str = "") -> list[int]:
        """The primary keys of up to MAX_SCORED stories, and one more if there are more.

        The filter named by `besides` is ignored.
        """
        stories = self.filter.narrow_by_facets(self.stories, [besides])
        if self.query:
            return search.find_stories(stories, self.query, MAX_SCORED + 1)
        return list(stories.order_by("-pk").values_list("pk", flat=True)[: MAX_SCORED + 1])

    @cached_property
    def count(self) -> int:
        if not self.has_more:
            return len(self.pks)
        found = self.found_in_index()
        return len(values.public_stories() if found is None else found)

    @property
    def has_more(self) -> bool:
        """Whether there are more than are scored."""
        return len(self.pks) > MAX_SCORED

    @property
    def count_in_words(self) -> str:
        return f"{self.count:,}"

    @property
    def scored_in_words(self) -> str:
        return f"{MAX_SCORED:,}"

    @property
    def is_by_best(self) -> bool:
        return self.order == BEST

    @property
    def order(self) -> str:
        """The order asked for. Only a search with words to find can put the best answers first."""
        chosen = self.filter.cleaned_data["sort"] if self.filter.is_valid() else ""
        best_if_any = BEST if self.query and self.query.wanted else "newest"
        return best_if_any if chosen in ("", BEST) else chosen

    def page(self, page: int | None = None, after: str = "", before: str = "") -> Page:
        """A page, by its number or by the key of the story before or after it.

        Raises Http404 beyond the end of the list, and UnknownKeyError for a key that this order does not know.
        """
        number = page or 1
        if self.order == BEST:
            found = self.page_of_best(number)
        elif after or before:
            found = self.page_by_key(after, before)
        else:
            found = self.page_by_number(number)
        if number > 1 and not found.stories:
            raise Http404(_("The list has no page %(number)s.") % {"number": number})
        return found

    def page_of_best(self, number: int) -> Page:
        end = number * STORIES_PER_PAGE
        best = self.best_ids(end)
        pks = best[end - STORIES_PER_PAGE : end]
        shown = Story.objects.for_page().in_bulk(pks)
        return Page(
            [shown[pk] for pk in pks if pk in shown],
            number,
            previous=link_params(page=number - 1) if number > 1 else {},
            next=link_params(page=number + 1) if end < len(best) else {},
        )

    def best_ids(self, needed: int) -> list[int]:
        """The primary keys of the best answers, in order: more than `needed` if there are, and MAX_SCORED at most.

        Of equally good ones the last entered comes first. Where there are too many to score, stories with all the
        words in their title come first.
        """
        stories = self.filter.narrow_by_facets(self.stories)
        best = by_score(search.weigh_titles(stories, self.query, MAX_TITLE_HITS)) if self.has_more else []
        if len(best) <= needed:
            best = list(dict.fromkeys(best + by_score(search.weigh(self.pks, self.query))))
        return best[:MAX_SCORED]

    def page_ids(self, key: str = "", backwards: bool = False) -> list[int]:
        """The primary keys of a page's stories from a key on, in the order asked for, and one more if there are more."""
        order = ORDERS[self.order]
        if not self.has_more:
            return order.take(
                Story.objects.filter(pk_any(Story._meta.pk, self.pks)), STORIES_PER_PAGE + 1, key, backwards
            )
        walk = order.walk(self.filter.narrow_by_facets(self.stories), key, backwards)
        if not self.query:
            return list(islice(walk, STORIES_PER_PAGE + 1))
        taken: list[int] = []
        size = FIRST_BATCH_SIZE
        while len(taken) <= STORIES_PER_PAGE and (pks := list(islice(walk, size))):
            found = search.found_among(pks, self.query)
            taken += [pk for pk in pks if pk in found]
            size *= 4
        return taken[: STORIES_PER_PAGE + 1]

    def page_by_number(self, number: int) -> Page:
        begin = (number - 1) * STORIES_PER_PAGE
        if not begin:
            return self.build_page(self.page_ids(), is_first=True)
        rows = self.filter.narrow(self.stories)
        if begin >= rows.count():  # counting is cheap compared with sorting
            return Page([])
        return self.build_page(list(rows.values_list("pk", flat=True)[begin : begin + STORIES_PER_PAGE + 1]))

    def page_by_key(self, after: str, before: str) -> Page:
        if after:
            return self.build_page(self.page_ids(key=after))
        pks = self.page_ids(key=before, backwards=True)
        if len(pks) <= STORIES_PER_PAGE:
            return self.page_by_number(1)
        return self.build_page(pks[:STORIES_PER_PAGE], has_next=True)

    def build_page(self, pks: list[int], is_first: bool = False, has_next: bool = False) -> Page:
        """The page of these stories. One story more than a page holds means that another page follows."""
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
    def facets(self) -> list[Facet]:
        """What can narrow this list further, and by how much. A filter that is set is counted as if it were not."""
        if not self.filter.is_valid():
            return []
        chosen = {name for name in FACETS if self.filter.cleaned_data[name]}
        same = {} if self.has_more else count_facets(self.pks, set(FACETS) - chosen)
        counted = {name: same[name] if name in same else self.count_facet(name, name in chosen) for name in FACETS}
        facets = [facet_of(name, counts, self.filter) for name, counts in counted.items()]
        return [facet for facet in facets if facet.values]

    def count_facet(self, name: str, is_chosen: bool) -> Counter:
        pks = self.matching_ids(besides=name) if is_chosen else self.pks
        if len(pks) <= MAX_SCORED:
            return count_facets(pks, {name})[name]
        found = self.found_in_index(besides=name)
        return count_in_index(name, found, self.totals[name], chosen_value(name, self.filter))

    def found_in_index(self, besides: str = "") -> StorySet | None:
        """All that is found without the filter named by `besides`, as a set; None if that is every public story."""
        sets = [self.sets_by_filter[name] for name in self.sets_by_filter if name != besides]
        return reduce(and_, sets) if sets else None

    @cached_property
    def sets_by_filter(self) -> dict[str, StorySet]:
        """The public stories that each filter leaves which is set, the words being one of them."""
        chosen = {name for name, value in self.filter.cleaned_data.items() if value} - {"q", "sort"}
        sets = {name: stories_in_index(name, self.filter) for name in INDEXED_FILTERS if name in chosen}
        if chosen - set(INDEXED_FILTERS):
            others = self.filter.narrow_by_facets(self.stories, INDEXED_FILTERS).order_by()
            sets["others"] = StorySet.of(others.values_list("pk", flat=True))
        if self.query:
            sets["q"] = StorySet.of(search.find_all(self.query)) & values.public_stories()
        return sets

    @cached_property
    def totals(self) -> dict[str, dict[str, int]]:
        return values.totals()


def link_params(**wanted: int | str) -> LinkParams:
    """The parameters that lead to a page. They remove those that led to the present one."""
    return dict.fromkeys(["page", "after", "before"]) | wanted


def by_score(scores: Mapping[int, float]) -> list[int]:
    """Primary keys, best score first; of equal scores the last entered."""
    return sorted(scores, key=lambda pk: (-scores[pk], -pk))
