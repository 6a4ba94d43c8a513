"""Votes and hands counted as a facilitator types them: which cells changed, what stands against it, and the writing.

A sheet is a dict of cells. Only cells that differ from what the person saw when the page opened are theirs to write;
if somebody else changed such a cell meanwhile, nothing is written and both are told apart in words.
"""

from django.db import transaction
from django.db.models import Q

from workshops.choices import Choice
from workshops.models import Ballot, Participant, Practice, Tally, Vote, Workshop
from workshops.models.vocabulary import valid_ref

MOST_HANDS = 10_000


def read_choice(text):
    """The choice that a letter or word means; empty for none.

    >>> read_choice(" K "), read_choice("discard"), read_choice("")
    (Choice.KEEP, Choice.DISCARD, '')
    """
    word = text.strip().casefold()
    for choice in Choice:
        if word in (choice.value, choice.value[0]):
            return choice
    if word:
        raise ValueError(
            f"“{text.strip()[:30]}” is no choice. Type k, a, d or c for keep, amplify, discard or create, "
            "or leave the box empty."
        )
    return ""


def read_count(text):
    """A number of hands; empty where none were counted.

    >>> read_count(" 12 "), read_count("0"), read_count("")
    (12, 0, '')
    """
    text = text.strip()
    if not text:
        return ""
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and int(text) <= MOST_HANDS):
        raise ValueError(f"“{text[:30]}” is no number of hands. Type a whole number from 0 to {MOST_HANDS:,}.")
    return int(text)


def compare_cells(typed, seen, stored, read):
    """What a sheet changes: ({cell: value}, {cell: what is wrong with it}).

    typed    {cell: text} as it was sent
    seen     {cell: value} as it stood when the page opened; missing is empty
    stored   {cell: value} as it stands now
    read     text -> value, or a ValueError with a sentence
    """
    changes, problems = {}, {}
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
            theirs = f"entered “{now}”" if now != "" else "emptied it"
            yours = f"typed “{value}”" if value != "" else "emptied it"
            problems[cell] = f"Somebody {theirs} while you {yours}. Save again if yours is right, or mend it."
        else:
            changes[cell] = value
    return changes, problems


def lock_workshop(workshop):
    """Whoever saves a sheet of this workshop at the same moment waits, and then finds what this one wrote."""
    Workshop.objects.select_for_update().get(pk=workshop.pk)


# Which practices and people a sheet has


def practices_for_entry(workshop, added=()):
    """Those that this workshop voted on or its stories and notes speak of, and those just `added`; the oldest first.

    What is being voted on from phones is left out: nobody sees those votes before the ballot is closed.
    """
    here = Workshop.objects.filter(pk=workshop.pk)
    mine = Practice.objects.for_workshops(here).values("pk")
    known = Practice.objects.filter(Q(pk__in=mine) | Q(pk__in=[practice.pk for practice in added]))
    return known.exclude(pk__in=on_phones(workshop)).order_by("pk")


def on_phones(workshop):
    """The primary keys of the practices on an open ballot of this workshop."""
    opened = Ballot.objects.open().filter(workshop=workshop)
    return Ballot.practices.through.objects.filter(ballot__in=opened).values("practice")


def participants_of(workshop):
    """Those who came, and those who voted there."""
    voters = Vote.objects.filter(workshop=workshop).values("participant")
    return Participant.objects.filter(Q(workshops=workshop) | Q(pk__in=voters)).distinct().order_by("code")


def sort_codes(codes, user):
    """Codes as ([participants this person may name], [codes that are free], {code: why it is refused})."""
    codes = list(dict.fromkeys(codes))
    seen = {row.code: row for row in Participant.objects.visible_to(user).filter(code__in=codes)}
    taken = set(Participant.objects.filter(code__in=codes).values_list("code", flat=True))
    refused = {}
    for code in codes:
        if len(code) > 100 or not valid_ref.regex.search(code):
            refused[code] = "A code holds only letters without accents, digits, full stops, hyphens and underscores."
        elif code in taken and code not in seen:
            refused[code] = "This code is somebody’s who was in none of your workshops. Give another, or ask an editor."
    free = [code for code in codes if code not in taken and code not in refused]
    return list(seen.values()), free, refused


@transaction.atomic
def add_people(workshop, participants, codes):
    """Put these people, and new ones with these codes, among those who came. Their consent is the narrowest."""
    # One at a time, so that nothing an ordinary entry of a participant does is left out.
    made = [Participant.objects.create(code=code) for code in codes]
    workshop.participants.add(*participants, *made)


@transaction.atomic
def add_practices(statements, user):
    """The practices with these statements: the one this person knows already, or else a new draft of theirs."""
    known = Practice.objects.visible_to(user).filter(statement__in=statements)
    practices = {practice.statement: practice for practice in known}
    for statement in statements:
        if statement not in practices:
            practices[statement] = Practice.objects.create(statement=statement, entered_by=user)
    return list(practices.values())


# Votes: a cell is (participant, practice), both as primary keys


def votes_in(workshop):
    """{cell: choice} of the votes that were cast in this workshop."""
    votes = Vote.objects.filter(workshop=workshop).values_list("participant", "practice", "choice")
    return {(participant, practice): choice for participant, practice, choice in votes}


@transaction.atomic
def save_votes(workshop, typed, seen):
    """Write the cells that changed, all or none. Returns (changes, problems), as `compare_cells` does.

    A vote replaces the one that the same person cast on the same practice anywhere before.
    """
    lock_workshop(workshop)
    changes, problems = compare_cells(typed, seen, votes_in(workshop), read_choice)
    if problems:
        return {}, problems
    cleared = [cell for cell, choice in changes.items() if not choice]
    gone = Vote.objects.filter(workshop=workshop, participant__in={person for person, _ in cleared})
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
        update_fields=["choice", "workshop"],
    )
    return changes, {}


# Tallies: a cell is (practice, choice) of one service area


def hands_in(workshop, service_area):
    """{cell: number of hands} of the flip charts of this service area in this workshop."""
    tallies = Tally.objects.filter(workshop=workshop, service_area=service_area)
    return {(tally.practice_id, choice): getattr(tally, choice) for tally in tallies for choice in Choice.values}


@transaction.atomic
def save_hands(workshop, service_area, typed, seen):
    """Write the flip charts that changed, all or none. Returns (changes, problems), as `compare_cells` does.

    A practice with no number left has no tally any more; beside a number, an empty box is nobody's hand.
    """
    lock_workshop(workshop)
    stored = hands_in(workshop, service_area)
    changes, problems = compare_cells(typed, seen, stored, read_count)
    if problems:
        return {}, problems
    written, emptied = [], []
    for practice in sorted({practice for practice, _ in changes}):
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
    return changes, {}
