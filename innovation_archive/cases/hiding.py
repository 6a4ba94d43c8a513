"""Takes words out of readers' sight while an editor looks into a case, and gives them back.

`workshops.consent.passages` cuts the words out of a text and leaves a marker, so that whatever reads the text, a page, a
list, the search, a feed or a file, has lost them with the next request, and a quotation that holds them is not shown.
This module says which texts a case is about: those of its story, insight or article, and where these stand once more, in
the working copy and the versions of an insight.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from innovation_archive.cases.choices import CaseEventKind, CaseSubject
from innovation_archive.cases.steps import locked, record
from innovation_archive.cases.subjects import SUBJECTS
from innovation_archive.models import Case
from insights.models import Insight, Publication
from workshops.choices import MARKER
from workshops.consent.passages import found_field, give_back, held_value, hide_passage, keep_out
from workshops.consent.texts import SEPARATOR, texts_in


@dataclass(frozen=True)
class TextOnPage:
    """One text that readers see: a column of a row, or in JSON the part of it that bears its name."""

    row: Model
    field: str
    part: str = ""

    def read(self) -> str:
        """As it is stored now, with its row held."""
        field = found_field(type(self.row), self.field)
        return texts_in(field, held_value(field, self.row.pk)).get(self.part, "")

    def hide(self, case: Case, start: int, end: int) -> None:
        why = _("Somebody asked about it: %(case)s") % {"case": case}
        case.passages.add(hide_passage(self.row, self.field, start, end, why, part=self.part))


def texts_of(case: Case) -> Iterator[TextOnPage]:
    """Every text of what a case is about."""
    if case.subject is None:
        raise ValidationError(_("This case is about no page, or the page is gone: there is nothing to hide."))
    names = SUBJECTS[CaseSubject(case.about_kind)].texts
    rows: list[Model] = [case.subject]
    if isinstance(case.subject, Insight):
        rows += Insight.with_working_copies.filter(working_copy_of=case.subject.pk)
        yield from (text for version in case.subject.publications.all() for text in texts_of_version(version, names))
    yield from (TextOnPage(row, name) for row in rows for name in names)


def texts_of_version(version: Publication, names: tuple[str, ...]) -> Iterator[TextOnPage]:
    for part in texts_in(found_field(Publication, "text"), version.text):
        if part.split(SEPARATOR)[0] in names:
            yield TextOnPage(version, "text", part)


@transaction.atomic
def hide_words(case: Case, by: User, words: str) -> int:
    """Hide a passage wherever the page of the case's subject says it. Returns in how many places it stood."""
    words = words.strip()
    if not words:
        raise ValidationError(_("Copy the passage from the page first."))
    case = locked(case)
    count = sum(hide_each(words, text, case) for text in texts_of(case))
    if not count:
        raise ValidationError(_("The page does not say that, letter by letter. Copy the passage from it."))
    record(case, CaseEventKind.HIDDEN, by)
    return count


def hide_each(words: str, text: TextOnPage, case: Case) -> int:
    """Hide these words each time that a text says them, the last first. Returns how many times."""
    places = places_outside_markers(words, text.read())
    for start in reversed(places):
        text.hide(case, start, start + len(words))
    return len(places)


def places_outside_markers(words: str, text: str) -> list[int]:
    """Where a text says these words outside of markers."""
    places, here = [], 0
    for piece in text.split(MARKER):
        start = piece.find(words)
        while start >= 0:
            places.append(here + start)
            start = piece.find(words, start + len(words))
        here += len(piece) + len(MARKER)
    return places


@transaction.atomic
def hide_all(case: Case, by: User) -> int:
    """Hide every text of the case's subject. What counts it as evidence stands. Returns how many texts were hidden."""
    case = locked(case)
    count = sum(hide_whole(text, case) for text in texts_of(case))
    if not count:
        raise ValidationError(_("All of it is hidden already, or it has no text."))
    record(case, CaseEventKind.HIDDEN, by)
    return count


def hide_whole(text: TextOnPage, case: Case) -> bool:
    """Hide what is not hidden yet of a text, from its end. Returns whether there was anything."""
    pieces = text.read().split(MARKER)
    end = sum(map(len, pieces)) + len(MARKER) * (len(pieces) - 1)
    for piece in reversed(pieces):
        if piece.strip():
            text.hide(case, end - len(piece), end)
        end -= len(piece) + len(MARKER)
    return any(piece.strip() for piece in pieces)


@transaction.atomic
def show_again(case: Case, by: User) -> list[str]:
    """Give back all that is hidden for a case. Returns a sentence for each passage for which that is not possible."""
    case = locked(case)
    refused = []
    for passage in waiting_passages(case):
        try:
            give_back(passage, because=str(case))
        except ValidationError as refusal:
            refused += refusal.messages
    record(case, CaseEventKind.SHOWN, by)
    return refused


@transaction.atomic
def take_out(case: Case, by: User) -> None:
    """Delete for good the words that are hidden for a case. Their markers stay."""
    case = locked(case)
    for passage in waiting_passages(case):
        keep_out(passage, because=str(case))
    record(case, CaseEventKind.NOTE, by, _("What was hidden was taken out for good."))


def waiting_passages(case: Case) -> list:
    passages = list(case.passages.waiting())
    if not passages:
        raise ValidationError(_("Nothing is hidden for this case."))
    return passages
