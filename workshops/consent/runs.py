"""Runs of words: six or more in a row that a text shares with what somebody told.

A word is a stretch of letters and digits with the marks upon them. Case, accents, apostrophes and what stands between
words (spaces, punctuation, quotation marks, emoji) make no difference. In Chinese, Japanese and Korean, which put no
spaces between words, two characters count as a word. Thai, Lao, Khmer and Burmese put none either: there a stretch
between two spaces counts as one.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple, TypeVar

from workshops.choices import MARKER
from workshops.search.words import APOSTROPHES, CJK, INVISIBLE, fold_word

LEAST_WORDS = 6

Word = TypeVar("Word", str, bytes)
Shingle = tuple[str, ...]
"""LEAST_WORDS words in a row, folded."""


def marks_of_unicode() -> str:
    """All marks that stand on, under or beside letters, as the inside of a character class."""
    marks = (chr(code) for code in range(0x300, 0x20000) if unicodedata.category(chr(code)).startswith("M"))
    return "".join(marks)


MARKS = marks_of_unicode()
LETTER = rf"[^\W_{CJK}]"
PIECE = re.compile(
    rf"{re.escape(MARKER)}|[{CJK}]|{LETTER}(?:{LETTER}|[{MARKS}{INVISIBLE}]|[{APOSTROPHES}](?={LETTER}))*",
    re.IGNORECASE,
)
WORD = re.compile(rf"[{CJK}]|{LETTER}+")
ACCENTS = re.compile(f"[{MARKS}]")
IS_CJK = re.compile(f"[{CJK}]")
NO_WORD = MARKER
"""What a marker is among words. No run goes across it."""


class RunWord(NamedTuple):
    """One word of a text, folded, and where its piece of the text begins and ends."""

    folded: str
    start: int
    end: int


class Run(NamedTuple):
    """A stretch of a text, from the first letter of its first word to the last of its last."""

    start: int
    end: int


def run_words(text: str) -> Iterator[RunWord]:
    for piece in PIECE.finditer(text):
        for folded in fold_piece(piece[0]):
            yield RunWord(folded, *piece.span())


@lru_cache(maxsize=100_000)
def fold_piece(piece: str) -> tuple[str, ...]:
    """The words in a piece of text without spaces, folded; the marker is itself."""
    if piece.lower() == MARKER:
        return (NO_WORD,)
    return tuple(WORD.findall(ACCENTS.sub("", fold_word(piece))))


def folded_words(text: str) -> list[str]:
    """The words of a text alone, for those who need no positions: this is several times as fast."""
    return [folded for piece in PIECE.findall(text) for folded in fold_piece(piece)]


def shingles_in(words: list[Word]) -> Iterator[tuple[Word, ...]]:
    """Each LEAST_WORDS words in a row."""
    return zip(*(islice(words, place, None) for place in range(LEAST_WORDS)), strict=False)


class RunFinder:
    """Finds in a text the runs that it shares with some others."""

    def __init__(self, told: Iterable[str]) -> None:
        """`told` are the texts whose words are looked for."""
        texts = {text for text in told if text}
        self.shingles = {
            shingle for text in texts for shingle in shingles_in(folded_words(text)) if NO_WORD not in shingle
        }
        plain = (shingle for shingle in self.shingles if all(map(str.isascii, shingle)))
        self.plain_shingles = {tuple(word.encode() for word in shingle) for shingle in plain}

    def runs_in(self, text: str) -> list[Run]:
        """The runs of a text, in order; none overlaps or touches another."""
        return runs_where(text, self.shingles.__contains__) if self.may_hold_run(text) else []

    def may_hold_run(self, text: str) -> bool:
        """Whether a look at the words one by one may be worth its time, which is ten times this one's."""
        if not self.shingles:
            return False
        words = plain_words(text)
        return words is None or not self.plain_shingles.isdisjoint(shingles_in(words))


NO_PLAIN_WORD = b"\xff"
PLAIN_LETTERS = bytes(
    code if code == NO_PLAIN_WORD[0] or (code < 128 and chr(code).isalnum()) else 32 for code in range(256)
)


def plain_words(text: str) -> list[bytes] | None:
    """What `folded_words` finds in a text whose letters are Latin, as bytes; None if it has other letters or loose marks."""
    if not text.isascii():
        for character in set(text):
            if not character.isascii():
                plain = plain_character(character)
                if plain is None:
                    return None
                text = text.replace(character, plain)
    letters = text.lower().encode().replace(MARKER.encode(), b" \xff ").replace(b"`", b"'").replace(b"''", b"  ")
    return letters.translate(PLAIN_LETTERS, b"'").split()


@lru_cache(maxsize=10_000)
def plain_character(character: str) -> str | None:
    """What a character comes to where all others are ASCII; None if that depends on its neighbours."""
    if re.fullmatch(f"[{APOSTROPHES}]", character):
        return "'"
    if re.fullmatch(f"[{MARKS}{INVISIBLE}{CJK}]", character):
        return None
    if not re.fullmatch(LETTER, character):
        return " "
    folded = ACCENTS.sub("", fold_word(character))
    return folded if folded.isascii() and folded.isalnum() else None


def runs_where(text: str, is_known: Callable[[Shingle], bool]) -> list[Run]:
    """The runs of a text whose every LEAST_WORDS words in a row are known, the longest first grown together."""
    words = list(run_words(text))
    stretches: list[list[int]] = []
    for first, shingle in enumerate(shingles_in([word.folded for word in words])):
        if is_known(shingle):
            if stretches and first <= stretches[-1][1] + 1:
                stretches[-1][1] = first + LEAST_WORDS - 1
            else:
                stretches.append([first, first + LEAST_WORDS - 1])
    return [
        Run(words[first].start, words[last].end)
        for first, last in stretches
        if weight(words[first : last + 1]) >= LEAST_WORDS
    ]


def weight(words: Iterable[RunWord]) -> float:
    """How many words these are, two characters of Chinese, Japanese or Korean being one."""
    return sum(0.5 if IS_CJK.match(word.folded) else 1 for word in words)


def is_wordless(text: str) -> bool:
    """Whether a text has no word of its own, as one that is nothing but a marker."""
    return all(word == NO_WORD for word in folded_words(text))
