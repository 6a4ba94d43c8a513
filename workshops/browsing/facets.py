"""The numbers beside the filters: how many of the stories found each value of a filter would leave.

They are exact. A few stories are counted in their own tables (`count_facets`), many in the index of values
(`count_in_index`), where it makes little difference how many they are.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from heapq import nlargest

from django.db.models import Count

from workshops.browsing.filters import StoryFilter
from workshops.choices import Kind
from workshops.keys import pk_any
from workshops.models import Phase, Place, ServiceArea, Story, StoryTag, Tag, Theme, Workshop
from workshops.search import values
from workshops.search.story_sets import StorySet

FACET_VALUES_SHOWN = 10
VALUES_PER_QUERY = 40
"""How many values of a facet are counted at a time, the most frequent of the archive first."""

# Where a story holds the value of each filter: in a column of its own, or in a table of links.
STORY_COLUMNS = {"service_area": "service_area_id", "place": "place_id", "phase": "workshop_id", "kind": "kind"}
LINK_TABLES = {"theme": (Story.themes.through, "story", "theme"), "tag": (StoryTag, "content_object", "tag")}
# The models of the filters whose values are rows, with the field that names a row in an address.
TERMS = {
    "service_area": (ServiceArea, "slug"),
    "theme": (Theme, "slug"),
    "place": (Place, "code"),
    "tag": (Tag, "slug"),
}
FACETS = ["service_area", "theme", "place", "phase", "kind", "tag"]
# Filters that choose phases, with the lookup of a phase.
PHASE_LOOKUPS = {"phase": "number", "programme": "programme"}
INDEXED_FILTERS = [*FACETS, "programme"]
"""The filters whose stories stand in the index of values. What others leave is asked of the tables."""


@dataclass
class Facet:
    """How many stories each value of one filter would leave, the most frequent first."""

    name: str
    label: str
    values: list["FacetValue"]


@dataclass
class FacetValue:
    """One value of a filter, and the address of the list narrowed to it."""

    label: str | int
    count: int
    is_chosen: bool
    link: str


def facet_of(name: str, counts: Counter, filter: StoryFilter) -> Facet:
    """The facet of the filter `name`, on a list that a valid StoryFilter narrows."""
    chosen = chosen_value(name, filter)
    terms = terms_of(name, most_frequent(counts, chosen))
    ranked = sorted(terms, key=lambda value: (-counts[value], terms[value][1]))
    shown = ranked[:FACET_VALUES_SHOWN] + [value for value in ranked[FACET_VALUES_SHOWN:] if str(value) == chosen]
    shown_values = [
        FacetValue(label, counts[value], str(value) == chosen, f"?{filter.query_with(name, address)}")
        for value in shown
        for address, label in [terms[value]]
    ]
    return Facet(name, filter.fields[name].label, shown_values)


def chosen_value(name: str, filter: StoryFilter) -> str:
    """The value that a filter is set to, as the index of values knows it; empty if it is not set."""
    chosen = filter.cleaned_data[name]
    return str(getattr(chosen, "pk", chosen) or "")


def count_facets(pks: Collection[int], names: Collection[str]) -> dict[str, Counter]:
    """How many of these stories hold each value, by the name of the filter.

    A value is a primary key, a kind or the number of a phase.
    """
    counts: dict[str, Counter] = {}
    columns = {name: column for name, column in STORY_COLUMNS.items() if name in names}
    if columns:
        rows = list(Story.objects.filter(pk_any(Story._meta.pk, pks)).order_by().values_list(*columns.values()))
        counts = {name: Counter(row[position] for row in rows) for position, name in enumerate(columns)}
    if "phase" in counts:
        counts["phase"] = by_phase(counts["phase"])
    for name, (links, story, term) in LINK_TABLES.items():
        if name in names:
            linked = links.objects.filter(pk_any(links._meta.get_field(story), pks)).order_by().values_list(term)
            counts[name] = Counter(dict(linked.annotate(number=Count("pk"))))
    for numbers in counts.values():
        numbers.pop(None, None)
    return counts


def stories_in_index(name: str, filter: StoryFilter) -> StorySet:
    """The public stories that one filter leaves, which is set and stands in INDEXED_FILTERS."""
    chosen = filter.cleaned_data[name]
    if name not in PHASE_LOOKUPS:
        return values.stories_with(name, chosen_value(name, filter))
    phases = Phase.objects.filter(**{PHASE_LOOKUPS[name]: chosen}).values_list("pk", flat=True)
    return values.stories_with("phase", *map(str, phases))


def count_in_index(name: str, stories: StorySet | None, totals: Mapping[str, int], chosen: str) -> Counter:
    """How many of these stories hold each value of a filter, as in `count_facets`; None means all public stories.

    Of a facet with very many values those are left out that cannot be among the most frequent.
    """
    if stories is None:
        counts = dict(totals)
    elif name == "phase":
        counts = values.count_among(stories, name, totals)
    else:
        counts = count_most_frequent(name, stories, totals)
        counts |= values.count_among(stories, name, [chosen] if chosen else [])
    if name == "phase":
        return by_number(counts)
    return Counter({int(value) if name in TERMS else value: number for value, number in counts.items() if number})


def count_most_frequent(name: str, stories: StorySet, totals: Mapping[str, int]) -> dict[str, int]:
    """Counts the values that may be shown: none has more stories here than in the whole archive."""
    ranked = sorted(totals, key=lambda value: -totals[value])
    counts: dict[str, int] = {}
    for start in range(0, len(ranked), VALUES_PER_QUERY):
        least = min(nlargest(FACET_VALUES_SHOWN, counts.values()), default=0)
        if len(counts) >= FACET_VALUES_SHOWN and totals[ranked[start]] < least:
            break
        counts |= values.count_among(stories, name, ranked[start : start + VALUES_PER_QUERY])
    return counts


def by_number(phases: Mapping[str, int]) -> Counter[int]:
    """Counts by the primary key of a phase, added up by its number."""
    counts: Counter[int] = Counter()
    for pk, number in Phase.objects.filter(pk__in=phases).order_by().values_list("pk", "number"):
        counts[number] += phases[str(pk)]
    return +counts


def by_phase(workshops: Mapping[int, int]) -> Counter[int]:
    """Counts by workshop, added up by the number of its phase."""
    counts: Counter[int] = Counter()
    found = Workshop.objects.filter(pk_any(Workshop._meta.pk, workshops)).order_by()
    for pk, number in found.values_list("pk", "phase__number"):
        counts[number] += workshops[pk]
    return counts


def most_frequent(counts: Counter, chosen: str) -> list:
    """The values to show, with every other that is as frequent as the last of them, and the chosen one."""
    least = min((number for _value, number in counts.most_common(FACET_VALUES_SHOWN)), default=0)
    return [value for value, number in counts.items() if number >= least or str(value) == chosen]


def terms_of(name: str, values: Iterable) -> dict:
    """{value: (its name in an address, its label)} of these values of a filter."""
    if name == "kind":
        return {value: (value, Kind(value).label) for value in values}
    if name == "phase":
        return {value: (str(value), value) for value in values}
    model, address = TERMS[name]
    rows = model.objects.filter(pk__in=values).values_list("pk", address, "name")
    return {pk: (address, label) for pk, address, label in rows}
