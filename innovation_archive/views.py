"""The home page, the pages about the archive, and robots.txt."""

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.views.generic import TemplateView

from insights.browsing import matrix
from insights.choices import InsightKind, Role
from insights.evidence.coverage import with_coverage
from insights.models import Article, Insight
from workshops.browsing.place_map import places_with_story_counts
from workshops.choices import Consent
from workshops.models import Practice, Programme, Story, Workshop

MAX_INSIGHTS_ON_HOME = 12
"""Of each kind; articles as well."""


class HomePage(TemplateView):
    template_name = "home.html"

    def get_context_data(self, **kwargs):
        insights = Insight.objects.published().in_reading_order()
        cards = {kind: insights.filter(kind=kind).for_page()[:MAX_INSIGHTS_ON_HOME] for kind in InsightKind}
        findings = with_coverage(cards[InsightKind.FINDING])
        return super().get_context_data(
            programmes=Programme.objects.all(),
            finding_count=insights.filter(kind=InsightKind.FINDING).count(),
            story_count=Story.objects.published().count(),
            workshop_count=Workshop.objects.count(),
            practice_count=Practice.objects.published().count(),
            places=places_with_story_counts(),
            findings=findings,
            big_ideas=cards[InsightKind.BIG_IDEA],
            recommendations=cards[InsightKind.RECOMMENDATION],
            voices=two_voices(findings),
            matrix=matrix.build_matrix(),
            articles=Article.objects.published()[:MAX_INSIGHTS_ON_HOME],
            **kwargs,
        )


def two_voices(insights):
    """A quotation for and one against the same insight, if an insight has both; else the first of each that there is."""
    quoted = [
        {piece.role: piece for piece in reversed(insight.public_evidence) if piece.quotation} for insight in insights
    ]
    wanted = (Role.SUPPORTS, Role.CONTRADICTS)
    chosen = next((voices for voices in quoted if all(role in voices for role in wanted)), None)
    if chosen is None:
        chosen = {role: voices[role] for voices in reversed(quoted) for role in voices}
    return [chosen[role] for role in wanted if role in chosen]


class MethodPage(TemplateView):
    template_name = "about/method.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            consents=Consent,
            least_group=settings.VOTES_LEAST_GROUP,
            least_newcomers=settings.VOTES_LEAST_NEWCOMERS,
            programmes=Programme.objects.all(),
            **kwargs,
        )


class AccessibilityPage(TemplateView):
    template_name = "about/accessibility.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(contact=settings.CONTACT_EMAIL, **kwargs)


def robots(request):
    sitemap = request.build_absolute_uri(reverse("sitemap"))
    lines = ["User-agent: *", f"Disallow: {reverse('admin:index')}", f"Sitemap: {sitemap}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain")
