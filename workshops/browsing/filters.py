"""How lists are narrowed. Every parameter of an address passes through one of these forms."""

from urllib.parse import urlencode

from django import forms
from django.db.models import Exists, OuterRef

from workshops import search
from workshops.browsing.ordering import ORDERS
from workshops.choices import Kind
from workshops.keys import exists_in
from workshops.models import (
    Phase,
    Place,
    Practice,
    PracticeTag,
    Programme,
    ServiceArea,
    Story,
    StoryTag,
    Tag,
    Theme,
    Workshop,
)

LONGEST_SEARCH = 200


def public_tags():
    """Tags on something published. The very name of any other may tell what is not public."""
    stories = StoryTag.objects.filter(exists_in(Story.objects.published(), "content_object"), tag=OuterRef("pk"))
    practices = PracticeTag.objects.filter(
        exists_in(Practice.objects.published(), "content_object"), tag=OuterRef("pk")
    )
    return Tag.objects.filter(Exists(stories) | Exists(practices))


def phase_numbers():
    numbers = Phase.objects.order_by("number").values_list("number", flat=True).distinct()
    return [("", "All phases"), *((str(number), str(number)) for number in numbers)]


class KeyField(forms.ModelChoiceField):
    """One thing of the archive, named in the address by its slug or code."""

    def __init__(self, queryset, key="slug", **kwargs):
        names = queryset.model._meta
        super().__init__(
            queryset,
            to_field_name=key,
            required=False,
            empty_label=f"All {names.verbose_name_plural}",
            error_messages={"invalid_choice": f"There is no {names.verbose_name} “%(value)s”."},
            **{"label": names.verbose_name.capitalize(), **kwargs},
        )


class WordField(forms.ChoiceField):
    """One of a few fixed words."""

    def __init__(self, choices, noun):
        super().__init__(
            choices=choices,
            required=False,
            label=noun.capitalize(),
            error_messages={"invalid_choice": f"There is no {noun} “%(value)s”."},
        )


class SearchField(forms.CharField):
    """Words to look for. A NUL, which PostgreSQL refuses and no text holds, counts as a space."""

    widget = forms.SearchInput

    def to_python(self, value):
        return super().to_python(value).replace("\0", " ").strip()


class PageForm(forms.Form):
    """Which page of a list: by its number, or the one after or before a place in the list."""

    page = forms.IntegerField(min_value=1, max_value=100_000, required=False)
    after = forms.CharField(max_length=400, required=False)
    before = forms.CharField(max_length=400, required=False)


class Filter(forms.Form):
    """What a list is narrowed to. `lookups` says where in the list's model each facet is found.

    A value that does not exist narrows the list to nothing and stands in `errors`; it never gives everything.
    """

    lookups = {}

    programme = KeyField(Programme.objects.all())

    def narrow(self, queryset, besides=None):
        """What is chosen of these; `besides` leaves one filter out."""
        if not self.is_valid():
            return queryset.none()
        for name, lookup in self.lookups.items():
            if self.cleaned_data[name] and name != besides:
                queryset = queryset.filter(**{lookup: self.cleaned_data[name]})
        return queryset

    @property
    def chosen_programme(self):
        return self.cleaned_data["programme"] if self.is_valid() else None

    @property
    def chosen(self):
        """What the list is narrowed to: each with its label, its value in words and the query that drops it."""
        if not self.is_valid():
            return []
        return [
            {"label": field.label, "value": self.in_words(name), "without": self.query_without(name)}
            for name, field in self.fields.items()
            if self.cleaned_data[name] and name != "sort"
        ]

    def in_words(self, name):
        field, value = self.fields[name], self.cleaned_data[name]
        return dict(field.choices)[value] if isinstance(field, WordField) else value

    def query_with(self, name, value):
        """The query of the same list with another value. What this form does not know no link repeats: a page has many."""
        kept = {other: self.data[other] for other in self.data if other in self.fields and other != name}
        return urlencode(kept | {name: value} if value else kept)

    def query_without(self, name):
        return self.query_with(name, None)


class StoryFilter(Filter):
    lookups = {
        "programme": "workshop__phase__programme",
        "service_area": "service_area",
        "theme": "themes",
        "place": "place",
        "phase": "workshop__phase__number",
        "kind": "kind",
        "tag": "story_tags__tag",
        "workshop": "workshop",
    }

    q = SearchField(required=False, label="Search")
    service_area = KeyField(ServiceArea.objects.all())
    theme = KeyField(Theme.objects.all())
    place = KeyField(Place.objects.all(), key="code")
    phase = WordField(phase_numbers, "phase")
    kind = WordField([("", "All kinds"), *Kind.choices], "kind")
    tag = KeyField(public_tags(), widget=forms.HiddenInput)
    workshop = KeyField(Workshop.objects.all(), widget=forms.HiddenInput)
    sort = WordField([("newest", "Newest first"), ("oldest", "Oldest first"), ("title", "By title")], "order")

    def __init__(self, data=None, *args, **kwargs):
        # Cut here, so that neither the box nor any link of the page repeats what is too long.
        typed = (data or {}).get("q", "").strip()
        self.search_was_cut = len(typed) > LONGEST_SEARCH
        if self.search_was_cut:
            data = data.copy()
            data["q"] = typed[:LONGEST_SEARCH]
        super().__init__(data, *args, **kwargs)

    def clean_q(self):
        """The words as typed; what they ask for stands in `query`."""
        typed = self.cleaned_data["q"]
        self.query = search.read_query(typed)
        if typed and not self.query:
            raise forms.ValidationError("There is no word to look for. Type a word that you expect in the stories.")
        return typed

    def narrow(self, queryset):
        """The stories that are chosen and hold the words, by date or title."""
        queryset = self.narrow_by_facets(queryset)
        if not self.is_valid():
            return queryset
        if self.query:
            queryset = search.matching(queryset, self.query)
        return ORDERS.get(self.cleaned_data["sort"], ORDERS["newest"]).sort(queryset)

    def narrow_by_facets(self, queryset, besides=None):
        return super().narrow(queryset, besides)


class StoryListFilter(StoryFilter):
    """The filter of the public list, which puts the best answers first unless another order is asked for.

    Without words there is nothing to answer best, and the newest come first.
    """

    BEST = "best"
    sort = WordField([(BEST, "Best answers first"), *StoryFilter.base_fields["sort"].choices], "order")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # What stands first is chosen for nobody: it has no value, so that words typed later are answered best first.
        best, newest, *others = self.fields["sort"].choices
        orders = [best, newest] if self.data.get("q", "").strip() else [newest]
        self.fields["sort"].widget.choices = [("", orders[0][1]), *orders[1:], *others]


class WorkshopFilter(Filter):
    lookups = {
        "programme": "phase__programme",
        "service_area": "service_areas",
        "place": "places",
        "phase": "phase__number",
    }

    service_area = KeyField(ServiceArea.objects.all())
    place = KeyField(Place.objects.all(), key="code")
    phase = WordField(phase_numbers, "phase")
