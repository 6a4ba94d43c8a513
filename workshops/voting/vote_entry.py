"""Votes and counted hands as a facilitator types them in: which cells changed, what is wrong with them, and saving.

A sheet is a dict of cells. Only cells that differ from what the person saw when the page opened are saved. If somebody
else changed such a cell meanwhile, nothing is saved and a sentence says what each of them did.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from typing import Generic, Literal, NamedTuple, TypeVar

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from workshops.choices import Choice
from workshops.models import Ballot, Participant, Practice, ServiceArea, Tally, Vote, Workshop
from workshops.models.vocabulary import valid_ref

MAX_HANDS = 10_000
MAX_CODE_LENGTH = 100

Cell = TypeVar("Cell", bound=Hashable)
Value = TypeVar("Value", bound=str | int)

VoteCell = tuple[int, int]
"""A participant and a practice, by primary key."""
HandsCell = tuple[int, str]
"""The primary key of a practice, and one of the four choices."""


class SheetChanges(NamedTuple, Generic[Cell, Value]):
    """What saving a sheet changes, and a sentence for each cell that cannot be saved."""

    changes: dict[Cell, Value]
    problems: dict[Cell, str]


def read_choice(text: str) -> Choice | Literal[""]:
    """The choice that a letter or word means; empty for none.

    >>> read_choice(" K "), read_choice("discard"), read_choice("")
    (Choice.KEEP, Choice.DISCARD, '')
    """
    word = text.strip().casefold()
    for choice in Choice:
        if word in (choice.value, choice.value[0]):
            return choice
    if word:
        raise ValueError(no_choice(text.strip()))
    return ""


def no_choice(text: str) -> str:
    return _(
        "“%(text)s” is no choice. Type k, a, d or c for keep, amplify, discard or create, or leave the box empty."
    ) % {"text": text[:30]}


def read_count(text: str) -> int | Literal[""]:
    """A number of hands; empty where none were counted.

    >>> read_count(" 12 "), read_count("0"), read_count("")
    (12, 0, '')
    """
    text = text.strip()
    if not text:
        return ""
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and int(text) <= MAX_HANDS):
        raise ValueError(no_number(text))
    return int(text)


def no_number(text: str) -> str:
    return _("“%(text)s” is no number of hands. Type a whole number from 0 to %(most)s.") % {
        "text": text[:30],
        "most": f"{MAX_HANDS:,}",
    }


def compare_cells(
    typed: Mapping[Cell, str],
    seen: Mapping[Cell, str | int],
    stored: Mapping[Cell, str | int],
    read: Callable[[str], Value],
) -> SheetChanges[Cell, Value]:
    """What a sheet changes.

    typed    {cell: text} as it was sent
    seen     {cell: value} when the page opened; missing is empty
    stored   {cell: value} now
    read     text -> value, or a ValueError with a sentence
    """
    changes: dict[Cell, Value] = {}
    problems: dict[Cell, str] = {}
    for cell, text in typed.items():
        try:
            value = read(text)
        except ValueError as problem:
            problems[cell] = str(problem)
            continue
        before, now = seen.get(cell, ""), stored.get(cell, "")
        if value in (before, now):
            continue
        if now != before:
            problems[cell] = conflict(now, value)
        else:
            changes[cell] = value
    return SheetChanges(changes, problems)


def conflict(theirs: str | int, yours: str | int) -> str:
    """Both changed one cell, to different values; at most one of them emptied it."""
    if theirs == "":
        sentence = _("Somebody emptied it while you typed “%(yours)s”. Save again if yours is right, or mend it.")
    elif yours == "":
        sentence = _("Somebody entered “%(theirs)s” while you emptied it. Save again if yours is right, or mend it.")
    else:
        sentence = _(
            "Somebody entered “%(theirs)s” while you typed “%(yours)s”. Save again if yours is right, or mend it."
        )
    return sentence % {"theirs": theirs, "yours": yours}


def lock_workshop(workshop: Workshop) -> None:
    """Make others who save a sheet of this workshop wait, so that they see what this one wrote."""
    Workshop.objects.select_for_update().get(pk=workshop.pk)


# Which practices and people a sheet has


def practices_for_entry(workshop: Workshop, added: Iterable[Practice] = ()) -> QuerySet[Practice]:
    """The practices this workshop voted on or drew from its stories and notes, and those `added`; oldest first.

    Practices on an open ballot are left out: nobody sees those votes before the ballot is closed.
    """
    here = Workshop.objects.filter(pk=workshop.pk)
    mine = Practice.objects.for_workshops(here).values("pk")
    known = Practice.objects.filter(Q(pk__in=mine) | Q(pk__in=[practice.pk for practice in added]))
    return known.exclude(pk__in=on_phones(workshop)).order_by("pk")


def on_phones(workshop: Workshop) -> QuerySet:
    """The primary keys of the practices on an open ballot of this workshop."""
    opened = Ballot.objects.open().filter(workshop=workshop)
    return Ballot.practices.through.objects.filter(ballot__in=opened).values("practice")


def participants_of(workshop: Workshop) -> QuerySet[Participant]:
    """The participants who came, and those who voted there, but for those who are about to be erased."""
    voters = Vote.objects.filter(workshop=workshop).values("participant")
    people = Participant.objects.not_about_to_go().filter(Q(workshops=workshop) | Q(pk__in=voters))
    return people.distinct().order_by("code")


class SortedCodes(NamedTuple):
    """Codes of slips that were typed in: whom they name, which are free, and why others are refused."""

    participants: list[Participant]
    free: list[str]
    refused: dict[str, str]


def sort_codes(codes: Iterable[str], user: User) -> SortedCodes:
    """Only participants whom this user may see are named."""
    codes = list(dict.fromkeys(codes))
    seen = {row.code: row for row in Participant.objects.visible_to(user).filter(code__in=codes)}
    taken = set(Participant.objects.filter(code__in=codes).values_list("code", flat=True))
    refused = {}
    for code in codes:
        if len(code) > MAX_CODE_LENGTH or not is_valid_ref(code):
            refused[code] = _("A code holds only letters without accents, digits, full stops, hyphens and underscores.")
        elif code in taken and code not in seen:
            refused[code] = _(
                "This code is somebody’s who was in none of your workshops. Give another, or ask an editor."
            )
    free = [code for code in codes if code not in taken and code not in refused]
    return SortedCodes(list(seen.values()), free, refused)


def is_valid_ref(code: str) -> bool:
    try:
        valid_ref(code)
    except ValidationError:
        return False
    return True


@transaction.atomic
def add_people(workshop: Workshop, participants: Iterable[Participant], codes: Iterable[str]) -> None:
    """Add these participants, and new ones with these codes and the narrowest consent, to those who came."""
    # One at a time, so that each is saved with its history like any other participant.
    made = [Participant.objects.create(code=code) for code in codes]
    workshop.participants.add(*participants, *made)


@transaction.atomic
def add_practices(statements: Collection[str], user: User) -> list[Practice]:
    """The practice with each statement: one that this user may see already, or else a new draft of theirs."""
    known = Practice.objects.visible_to(user).filter(statement__in=statements)
    practices = {practice.statement: practice for practice in known}
    for statement in statements:
        if statement not in practices:
            practices[statement] = Practice.objects.create(statement=statement, entered_by=user)
    return list(practices.values())


# Votes


def votes_in(workshop: Workshop) -> dict[VoteCell, str]:
    """The choice in each cell that has a vote entered for this workshop; those from phones are shown to nobody."""
    votes = Vote.objects.filter(workshop=workshop).not_from_phones().not_about_to_go()
    rows = votes.values_list("participant", "practice", "choice")
    return {(participant, practice): choice for participant, practice, choice in rows}


@transaction.atomic
def save_votes(
    workshop: Workshop, typed: Mapping[VoteCell, str], seen: Mapping[VoteCell, str | int]
) -> SheetChanges[VoteCell, Choice | Literal[""]]:
    """Save the cells that changed, or none of them if there is a problem.

    A vote replaces any earlier one of the same person on the same practice, wherever and however it was cast.
    """
    lock_workshop(workshop)
    changes, problems = compare_cells(typed, seen, votes_in(workshop), read_choice)
    if problems:
        return SheetChanges({}, problems)
    cleared = [cell for cell, choice in changes.items() if not choice]
    gone = Vote.objects.filter(workshop=workshop, participant__in={person for person, _practice in cleared})
    pairs = gone.values_list("participant", "practice", "pk")
    Vote.objects.filter(pk__in=[pk for *cell, pk in pairs if tuple(cell) in set(cleared)]).delete()
    Vote.objects.bulk_create(
        [
            Vote(participant_id=participant, practice_id=practice, choice=choice, workshop=workshop)
            for (participant, practice), choice in sorted(changes.items())
            if choice
        ],
        update_conflicts=True,
        unique_fields=["practice", "participant"],
        update_fields=["choice", "workshop", "from_phone", "entered_on"],
    )
    return SheetChanges(changes, {})


# Hands counted on flip charts


def hands_in(workshop: Workshop, service_area: ServiceArea) -> dict[HandsCell, int]:
    """The number of hands in each cell of this service area's flip charts in this workshop."""
    tallies = Tally.objects.filter(workshop=workshop, service_area=service_area)
    return {(tally.practice_id, choice): getattr(tally, choice) for tally in tallies for choice in Choice.values}


