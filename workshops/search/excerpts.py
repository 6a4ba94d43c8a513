"""Showing where a text holds what was looked for, in the text's own spelling."""

from functools import lru_cache

from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe

from workshops.search.words import words_in


@lru_cache(maxsize=8)  # a page asks of one story's texts more than once, and then never again
def query_words(text):
    return tuple(words_in(text))


def mark_hits(text, query):
    """A text as HTML, each hit in a <mark>. Without a hit it is the escaped text."""
    return with_marks(text, query_words(text), hits(text, query))


def excerpt_around_hits(text, query, most):
    """As `mark_hits`, of about `most` words around the first hit; from the start where there is none."""
    found = query_words(text)
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


def holds_hit(text, query):
    return bool(hits(text, query))


@lru_cache(maxsize=8)
def hits(text, query):
    """The first and last index of each wanted term among a text's words, in order and apart from each other."""
    apart = []
    for first, last in sorted(span for term in query.wanted for span in term.spans_in(query_words(text))):
        if apart and first <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(last, apart[-1][1]))
        else:
            apart.append((first, last))
    return apart


def with_marks(text, found, spans, begin=0, end=None):
    pieces, here = [], begin
    for first, last in spans:
        pieces += [escape(text[here : found[first].start]), "<mark>"]
        pieces += [escape(text[found[first].start : found[last].end]), "</mark>"]
        here = found[last].end
    pieces.append(escape(text[here:end]))
    return mark_safe("".join(pieces))  # noqa: S308 - all that is not a mark is escaped
