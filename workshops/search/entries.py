"""What the index holds of one story."""

from typing import NamedTuple

from workshops.search.words import words_in

# PostgreSQL counts 16,383 places in an entry and takes one megabyte of words; the same end holds on both databases.
MOST_WORDS = 16_000
MOST_BYTES = 700_000
BREAK = "¦"  # between two tags, so that no phrase reaches from one into the next; not a word, so never looked for


class SearchEntry(NamedTuple):
    """A story's words: stems in the order they stand in, and every spelling once, for words still being typed."""

    story: int
    title: list[str]
    body: list[str]
    tags: list[str]
    spellings: list[str]


def read_entry(story, title, body, tags):
    entry = SearchEntry(story, [], [], [], [])
    spellings, count, size = {}, 0, 0
    for field, text in [(entry.title, title), *((entry.tags, tag) for tag in tags), (entry.body, body)]:
        if field is entry.tags and field:
            field.append(BREAK)
        for word in words_in(text):
            count += 1
            size += len(word.stem.encode()) + len(word.spelling.encode())
            if count > MOST_WORDS or size > MOST_BYTES:
                break
            field.append(word.stem)
            spellings[word.spelling] = None
    entry.spellings.extend(spellings)
    return entry
