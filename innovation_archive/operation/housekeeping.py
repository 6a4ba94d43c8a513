"""Everything that must end, be deleted or go out by a date, done every hour by the command `housekeeping`.

Each task changes few rows in a transaction, changes nothing when it is done again, and comes to no harm where two runs
overlap. Every period that /privacy/ prints is kept by the task that names it in `keeps`.
"""

import datetime
import logging
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from innovation_archive.cases.reminders import remind_of_cases
from innovation_archive.models import HousekeepingRun
from innovation_archive.models.exchange import RUNS_KEPT
from innovation_archive.privacy.ended import end_period
from innovation_archive.privacy.periods import PERIODS
from insights.commitments.reminders import remind
from workshops.chunks import in_chunks
from workshops.consent import free_pages, ledger
from workshops.consent.withdrawal import forget_recorders
from workshops.contribution.erasure_requests import carry_out_due_requests
from workshops.mail.sending import MailOutcome, forget_mail_words, send_mails
from workshops.mail.subscriptions import delete_lapsed_subscriptions, queue_news_of_uses
from workshops.models import BulkTagging
from workshops.throttle import forget_old_failures
from workshops.voting.ballots import close_expired_ballots

logger = logging.getLogger(__name__)

BROKEN_OFF_AFTER = datetime.timedelta(minutes=30)
"""A run that has begun no task for so long was killed; the next one takes its place. No task takes as long."""
LATE_AFTER = datetime.timedelta(hours=2)
"""Run every hour, housekeeping has ended at least once in this time; the desk warns if not."""


class Task(NamedTuple):
    """`do` returns how many things it ended, deleted or sent. It runs in a transaction unless it commits by itself.

    `keeps` are the names of the periods in `innovation_archive.privacy` whose end it sees to.
    """

    name: str
    what: str | Promise
    do: Callable[[], int]
    keeps: tuple[str, ...] = ()
    commits_itself: bool = False


def queue_reminders() -> int:
    return sum(not outcome.problem for outcome in remind())


def queue_case_reminders() -> int:
    return sum(1 for _reminded in remind_of_cases())


def send_waiting() -> int:
    return send_mails()[MailOutcome.SENT]


def empty_write_ahead_log() -> int:
    """What a withdrawal could not do while somebody was reading: leave none of its words in SQLite's log."""
    if not connection.in_atomic_block:  # there it cannot be done
        free_pages.empty_log()
    return 0


def forget_taggings() -> int:
    return in_chunks(BulkTagging.objects.expired())


def forget_old_runs() -> int:
    ended = HousekeepingRun.objects.filter(is_running=False)
    return in_chunks(ended.filter(started_at__lt=timezone.now() - RUNS_KEPT))


TASKS = [
    Task("failed-attempts", _("forgetting wrong codes and passwords"), forget_old_failures, ("attempts",)),
    Task("ballots", _("closing the ballots whose time is up"), close_expired_ballots, ("ballots",), True),
    Task("erasures", _("erasing what participants asked to have erased"), carry_out_due_requests, ("erasures",), True),
    Task("ledger", _("bringing the ledger and its file together"), ledger.reconcile, commits_itself=True),
    Task(
        "ledger-lines",
        _("deleting lines of the ledger that are older than any backup"),
        ledger.forget_old_lines,
        (),
        True,
    ),
    Task("recorders", _("forgetting who recorded old withdrawals"), forget_recorders, ("recorders",)),
    *(
        Task(
            period.name,
            format_lazy(_("deleting what was kept for its whole period: {covers}"), covers=period.covers),
            partial(end_period, period),
            (period.name,),
            commits_itself=True,
        )
        for period in PERIODS
    ),
    Task("taggings", _("forgetting how to undo actions on many stories"), forget_taggings, ("taggings",), True),
    Task(
        "subscriptions",
        _("deleting addresses that have lapsed"),
        delete_lapsed_subscriptions,
        ("confirmations", "subscriptions"),
        commits_itself=True,
    ),
    Task(
        "mail-words",
        _("deleting the words of old mails"),
        forget_mail_words,
        ("mails", "mail-records"),
        commits_itself=True,
    ),
    Task("reminders", _("reminding of commitments"), queue_reminders),
    Task("case-reminders", _("reminding of complaints and requests"), queue_case_reminders),
    Task("uses", _("telling participants of uses"), queue_news_of_uses),
    Task("mail", _("sending mail"), send_waiting, commits_itself=True),
    Task("log", _("emptying the write-ahead log of deleted words"), empty_write_ahead_log, commits_itself=True),
    Task("runs", _("deleting old records of housekeeping"), forget_old_runs, ("runs",), commits_itself=True),
]
"""In this order: what is queued goes out in the same run, and no mail that is too old does."""


class TaskOutcome(NamedTuple):
    """`error` is the type of what went wrong, empty if nothing did."""

    name: str
    count: int = 0
    error: str = ""


def run_tasks(run: HousekeepingRun) -> Iterator[TaskOutcome]:
    """Do all tasks, whichever of them fails, and record what became of each."""
    for task in TASKS:
        HousekeepingRun.objects.filter(pk=run.pk).update(seen_at=timezone.now())
        outcome = do_task(task)
        run.outcome[task.name] = outcome.error or outcome.count
        run.save(update_fields=["outcome"])
        yield outcome
    run.is_running, run.ended_at = False, timezone.now()
    run.save(update_fields=["is_running", "ended_at"])


def do_task(task: Task) -> TaskOutcome:
    try:
        if task.commits_itself:
            return TaskOutcome(task.name, task.do())
        with transaction.atomic():
            return TaskOutcome(task.name, task.do())
    except Exception as problem:
        logger.exception("A task of housekeeping failed: %s", task.name)
        return TaskOutcome(task.name, error=type(problem).__name__)


def begin_run() -> HousekeepingRun | None:
    """A run that nobody else does at this time; None if there is one under way."""
    killed = HousekeepingRun.objects.filter(is_running=True, seen_at__lt=timezone.now() - BROKEN_OFF_AFTER)
    killed.update(is_running=False)
    try:
        with transaction.atomic():
            return HousekeepingRun.objects.create()
    except IntegrityError:
        return None


class HousekeepingState(NamedTuple):
    """When housekeeping last ran to its end, None if it never did; whether that is too long ago; what failed then."""

    last: datetime.datetime | None
    is_late: bool
    failed: list[Task]

    @property
    def failed_periods(self) -> set[str]:
        """The names of the periods whose end it could not see to."""
        return {name for task in self.failed for name in task.keeps}


def state_of_housekeeping() -> HousekeepingState:
    run = HousekeepingRun.objects.latest_ended()
    if run is None:
        return HousekeepingState(None, is_late=True, failed=[])
    failed = [task for task in TASKS if isinstance(run.outcome.get(task.name), str)]
    return HousekeepingState(run.ended_at, run.ended_at < timezone.now() - LATE_AFTER, failed)
