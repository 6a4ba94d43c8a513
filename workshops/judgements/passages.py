"""What in a wording may tell who somebody is, and which of it people have said may stand."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from django.db.models import Q

from workshops.models import Identity, Judgement, Place, Practice, Programme, ServiceArea, Story, Theme, Workshop
from workshops.personal_data import Mark, PersonalDataHit, find_personal_data
from workshops.personal_data.plain import folded, plain

MAX_WORD_LENGTH = 300
STORY_TEXTS = ("title", "published_text", "location", "source_url")
"""The columns of a story that readers get as somebody typed them; tags and credits are checked by themselves."""


class JudgedIn(NamedTuple):
    """Where judgements of a text count: in its workshops, the first of which keeps new ones, and in its programme."""

    workshops: tuple[int, ...] = ()
    programme: int | None = None

    @property
    def judgements(self) -> Q:
        if self == NOWHERE:
            return Q(workshop=None, programme=None)
        return Q(workshop__in=self.workshops) | Q(programme=self.programme, programme__isnull=False)

    @property
    def keeps(self) -> dict[str, int | None]:
        """The columns of a new judgement."""
        if self.workshops:
            return {"workshop_id": self.workshops[0]}
        return {"programme_id": self.programme}


NOWHERE = JudgedIn()


@dataclass(frozen=True)
class FoundPassage:
    """One passage of a text that may tell who somebody is, and the judgement that it may stand, if there is one."""

    hit: PersonalDataHit
    judgement: Judgement | None = None
    is_masked: bool = False
    """Whether its reader may not learn that somebody of this name was there."""

    @property
    def is_open(self) -> bool:
        return self.judgement is None

    @property
    def mark(self) -> Mark:
        return Mark.NAME if self.is_masked and self.hit.mark == Mark.PARTICIPANT else self.hit.mark

    @property
    def text(self) -> str:
        return self.hit.text

    @property
    def sentence(self) -> str:
        return self.hit.sentence

    @property
    def suggestion(self) -> str:
        return getattr(self.hit, "suggestion", "")

    @property
    def word(self) -> str:
        return judged_form(self.hit.text)

    @property
    def token(self) -> str:
        """What a form sends to say that it may stand. It says no more than the page that shows the passage."""
        return f"{self.mark.value}:{self.word}"


def judged_form(text: str) -> str:
    """A passage as it is judged: case, accents and the kind of space make no difference.

    >>> judged_form("Zoë  MARKS")
    'zoe marks'
    """
    return " ".join(folded(plain(text)).split())[:MAX_WORD_LENGTH]


class PassageReader:
    """Reads texts for passages. It asks once for the lists of names and the judgements that many texts share."""

    def __init__(self) -> None:
        self._people: dict[int, set[str]] = {}
        self._titles: dict[JudgedIn, list[str]] = {}
        self._judged: dict[JudgedIn, dict[tuple[str, str], Judgement]] = {}

    @cached_property
    def terms(self) -> list[str]:
        """Names of places, services and themes, which are no people."""
        return [name for model in (Place, ServiceArea, Theme) for term in model.objects.all() for name in term.names]

    def known_in(self, where: JudgedIn) -> list[str]:
        """What is no person there: those names, and the titles of its workshops and programmes."""
        if where not in self._titles:
            programmes = Q(phases__workshops__in=where.workshops) | Q(pk=where.programme)
            titles = Workshop.objects.filter(pk__in=where.workshops).values_list("title", flat=True)
            titles_above = Programme.objects.filter(programmes).values_list("title", flat=True)
            self._titles[where] = [*titles, *titles_above.distinct()] if where != NOWHERE else []
        return self.terms + self._titles[where]

    def people_in(self, workshops: Iterable[int]) -> set[str]:
        """The names of those who were in these workshops, as far as they are on their lists."""
        missing = set(workshops) - self._people.keys()
        if missing:
            self._people |= {workshop: set() for workshop in missing}
            there = Identity.objects.filter(participant__workshops__in=missing)
            for workshop, name in there.values_list("participant__workshops", "name"):
                if workshop in missing:
                    self._people[workshop].add(name)
        return set().union(*(self._people[workshop] for workshop in workshops))

    def judged_in(self, where: JudgedIn) -> dict[tuple[str, str], Judgement]:
        """{(mark, word): its judgement} of those that count there."""
        if where not in self._judged:
            found = Judgement.objects.filter(where.judgements).select_related("judged_by")
            self._judged[where] = {(each.mark, each.word): each for each in found}
        return self._judged[where]

    def read(self, texts: Iterable[str], where: JudgedIn, tellers: Iterable[str] = ()) -> list[FoundPassage]:
        """The passages of these texts in order. `tellers` are names to look for besides those of the workshops."""
        judged, known = self.judged_in(where), self.known_in(where)
        names = self.people_in(where.workshops) | set(tellers)
        return [
            FoundPassage(hit, judged.get((hit.mark.value, judged_form(hit.text))))
            for text in texts
            for hit in find_personal_data(text, names, known)
        ]


def story_passages(story: Story, reader: PassageReader | None = None) -> list[FoundPassage]:
    """The passages of what readers get of a story. Its location and link are names: of these, identifiers alone."""
    reader = reader or PassageReader()
    tellers = Identity.objects.filter(participant=story.told_by_id).values_list("name", flat=True)
    where = JudgedIn(workshops=(story.workshop_id,))
    told = reader.read([story.title, story.published_text], where, tellers if story.told_by_id else ())
    beside = reader.read([story.location, story.source_url], where)
    return [*told, *(passage for passage in beside if passage.mark.is_identifier)]


def practice_passages(practice: Practice, where: JudgedIn, reader: PassageReader | None = None) -> list[FoundPassage]:
    """The passages of a practice's statement and description; `practices_judged_in` says where they are judged."""
    return (reader or PassageReader()).read([practice.statement, practice.description], where)