@transaction.atomic
def save_hands(
    workshop: Workshop, service_area: ServiceArea, typed: Mapping[HandsCell, str], seen: Mapping[HandsCell, str | int]
) -> SheetChanges[HandsCell, int | Literal[""]]:
    """Save the flip charts that changed, or none of them if there is a problem.

    A practice whose boxes are all empty loses its tally; beside a number, an empty box counts as 0.
    """
    lock_workshop(workshop)
    stored = hands_in(workshop, service_area)
    changes, problems = compare_cells(typed, seen, stored, read_count)
    if problems:
        return SheetChanges({}, problems)
    written, emptied = [], []
    for practice in sorted({practice for practice, _choice in changes}):
        cells = {choice: (practice, choice) for choice in Choice.values}
        hands = {choice: changes.get(cell, stored.get(cell, "")) for choice, cell in cells.items()}
        if set(hands.values()) == {""}:
            emptied.append(practice)
        else:
            counts = {choice: number or 0 for choice, number in hands.items()}
            written.append(Tally(workshop=workshop, service_area=service_area, practice_id=practice, **counts))
    Tally.objects.filter(workshop=workshop, service_area=service_area, practice__in=emptied).delete()
    Tally.objects.bulk_create(
        written,
        update_conflicts=True,
        unique_fields=["practice", "workshop", "service_area"],
        update_fields=Choice.values,
    )
    return SheetChanges(changes, {})
