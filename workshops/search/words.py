"""How a text is read as words: the same for what is stored and for what is looked for, whatever the database.

Case, accents, apostrophes and endings do not count; a Chinese, Japanese or Korean character, or an emoji, is a word.
"""

import re
import threading
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer

LONGEST_WORD = 40
SHORTEST_STEMMED = 3

COMBINING_MARKS = "\u0300-\u036f"
UNSEEN = "\u00ad\u200b-\u200f\u2060\ufeff"
APOSTROPHES = "'’‘ʼ＇`´"
LONE = "\u2e80-\u2fdf\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"

TEXT_PIECE = re.compile(
    rf"[{LONE}]|[^\W_{LONE}](?:[^\W_{LONE}]|[{COMBINING_MARKS}{UNSEEN}]|[{APOSTROPHES}](?=[^\W_{LONE}]))*|[^\w\s]"
)
WORD = re.compile(rf"[{LONE}]|[^\W_{LONE}]+|[^\w\s]")
DROPPED = re.compile(f"[{COMBINING_MARKS}{UNSEEN}{APOSTROPHES}]")
# Letters that Unicode does not take apart, though people type them plain.
PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})

stemmer = snowballstemmer.stemmer("english")
stemming = threading.Lock()  # a stemmer holds the word it works on


class TextWord(NamedTuple):
    """One word of a text: what it is found by, how it was spelt, and where it stands in the text as it was."""

    stem: str
    spelling: str
    start: int
    end: int


def words_in(text):
    """The words of a text, in order."""
    for piece in TEXT_PIECE.finditer(text):
        for stem, spelling in read_piece(piece[0]):
            yield TextWord(stem, spelling, *piece.span())


@lru_cache(maxsize=100_000)
def read_piece(piece):
    """What stands between two spaces, as (stem, spelling) of each word in it.

    >>> read_piece("People’s"), read_piece("CAFÉS"), read_piece("co\\u00adoperate")
    ((('peopl', 'peoples'),), (('cafe', 'cafes'),), (('cooper', 'cooperate'),))
    """
    found = [word[:LONGEST_WORD] for word in WORD.findall(fold_word(piece)) if word.isalnum() or is_symbol(word)]
    return tuple((stem(word), word) for word in found)


def fold_word(text):
    text = unicodedata.normalize("NFKC", text).casefold()
    text = DROPPED.sub("", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", text).translate(PLAIN)


def is_symbol(sign):
    """Whether a sign is one that people look for, as an emoji, and not one that stands between words."""
    return unicodedata.category(sign) == "So"


def stem(word):
    if len(word) < SHORTEST_STEMMED or not (word.isascii() and word.isalpha()):
        return word
    with stemming:
        return stemmer.stemWord(word)
