"""The forms that narrow lists. Every parameter of an address passes through one of them."""

from collections.abc import Callable, Collection, Iterable
from typing import Any, TypedDict
from urllib.parse import urlencode

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workshops import search
from workshops.browsing.ordering import ORDERS
from workshops.choices import Kind
from workshops.keys import exists_in
from workshops.models import (
    MovedAddress,
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

MAX_SEARCH_LENGTH = 200


def public_tags() -> QuerySet[Tag]:
    """Tags on something published. The name of any other tag might give away what is not public."""
    stories = StoryTag.objects.filter(exists_in(Story.objects.published(), "content_object"), tag=OuterRef("pk"))
    practices = PracticeTag.objects.filter(
        exists_in(Practice.objects.published(), "content_object"), tag=OuterRef("pk")
    )
    return Tag.objects.filter(Exists(stories) | Exists(practices))


def phase_numbers() -> list[tuple[str, str | Promise]]:
    """The choices of a filter by phase."""
    numbers = Phase.objects.order_by("number").values_list("number", flat=True).distinct()
    return [("", _("All phases")), *((str(number), str(number)) for number in numbers)]


class KeyField(forms.ModelChoiceField):
    """One row of a model, named in the address by its slug or code."""

    def __init__(self, queryset: QuerySet, key: str = "slug", **kwargs: Any) -> None:
        names = queryset.model._meta
        super().__init__(
            queryset,
            to_field_name=key,
            required=False,
            empty_label=format_lazy(_("All {names}"), names=names.verbose_name_plural),
            error_messages={"invalid_choice": unknown_value(names.verbose_name)},
            **{"label": capfirst(names.verbose_name), **kwargs},
        )

    def to_python(self, value: Any) -> Any:
        """The row of this key, or the one that had it before."""
        try:
            return super().to_python(value)
        except forms.ValidationError:
            if moved := MovedAddress.objects.find(self.queryset, value):
                return moved
            raise


class WordField(forms.ChoiceField):
    """One of a few fixed words. The noun names what they are: “kind”, “order”."""

    def __init__(self, choices: Iterable | Callable[[], Iterable], noun: str | Promise) -> None:
        super().__init__(
            choices=choices,
            required=False,
            label=capfirst(noun),
            error_messages={"invalid_choice": unknown_value(noun)},
        )


def unknown_value(noun: str | Promise) -> str | Promise:
    """The message that a filter has no such value; the form fills in the value."""
    return format_lazy(_("There is no {name} “%(value)s”."), name=noun)


class SearchField(forms.CharField):
    """Words to search for. A NUL, which PostgreSQL refuses and no text holds, counts as a space."""

    widget = forms.SearchInput

    def to_python(self, value: str | None) -> str:
        return super().to_python(value).replace("\0", " ").strip()


class PageForm(forms.Form):
    """Which page of a list: by its number, or the one after or before the key of a row."""

    page = forms.IntegerField(min_value=1, max_value=100_000, required=False)
    after = forms.CharField(max_length=400, required=False)
    before = forms.CharField(max_length=400, required=False)


class ChosenValue(TypedDict):
    """One filter that is set: its label, its value in words, and the query of the list without it."""

    label: str
    value: Any
    without: str


class Filter(forms.Form):
    """What a list is narrowed to. `lookups` maps each filter to a lookup on the list's model.

    A value that does not exist empties the list and is reported in `errors`; it never shows everything.
    """

    lookups: dict[str, str] = {}

    programme = KeyField(Programme.objects.all())

    def narrow(self, queryset: QuerySet, besides: Collection[str] = ()) -> QuerySet:
        """The rows that match every filter that is set, but for those named by `besides`."""
        if not self.is_valid():
            return queryset.none()
        for name, lookup in self.lookups.items():
            if self.cleaned_data[name] and name not in besides:
                queryset = queryset.filter(**{lookup: self.cleaned_data[name]})
        return queryset

    @property
    def chosen_programme(self) -> Programme | None:
        return self.cleaned_data["programme"] if self.is_valid() else None

    @property
    def chosen(self) -> list[ChosenValue]:
        """The filters that are set, in the order of the form."""
        if not self.is_valid():
            return []
        return [
            {"label": field.label, "value": self.in_words(name), "without": self.query_without(name)}
            for name, field in self.fields.items()
            if self.cleaned_data[name] and name != "sort"
        ]

    @property
    def moved(self) -> dict[str, str]:
        """{filter: the key of its value} where that is no longer the key by which the address names it."""
        keyed = {name: field.to_field_name for name, field in self.fields.items() if isinstance(field, KeyField)}
        now = {name: getattr(self.cleaned_data[name], key) for name, key in keyed.items() if self.cleaned_data[name]}
        return {name: key for name, key in now.items() if key != self.data[name]}

    def in_words(self, name: str) -> Any:
        field, value = self.fields[name], self.cleaned_data[name]
        return dict(field.choices)[value] if isinstance(field, WordField) else value

    def query_with(self, name: str, value: str | None) -> str:
        """The query of the same list with one value changed. Parameters that this form does not know are dropped."""
        kept = {other: self.data[other] for other in self.data if other in self.fields and other != name}
        return urlencode(kept | {name: value} if value else kept)

    def query_without(self, name: str) -> str:
        return self.query_with(name, None)


class StoryFilter(Filter):
    """What a list of stories is narrowed to, with words to search for and an order."""

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

    q = SearchField(required=False, label=_("Search"))
    service_area = KeyField(ServiceArea.objects.all())
    theme = KeyField(Theme.objects.all())
    place = KeyField(Place.objects.all(), key="code")
    phase = WordField(phase_numbers, _("phase"))
    kind = WordField([("", _("All kinds")), *Kind.choices], _("kind"))
    tag = KeyField(public_tags(), widget=forms.HiddenInput)
    workshop = KeyField(Workshop.objects.all(), widget=forms.HiddenInput)
    sort = WordField(
        [("newest", _("Newest first")), ("oldest", _("Oldest first")), ("title", _("By title"))],
        pgettext_lazy("of a list", "order"),
    )

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        # Cut here, so that neither the search box nor any link of the page repeats what is too long.
        typed = (data or {}).get("q", "").strip()
        self.search_was_cut = len(typed) > MAX_SEARCH_LENGTH
        if self.search_was_cut:
            data = data.copy()
            data["q"] = typed[:MAX_SEARCH_LENGTH]
        super().__init__(data, *args, **kwargs)

    def clean_q(self) -> str:
        """The words as typed. Sets `query` to what they search for."""
        typed = self.cleaned_data["q"]
        self.query = search.read_query(typed)
        if typed and not self.query:
            raise forms.ValidationError(_("There is no word to look for. Type a word that you expect in the stories."))
        return typed

    def narrow(self, queryset: QuerySet) -> QuerySet:
        """The stories that match the filters and hold the words, by date or title."""
        queryset = self.narrow_by_facets(queryset)
        if not self.is_valid():
            return queryset
        if self.query:
            queryset = search.matching(queryset, self.query)
        return ORDERS.get(self.cleaned_data["sort"], ORDERS["newest"]).sort(queryset)

    def narrow_by_facets(self, queryset: QuerySet, besides: Collection[str] = ()) -> QuerySet:
        """The stories that match the filters, whatever words they hold."""
        return super().narrow(queryset, besides)


class StoryListFilter(StoryFilter):
    """The filter of the public list, which puts the best answers first unless another order is chosen.

    Without words to search for no answer is best, and the newest come first.
    """

    BEST = "best"
    sort = WordField(
        [(BEST, _("Best answers first")), *StoryFilter.base_fields["sort"].choices], pgettext_lazy("of a list", "order")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The first order has no value, so it is not in the address and words typed later are answered best first.
        best, newest, *others = self.fields["sort"].choices
        orders = [best, newest] if self.data.get("q", "").strip() else [newest]
        self.fields["sort"].widget.choices = [("", orders[0][1]), *orders[1:], *others]


class WorkshopFilter(Filter):
    """What the list of workshops is narrowed to."""

    lookups = {
        "programme": "phase__programme",
        "service_area": "service_areas",
        "place": "places",
        "phase": "phase__number",
    }

    service_area = KeyField(ServiceArea.objects.all())
    place = KeyField(Place.objects.all(), key="code")
    phase = WordField(phase_numbers, _("phase"))
