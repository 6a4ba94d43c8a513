"""How long what is private is kept: one table, for the desk, for /privacy/ and for the housekeeping that keeps to it.

A leaf: it imports no models, so that the Controller can have a column for each period. `ended.py` beside it says for each
which rows are meant; what the archive itself has fixed stands in `fixed_periods.py`.
"""

import datetime
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

DAYS, MONTHS = "days", "months"


@dataclass(frozen=True)
class Period:
    """How long one kind of private data is kept, as the controller sets it.

    `covers` and `begins` are read by people: what is kept, and from when its period runs. `least` and `most` are what
    may be set, in the same `unit` as `default`.
    """

    name: str
    covers: str | Promise
    begins: str | Promise
    unit: str
    default: int
    least: int
    most: int

    @property
    def column(self) -> str:
        """The field of Controller that holds how long."""
        return f"keep_{self.name}"

    def in_words(self, length: int) -> str:
        if self.unit == DAYS:
            return ngettext("%(count)s day", "%(count)s days", length) % {"count": length}
        return ngettext("%(count)s month", "%(count)s months", length) % {"count": length}

    def ended_before(self, length: int, now: datetime.datetime) -> datetime.datetime:
        """What began earlier than this moment has been kept for its whole period.

        Months are counted in whole days: what began at any time of a day is kept to the end of that day months later.
        """
        if self.unit == DAYS:
            return now - datetime.timedelta(days=length)
        first_kept = months_later(timezone.localdate(now), -length)
        return timezone.make_aware(datetime.datetime.combine(first_kept, datetime.time.min))


def months_later(day: datetime.date, months: int) -> datetime.date:
    """The same date in another month; where that month is too short, its last day. `months` may be negative."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = datetime.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = first_of_next - datetime.timedelta(days=1)
    return last.replace(day=min(day.day, last.day))


PERIODS = (
    Period(
        "names",
        _("Names and contacts of people who took part"),
        _("their last workshop, or the day they were entered if that is later"),
        MONTHS, 12, 1, 60,
    ),
    Period(
        "words",
        _("Words as they were told, and drafts that are still a copy of them"),
        _("the workshop, or the day they were entered if that is later"),
        MONTHS, 24, 1, 120,
    ),
    Period(
        "votes",
        _("Single votes; from then on only how many of a workshop and service chose what"),
        _("the last release of votes of the programme, or the day they were cast if that is later"),
        MONTHS, 12, 1, 60,
    ),
    Period(
        "notes",
        _("A workshop’s notes"),
        _("the workshop, or the day they were entered if that is later"),
        MONTHS, 12, 1, 60,
    ),
    Period(
        "history",
        _("Earlier wordings, kept to show who changed what; the last stays"),
        _("the change"),
        MONTHS, 24, 1, 120,
    ),
    Period(
        "uploads",
        _("Files that were uploaded and not confirmed"),
        _("the upload"),
        DAYS, 1, 1, 30,
    ),
    Period(
        "logs",
        _("Records of who did, read, imported or downloaded what at the desk"),
        _("the entry; of a download, from the last day on which its file may be used"),
        MONTHS, 12, 1, 72,
    ),
    Period(
        "cases",
        _("Complaints and requests, with the address to answer to"),
        _("the day they are closed"),
        MONTHS, 36, 6, 84,
    ),
    Period(
        "sessions",
        _("Records of sign-ins at the desk, with what was typed there and not saved"),
        _("the end of the sign-in"),
        DAYS, 1, 1, 30,
    ),
)  # fmt: skip
