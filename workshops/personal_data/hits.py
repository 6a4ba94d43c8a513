"""What the detector finds: kinds of passages, and one passage with its place in the text."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from workshops.personal_data.plain import sentence_at


class Mark(TextChoices):
    """What was found. As text it is the label, which the warning shows."""

    PARTICIPANT = "participant", _("the name of somebody who was there")
    NAME = "name", _("perhaps a name")
    EMAIL = "email", _("an e-mail address")
    PHONE = "phone", _("a phone number")
    POSTCODE = "postcode", _("a postcode")
    ADDRESS = "address", _("a street address")
    NHS_NUMBER = "nhs_number", _("an NHS number")
    NATIONAL_INSURANCE = "national_insurance", _("a National Insurance number")
    BIRTH_DATE = "birth_date", _("a date of birth")
    PLATE = "plate", _("the number plate of a vehicle")
    CASE_NUMBER = "case_number", _("a case or reference number")
    HANDLE = "handle", _("a name used on social media")
    PROFILE = "profile", _("a link to somebody's profile")
    HEALTH = "health", _("the health of somebody")
    IMMIGRATION = "immigration", _("the immigration status of somebody")
    OFFENCE = "offence", _("an offence or a criminal record of somebody")
    ETHNICITY = "ethnicity", _("the ethnicity or origin of somebody")
    RELIGION = "religion", _("the religion of somebody")
    ORIENTATION = "orientation", _("the sexual orientation or gender identity of somebody")
    UNION = "union", _("the trade union of somebody")
    POLITICS = "politics", _("the politics of somebody")
    RELATION = "relation", _("a person with their age")
    ONLY = "only", _("somebody who is the only one, or the first")

    def __str__(self) -> str:
        return str(self.label)

    @property
    def is_identifier(self) -> bool:
        """Whether a pattern tells it, and it points at one person or household by itself."""
        return self in IDENTIFIERS


IDENTIFIERS = frozenset(
    {
        Mark.EMAIL,
        Mark.PHONE,
        Mark.POSTCODE,
        Mark.ADDRESS,
        Mark.NHS_NUMBER,
        Mark.NATIONAL_INSURANCE,
        Mark.BIRTH_DATE,
        Mark.PLATE,
        Mark.CASE_NUMBER,
        Mark.HANDLE,
        Mark.PROFILE,
    }
)


@dataclass(frozen=True)
class PersonalDataHit:
    """One passage that may tell who somebody is: what it is, where it starts in the text, and its sentence.

    `suggestion` are words that could stand in its place, or empty where only the writer can know them.
    """

    mark: Mark
    text: str
    start: int
    sentence: str
    suggestion: str = ""

    @property
    def span(self) -> range:
        return range(self.start, self.start + len(self.text))


def hit_at(mark: Mark, text: str, start: int, end: int) -> PersonalDataHit:
    """The passage from `start` to `end` of the whole text."""
    return PersonalDataHit(mark, text[start:end], start, sentence_at(text, start))
