"""What in the words of insights, articles and commitments may tell who somebody is: their texts, and the passages they
quote."""

from collections.abc import Iterable, Iterator
from itertools import chain

from django.db.models import Q

from insights.models import Article, Commitment, Insight, ReleasedPractice, Review
from workshops.judgements.judging import refuse_unjudged
from workshops.judgements.passages import FoundPassage, JudgedIn, PassageReader, practices_judged_in

INSIGHT_TEXTS = ("title", "summary", "body", "none_found")
ARTICLE_TEXTS = ("title", "summary", "body")
COMMITMENT_TEXTS = ("text", "owner_role")


def judged_in_programme(row: Insight | Article | ReleasedPractice) -> JudgedIn:
    return JudgedIn(programme=row.programme_id)


def insight_passages(insight: Insight) -> list[FoundPassage]:
    """The passages of an insight's texts and of the commitments that readers get with it, then of what it quotes: a quotation
    counts as judged where it was told."""
    reader, where = PassageReader(), judged_in_programme(insight)
    texts = [getattr(insight, name) for name in INSIGHT_TEXTS]
    found = reader.read([*texts, *insight.actions, *texts_of_commitments(Q(insight=insight.itself.pk))], where)
    for excerpt, workshops in quotations_of(insight) if insight.pk else ():
        found += reader.read([excerpt], JudgedIn(workshops, insight.programme_id))
    return found


def quotations_of(insight: Insight) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield each excerpt that readers get, and the workshops where its words are judged."""
    pieces = [piece for piece in insight.evidence.public().for_page() if piece.quotation]
    of_practices = practices_judged_in([piece.practice_id for piece in pieces if piece.practice_id])
    for piece in pieces:
        if piece.story:
            yield piece.quotation, (piece.story.workshop_id,)
        elif piece.practice_id:
            yield piece.quotation, of_practices[piece.practice_id].workshops


def article_passages(article: Article) -> list[FoundPassage]:
    return PassageReader().read([getattr(article, name) for name in ARTICLE_TEXTS], judged_in_programme(article))


def commitment_passages(commitment: Commitment, notes: Iterable[str] | None = None) -> list[FoundPassage]:
    """The passages of a commitment and of what its reviews found; `notes` are these, if they are not saved yet."""
    if notes is None:
        notes = commitment.reviews.values_list("note", flat=True) if commitment.pk else ()
    texts = [getattr(commitment, name) for name in COMMITMENT_TEXTS]
    return PassageReader().read([*texts, *notes], judged_in_programme(commitment.insight))


def texts_of_commitments(chosen: Q) -> list[str]:
    """What these commitments say, and what their reviews found."""
    commitments = Commitment.objects.filter(chosen).order_by()
    notes = Review.objects.filter(commitment__in=commitments.values("pk")).order_by().values_list("note", flat=True)
    return [*chain.from_iterable(commitments.values_list(*COMMITMENT_TEXTS)), *notes]


def correction_passages(result: ReleasedPractice, reason: str) -> list[FoundPassage]:
    """The passages of the reason that readers are given for the correction of a result."""
    return PassageReader().read([reason], judged_in_programme(result))


def refuse_unjudged_article(article: Article) -> None:
    """The gate of an article that has a day from which it is public."""
    if article.published_on:
        refuse_unjudged(article, article_passages(article))


def texts_of_programme(programme: int) -> Iterable[str]:
    """What editors wrote of a programme, working copies included; a judgement stays while one of these holds its word."""
    insights = Insight.with_working_copies.filter(programme=programme)
    lists: Iterable[list[str]] = insights.values_list("actions", flat=True)
    texts = chain(
        insights.values_list(*INSIGHT_TEXTS), Article.objects.filter(programme=programme).values_list(*ARTICLE_TEXTS)
    )
    corrections = ReleasedPractice.objects.filter(programme=programme).values_list("correction", flat=True)
    return [
        *chain.from_iterable(texts),
        *chain.from_iterable(lists),
        *texts_of_commitments(Q(insight__programme=programme)),
        *corrections,
    ]
