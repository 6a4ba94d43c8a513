"""Finds in a text what may tell who somebody is, or says of somebody what is nobody's business.

It decides nothing: a person reads what was found before the wording is handed on. Identifiers are found by their pattern,
and the names of the people who were in the room wherever they stand. All else is a guess by the words beside it: some is
missed, and some of what is found is none. Lists and regular expressions do it, in time proportional to the text.

`hits.py` says what can be found. `patterns.py` finds what has a form of its own, `names.py` names, `special.py` what is said of
a person's health and the like, `relations.py` ages and the only ones. `replacements.py` has words for their place. The
lists are English, as the wordings are.
"""

from collections.abc import Iterable
from dataclasses import replace

from workshops.personal_data.hits import Mark, PersonalDataHit
from workshops.personal_data.names import likely_names, participants
from workshops.personal_data.patterns import identifiers
from workshops.personal_data.plain import plain
from workshops.personal_data.relations import only_ones, relations
from workshops.personal_data.replacements import suggestion_for
from workshops.personal_data.special import special_categories, with_masked_names

__all__ = ["Mark", "PersonalDataHit", "find_personal_data"]


def find_personal_data(text: str, names: Iterable[str] = (), known: Iterable[str] = ()) -> list[PersonalDataHit]:
    """What in `text` may tell who somebody is, in order.

    names   of the people who were in the room, first or full, as they were written down
    known   names of places, services and the like, which are no people

    Passages of different kinds may overlap: “her autistic son (6)”.
    """
    text, known = plain(text), list(known)
    certain = [*identifiers(text, known), *participants(text, names)]
    guessed = apart_from(certain, likely_names(text, known))
    masked = with_masked_names(text, [hit for hit in [*certain, *guessed] if hit.mark in (Mark.NAME, Mark.PARTICIPANT)])
    told = [*special_categories(text, masked), *relations(text, masked), *only_ones(text, masked)]
    about_age = [hit for hit in told if hit.mark == Mark.RELATION]  # “Karen (34)” is a name as well
    names_left = apart_from([hit for hit in told if hit not in about_age], guessed)
    found = sorted([*certain, *names_left, *told], key=lambda hit: (hit.start, hit.mark))
    return [replace(hit, suggestion=suggestion_for(hit, text)) for hit in found]


def apart_from(certain: list[PersonalDataHit], guessed: Iterable[PersonalDataHit]) -> list[PersonalDataHit]:
    """The guesses that share no place with what is certain."""
    taken = {place for hit in certain for place in hit.span}
    return [hit for hit in guessed if taken.isdisjoint(hit.span)]
