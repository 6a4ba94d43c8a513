"""Articles with their insights woven in, and their place in the series."""

import re

from insights.coverage import with_coverage
from insights.models import Article, Insight

NAMED = re.compile(r"^\[\[([^\[\]\n]+)\]\][ \t]*$", re.MULTILINE)
"""A line of its own in an article's body: the slug of an insight, whose card stands there."""


def woven(article):
    """The article's body as texts and insights in turn, and then the insights that it does not name.

    A name that belongs to no published insight shows nothing, so that taking one down breaks no article.
    """
    pieces = NAMED.split(article.body)  # text, slug, text, slug, … text
    slugs = [slug.strip() for slug in pieces[1::2]]
    published = Insight.objects.published().in_reading_order().for_page()
    named = {insight.slug: insight for insight in with_coverage(published.filter(slug__in=slugs))}
    pieces[1::2] = [named.get(slug) for slug in slugs]
    parts = [{"insight" if at % 2 else "text": piece} for at, piece in enumerate(pieces) if piece]
    rest = with_coverage(published.filter(articles=article).exclude(slug__in=slugs))
    return parts, rest


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
