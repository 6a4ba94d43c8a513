"""What the index holds of one story."""

from collections.abc import Iterable
from typing import NamedTuple

from workshops.search.words import words_in

# A tsvector counts 16,383 positions and holds one megabyte of words; both databases stop at the same word before that.
MAX_WORDS_PER_ENTRY = 16_000
MAX_BYTES_PER_ENTRY = 700_000
BREAK = "¦"  # between two tags, so that no phrase spans both; no word holds it, so nobody finds it


class SearchEntry(NamedTuple):
    """A story's words: stems in order, and every spelling once, to match a word that is still being typed."""

    story: int
    title: list[str]
    body: list[str]
    tags: list[str]
    spellings: list[str]


def read_entry(story: int, title: str, body: str, tags: Iterable[str]) -> SearchEntry:
    """Read title, tags and wording in this order, so that a very long wording is what is cut."""
    entry = SearchEntry(story, [], [], [], [])
    spellings: dict[str, None] = {}
    count = size = 0
    for field, text in [(entry.title, title), *((entry.tags, tag) for tag in tags), (entry.body, body)]:
        if field is entry.tags and field:
            field.append(BREAK)
        for word in words_in(text):
            count += 1
            size += len(word.stem.encode()) + len(word.spelling.encode())
            if count > MAX_WORDS_PER_ENTRY or size > MAX_BYTES_PER_ENTRY:
                break
            field.append(word.stem)
            spellings[word.spelling] = None
    entry.spellings.extend(spellings)
    return entry
