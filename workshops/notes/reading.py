"""The reading itself: lines in, entries out, each with what its headings and marks say of it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest

from django.utils.translation import gettext as _

from workshops.choices import Choice, Kind
from workshops.notes.marks import (
    FLAT,
    NoteLine,
    heading_of,
    lines_of,
    places_of,
    plus_ones,
    possible_names,
    tags_in_text,
    take_prefix,
    take_private,
    without_marks,
)
from workshops.notes.words import Asked, HeadingVocabulary, Named, Sense, fold_heading

NOTE, PRACTICE = "note", "practice"
MAX_TITLE_LENGTH = 80
BULLET_LEVEL = FLAT + 1


def title_of(text: str) -> str:
    """A title from the first words: the first sentence, or as many whole words as fit.

    >>> title_of("We called every family. It took a week.")
    'We called every family'
    """
    first = text.strip().partition("\n")[0].strip()
    sentence = re.match(rf".{{10,{MAX_TITLE_LENGTH}}}?(?=[.!?](?:\s|$))[!?]?", first)
    if sentence:
        return sentence[0]
    if len(first) <= MAX_TITLE_LENGTH:
        return first.rstrip(" .:;,–-") or first
    return f"{first[:MAX_TITLE_LENGTH].rpartition(' ')[0] or first[: MAX_TITLE_LENGTH - 1]}…"


@dataclass
class NoteEntry:
    """One thing that somebody said. `kind` is that of a story, “practice” or “note”; `line` is where it begins."""

    line: int
    text: str
    kind: str = NOTE
    choice: str = ""
    service_area: Named | None = None
    place: Named | None = None
    themes: list[Named] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    private: bool = False
    agreements: int = 0
    names: list[str] = field(default_factory=list)
    heading: str = ""

    @property
    def title(self) -> str:
        return title_of(self.text)


@dataclass
class Question:
    """A heading that could mean two things, with the lines that stand under it."""

    heading: str
    lines: list[str]

    @property
    def key(self) -> str:
        return fold_heading(self.heading)


@dataclass
class Reading:
    """What the notes say; `questions` are to be answered first, `instructions` are lines that are no entries, each
    with its number."""

    entries: list[NoteEntry]
    questions: list[Question]
    instructions: list[tuple[int, str]]


def read_notes(
    text: str,
    service_areas: Iterable[Named] = (),
    themes: Iterable[Named] = (),
    places: Iterable[Named] = (),
    answers: Mapping[str, str] | None = None,
) -> Reading:
    """Read notes into entries. Terms are anything with `names`; `answers` maps a question's key to a choice or “note”."""
    reader = Reader(HeadingVocabulary(service_areas, themes, places), answers or {})
    lines = list(lines_of(text))
    for line, following in zip_longest(lines, lines[1:]):
        reader.take(line, following)
    return reader.finished()


@dataclass
class Open:
    """A heading that holds for what is being read. One that is a bullet has a depth, and may have others nested in it."""

    level: int
    sense: Sense
    words: str
    depth: tuple[int, int] | None
    has_nested: bool = False


class Draft:
    """An entry that is being read: its first line, what its headings say, and its rows so far."""

    def __init__(self, line: NoteLine, sense: Sense, heading: str, private: bool) -> None:
        self.line, self.sense, self.heading, self.private = line, sense, heading, private
        self.rows, self.agreements = [line.text], 0

    def carry_on(self, text: str) -> None:
        self.rows[-1] = f"{self.rows[-1]} {text}"


