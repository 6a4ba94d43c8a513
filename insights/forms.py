from django import forms

from insights.choices import InsightKind
from workshops.forms import Filter, KeyField, WordField, phase_numbers, public_tags
from workshops.models import Place, ServiceArea, Story, Theme, Workshop


class InsightFilter(Filter):
    """Insights by what they are, and by where their evidence was told."""

    lookups = {"programme": "programme", "theme": "themes", "kind": "kind"}
    lookups_of_stories = {
        "service_area": "service_area",
        "place": "place",
        "tag": "story_tags__tag",
        "workshop": "workshop",
    }

    kind = WordField([("", "All kinds"), *InsightKind.choices], "kind")
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


class PracticeFilter(Filter):
    lookups = {"service_area": "service_areas", "theme": "themes", "tag": "practice_tags__tag"}

    service_area = KeyField(ServiceArea.objects.all())
    theme = KeyField(Theme.objects.all())
    tag = KeyField(public_tags(), widget=forms.HiddenInput)

    def narrow(self, queryset):
        queryset = super().narrow(queryset)
        return queryset.for_programme(self.chosen_programme) if self.chosen_programme else queryset


class ArticleFilter(Filter):
    lookups = {"programme": "programme"}


class CommitmentFilter(Filter):
    lookups = {"programme": "insight__programme", "place": "place"}

    place = KeyField(Place.objects.all(), key="code")


class MatrixFilter(Filter):
    """What the matrix counts; it narrows no list."""

    phase = WordField(phase_numbers, "phase")
    place = KeyField(Place.objects.all(), key="code")
