"""Names that many rows share, credits, and keys of addresses: none holds an identifier, and nobody can say that one may
stand there.

A wording may hold one that somebody has judged. A tag, the name of a service or an address is read by people who never saw
that judgement, and stands wherever the row does. A credit is read by no editor until its teller consents to it, which can be
long after the story was published.
"""

import re
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db.models import Field
from django.utils.translation import gettext as _

from workshops.models.stories import Story
from workshops.models.vocabulary import RefField, Term
from workshops.personal_data.hits import Mark, PersonalDataHit
from workshops.personal_data.patterns import identifiers
from workshops.personal_data.plain import plain

NUMBERS_OF_PEOPLE = frozenset({Mark.NHS_NUMBER, Mark.NATIONAL_INSURANCE})
"""What is looked for in keys, of which many are drawn at random and could look like anything shorter."""
NAMES_OF_PEOPLE = frozenset({Mark.HANDLE, Mark.PROFILE})
"""What a person may choose as their credit."""
LEAST_DIGITS = 6
"""How many digits such a number has at least."""
HOLDS_ONE = re.compile(r"[\d@/]")
"""What every identifier has, but for a flat that goes by a letter. Big files have many names, and nearly all have none."""


def refuse_identifier(text: str, counts: Callable[[PersonalDataHit], bool] = lambda hit: True) -> None:
    """Raises a ValidationError if a text holds an identifier that counts."""
    hits = identifiers(plain(text)) if HOLDS_ONE.search(text) else []
    if hit := next(filter(counts, hits), None):
        sentence = _("“%(passage)s” (%(mark)s) cannot stand in a name or an address. Take it out.")
        raise ValidationError(sentence % {"passage": hit.text, "mark": hit.mark})


def refuse_in_names(field: "Field[object, object]", value: str | list[str]) -> None:
    """A check of `fields.word_checks`."""
    for text in value if isinstance(value, list) else [value]:
        if isinstance(field, RefField):
            refuse_in_key(text)
        elif issubclass(field.model, Term):
            refuse_identifier(text)
        elif field == Story._meta.get_field("credit"):
            refuse_identifier(text, lambda hit: hit.mark not in NAMES_OF_PEOPLE)


def refuse_in_key(key: str) -> None:
    if len(re.findall(r"\d", key)) >= LEAST_DIGITS:
        refuse_identifier(re.sub(r"[._-]", " ", key), lambda hit: hit.mark in NUMBERS_OF_PEOPLE)
