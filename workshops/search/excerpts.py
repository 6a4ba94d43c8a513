"""Marking where a text holds what was searched for, in the text's own spelling."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from workshops.search.query import Query
from workshops.search.words import TextWord, words_in

Span = tuple[int, int]
"""The index of the first and the last word of something, among a text's words."""


@lru_cache(maxsize=8)  # a page reads one story's texts several times in a row, and then never again
def read_words(text: str) -> tuple[TextWord, ...]:
    return tuple(words_in(text))


def mark_hits(text: str, query: Query) -> SafeString:
    """A text as HTML with each hit in a <mark>; the escaped text where there is no hit."""
    return with_marks(text, read_words(text), hits(text, query))


def excerpt_around_hits(text: str, query: Query, most: int) -> SafeString:
    """Like `mark_hits`, but only about `most` words around the first hit; from the start where there is none."""
    found = read_words(text)
    marks = hits(text, query)
    first = max(0, min((begin for begin, _ in marks), default=0) - most // 3)
    last = min(first + most, len(found))
    if last == len(found):
        first = max(0, last - most)
    begin = found[first].start if first else 0
    end = found[last - 1].end if last < len(found) else len(text)
    inside = [(max(low, first), min(high, last - 1)) for low, high in marks if low < last and high >= first]
    piece = with_marks(text, found, inside, begin, end)
    return format_html("{}{}{}", "… " if first else "", piece, " …" if end < len(text) else "")


def holds_hit(text: str, query: Query) -> bool:
    return bool(hits(text, query))


@lru_cache(maxsize=8)
def hits(text: str, query: Query) -> list[Span]:
    """Where a text holds the wanted terms, in order; terms that overlap become one span."""
    apart: list[Span] = []
    for first, last in sorted(span for term in query.wanted for span in term.spans_in(read_words(text))):
        if apart and first <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(last, apart[-1][1]))
        else:
            apart.append((first, last))
    return apart


def with_marks(
    text: str, found: Sequence[TextWord], spans: Iterable[Span], begin: int = 0, end: int | None = None
) -> SafeString:
    """The part of a text from `begin` to `end` as HTML, with these spans of its words marked."""
    pieces, here = [], begin
    for first, last in spans:
        pieces += [escape(text[here : found[first].start]), "<mark>"]
        pieces += [escape(text[found[first].start : found[last].end]), "</mark>"]
        here = found[last].end
    pieces.append(escape(text[here:end]))
    return mark_safe("".join(pieces))  # noqa: S308 - everything but the marks is escaped
