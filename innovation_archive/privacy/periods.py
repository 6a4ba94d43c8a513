"""How long what is private is kept: one table, for the desk, for /privacy/ and for the housekeeping that keeps to it.

A leaf: it imports no models, so that the Controller can have a column for each period.
"""

import datetime
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

DAYS, MONTHS = "days", "months"


@dataclass(frozen=True)
class Period:
    """How long one kind of private data is kept.

    `covers` and `begins` are read by people: what is kept, and from when its
    period runs. `rows` names what it is about for housekeeping, as (model, the path from it to the day on which its
    period begins); a path that leads to several days means the latest of them. `least` and `most` are what may be
    set, in the same `unit` as `default`. `is_automatic` says whether the archive itself deletes when the period
    ends: /privacy/ promises that of no other.
    """

    name: str
    covers: str | Promise
    begins: str | Promise
    unit: str
    default: int
    least: int
    most: int
    rows: tuple[tuple[str, str], ...]
    is_automatic: bool = False

    @property
    def column(self) -> str:
        """The field of Controller that holds how long."""
        return f"keep_{self.name}"

    def in_words(self, length: int) -> str:
        if self.unit == DAYS:
            return ngettext("%(count)s day", "%(count)s days", length) % {"count": length}
        return ngettext("%(count)s month", "%(count)s months", length) % {"count": length}

    def ended_before(self, length: int, today: datetime.date) -> datetime.date:
        """What began earlier than this day has been kept for its whole period."""
        if self.unit == DAYS:
            return today - datetime.timedelta(days=length)
        return months_later(today, -length)


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
        _("their last workshop"),
        MONTHS, 12, 1, 60,
        (("workshops.Identity", "participant__workshops__held_on"),),
    ),
    Period(
        "words",
        _("Words as they were told"),
        _("the workshop"),
        MONTHS, 24, 1, 120,
        (("workshops.OriginalText", "story__workshop__held_on"),),
    ),
    Period(
        "votes",
        _("Single votes"),
        _("the last release of votes of the programme"),
        MONTHS, 12, 1, 60,
        (("workshops.Vote", "workshop__phase__programme__releases__released_on"),),
    ),
    Period(
        "notes",
        _("A workshop’s notes"),
        _("the workshop"),
        MONTHS, 12, 1, 60,
        (("workshops.Note", "workshop__held_on"), ("workshops.Workshop", "held_on")),
    ),
    Period(
        "history",
        _("Earlier wordings, kept to show who changed what"),
        _("the change"),
        MONTHS, 24, 1, 120,
        (
            ("workshops.HistoricalStory", "history_date"),
            ("insights.HistoricalInsight", "history_date"),
            ("workshops.Correction", "decided_at"),
        ),
    ),
    Period(
        "uploads",
        _("Files that were uploaded and not confirmed"),
        _("the upload"),
        DAYS, 1, 1, 30,
        (("innovation_archive.Import", "uploaded_at"),),
        is_automatic=True,
    ),
    Period(
        "logs",
        _("Records of who did what at the desk, and of downloads"),
        _("the entry"),
        MONTHS, 12, 1, 72,
        (("admin.LogEntry", "action_time"), ("innovation_archive.Download", "expires_on")),
    ),
    Period(
        "cases",
        _("Complaints and requests, with the address to answer to"),
        _("the day they are closed"),
        MONTHS, 36, 6, 84,
        (("innovation_archive.Case", "closed_on"),),
    ),
    Period(
        "sessions",
        _("Records of sign-ins at the desk"),
        _("the end of the sign-in"),
        DAYS, 1, 1, 30,
        (("sessions.Session", "expire_date"),),
    ),
)  # fmt: skip

PERIOD_OF = {period.name: period for period in PERIODS}
