"""Compares two wordings word by word, to show them side by side."""

import re
from difflib import SequenceMatcher
from typing import NamedTuple

MAX_DIFF_LENGTH = 4000
"""In longer texts, counted in words, no words are marked: comparing them would take too long."""


class DiffPiece(NamedTuple):
    """A stretch of a text, and whether the other text says something else there."""

    text: str
    differs: bool


def diff_words(before: str, after: str) -> tuple[list[DiffPiece], list[DiffPiece]]:
    """Both texts in pieces, each marked if it differs.

    >>> diff_words("Ann bought a van.", "Somebody bought a van.")[1]
    [DiffPiece(text='Somebody', differs=True), DiffPiece(text=' bought a van.', differs=False)]
    """
    old, new = (re.findall(r"\s+|\w+|[^\w\s]+", text) for text in (before, after))
    if len(old) + len(new) > MAX_DIFF_LENGTH:
        return [DiffPiece(before, before != after)], [DiffPiece(after, before != after)]
    sides: tuple[list[DiffPiece], list[DiffPiece]] = ([], [])
    for what, *ends in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for side, words, (start, end) in zip(sides, (old, new), (ends[:2], ends[2:]), strict=True):
            if start < end:
                side.append(DiffPiece("".join(words[start:end]), what != "equal"))
    return sides
