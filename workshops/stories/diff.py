"""Two wordings side by side, with what differs marked."""

import re
from difflib import SequenceMatcher
from typing import NamedTuple

MAX_DIFF_LENGTH = 4000
"""Of more words than this, nothing is marked: finding what differs would take too long."""


class DiffPiece(NamedTuple):
    """A stretch of a text, and whether the other text says something else there."""

    text: str
    differs: bool


def diff_words(before, after):
    """The pieces of both texts, word by word.

    >>> diff_words("Ann bought a van.", "Somebody bought a van.")[1]
    [DiffPiece(text='Somebody', differs=True), DiffPiece(text=' bought a van.', differs=False)]
    """
    old, new = (re.findall(r"\s+|\w+|[^\w\s]+", text) for text in (before, after))
    if len(old) + len(new) > MAX_DIFF_LENGTH:
        return [DiffPiece(before, before != after)], [DiffPiece(after, before != after)]
    sides = [], []
    for what, *ends in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for side, words, (start, end) in zip(sides, (old, new), (ends[:2], ends[2:]), strict=True):
            if start < end:
                side.append(DiffPiece("".join(words[start:end]), what != "equal"))
    return sides
