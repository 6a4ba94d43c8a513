"""The search for stories and practices on the page of an insight."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workshops.browsing.filters import KeyField, StoryFilter, WordField
from workshops.choices import Status
from workshops.models import Practice, Story, Tag, Workshop

PRACTICES = "practices"
RESULTS_PER_PAGE = 10


class Finder(StoryFilter):
    """The filter of the public list of stories, over all stories that editors may read, and over practices."""

    lookups = StoryFilter.lookups | {"status": "status"}

    what = WordField([("", _("Stories")), (PRACTICES, _("Practices"))], _("look among"))
    status = WordField(
        [("", _("Any status")), *((s.value, s.label) for s in Status if s != Status.WITHDRAWN)],
        _("status"),
    )
    tag = KeyField(Tag.objects.all(), widget=forms.HiddenInput)
    workshop = KeyField(Workshop.objects.all())
    page = forms.IntegerField(min_value=1, max_value=100_000, required=False, widget=forms.HiddenInput)

    field_order = ["what", "q", "service_area", "theme", "place", "phase", "workshop", "kind", "status", "sort"]

    def __init__(self, data, **kwargs):
        super().__init__(data, prefix="find", **kwargs)

    def find(self, user):
        """One page of results, and the number of the next page or None."""
        if not self.is_valid():
            return [], None
        if self.cleaned_data["what"] == PRACTICES:
            found = self.practices(user)
        else:
            found = self.narrow(Story.objects.visible_to(user).told_to_team()).for_page()
        page = self.cleaned_data["page"] or 1
        rows = list(found[(page - 1) * RESULTS_PER_PAGE : page * RESULTS_PER_PAGE + 1])
        return rows[:RESULTS_PER_PAGE], page + 1 if len(rows) > RESULTS_PER_PAGE else None

    def practices(self, user):
        """Practices by their own words, services, themes and tags, and by place, phase, kind and workshop of their stories."""
        chosen = self.cleaned_data
        found = Practice.objects.visible_to(user)
        for word in chosen["q"].split():
            found = found.filter(Q(statement__icontains=word) | Q(ref__iexact=word))
        own = {"service_area": "service_areas", "theme": "themes", "tag": "practice_tags__tag", "status": "status"}
        for name, lookup in own.items():
            if chosen[name]:
                found = found.filter(**{lookup: chosen[name]})
        of_stories = {
            self.lookups[name]: chosen[name] for name in ("place", "phase", "kind", "workshop") if chosen[name]
        }
        if of_stories:
            told = Story.objects.visible_to(user).filter(**of_stories)
            found = found.filter(pk__in=Practice.stories.through.objects.filter(story__in=told).values("practice"))
        if chosen["programme"]:
            found = found.for_workshops(Workshop.objects.filter(phase__programme=chosen["programme"]))
        return found.order_by("statement", "ref")
