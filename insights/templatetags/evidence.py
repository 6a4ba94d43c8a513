"""What other pages show of insights: strips of evidence, and boxes of insights, uses and commitments."""

from collections import Counter

from django import template

from insights.browsing.filters import InsightFilter
from insights.choices import Role
from insights.commitments import reviews
from insights.evidence.coverage import with_coverage
from insights.models import Evidence, Insight, SetAside

register = template.Library()

BOX = 6
ROLE_LABELS = {
    Role.SUPPORTS: ("supports", "support"),
    Role.QUALIFIES: ("qualifies", "qualify"),
    Role.CONTRADICTS: ("contradicts", "contradict"),
}


@register.inclusion_tag("insights/evidence/_strip.html")
def evidence_strip(insight, beside_voices=False):
    """A block for each piece of evidence, in order, and the sentence that says the same.

    Where the voices stand on the same page, each part of the sentence leads to them.
    """
    evidence = insight.public_evidence
    return {"evidence": evidence, "parts": strip_parts(evidence), "beside_voices": beside_voices}


@register.filter("as_sentence")
def strip_sentence(evidence):
    """Such as "14 stories and 1 practice support this, 2 stories qualify it, none contradicts it"."""
    return ", ".join(words for _, words in strip_parts(evidence))


def strip_parts(evidence):
    """What speaks for the claim, qualifies it and speaks against it: pairs of a role and words."""
    counts = Counter((piece.role, "practice" if piece.practice_id else "story") for piece in evidence)
    parts = []
    for role, verbs in ROLE_LABELS.items():
        stories, practices = counts[role, "story"], counts[role, "practice"]
        named = [counted(stories, "story", "stories"), counted(practices, "practice", "practices")]
        if stories + practices:
            verb = verbs[0] if stories + practices == 1 else verbs[1]
            parts.append((role, f"{' and '.join(filter(None, named))} {verb} {'it' if parts else 'this'}"))
    if parts and not any(piece.role == Role.CONTRADICTS for piece in evidence):
        parts.append((Role.CONTRADICTS, "none contradicts it"))
    return parts


def counted(number, one, many):
    return f"{number} {one if number == 1 else many}" if number else ""


@register.inclusion_tag("insights/_box.html")
def insights_on(facet, key):
    """The first insights of the list that this facet narrows, and the way to all."""
    insights = InsightFilter({facet: key}).narrow(Insight.objects.published()).in_reading_order()
    return {"insights": with_coverage(insights.for_page()[:BOX]), "count": insights.count(), "facet": facet, "key": key}


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
    """The reviews of a commitment as a picture: what each found, one after the other."""
    return {"steps": reviews.review_steps(commitment)}
