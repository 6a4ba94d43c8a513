"""The filters of insights, practices, articles and commitments, and what the matrix is narrowed by."""

from django import forms
from django.utils.translation import gettext_lazy as _

from insights.choices import InsightKind, Role
from insights.models import Evidence, Insight
from insights.votes.results import in_order, of_programme, on_which_service_was_asked
from workshops.browsing.filters import Filter, KeyField, StoryListFilter, WordField, phase_numbers, public_tags
from workshops.keys import exists_in
from workshops.models import Place, Practice, ServiceArea, Story, Theme, Workshop


class InsightFilter(Filter):
    """Insights by kind, theme and programme, and by where the stories among their evidence come from."""

    lookups = {"programme": "programme", "theme": "themes", "kind": "kind"}
    lookups_of_stories = {
        "service_area": "service_area",
        "place": "place",
        "tag": "story_tags__tag",
        "workshop": "workshop",
    }

    kind = WordField([("", _("All kinds")), *InsightKind.choices], _("kind"))
    theme = KeyField(Theme.objects.all())
    service_area = KeyField(ServiceArea.objects.all())
    place = KeyField(Place.objects.all(), key="code")
    tag = KeyField(public_tags(), widget=forms.HiddenInput)
    workshop = KeyField(Workshop.objects.all(), widget=forms.HiddenInput)

    def narrow(self, queryset):
        queryset = super().narrow(queryset)
        if not self.is_valid():
            return queryset
        told = {
            lookup: self.cleaned_data[name]
            for name, lookup in self.lookups_of_stories.items()
            if self.cleaned_data[name]
        }
        return queryset.resting_on(Story.objects.published().filter(**told)) if told else queryset


class StoryFilterWithInsight(StoryListFilter):
    """The filter of stories with three facets more: the insight that a story supports, qualifies or contradicts."""

    roles = {"insight": Role.SUPPORTS, "qualifies": Role.QUALIFIES, "contradicts": Role.CONTRADICTS}

    insight = KeyField(Insight.objects.published(), label=_("Supports"), widget=forms.HiddenInput)
    qualifies = KeyField(Insight.objects.published(), label=_("Qualifies"), widget=forms.HiddenInput)
    contradicts = KeyField(Insight.objects.published(), label=_("Contradicts"), widget=forms.HiddenInput)

    def narrow_by_facets(self, queryset, besides=()):
        for name, role in self.roles.items():
            if self.is_valid() and self.cleaned_data[name]:
                evidence = Evidence.objects.filter(insight=self.cleaned_data[name], role=role)
                queryset = queryset.filter(pk__in=evidence.values("story"))
        return super().narrow_by_facets(queryset, besides)


class PracticeFilter(Filter):
    """Practices by their subject. They are ordered by released results alone.

    A service area chooses what is about it and what it was asked about; of these, pages show first what it said.
    """

    lookups = {"theme": "themes", "tag": "practice_tags__tag"}

    service_area = KeyField(ServiceArea.objects.all())
    theme = KeyField(Theme.objects.all())
    tag = KeyField(public_tags(), widget=forms.HiddenInput)
    place = KeyField(Place.objects.all(), key="code", label=_("With a story from"), widget=forms.HiddenInput)
    sort = WordField(
        [
            ("agreement", _("Most agreement first")),
            ("difference", _("Most difference first")),
            ("direction", _("Keep first, then stop, then start")),
            ("voters", _("Most voters first")),
        ],
        _("order"),
    )

    def narrow(self, queryset):
        queryset = super().narrow(queryset)
        if not self.is_valid():
            return queryset
        if self.chosen_programme:
            queryset = of_programme(queryset, self.chosen_programme)
        if self.cleaned_data["service_area"]:
            queryset = on_which_service_was_asked(queryset, self.cleaned_data["service_area"])
        if self.cleaned_data["place"]:
            told = Story.objects.published().filter(place=self.cleaned_data["place"])
            links = Practice.stories.through.objects.filter(exists_in(told, "story"))
            queryset = queryset.filter(pk__in=links.values("practice"))
        return in_order(queryset, self.cleaned_data["sort"] or "agreement", self.chosen_programme)

    @property
    def chosen_service(self):
        return self.cleaned_data["service_area"] if self.is_valid() else None


class ArticleFilter(Filter):
    lookups = {"programme": "programme"}


class CommitmentFilter(Filter):
    lookups = {"programme": "insight__programme", "place": "place"}

    place = KeyField(Place.objects.all(), key="code")


class MatrixFilter(Filter):
    """Narrows what the matrix counts; there is no list to narrow."""

    phase = WordField(phase_numbers, _("phase"))
    place = KeyField(Place.objects.all(), key="code")
