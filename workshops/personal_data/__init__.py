"""Finds in a text what may tell who somebody is, or says of somebody what is nobody's business.

It decides nothing: a person reads what was found before the wording is handed on. Identifiers are found by their pattern,
and the names of the people who were in the room wherever they stand. All else is a guess by the words beside it: some is
missed, and some of what is found is none. Lists and regular expressions do it, in time proportional to the text.

`hits.py` says what can be found, `patterns.py` finds what has a form of its own, `names.py` names.
"""

from collections.abc import Iterable

from workshops.personal_data.hits import Mark, PersonalDataHit
from workshops.personal_data.names import likely_names, participants
from workshops.personal_data.patterns import identifiers
from workshops.personal_data.plain import plain

__all__ = ["Mark", "PersonalDataHit", "find_personal_data"]


def find_personal_data(text: str, names: Iterable[str] = (), known: Iterable[str] = ()) -> list[PersonalDataHit]:
    """What in `text` may tell who somebody is, in order.

    names   of the people who were in the room, first or full, as they were written down
    known   names of places, services and the like, which are no people
    """
    text = plain(text)
    known = list(known)
    found = [*identifiers(text, known), *participants(text, names)]
    taken = {place for hit in found for place in hit.span}
    found += [hit for hit in likely_names(text, known) if taken.isdisjoint(hit.span)]
    return sorted(found, key=lambda hit: hit.start)