def programme_passages(programme: Programme, questions: Iterable[str] | None = None) -> list[FoundPassage]:
    """The passages of a programme's title, summary and the questions of its phases, which are judged in no programme: a new
    one has none."""
    if questions is None:
        questions = programme.phases.values_list("question", flat=True) if programme.pk else ()
    return PassageReader().read([programme.title, programme.summary, *questions], NOWHERE)


def workshop_passages(workshop: Workshop, reader: PassageReader | None = None) -> list[FoundPassage]:
    """The passages of what readers get of a workshop by itself."""
    return (reader or PassageReader()).read([workshop.title, workshop.format], programme_of_workshop(workshop))


def programme_of_workshop(workshop: Workshop) -> JudgedIn:
    """Where a workshop's own title is judged: not in it, whose judgements go with its stories."""
    return JudgedIn(programme=workshop.phase.programme_id)


def texts_of_workshops(programme: int) -> list[str]:
    """Words that may be judged in a programme: those of its workshops' titles. A listener of `changes.programme_texts`."""
    texts = Workshop.objects.filter(phase__programme=programme).values_list("title", "format")
    return list(chain.from_iterable(texts))


def practices_judged_in(practices: Iterable[int]) -> dict[int, JudgedIn]:
    """{primary key: where its passages are judged}: in the workshops of its stories, its notes and its ballots."""
    found: dict[int, set[int]] = {pk: set() for pk in practices}
    for path in ("stories__workshop", "notes__workshop", "ballots__workshop"):
        rows = Practice.objects.filter(pk__in=found, **{f"{path}__isnull": False}).values_list("pk", path)
        for pk, workshop in rows.order_by():
            found[pk].add(workshop)
    return {pk: JudgedIn(tuple(sorted(workshops))) for pk, workshops in found.items()}


def masked(passages: Iterable[FoundPassage]) -> list[FoundPassage]:
    """The passages for somebody who may not know the names of those who were there."""
    return [replace(passage, is_masked=True) for passage in passages]


def each_once(passages: Iterable[FoundPassage]) -> list[FoundPassage]:
    """The passages without those that have the words of an earlier one: they are judged together."""
    return list({passage.token: passage for passage in reversed(list(passages))}.values())[::-1]


def as_found(word: str) -> re.Pattern[str]:
    """A judged word as it stands in a folded text, whatever space is between its parts."""
    return re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, word.split())) + r"(?!\w)")


def holds_word(text: str, word: str) -> bool:
    return as_found(word).search(folded(plain(text))) is not None


def listed_words(words: Iterable[str], texts: Iterable[str]) -> list[str]:
    """Those of these judged words that stand in the texts, as they are written there, in order and each once."""
    found: dict[str, tuple[int, int, str]] = {}
    for number, text in enumerate(texts):
        low = folded(plain(text))
        for word in set(words) - found.keys():
            if match := as_found(word).search(low):
                found[word] = (number, match.start(), " ".join(text[match.start() : match.end()].split()))
    return [passage for _number, _start, passage in sorted(found.values())]
