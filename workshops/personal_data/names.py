"""Names of people: of those who were in the room, and others, which are guessed by their capital letter and their words."""

import re
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from workshops.personal_data.hits import Mark, PersonalDataHit, hit_at
from workshops.personal_data.name_lists import (
    ALSO_WORDS,
    FIRST_NAMES,
    NOT_NAMES,
    NOT_PEOPLE,
    PLAIN_SUBJECTS,
    SAYING,
    TITLES,
)
from workshops.personal_data.plain import folded, line_at

NAME_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
OPENS_SENTENCE = re.compile(r"(?:^|[.!?…:;\n“‘\"(•–-])[\s\"'“‘(*_]*$")


def participants(text: str, names: Iterable[str]) -> list[PersonalDataHit]:
    """Passages that name people who were in the room, by their whole name or a part of it."""
    patterns: dict[str, bool] = {}
    for name in names:
        parts = [part for part in NAME_WORD.findall(folded(name)) if len(part) > 1 and part not in TITLES]
        if len(parts) > 1:
            patterns[r"\s+".join(re.escape(part) for part in parts)] = True
        patterns |= {re.escape(part): False for part in parts if re.escape(part) not in patterns}
    if not patterns:
        return []
    longest_first = sorted(patterns, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(longest_first)})(?!\w)")
    found = []
    for match in pattern.finditer(folded(text)):
        said = text[match.start() : match.end()]
        needs_capital = len(said) < 3 or match[0] in ALSO_WORDS
        if said[0].isupper() or not needs_capital:
            found.append(hit_at(Mark.PARTICIPANT, text, match.start(), match.end()))
    return found


def likely_names(text: str, known: Iterable[str]) -> Iterator[PersonalDataHit]:
    """Runs of capitalised words that are not known to mean something else."""
    no_names = {word for name in known for word in NAME_WORD.findall(folded(name))} | NOT_NAMES
    for run, following in capitalised_runs(text):
        keys = {key(word) for word in run}
        if is_headline(line_at(text, run[0].start())):
            names = [word for word in run if key(word) in FIRST_NAMES]
        elif keys & NOT_PEOPLE and key(run[0]) not in TITLES:
            continue
        else:
            names = run if is_name_anywhere(run, following) or not opens_sentence(text, run[0]) else run[1:]
        names = [word for word in names if key(word) not in no_names and key(word).removesuffix("s") not in no_names]
        if {key(word) for word in names} - TITLES:
            yield hit_at(Mark.NAME, text, names[0].start(), names[-1].end())


def capitalised_runs(text: str) -> Iterator[tuple[list[re.Match[str]], str]]:
    """Yield each run of capitalised words, as matches, with the word that follows it."""
    words = list(NAME_WORD.finditer(text))
    run = []
    for word, following in zip_longest(words, words[1:]):
        if not is_capitalised(word[0]):
            continue
        run.append(word)
        between = text[word.end() : following.start()] if following else ""
        goes_on = between == " " or (between in {".", ". "} and key(word) in TITLES)
        if not (goes_on and is_capitalised(following[0])):
            yield run, following[0].lower() if following else ""
            run = []


def is_capitalised(word: str) -> bool:
    """A capital first and small letters after it, as in Ann, O’Brien, McDonald and Smith-Jones, but not NHS or iPad."""
    return re.fullmatch(r"(?:(?:Mc|Mac|[DOL]['’])?[^\W\d_a-z][^\W\d_A-Z]+)(?:['’-][^\W\d_]+)*", word) is not None


def is_name_anywhere(run: list[re.Match[str]], following: str) -> bool:
    """Whether a run is likely to be a name even where any word would have a capital letter."""
    first = key(run[0])
    if first in FIRST_NAMES or first in TITLES:
        return True
    return len(run) == 1 and following in SAYING and first not in PLAIN_SUBJECTS and not first.endswith("s")


def opens_sentence(text: str, word: re.Match[str]) -> bool:
    return OPENS_SENTENCE.search(text[max(0, word.start() - 12) : word.start()]) is not None


def is_headline(line: str) -> bool:
    """Whether all longer words of a line have a capital letter, which then says nothing about any of them."""
    longer = [word for word in NAME_WORD.findall(line) if len(word) > 3]
    return len(longer) > 2 and all(is_capitalised(word) for word in longer)


def key(word: re.Match[str]) -> str:
    return re.sub(r"['’]s?$", "", folded(word[0]))
