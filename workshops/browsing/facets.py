"""The numbers beside the filters: how many of the stories found each value of a filter would leave."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count

from workshops.browsing.filters import StoryFilter
from workshops.choices import Kind
from workshops.keys import pk_any
from workshops.models import Place, ServiceArea, Story, StoryTag, Tag, Theme, Workshop

FACET_VALUES_SHOWN = 10

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


@dataclass
class Facet:
    """How many stories each value of one filter would leave, the most frequent first."""

    name: str
    label: str
    values: list["FacetValue"]
    is_floor: bool
    """Whether there are too many stories to count them all, so that each number means “at least”."""


@dataclass
class FacetValue:
    """One value of a filter, and the address of the list narrowed to it."""

    label: str | int
    count: int
    is_chosen: bool
    link: str


def facet_of(name: str, counts: Counter, filter: StoryFilter, is_floor: bool) -> Facet:
    """The facet of the filter `name`, on a list that a valid StoryFilter narrows. `counts` is from `count_facets`."""
    chosen = filter.cleaned_data[name]
    chosen = str(getattr(chosen, "pk", chosen))
    terms = terms_of(name, most_frequent(counts, chosen))
    ranked = sorted(terms, key=lambda value: (-counts[value], terms[value][1]))
    shown = ranked[:FACET_VALUES_SHOWN] + [value for value in ranked[FACET_VALUES_SHOWN:] if str(value) == chosen]
    values = [
        FacetValue(label, counts[value], str(value) == chosen, f"?{filter.query_with(name, address)}")
        for value in shown
        for address, label in [terms[value]]
    ]
    return Facet(name, filter.fields[name].label, values, is_floor)


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
    for values in counts.values():
        values.pop(None, None)
    return counts


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
