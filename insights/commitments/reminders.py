"""Reminds the owners of commitments, by e-mail, of reviews that are due."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from insights.models import Commitment, Reminder, Review
from workshops.mail.queue import queue_mail

NO_ADDRESS = "no e-mail address of its owner is known"  # not translated: the shell speaks English
WRONG_ADDRESS = "the e-mail address of its owner is none"  # not translated: the shell speaks English


@dataclass
class ReminderOutcome:
    """What became of one review that was due. `problem` says why no reminder was queued, empty if one was."""

    review: Review
    problem: str = ""


def remind() -> Iterator[ReminderOutcome]:
    """Queue one reminder of each review that is due, and yield the outcome of each.

    Safe to run at any time, and twice at once: the Reminder is created first, in the transaction that queues the mail. A
    second run waits at its unique key.
    """
    due = Review.objects.due().filter(commitment__in=Commitment.objects.published())
    reminded = Reminder.objects.filter(review=OuterRef("pk"), due_on=OuterRef("due_on"))
    due = due.exclude(Exists(reminded)).select_related("commitment__insight__programme")
    for review in due.order_by("due_on", "commitment__ref"):
        if not review.commitment.owner_email:
            yield ReminderOutcome(review, problem=NO_ADDRESS)
        elif outcome := remind_of(review):
            yield outcome


def remind_of(review: Review) -> ReminderOutcome | None:
    """None if another run has queued the reminder meanwhile."""
    try:
        with transaction.atomic():
            Reminder.objects.create(review=review, due_on=review.due_on)
            queue_reminder(review)
    except IntegrityError:
        return None
    except ValidationError:
        return ReminderOutcome(review, problem=WRONG_ADDRESS)
    return ReminderOutcome(review)


def queue_reminder(review: Review) -> None:
    commitment = review.commitment
    context = {
        "review": review,
        "commitment": commitment,
        "programme": commitment.insight.programme,
        "url": f"{settings.SITE_URL}{commitment.get_absolute_url()}" if settings.SITE_URL else "",
    }
    queue_mail(
        commitment.owner_email,
        _("A commitment is due for review: %(ref)s") % {"ref": commitment.ref},
        render_to_string("insights/commitments/reminder.txt", context),
        about="reminder",
    )
