"""What pages show of insights: strips of evidence, and boxes of insights, uses and commitments."""

from collections import Counter
from collections.abc import Iterable

from django import template
from django.urls import reverse
from django.utils import dateformat
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from insights.browsing.filters import InsightFilter
from insights.choices import Role
from insights.commitments import reviews
from insights.evidence.coverage import with_coverage
from insights.models import Evidence, Insight, Publication, SetAside
from insights.publications.versions import VersionPiece

register = template.Library()

MAX_CARDS_IN_BOX = 6
FIRST_PARTS = {
    Role.SUPPORTS: ngettext_lazy("%(evidence)s supports this", "%(evidence)s support this", "count"),
    Role.QUALIFIES: ngettext_lazy("%(evidence)s qualifies this", "%(evidence)s qualify this", "count"),
    Role.CONTRADICTS: ngettext_lazy("%(evidence)s contradicts this", "%(evidence)s contradict this", "count"),
}
FURTHER_PARTS = {
    Role.QUALIFIES: ngettext_lazy("%(evidence)s qualifies it", "%(evidence)s qualify it", "count"),
    Role.CONTRADICTS: ngettext_lazy("%(evidence)s contradicts it", "%(evidence)s contradict it", "count"),
}
"""How the strip's sentence begins, and how it goes on; `evidence` is such as "14 stories and 1 practice"."""


@register.inclusion_tag("insights/evidence/_strip.html")
def evidence_strip(insight, beside_voices=False):
    """A block for each piece of evidence, in order, and the sentence that says the same.

    With `beside_voices`, the parts of the sentence link to the voices on the same page.
    """
    evidence = insight.public_evidence
    return {"evidence": evidence, "parts": strip_parts(evidence), "beside_voices": beside_voices}


@register.filter("as_sentence")
def strip_sentence(evidence: Iterable[Evidence | VersionPiece]) -> str:
    """Such as "14 stories and 1 practice support this, 2 stories qualify it, none contradicts it"."""
    return ", ".join(words for role, words in strip_parts(evidence))


def strip_parts(evidence: Iterable[Evidence | VersionPiece]) -> list[tuple[Role, str]]:
    """What speaks for the claim, qualifies it and speaks against it, as [(role, words)]."""
    counts = Counter((piece.role, "practice" if piece.practice_id else "story") for piece in evidence)
    parts: list[tuple[Role, str]] = []
    for role in Role:
        stories, practices = counts[role, "story"], counts[role, "practice"]
        if stories + practices:
            sentence = FURTHER_PARTS[role] if parts else FIRST_PARTS[role]
            words = {"evidence": stories_and_practices(stories, practices), "count": stories + practices}
            parts.append((role, sentence % words))
    if parts and parts[-1][0] != Role.CONTRADICTS:
        parts.append((Role.CONTRADICTS, _("none contradicts it")))
    return parts


def stories_and_practices(stories: int, practices: int) -> str:
    """Such as "14 stories and 1 practice"; of what there is none, nothing is said."""
    told = ngettext("%(count)s story", "%(count)s stories", stories) % {"count": stories}
    voted = ngettext("%(count)s practice", "%(count)s practices", practices) % {"count": practices}
    if stories and practices:
        return _("%(stories)s and %(practices)s") % {"stories": told, "practices": voted}
    return told if stories else voted


@register.simple_tag
def supported_by(insight: Insight) -> SafeString:
    """How far the support of an insight from `with_coverage()` reaches, with links to the supporting stories."""
    address = f"{reverse('stories')}?{urlencode({'insight': insight.slug})}"
    parts = format_html_join(", ", '<a href="{}">{}</a>', ((address, part) for part in insight.coverage.parts))
    if not parts:
        return format_html(_('Supported by <a href="{address}">stories</a>.'), address=address)
    return format_html(_('Supported by <a href="{address}">stories</a> from {parts}.'), address=address, parts=parts)


@register.simple_tag
def published_as(version: Publication, earlier_versions: list[Publication]) -> SafeString:
    """When an insight was published and as which version, with links to that and to the versions before it."""
    latest = {"day": dateformat.format(version.published_on, "j F Y"), "version": version_link(version)}
    if not earlier_versions:
        return format_html(_("Published on {day} as {version}."), **latest)
    earlier = format_html_join(", ", "{}", ((dated_version_link(each),) for each in earlier_versions))
    return format_html(_("Published on {day} as {version}; before that {earlier}."), **latest, earlier=earlier)


def version_link(version: Publication) -> SafeString:
    name = _("version %(number)s") % {"number": version.version}
    return format_html('<a href="{}">{}</a>', version.get_absolute_url(), name)


def dated_version_link(version: Publication) -> SafeString:
    day = dateformat.format(version.published_on, "j F Y")
    return format_html(_("{version} ({day})"), version=version_link(version), day=day)


@register.inclusion_tag("insights/_box.html")
def insights_on(facet, key):
    """The first insights of the list narrowed by this facet, and a link to all of them."""
    insights = InsightFilter({facet: key}).narrow(Insight.objects.published()).in_reading_order()
    return {
        "insights": with_coverage(insights.for_page()[:MAX_CARDS_IN_BOX]),
        "count": insights.count(),
        "facet": facet,
        "key": key,
    }


@register.inclusion_tag("insights/_uses.html")
def uses_of(story):
    """The published insights that use a story, and those it was set aside for."""
    return {
        "uses": Evidence.objects.filter(story=story, insight__in=Insight.objects.published()).select_related("insight"),
        "set_aside": SetAside.objects.filter(story=story, insight__in=Insight.objects.published()).select_related(
            "insight"
        ),
    }


@register.inclusion_tag("insights/commitments/_kept.html")
def kept(commitment):
    """The reviews of a commitment as a picture: what each found, in order."""
    return {"steps": reviews.review_steps(commitment)}
