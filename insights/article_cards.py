"""The insight cards in an article's body, and the article's place in its series."""

import re
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from insights.models import Article, Insight
from workshops.choices import Status

CARD_LINE = re.compile(r"^\[\[([^\[\]\n]+)\]\][ \t]*$", re.MULTILINE)
"""A line of its own in an article's body that names an insight by slug; readers see its card there."""


def insights_of(article: Article) -> QuerySet[Insight]:
    """The published insights that an article is about: those its body names, and those it is linked to."""
    spoken_of = Q(slug__in=slugs_named(article.body)) | Q(pk__in=article.insights.order_by().values("pk"))
    return Insight.objects.published().filter(spoken_of)


def slugs_named(body: str) -> list[str]:
    return [slug.strip() for slug in CARD_LINE.findall(body)]


@dataclass
class BodyPart:
    """A stretch of an article's text, or an insight whose card stands between two of them."""

    text: str = ""
    insight: Insight | None = None


def split_body_into_cards(article: Article, insights: list[Insight]) -> tuple[list[BodyPart], list[Insight]]:
    """Split an article's body into texts and insights in turn, and list the insights that it does not name.

    `insights` are those of `insights_of()`. A slug that is not among them shows nothing, so that unpublishing an
    insight breaks no article.
    """
    pieces = CARD_LINE.split(article.body)  # text, slug, text, slug, … text
    slugs = slugs_named(article.body)
    named = {insight.slug: insight for insight in insights if insight.slug in slugs}
    pieces[1::2] = [named.get(slug) for slug in slugs]
    parts = [BodyPart(insight=piece) if at % 2 else BodyPart(text=piece) for at, piece in enumerate(pieces) if piece]
    return parts, [insight for insight in insights if insight.slug not in named]


def not_shown(article: Article) -> list[tuple[str, str]]:
    """What the body names as [[…]] on a line of its own without readers seeing a card, as [(slug, why)]."""
    slugs = dict.fromkeys(slugs_named(article.body))
    statuses = dict(Insight.objects.filter(slug__in=slugs).values_list("slug", "status"))
    why = {None: _("there is no insight with that key"), Status.DRAFT: _("it is a draft")}
    return [
        (slug, why.get(statuses.get(slug), _("it is unpublished")))
        for slug in slugs
        if statuses.get(slug) != Status.PUBLISHED
    ]


@dataclass
class PlaceInSeries:
    """Which of its programme's published articles one is, counted from 1, and the articles before and after it."""

    number: int
    count: int
    previous: Article | None
    next: Article | None


def place_in_series(article: Article) -> PlaceInSeries:
    series = list(Article.objects.published().filter(programme=article.programme).only("slug", "title", "published_on"))
    at = series.index(article)
    return PlaceInSeries(
        number=at + 1,
        count=len(series),
        previous=series[at - 1] if at else None,
        next=series[at + 1] if at + 1 < len(series) else None,
    )
