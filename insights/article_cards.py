"""The cards of insights in an article's body, and the article's place in its series."""

import re

from django.db.models import Q

from insights.models import Article, Insight
from workshops.choices import Status

CARD_LINE = re.compile(r"^\[\[([^\[\]\n]+)\]\][ \t]*$", re.MULTILINE)
"""A line of its own in an article's body: the slug of an insight, whose card stands there."""


def insights_of(article):
    """The published insights that an article is about: those that its body names, and those it is linked to."""
    spoken_of = Q(slug__in=slugs_named(article.body)) | Q(pk__in=article.insights.order_by().values("pk"))
    return Insight.objects.published().filter(spoken_of)


def slugs_named(body):
    return [slug.strip() for slug in CARD_LINE.findall(body)]


def split_body_into_cards(article, insights):
    """Split an article's body into texts and insights in turn, and list the insights that it does not name.

    `insights` are those of `insights_of()`. A name of none of them shows nothing, so that taking an insight down
    breaks no article.
    """
    pieces = CARD_LINE.split(article.body)  # text, slug, text, slug, … text
    slugs = slugs_named(article.body)
    named = {insight.slug: insight for insight in insights if insight.slug in slugs}
    pieces[1::2] = [named.get(slug) for slug in slugs]
    parts = [{"insight" if at % 2 else "text": piece} for at, piece in enumerate(pieces) if piece]
    return parts, [insight for insight in insights if insight.slug not in named]


def not_shown(article):
    """What its body names as [[…]] on a line of its own and readers do not see, as [(name, why)]."""
    slugs = dict.fromkeys(slugs_named(article.body))
    statuses = dict(Insight.objects.filter(slug__in=slugs).values_list("slug", "status"))
    why = {None: "there is no insight with that key", Status.DRAFT: "it is a draft"}
    return [
        (slug, why.get(statuses.get(slug), "it is unpublished"))
        for slug in slugs
        if statuses.get(slug) != Status.PUBLISHED
    ]


def place_in_series(article):
    """Which of its programme's published articles it is, of how many, and those before and after it."""
    series = list(Article.objects.published().filter(programme=article.programme).only("slug", "title", "published_on"))
    at = series.index(article)
    return {
        "number": at + 1,
        "count": len(series),
        "previous": series[at - 1] if at else None,
        "next": series[at + 1] if at + 1 < len(series) else None,
    }
