"""What in the words of insights and articles may tell who somebody is: their texts, and the passages they quote."""

from collections.abc import Iterable, Iterator
from itertools import chain

from insights.models import Article, Insight
from workshops.judgements.judging import refuse_unjudged
from workshops.judgements.passages import FoundPassage, JudgedIn, PassageReader, practices_judged_in

INSIGHT_TEXTS = ("title", "summary", "body", "none_found")
ARTICLE_TEXTS = ("title", "summary", "body")


def judged_in_programme(row: Insight | Article) -> JudgedIn:
    return JudgedIn(programme=row.programme_id)


def insight_passages(insight: Insight) -> list[FoundPassage]:
    """The passages of an insight's texts, then of what it quotes: a quotation counts as judged where it was told."""
    reader, where = PassageReader(), judged_in_programme(insight)
    texts = [getattr(insight, name) for name in INSIGHT_TEXTS]
    found = reader.read([*texts, *insight.actions], where)
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
    return [*chain.from_iterable(texts), *chain.from_iterable(lists)]
