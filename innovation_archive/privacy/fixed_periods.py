"""Periods that are the same in every archive, because its code or a setting has them; the others the controller sets."""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from innovation_archive.models.exchange import RUNS_KEPT
from workshops.consent.withdrawal import RECORDER_KEPT
from workshops.mail.sending import RECORD_LIFETIME
from workshops.models.ballots import BALLOT_LIFETIME
from workshops.models.mail import SUBSCRIPTION_LIFETIME, TIME_TO_CONFIRM
from workshops.models.participants import ERASURE_DELAY
from workshops.models.tags import BulkTagging
from workshops.throttle import FAILURE_LIFETIME

HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


@dataclass(frozen=True)
class FixedPeriod:
    """How long one kind of private data is kept; `covers` and `begins` are read by people."""

    name: str
    covers: str | Promise
    begins: str | Promise
    lasts: datetime.timedelta

    @property
    def in_words(self) -> str:
        """In the largest unit of which it is a whole number, a year being 12 months."""
        if self.lasts % (365 * DAY) == 0 * DAY:
            months = 12 * (self.lasts // (365 * DAY))
            return ngettext("%(count)s month", "%(count)s months", months) % {"count": months}
        if self.lasts % DAY == 0 * DAY:
            days = self.lasts // DAY
            return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
        if self.lasts % HOUR == 0 * DAY:
            hours = self.lasts // HOUR
            return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
        minutes = self.lasts // datetime.timedelta(minutes=1)
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}


def fixed_periods() -> tuple[FixedPeriod, ...]:
    """Made when it is asked for: one of them is a setting."""
    return (
        FixedPeriod(
            "attempts",
            _("That a wrong code or password was typed, with a scrambled form of where"),
            _("the attempt"),
            FAILURE_LIFETIME,
        ),
        FixedPeriod(
            "ballots",
            _("An open ballot’s code, with a scrambled form of each phone’s network address"),
            _("the opening of the ballot, if nobody closes it before"),
            BALLOT_LIFETIME,
        ),
        FixedPeriod(
            "taggings",
            _("What an action on many stories changed, for its undo"),
            _("the action"),
            datetime.timedelta(hours=BulkTagging.UNDO_HOURS),
        ),
        FixedPeriod(
            "erasures",
            _("What is to be erased because somebody asked it with a slip alone, hidden meanwhile"),
            _("the request"),
            ERASURE_DELAY,
        ),
        FixedPeriod(
            "recorders",
            _("Who recorded a withdrawal; from then on only their role"),
            _("the withdrawal"),
            RECORDER_KEPT,
        ),
        FixedPeriod(
            "confirmations",
            _("An address for news of uses that nobody has confirmed"),
            _("the day it was given"),
            TIME_TO_CONFIRM,
        ),
        FixedPeriod(
            "subscriptions",
            _("An address for news of uses"),
            _("the day it was confirmed, or given again"),
            SUBSCRIPTION_LIFETIME,
        ),
        FixedPeriod(
            "mails",
            _("The address and words of a mail of the archive, sent or not"),
            _("the day it was written"),
            settings.MAIL_KEPT_DAYS * DAY,
        ),
        FixedPeriod(
            "mail-records",
            _("That a mail was sent, without address and words"),
            _("the day it was written"),
            RECORD_LIFETIME,
        ),
        FixedPeriod(
            "runs",
            _("What each housekeeping did, in numbers"),
            _("the housekeeping"),
            RUNS_KEPT,
        ),
    )
