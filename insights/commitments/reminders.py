"""Reminds the owners of commitments, by e-mail, of reviews that are due."""

from collections.abc import Iterator
from dataclasses import dataclass
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from insights.models import Commitment, Reminder, Review

NO_ADDRESS = "no e-mail address of its owner is known"  # not translated: the shell speaks English


@dataclass
class ReminderOutcome:
    """What became of one review that was due. `problem` says why no reminder was sent, empty if one was."""

    review: Review
    problem: str = ""
    will_retry: bool = False


def remind() -> Iterator[ReminderOutcome]:
    """Send one reminder of each review that is due, and yield the outcome of each.

    Safe to run at any time, and twice at once: the Reminder is created first, in the transaction that sends the
    message. A second run waits at its unique key; if sending fails, the row is rolled back, so that the next run
    tries again.
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
    """None if another run has sent the reminder meanwhile."""
    try:
        with transaction.atomic():
            Reminder.objects.create(review=review, due_on=review.due_on)
            send(review)
    except IntegrityError:
        return None
    except (OSError, SMTPException) as problem:
        says = f"it could not be sent ({problem}); the next run tries again"  # not translated: the shell speaks English
        return ReminderOutcome(review, says, will_retry=True)
    return ReminderOutcome(review)


def send(review: Review) -> None:
    commitment = review.commitment
    context = {
        "review": review,
        "commitment": commitment,
        "programme": commitment.insight.programme,
        "url": f"{settings.SITE_URL}{commitment.get_absolute_url()}" if settings.SITE_URL else "",
    }
    send_mail(
        _("A commitment is due for review: %(ref)s") % {"ref": commitment.ref},
        render_to_string("insights/commitments/reminder.txt", context),
        None,
        [commitment.owner_email],
    )
