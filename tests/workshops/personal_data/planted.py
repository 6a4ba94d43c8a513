"""Invented sentences with what must be found in them, and how much of it is.

`built_with.csv` was at hand while the detector was written. `held_back.csv` was written before it, and only measured.
A sentence has each passage marked, as in “spoke to {name:karen} from housing”; one without is innocent and nothing may
be found in it. `there` is who was in the room. The same people wrote the sentences and the detector, so what it does to
the sentences of others can be worse.
"""

import csv
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from workshops.personal_data import Mark, PersonalDataHit, find_personal_data

FOLDER = Path(__file__).resolve().parent
SETS = ("built_with", "held_back")
MARKED = re.compile(r"\{(\w+):([^{}]+)\}")
NAMES = {Mark.NAME, Mark.PARTICIPANT}

GROUPS = {
    "patterns": {mark for mark in Mark if mark.is_identifier},
    "names": NAMES,
    "said of a person": set(Mark) - {mark for mark in Mark if mark.is_identifier} - NAMES,
}
"""Kinds that share a bound."""


@dataclass(frozen=True)
class PlantedPassage:
    mark: Mark
    start: int
    end: int


@dataclass(frozen=True)
class PlantedSentence:
    text: str
    there: list[str]
    passages: list[PlantedPassage]


@dataclass
class Measured:
    """What became of the planted passages, by kind, and what was found where nothing is."""

    planted: Counter = field(default_factory=Counter)
    found: Counter = field(default_factory=Counter)
    missed: list[tuple[Mark, str]] = field(default_factory=list)
    false_alarms: list[tuple[Mark, str, str]] = field(default_factory=list)

    def recall(self, marks=tuple(Mark)):
        """The share of planted passages of these kinds that was found."""
        return sum(self.found[mark] for mark in marks) / sum(self.planted[mark] for mark in marks)


def planted_sentences(name):
    with (FOLDER / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return [read_planted(row["sentence"], row["there"]) for row in csv.DictReader(file)]


def read_planted(marked, there=""):
    """The sentence without its marks, and where the marked passages stand in it."""
    passages, text, done = [], "", 0
    for match in MARKED.finditer(marked):
        text += marked[done : match.start()]
        passages.append(PlantedPassage(Mark(match[1]), len(text), len(text) + len(match[2])))
        text, done = text + match[2], match.end()
    return PlantedSentence(text + marked[done:], [there] if there else [], passages)


def is_found(passage: PlantedPassage, text: str, hits: list[PersonalDataHit]) -> bool:
    """Whether hits of its kind cover all letters and digits of an identifier or a name; of what is said, any of it.

    Nobody is hidden by half a number. Where what is said of a person begins and ends is a matter of taste.
    """
    same = NAMES if passage.mark in NAMES else {passage.mark}
    covered = {place for hit in hits if hit.mark in same for place in hit.span}
    wanted = {place for place in range(passage.start, passage.end) if text[place].isalnum()}
    if passage.mark in GROUPS["said of a person"]:
        return not wanted.isdisjoint(covered)
    return wanted <= covered


def measured(sentences, known=()):
    result = Measured()
    for sentence in sentences:
        hits = find_personal_data(sentence.text, sentence.there, known)
        for passage in sentence.passages:
            result.planted[passage.mark] += 1
            if is_found(passage, sentence.text, hits):
                result.found[passage.mark] += 1
            else:
                result.missed.append((passage.mark, sentence.text))
        taken = {place for passage in sentence.passages for place in range(passage.start, passage.end)}
        result.false_alarms += [(hit.mark, hit.text, sentence.text) for hit in hits if taken.isdisjoint(hit.span)]
    return result
