"""Identifiers, which have a form of their own."""

import re
from collections.abc import Iterator

from workshops.personal_data.hits import Mark, PersonalDataHit, hit_at

# Each pattern starts where a word does and is of limited length, so that no text takes long.
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
PHONE = re.compile(r"(?<![\w+])(?:\+|\(\+?)?(?:44|0)[\d ()–-]{7,20}\d(?!\w)")
POSTCODE = re.compile(r"\b(?:[A-PR-UWYZ][A-HK-Y]?\d[\dA-HJKMNP-Y]?|GIR) ?\d[ABD-HJLNP-UW-Z]{2}\b", re.IGNORECASE)


def identifiers(text: str) -> Iterator[PersonalDataHit]:
    yield from passages(Mark.EMAIL, EMAIL, text)
    yield from (hit for hit in passages(Mark.PHONE, PHONE, text) if is_phone(hit.text))
    yield from passages(Mark.POSTCODE, POSTCODE, text)


def passages(mark: Mark, pattern: re.Pattern[str], text: str) -> Iterator[PersonalDataHit]:
    return (hit_at(mark, text, match.start(), match.end()) for match in pattern.finditer(text))


def is_phone(text: str) -> bool:
    """Whether this has ten or eleven digits from the 0 on, as all British numbers have but the shortest ones."""
    digits = re.sub(r"\D", "", text)
    national = digits.removeprefix("0044").removeprefix("44").removeprefix("0")
    return len(national) in (9, 10)
