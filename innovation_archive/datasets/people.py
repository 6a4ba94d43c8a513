"""People in analysts' files: under a code for each purpose, and without what would single them out.

Whoever agreed to “facilitators” alone, or asked to be erased, is in none of these files. The others have a code that is the same in all files
taken for one purpose and tells nothing across purposes. Of role, sector and place only as much is told as at least
`LEAST_ALIKE` people in the files share.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db.models import F, Func, QuerySet, TextField
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from innovation_archive.datasets.base import READERS, Column
from innovation_archive.exchange.cells import Guarded
from workshops.keys import pk_subquery
from workshops.models import Participant, Vote

LEAST_ALIKE = 3
COARSE = _(
    "In analysts' files the place is left empty where fewer than 3 of the people in them share role, sector and place; then "
    "the sector, then the role, until at least 3 share what is left. Nobody whose consent is “facilitators” is in them."
)
CODE_LENGTH = 16
"""Hexadecimal digits: 64 bits, so that no two of a million people share a code."""


# Codes


def key_for(purpose: str) -> str:
    """The secret key of a purpose, however its words are spaced and capitalised."""
    # A salt: not translated.
    return salted_hmac("participants in files", " ".join(purpose.casefold().split()), algorithm="sha256").hexdigest()


def code_for(purpose: str, pseudonym: str) -> str:
    """The code of a participant in files taken for this purpose. Only who has the archive's secret key can make it."""
    return f"v-{hashlib.sha256((key_for(purpose) + pseudonym).encode()).hexdigest()[:CODE_LENGTH]}"


class PurposeCode(Func):
    """What `code_for` gives, written by the database."""

    arity = 1

    def __init__(self, pseudonym: str | F, key: str) -> None:
        super().__init__(pseudonym, output_field=TextField())
        self.key = key

    def as_sql(self, compiler, connection, **context):
        text, params = compiler.compile(self.source_expressions[0])
        return f"'v-' || substr(SHA256(%s || {text}), 1, {CODE_LENGTH})", (self.key, *params)

    def as_postgresql(self, compiler, connection, **context):
        text, params = compiler.compile(self.source_expressions[0])
        digest = f"encode(sha256(convert_to(%s || {text}, 'UTF8')), 'hex')"
        return f"'v-' || substr({digest}, 1, {CODE_LENGTH})", (self.key, *params)


class CodeColumn(Column):
    """A participant, by code; in readers' files by the code for the purpose that the dataset is read for."""

    def __init__(self, attribute, widget, means, *, pseudonym, **options):
        super().__init__(attribute, widget, means, **options)
        self.pseudonym = pseudonym

    def value(self, instance, audience):
        if audience not in READERS:
            return super().value(instance, audience)
        for name in self.pseudonym.split("__"):
            instance = getattr(instance, name, None)
        return instance and code_for(self.dataset.purpose, instance)

    def expression(self, audience):
        return self.code if audience in READERS else super().expression(audience)

    def path(self, audience):
        return self.code if audience in READERS else super().path(audience)

    @property
    def code(self) -> PurposeCode:
        return PurposeCode(F(self.pseudonym), key_for(self.dataset.purpose))


# What would single somebody out


class Described(NamedTuple):
    """What a file tells of a participant; the place is a primary key."""

    role: str
    sector: str
    place: int | None


UNTOLD = Described("", "", None)


def coarsened(people: Mapping[Described, int]) -> dict[Described, Described]:
    """What is told of people in place of what is known, for `people`: how many each description has.

    Where fewer than LEAST_ALIKE share a description, its place is left out; then, of those who still are fewer, the
    sector; then the role. If fewer than LEAST_ALIKE people end up with nothing told, the smallest group joins them (of
    equal ones the first by role, sector and place), for it would be known by what is missing who they are.
    """
    told = {known: known for known in people}
    for name in reversed(Described._fields):
        alike = how_many_alike(people, told)
        for known, now in told.items():
            if alike[now] < LEAST_ALIKE:
                told[known] = now._replace(**{name: getattr(UNTOLD, name)})
    alike = how_many_alike(people, told)
    while 0 < alike[UNTOLD] < LEAST_ALIKE and len(alike) > 1:
        smallest = min(alike.keys() - {UNTOLD}, key=lambda each: (alike[each], each.role, each.sector, each.place or 0))
        told = {known: UNTOLD if now == smallest else now for known, now in told.items()}
        alike = how_many_alike(people, told)
    return told


