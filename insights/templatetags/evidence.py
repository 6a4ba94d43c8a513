"""What pages show of insights: strips of evidence, and boxes of insights, uses and commitments."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django import template
from django.urls import reverse
from django.utils import dateformat
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from insights.browsing.filters import InsightFilter
from insights.choices import Role
from insights.commitments import reviews
from insights.evidence.coverage import Coverage, CoveragePart, with_coverage
from insights.models import Evidence, Insight, Publication, SetAside
from insights.publications.versions import VersionPiece
from workshops.choices import Kind
from workshops.counted import counted

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
STORIES_BY_ROLE = {Role.SUPPORTS: "insight", Role.CONTRADICTS: "contradicts", Role.QUALIFIES: "qualifies"}
"""The filter of the list of stories that asks for those with a role in an insight."""
STORIES_BY_DIMENSION = {"service": ("service_area", "slug"), "place": ("place", "code")}
"""The filter of that list for a service or place, and the field whose value it takes."""
DIMENSIONS = {"service": gettext_lazy("Services"), "place": gettext_lazy("Places")}
SIDES = {
    Role.SUPPORTS: gettext_lazy("For it: {names}"),
    Role.CONTRADICTS: gettext_lazy("Against it: {names}"),
    Role.QUALIFIES: gettext_lazy("Yes, but: {names}"),
}
"""In the order in which the page shows the voices."""


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
    told, voted = counted(stories, "story"), counted(practices, "practice")
    if stories and practices:
        return _("%(stories)s and %(practices)s") % {"stories": told, "practices": voted}
    return told if stories else voted


@register.simple_tag
def supported_by(insight: Insight) -> SafeString | str:
    """How far the support of an insight from `with_coverage()` reaches, with links to the supporting stories.

    Empty if no story supports it.
    """
    coverage, address = insight.coverage, stories_address(insight, Role.SUPPORTS)
    if not coverage.stories:
        return ""
    parts = linked_parts(address, coverage.counted)
    said = support_sentence(coverage)
    return format_html(said, address=address, parts=parts, count=coverage.elsewhere, elsewhere=coverage.elsewhere_too)


def support_sentence(coverage: Coverage) -> str:
    """HTML with places for what `supported_by` knows."""
    if not coverage.counted:
        return _('Supported by <a href="{address}">stories</a>.')
    if coverage.is_from_elsewhere:
        return ngettext(
            "Supported by {count} example from elsewhere, told in {parts}.",
            "Supported by {count} examples from elsewhere, told in {parts}.",
            coverage.elsewhere,
        )
    if coverage.elsewhere:
        return _('Supported by <a href="{address}">stories</a> from {parts}; {elsewhere}.')
    return _('Supported by <a href="{address}">stories</a> from {parts}.')


@register.simple_tag
def contradicted_by(insight: Insight) -> SafeString | str:
    """How far the stories against an insight from `with_coverage()` reach, with a link to them; empty if nowhere."""
    parts = ", ".join(map(str, insight.coverage.against))
    if not parts:
        return ""
    count = sum(piece.role == Role.CONTRADICTS and piece.story_id is not None for piece in insight.public_evidence)
    said = _('Contradicted by <a href="{address}">{stories}</a> from {parts}.')
    address = stories_address(insight, Role.CONTRADICTS)
    return format_html(said, address=address, stories=counted(count, "story"), parts=parts)


def stories_address(insight: Insight, role: Role, **filters: str) -> str:
    """The address of the list of stories with this role in the insight, narrowed further by other filters."""
    return f"{reverse('stories')}?{urlencode({STORIES_BY_ROLE[role]: insight.slug} | filters)}"


def linked_parts(address: str, parts: Iterable[CoveragePart]) -> SafeString:
    return format_html_join(", ", '<a href="{}">{}</a>', ((address, part) for part in parts))


@register.inclusion_tag("insights/evidence/_reach.html")
def where_told(insight: Insight) -> dict[str, Any]:
    """From which services and places stories speak for an insight from `with_coverage()`, against it, or with a “but”."""
    coverage: Coverage = insight.coverage
    supporting = [piece.story for piece in insight.public_evidence if piece.role == Role.SUPPORTS and piece.story]
    rows = [(DIMENSIONS[part.dimension], reach_lines(insight, part)) for part in coverage.parts if part.heard]
    return {
        "rows": [(label, lines) for label, lines in rows if lines],
        "examples": [story for story in supporting if story.kind == Kind.ELSEWHERE],
    }


def reach_lines(insight: Insight, part: CoveragePart) -> list[SafeString]:
    """A line for each role that stories from these services or places have, and one for those without a story.

    Where all support is from elsewhere, that no place has a supporting story is no news, and not said.
    """
    lines = [
        format_html(side, names=linked_names(insight, part, role))
        for role, side in SIDES.items()
        if part.heard.get(role)
    ]
    if part.unheard and part in insight.coverage.counted:
        lines.append(format_html(_("No story here from {names}"), names=", ".join(map(str, part.unheard))))
    return lines


def linked_names(insight: Insight, part: CoveragePart, role: Role) -> SafeString:
    """The services or places that stories of this role come from, each with a link to those stories."""
    facet, key = STORIES_BY_DIMENSION[part.dimension]
    links = ((stories_address(insight, role, **{facet: getattr(thing, key)}), thing) for thing in part.heard[role])
    return format_html_join(", ", '<a href="{}">{}</a>', links)


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