class Reader:
    """Takes line after line. `under` holds what stands under the last heading, `done` what stands before it."""

    def __init__(self, vocabulary: HeadingVocabulary, answers: Mapping[str, str]) -> None:
        self.vocabulary, self.answers = vocabulary, answers
        self.open: list[Open] = []
        self.done: list[Draft] = []
        self.under: list[Draft] = []
        self.instructions: list[tuple[int, str]] = []
        self.after_gap = True

    def take(self, line: NoteLine, following: NoteLine | None) -> None:
        """Read one line. The one that follows tells whether this one is underlined or has bullets nested in it."""
        if not line.text.strip():
            self.after_gap = True
            return
        agreed, remark = plus_ones(take_private(line.text)[1])
        if agreed and self.under:
            self.agree(agreed, remark)
        elif heading := self.heading(line, following):
            self.enter(Open(*heading, line.depth if line.bullet else None))
        elif line.bullet:
            self.bullet(line)
        else:
            self.plain(line)
        self.after_gap = False

    def agree(self, count: int, remark: str) -> None:
        self.under[-1].agreements += count
        if remark:
            self.under[-1].rows.append(remark)

    # Headings

    def heading(self, line: NoteLine, following: NoteLine | None) -> tuple[int, Sense, str] | None:
        """The heading that a line is, by its look or by its words: level, sense and words; or None."""
        private, words = take_private(line.text)
        if private and not words.strip():
            return FLAT, {"private": True}, _("Private")
        by_look = heading_of(line._replace(text=words), following)
        level, words = by_look or (FLAT, words)
        private_too, words = take_private(words.replace("**", "").strip())
        sense = self.vocabulary.sense(words, certain=bool(by_look))
        if not by_look and not self.is_heading_by_words(line, following, words, sense):
            return None
        if private or private_too:
            sense["private"] = True
        return BULLET_LEVEL if line.bullet else level, sense, words.rstrip(" :")

    def is_heading_by_words(self, line: NoteLine, following: NoteLine | None, words: str, sense: Sense) -> bool:
        kind = sense.get("kind")
        above_bullets = following is not None and bool(following.bullet)
        if not line.bullet:
            # A name alone on a line among others is one of them; above others it is their heading.
            stands_above = self.after_gap or not self.under or above_bullets
            return bool(sense) and (isinstance(kind, Choice | Asked) or stands_above)
        has_nested = following is not None and above_bullets and following.depth > line.depth
        return bool(sense) and (isinstance(kind, Choice) or words.endswith(":") or has_nested)

    def enter(self, heading: Open) -> None:
        """Open a heading, and close those that it ends."""
        for position, other in enumerate(self.open):
            is_alike = not heading.sense or heading.sense.keys() & other.sense.keys()
            if other.level > heading.level or (other.level == heading.level and is_alike):
                del self.open[position:]
                break
        self.open.append(heading)
        self.close_entries()

    def close_entries(self) -> None:
        self.done += self.under
        self.under = []

    # Entries

    def bullet(self, line: NoteLine) -> None:
        self.leave_nested_headings(line)
        parent = self.under[-1] if self.under else None
        if parent and parent.line.bullet and line.depth > parent.line.depth and not self.speaks_for_itself(line):
            parent.rows.append(f"– {line.text}")
            return
        if parent and not any(draft.line.bullet for draft in self.under):
            self.set_instructions_aside()
        self.begin(line)

    def leave_nested_headings(self, line: NoteLine) -> None:
        """Close headings whose nested bullets end here. One that is a bullet holds for the bullets nested in it; if there
        are none, for all that follow."""
        for position, other in enumerate(self.open):
            if other.has_nested and other.depth is not None and line.depth <= other.depth:
                del self.open[position:]
                self.close_entries()
                break
            other.has_nested = other.depth is not None and line.depth > other.depth

    def speaks_for_itself(self, line: NoteLine) -> bool:
        private, words = take_private(line.text)
        return private or take_prefix(words, self.vocabulary)[0] is not None

    def set_instructions_aside(self) -> None:
        instructions = [draft for draft in self.under if self.open and is_instruction(draft)]
        self.instructions += [(draft.line.number, draft.rows[0]) for draft in instructions]
        self.under = [draft for draft in self.under if draft not in instructions]

    def plain(self, line: NoteLine) -> None:
        if self.under and self.carries_on(self.under[-1], line):
            draft = self.under[-1]
            private, words = take_private(line.text)
            draft.private |= private
            if self.after_gap:
                draft.rows.append(words)
            else:
                draft.carry_on(words)
        else:
            self.begin(line)

    def carries_on(self, draft: Draft, line: NoteLine) -> bool:
        if line.indent > draft.line.indent and (draft.line.bullet or not self.after_gap):
            return True
        if self.after_gap:
            return False
        only_marks = not fold_heading(re.sub(r"[#@]\w[\w’'-]*", "", line.text))
        # Where all is typed in small letters, a small letter tells nothing.
        small = line.text[0].islower() and (bool(draft.line.bullet) or not draft.line.text[0].islower())
        return only_marks or small or draft.rows[-1].endswith(",")

    def begin(self, line: NoteLine) -> None:
        sense: Sense = {}
        for other in self.open:
            sense |= other.sense
        heading = next((other.words for other in reversed(self.open)), "")
        private, words = take_private(line.text)
        kind, words = take_prefix(words.replace("**", ""), self.vocabulary)
        private_too, words = take_private(words)
        if kind:
            sense["kind"] = kind
        private = private or private_too or sense.get("private", False)
        self.under.append(Draft(line._replace(text=words), sense, heading, private))

    def finished(self) -> Reading:
        questions: dict[str, Question] = {}
        entries = []
        self.close_entries()
        for draft in self.done:
            entry = self.entry(draft)
            kind = draft.sense.get("kind")
            if isinstance(kind, Asked) and kind.key not in self.answers:
                questions.setdefault(kind.key, Question(str(kind), [])).lines.append(entry.text)
            if entry.text:
                entries.append(entry)
        return Reading(entries, list(questions.values()), self.instructions)

    def entry(self, draft: Draft) -> NoteEntry:
        text = "\n".join(row.strip() for row in draft.rows).strip()
        tags, found = list(tags_in_text(text)), list(places_of(text, self.vocabulary.places))
        places = [(place, span) for place, span in found if place]
        kind = draft.sense.get("kind", NOTE)
        if isinstance(kind, Asked):
            kind = self.answers.get(kind.key, NOTE)
        choice = kind if kind in Choice.values else ""
        return NoteEntry(
            line=draft.line.number,
            text=without_marks(text, [span for _mark, span in [*tags, *places]]),
            # Practices are for editors to see and publish; what was said in confidence cannot become one.
            kind=(NOTE if draft.private else PRACTICE) if choice else kind if kind in Kind.values else NOTE,
            choice=str(choice),
            service_area=draft.sense.get("service_area"),
            place=places[0][0] if places else draft.sense.get("place"),
            themes=list(draft.sense.get("themes", [])),
            tags=list({fold_heading(name): name for name, _span in reversed(tags)}.values())[::-1],
            private=draft.private,
            agreements=draft.agreements,
            names=possible_names(text, self.vocabulary.places),
            heading=draft.heading,
        )


def is_instruction(draft: Draft) -> bool:
    """Whether a text under a heading tells people what to write there."""
    text = draft.rows[0].strip().casefold()
    return not draft.line.bullet and not draft.agreements and (text.startswith("please") or text.endswith("?"))
