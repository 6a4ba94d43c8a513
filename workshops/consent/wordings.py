"""What people read when they choose a level of consent, in each version that was ever used.

A consent holds for the words that were read, so an older version is never changed. Whoever changes a label of Consent
moves the old one here and raises CURRENT.
"""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workshops.choices import Consent

CURRENT = 2

OLDER: dict[int, dict[Consent, str | Promise]] = {
    1: {
        Consent.FACILITATORS: _("Facilitators only: it stays with those who ran this workshop"),
        Consent.TEAM: _("Project team: the programme's editors and analysts may learn from it; your name is not shown"),
        Consent.PUBLIC: _(
            "Public, without my name: we take out names; my service area and place are shown; "
            "people who know the work may still recognise it"
        ),
        Consent.CREDITED: _("Public, with the credit I choose"),
    }
}


def wording_of(level: int, version: int) -> str:
    """What people read at this level in this version. Raises KeyError for a version that never was."""
    if version == CURRENT:
        return str(Consent(level).label)
    return str(OLDER[version][Consent(level)])


class WordingName(NamedTuple):
    """A wording as files name it: “2 en-gb”, its version and language."""

    version: int
    language: str

    def __str__(self) -> str:
        return f"{self.version} {self.language}".strip()


def read_wording(text: str) -> WordingName | None:
    """The wording that a file names, None for an empty cell. Raises ValueError for one that never was."""
    if not text.strip():
        return None
    version, _space, language = text.strip().partition(" ")
    if not version.isdecimal() or not (int(version) == CURRENT or int(version) in OLDER):
        raise ValueError(text)
    return WordingName(int(version), language.strip().lower()[:10])
