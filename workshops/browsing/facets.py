"""How many of the stories found each value of a filter would leave."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count

from workshops.choices import Kind
from workshops.keys import pk_any
from workshops.models import Place, ServiceArea, Story, StoryTag, Tag, Theme, Workshop

FACET_VALUES_SHOWN = 10

# Of each filter, where stories hold its value: in a column, or by a table of links.
OF_STORY = {"service_area": "service_area_id", "place": "place_id", "phase": "workshop_id", "kind": "kind"}
OF_LINKS = {"theme": (Story.themes.through, "story", "theme"), "tag": (StoryTag, "content_object", "tag")}
# Of those whose values are rows, by what an address names them.
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
    values: list
    is_floor: bool


@dataclass
class Value:
    label: str
    count: int
    is_chosen: bool
    link: str


def facet_of(name, counts, filter, is_floor):
    """The facet of one filter of a list that is narrowed to what this StoryFilter says."""
    chosen = filter.cleaned_data[name]
    chosen = str(getattr(chosen, "pk", chosen))
    terms = terms_of(name, leading(counts, chosen))
    ranked = sorted(terms, key=lambda value: (-counts[value], terms[value][1]))
    shown = ranked[:FACET_VALUES_SHOWN] + [value for value in ranked[FACET_VALUES_SHOWN:] if str(value) == chosen]
    values = [
        Value(label, counts[value], str(value) == chosen, f"?{filter.query_with(name, address)}")
        for value in shown
        for address, label in [terms[value]]
    ]
    return Facet(name, filter.fields[name].label, values, is_floor)


def count_facets(pks, names):
    """Of these filters {name: {value: how many of these stories}}; a value is a primary key, a kind or a phase's number."""
    counts = {}
    columns = {name: column for name, column in OF_STORY.items() if name in names}
    if columns:
        rows = list(Story.objects.filter(pk_any(Story._meta.pk, pks)).order_by().values_list(*columns.values()))
        counts = {name: Counter(row[position] for row in rows) for position, name in enumerate(columns)}
    if "phase" in counts:
        counts["phase"] = by_phase(counts["phase"])
    for name, (links, story, term) in OF_LINKS.items():
        if name in names:
            linked = links.objects.filter(pk_any(links._meta.get_field(story), pks)).order_by().values_list(term)
            counts[name] = Counter(dict(linked.annotate(number=Count("pk"))))
    for values in counts.values():
        values.pop(None, None)
    return counts


def by_phase(workshops):
    counts = Counter()
    found = Workshop.objects.filter(pk_any(Workshop._meta.pk, workshops)).order_by()
    for pk, number in found.values_list("pk", "phase__number"):
        counts[number] += workshops[pk]
    return counts


def leading(counts, chosen):
    """The most frequent values, all that are as frequent as the last one shown among them; and what is chosen."""
    least = min((number for _, number in counts.most_common(FACET_VALUES_SHOWN)), default=0)
    return [value for value, number in counts.items() if number >= least or str(value) == chosen]


def terms_of(name, values):
    """{value: (as an address names it, as people read it)} of these values of a filter."""
    if name == "kind":
        return {value: (value, Kind(value).label) for value in values}
    if name == "phase":
        return {value: (str(value), value) for value in values}
    model, address = TERMS[name]
    rows = model.objects.filter(pk__in=values).values_list("pk", address, "name")
    return {pk: (address, label) for pk, address, label in rows}
