"""The page of one place, service area, theme or tag: the insights drawn from its stories, voices for and against
them, the practices people voted on there, and the commitments made."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView

from insights.browsing.filters import CommitmentFilter, InsightFilter, PracticeFilter
from insights.choices import Role
from insights.evidence.coverage import with_coverage
from insights.models import Commitment, Evidence, Insight, ReleasedPractice
from insights.votes import results
from insights.votes.ranges import names_in
from workshops.browsing.filters import StoryFilter, WorkshopFilter, public_tags
from workshops.keys import exists_in
from workshops.models import Place, Practice, ServiceArea, Story, Theme, Workshop

MAX_STORIES = 10
MAX_CARDS = 6
MAX_VOICES = 3


class TermPage(DetailView):
    """The page of one term, or of a tag. `facet` is the GET parameter that narrows lists to it."""

    template_name = "insights/term.html"
    context_object_name = "term"
    facet = None
    key = "slug"
    from_here = _("On %(name)s")
    """How a sentence about its stories begins, as in "On trust: 2 stories support this"."""

    def get_object(self, queryset=None):
        return get_object_or_404(self.get_queryset(), **{self.key: self.kwargs[self.key]})

    def narrow(self, filter_class, rows):
        return filter_class({self.facet: self.kwargs[self.key]}).narrow(rows)

    def get_context_data(self, **kwargs):
        stories = self.narrow(StoryFilter, Story.objects.published())
        insights = self.narrow(InsightFilter, Insight.objects.published()).in_reading_order()
        practices = self.narrow(PracticeFilter, Practice.objects.published())
        commitments = self.commitments(insights)
        heard = voices(stories)
        return super().get_context_data(
            facet=self.facet,
            facet_query=urlencode({self.facet: self.kwargs[self.key]}),
            kind=self.object._meta.verbose_name,
            from_here=self.from_here % {"name": self.object.name},
            story_count=stories.count(),
            stories=without_quoted_words(stories.for_page()[:MAX_STORIES], heard),
            insight_count=insights.count(),
            insights=with_evidence_among(stories, with_coverage(insights.for_page()[:MAX_CARDS])),
            voices=heard,
            practice_count=practices.count(),
            practices=results.in_order(results.for_page(practices), "agreement")[:MAX_CARDS],
            commitment_count=commitments.count(),
            commitments=commitments.for_page()[:MAX_CARDS],
            **kwargs,
        )

    def commitments(self, insights):
        return Commitment.objects.published().filter(insight__in=insights.order_by())


class ServiceAreaPage(TermPage):
    model = ServiceArea
    facet = "service_area"
    from_here = _("From %(name)s")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            workshop_count=self.narrow(WorkshopFilter, Workshop.objects.all()).count(),
            apart=standing_apart(self.object)[:MAX_CARDS],
            summary=results.summarise_results(),
            **kwargs,
        )


class ThemePage(TermPage):
    model = Theme
    facet = "theme"


class PlacePage(TermPage):
    model = Place
    facet = "place"
    key = "code"
    from_here = _("From %(name)s")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            workshop_count=self.narrow(WorkshopFilter, Workshop.objects.all()).count(), **kwargs
        )

    def commitments(self, insights):
        return self.narrow(CommitmentFilter, Commitment.objects.published())


class TagPage(TermPage):
    facet = "tag"

    def get_queryset(self):
        return public_tags()


def with_evidence_among(stories: QuerySet[Story], insights: list[Insight]) -> list[Insight]:
    """Give each insight `from_here`: the pieces of its public evidence whose story is among these."""
    here = set(stories.order_by().filter(evidence__insight__in=insights).values_list("pk", flat=True))
    for insight in insights:
        insight.from_here = [piece for piece in insight.public_evidence if piece.story_id in here]
    return insights


def voices(stories: QuerySet[Story]) -> dict[str, list[Evidence]]:
    """What these stories say for and against published insights: {"for": pieces, "against": pieces}.

    Only quoted evidence speaks for an insight. Contradictions come before qualifications. A story that speaks against
    one insight is heard in favour of another only where no other story is, and its quotation stands once.
    """
    told = Evidence.objects.public().filter(exists_in(stories, "story"), insight__in=Insight.objects.published())
    told = told.select_related("insight__programme", "story__service_area", "story__place")
    quoted = told.filter(role=Role.SUPPORTS).exclude(excerpt="").order_by("insight__slug", "order")
    against = one_a_story(told.exclude(role=Role.SUPPORTS).order_by("role", "insight__slug", "order"))
    others = quoted.exclude(story__in=[piece.story_id for piece in against])
    supporting = one_a_story(others) or one_a_story(quoted)
    quotations = {piece.quotation for piece in against}
    for piece in supporting:
        piece.is_quoted_already = piece.quotation in quotations
    return {"for": supporting, "against": against}


def one_a_story(pieces: QuerySet[Evidence]) -> list[Evidence]:
    """The first few pieces, each from a different story, so that no voice is heard twice."""
    first = {}
    for piece in pieces[: MAX_VOICES * 4]:
        first.setdefault(piece.story_id, piece)
    return list(first.values())[:MAX_VOICES]


def without_quoted_words(stories: Iterable[Story], heard: dict[str, list[Evidence]]) -> list[Story]:
    """These stories, of which `is_quoted_already` says whether the page quotes it, so that it need not show its words."""
    quoted = {piece.story_id for pieces in heard.values() for piece in pieces if piece.quotation}
    stories = list(stories)
    for story in stories:
        story.is_quoted_already = story.pk in quoted
    return stories


def standing_apart(service_area: ServiceArea) -> list[Practice]:
    """Published practices on which this service area, alone or with others, stands apart in the released votes."""
    name = service_area.name
    found = ReleasedPractice.objects.published().filter(Q(less__contains=name) | Q(more__contains=name))
    apart = [
        result.practice_id for result in found if any(name in names_in(group) for group in [*result.less, *result.more])
    ]
    return list(results.in_order(results.for_page(Practice.objects.filter(pk__in=apart)), "difference"))
