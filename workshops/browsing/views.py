"""The public pages of programmes, workshops, places and stories."""

from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.functional import cached_property
from django.views.generic import DetailView, ListView

from workshops.browsing.filters import Filter, PageForm, StoryListFilter, WorkshopFilter
from workshops.browsing.moved import follow_filter
from workshops.browsing.ordering import UnknownKeyError
from workshops.browsing.place_map import places_with_story_counts
from workshops.browsing.results import StorySearch
from workshops.choices import Consent
from workshops.models import Place, Programme, RemovedStory, Story, Workshop

STORIES_ON_WORKSHOP_PAGE = 20


class FilteredList(ListView):
    """A list that a form narrows. `get_queryset` gives all its rows, which the files hold; a page shows some."""

    filter_class: type[Filter]
    paginate_by = 25

    @cached_property
    def filter(self) -> Filter:
        return follow_filter(self.filter_class(self.request.GET))

    def paginate_queryset(self, queryset, page_size):
        return super().paginate_queryset(self.for_page(queryset), page_size)

    def for_page(self, rows: QuerySet) -> QuerySet:
        """The rows with everything that the page shows of them."""
        return rows.for_page()

    def get_context_data(self, **kwargs):
        return super().get_context_data(filter=self.filter, programme=self.filter.chosen_programme, **kwargs)


class StoryList(FilteredList):
    """Published stories, narrowed, searched and paged by `StorySearch`."""

    model = Story
    filter_class = StoryListFilter

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.asked = PageForm(request.GET)
        try:
            if self.asked.is_valid():
                return super().get(request, *args, **kwargs)
        except UnknownKeyError:
            pass
        return render(request, "workshops/no_such_page.html", status=400)

    def get_queryset(self):
        return self.filter.narrow(Story.objects.published())

    def paginate_queryset(self, queryset, page_size):
        found = StorySearch(self.filter)
        page = found.page(**self.asked.cleaned_data)
        return found, page, page.stories, bool(page.previous or page.next)


class StoryPage(DetailView):
    """One story. Of one that was public and may not be any more, it says that it is gone."""

    model = Story
    slug_field = slug_url_kwarg = "ref"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            if RemovedStory.objects.filter(story__ref=kwargs["ref"], reach__gte=Consent.PUBLIC).exists():
                return render(request, "410.html", status=410)
            raise

    def get_queryset(self):
        return Story.objects.visible_to(self.request.user).for_page()

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            programme=self.object.workshop.phase.programme,
            practices=self.object.practices.published(),
            **kwargs,
        )


class ProgrammePage(DetailView):
    model = Programme

    def get_context_data(self, **kwargs):
        workshops = Workshop.objects.filter(phase__programme=self.object)
        return super().get_context_data(
            phases=self.object.phases.prefetch_related("workshops__service_areas"),
            places=places_with_story_counts(self.object),
            story_count=Story.objects.published().filter(workshop__in=workshops).count(),
            **kwargs,
        )


class WorkshopList(FilteredList):
    model = Workshop
    filter_class = WorkshopFilter

    def get_queryset(self):
        workshops = self.filter.narrow(Workshop.objects.all())
        return workshops.order_by(F("held_on").asc(nulls_last=True), "slug")

    def paginate_queryset(self, queryset, page_size):
        # A subquery, so that the database counts for the rows of this page only.
        stories = Story.objects.published().filter(workshop=OuterRef("pk")).order_by().values("workshop")
        story_count = Coalesce(Subquery(stories.annotate(n=Count("pk")).values("n")), 0)
        return super().paginate_queryset(queryset.annotate(story_count=story_count), page_size)


class PlaceList(FilteredList):
    """Places on the map and in a list, with the number of their published stories."""

    model = Place
    filter_class = Filter
    paginate_by = None  # the map shows them all

    @cached_property
    def places(self) -> list[Place]:
        return places_with_story_counts(self.filter.chosen_programme) if self.filter.is_valid() else []

    def get_queryset(self):
        return Place.objects.filter(pk__in=[place.pk for place in self.places])

    def get_context_data(self, **kwargs):
        return super().get_context_data(places=self.places, **kwargs)


class WorkshopPage(DetailView):
    queryset = Workshop.objects.for_page()

    def get_context_data(self, **kwargs):
        stories = Story.objects.published().filter(workshop=self.object)
        return super().get_context_data(
            programme=self.object.phase.programme,
            story_count=stories.count(),
            stories=stories.for_page()[:STORIES_ON_WORKSHOP_PAGE],
            **kwargs,
        )
