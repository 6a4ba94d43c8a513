"""How a text is split into words: the same for stored texts and for searches, on both databases.

Case, accents, apostrophes and endings make no difference. A Chinese, Japanese or Korean character is a word by itself,
and so is an emoji.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer

MAX_WORD_LENGTH = 40
MIN_STEMMED_LENGTH = 3

COMBINING_MARKS = "\u0300-\u036f"
INVISIBLE = "\u00ad\u200b-\u200f\u2060\ufeff"
APOSTROPHES = "'’‘ʼ＇`´"
CJK = "\u2e80-\u2fdf\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"

TEXT_PIECE = re.compile(
    rf"[{CJK}]|[^\W_{CJK}](?:[^\W_{CJK}]|[{COMBINING_MARKS}{INVISIBLE}]|[{APOSTROPHES}](?=[^\W_{CJK}]))*|[^\w\s]"
)
WORD = re.compile(rf"[{CJK}]|[^\W_{CJK}]+|[^\w\s]")
DROPPED = re.compile(f"[{COMBINING_MARKS}{INVISIBLE}{APOSTROPHES}]")
# Letters that Unicode does not decompose, though people type them without their strokes.
PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})

stemmer = snowballstemmer.stemmer("english")
stemming = threading.Lock()  # a stemmer keeps the word it works on in itself


class TextWord(NamedTuple):
    """One word of a text: its stem, its spelling without case and accents, and where it stands in the text."""

    stem: str
    spelling: str
    start: int
    end: int


def words_in(text: str) -> Iterator[TextWord]:
    """The words of a text, in order."""
    for piece in TEXT_PIECE.finditer(text):
        for stem, spelling in read_piece(piece[0]):
            yield TextWord(stem, spelling, *piece.span())


@lru_cache(maxsize=100_000)
def read_piece(piece: str) -> tuple[tuple[str, str], ...]:
    """(stem, spelling) of each word in a piece of text without spaces.

    >>> read_piece("People’s"), read_piece("CAFÉS"), read_piece("co\\u00adoperate")
    ((('peopl', 'peoples'),), (('cafe', 'cafes'),), (('cooper', 'cooperate'),))
    """
    found = [word[:MAX_WORD_LENGTH] for word in WORD.findall(fold_word(piece)) if word.isalnum() or is_symbol(word)]
    return tuple((stem(word), word) for word in found)


def fold_word(text: str) -> str:
    """A word without its case, accents, apostrophes and invisible characters."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = DROPPED.sub("", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", text).translate(PLAIN)


def is_symbol(character: str) -> bool:
    """Whether people search for this character, such as an emoji; punctuation they do not."""
    return unicodedata.category(character) == "So"


def stem(word: str) -> str:
    if len(word) < MIN_STEMMED_LENGTH or not (word.isascii() and word.isalpha()):
        return word
    with stemming:
        return stemmer.stemWord(word)