def how_many_alike(people: Mapping[Described, int], told: Mapping[Described, Described]) -> Counter[Described]:
    alike: Counter[Described] = Counter()
    for known, number in people.items():
        alike[told[known]] += number
    return alike


def withheld_among(participants: QuerySet[Participant]) -> dict[str, frozenset[int]]:
    """Of whom what is left out: {"role", "sector" or "place": primary keys of participants}."""
    described = participants.order_by().values_list("pk", *Described._fields)
    people = Counter(Described(*known) for _pk, *known in described.iterator())
    told = {known: now for known, now in coarsened(people).items() if now != known}
    changed = [(pk, Described(*known)) for pk, *known in described.iterator() if tuple(known) in told] if told else []
    return {name: frozenset(keys_without(name, changed, told)) for name in Described._fields}


def keys_without(
    name: str, people: Iterable[tuple[int, Described]], told: Mapping[Described, Described]
) -> Iterable[int]:
    return (pk for pk, known in people if getattr(told[known], name) != getattr(known, name))


class Withheld(Guarded):
    """A guarded text that is left empty for some participants: `person` leads to their primary key."""

    arity = 2

    def __init__(self, text: str | F, person: F, people: frozenset[int]) -> None:
        super().__init__(text, person, output_field=TextField())
        self.people = people

    def as_sql(self, compiler, connection, *args, **context):
        text, params = super().as_sql(compiler, connection, *args, **context)
        among, keys = self.among(compiler)
        return f"CASE WHEN {among} THEN NULL ELSE {text} END", (*keys, *params)

    def as_quoted(self, compiler):
        cell, params = super().as_quoted(compiler)
        among, keys = self.among(compiler)
        return f"CASE WHEN {among} THEN '' ELSE {cell} END", (*keys, *params)

    def among(self, compiler):
        person, params = compiler.compile(self.source_expressions[1])
        keys, key_params = compiler.compile(pk_subquery(self.people))
        return f"{person} IN {keys}", (*params, *key_params)


class CoarseColumn(Column):
    """Role, sector or place of a participant, left empty in readers' files where it would single somebody out.

    `part` says which, `person` leads from a row to the participant's primary key.
    """

    def __init__(self, attribute, widget, means, *, part, person, **options):
        super().__init__(attribute, widget, means, **options)
        self.part, self.person = part, person

    def value(self, instance, audience):
        if audience in READERS and self.key_of(instance) in self.dataset.withheld[self.part]:
            return getattr(UNTOLD, self.part)
        return super().value(instance, audience)

    def key_of(self, instance):
        for name in self.person.split("__"):
            instance = getattr(instance, name)
        return instance

    def expression(self, audience):
        people = self.dataset.withheld[self.part] if audience in READERS else ()
        if not people:
            return super().expression(audience)
        return Withheld(F(self.widget.path(self.attribute)), F(self.person), people)


class OfPeopleMixin:
    """A dataset with such columns."""

    @cached_property
    def withheld(self) -> dict[str, frozenset[int]]:
        return withheld_among(Participant.objects.open_to_team())


def left_out_of_files() -> str:
    """How many people and votes analysts' files leave out, in a sentence."""
    people = Participant.objects.exclude(pk__in=Participant.objects.open_to_team().values("pk"))
    votes = Vote.objects.from_closed_ballots().filter(participant__in=people.values("pk"))
    count = people.count()
    if not count:
        return gettext("Nobody is left out: no participant's consent is “facilitators”.")
    sentence = ngettext(
        "%(count)s participant whose consent is “facilitators”, or who asked to be erased, is left out, with %(votes)s of "
        "the votes: totals of these files are lower by that than those of pages.",
        "%(count)s participants whose consent is “facilitators”, or who asked to be erased, are left out, with %(votes)s of "
        "the votes: totals of these files are lower by that than those of pages.",
        count,
    )
    return sentence % {"count": f"{count:,}", "votes": f"{votes.count():,}"}
