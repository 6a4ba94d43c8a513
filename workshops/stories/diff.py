"""Two wordings side by side, with what differs marked."""

import re
from difflib import SequenceMatcher
from typing import NamedTuple

LONGEST = 4000
"""Of more words than this, nothing is marked: finding what differs would take too long."""


class Piece(NamedTuple):
    """A stretch of a text, and whether the other text says something else there."""

    text: str
    differs: bool


def compare(before, after):
    """The pieces of both texts, word by word.

    >>> compare("Ann bought a van.", "Somebody bought a van.")[1]
    [Piece(text='Somebody', differs=True), Piece(text=' bought a van.', differs=False)]
    """
    old, new = (re.findall(r"\s+|\w+|[^\w\s]+", text) for text in (before, after))
    if len(old) + len(new) > LONGEST:
        return [Piece(before, before != after)], [Piece(after, before != after)]
    sides = [], []
    for what, *ends in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for side, words, (start, end) in zip(sides, (old, new), (ends[:2], ends[2:]), strict=True):
            if start < end:
                side.append(Piece("".join(words[start:end]), what != "equal"))
    return sides
