"""A text as it is searched: without what word processors and keyboards add, and place for place as long as before."""

import re
import unicodedata

SENTENCE_END = re.compile(r"[.!?…]+[\"'”’)]*(?=\s)|\n")
MAX_SENTENCE_LENGTH = 240


def plain(text: str) -> str:
    """The text with common spaces, digits and signs in place of no-break and full-width ones. Its length is the same."""
    common = {letter: unicodedata.normalize("NFKC", letter) for letter in set(text)}
    return "".join(common[letter] if len(common[letter]) == 1 else letter for letter in text)


def folded(text: str) -> str:
    """The text in small letters without accents. Its length is the same."""
    return "".join(unicodedata.normalize("NFD", letter)[0].lower()[:1] for letter in text)


def sentence_at(text: str, place: int) -> str:
    """The sentence around a place in the text; of a long sentence, the part around it."""
    start = max(
        (end.end() for end in SENTENCE_END.finditer(text, max(0, place - MAX_SENTENCE_LENGTH), place)), default=0
    )
    start = max(start, place - MAX_SENTENCE_LENGTH // 2)
    end = SENTENCE_END.search(text, place, place + MAX_SENTENCE_LENGTH)
    return text[start : end.end() if end else place + MAX_SENTENCE_LENGTH].strip()
