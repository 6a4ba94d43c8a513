"""Sends what waits in the queue, at most once whatever crashes.

A mail is taken by one conditional UPDATE, committed before the mail server hears of the mail; only then is it handed over.
Whoever is killed in between leaves it as taken, and no run sends it again: an administrator decides. It waits again only
where the server surely has not got it: no connection was made, or the server said so.
"""

import datetime
import logging
import smtplib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from threading import Thread
from time import monotonic

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from workshops.chunks import in_chunks
from workshops.mail.links import end_address, unsubscribe_headers
from workshops.mail.queue import mail_is_on
from workshops.models import OutgoingMail
from workshops.models.mail import TIME_TO_SEND, OutgoingMailQuerySet

logger = logging.getLogger(__name__)

PAUSES = [datetime.timedelta(hours=hours) for hours in (1, 2, 4, 8, 16, 20, 21)]
"""How long a mail waits after each refusal that need not last. With the last one, after three days, it has failed."""
LONGEST_RUN = 600
"""Seconds after which a run begins no further mail; the next run goes on."""
RECORD_LIFETIME = datetime.timedelta(days=365)
"""How long it is known that a mail was sent, what about and when, once its words and address are deleted."""

REFUSALS = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError)
"""With these the server says that it has not taken the mail."""


class MailOutcome(Enum):
    """What became of a mail in one run. ELSEWHERE: another run took it first."""

    SENT = "sent"
    WAITS = "waits"
    FAILED = "failed"
    UNKNOWN = "unknown"
    ELSEWHERE = "elsewhere"


def send_mails() -> Counter[MailOutcome]:
    """Send what is due. Returns how many mails had each outcome; nothing is tried while no mail server is named."""
    outcomes: Counter[MailOutcome] = Counter()
    if not mail_is_on():
        return outcomes
    started = monotonic()
    with commits_on_disk():
        for pk in list(OutgoingMail.objects.due().order_by("next_try_at", "pk").values_list("pk", flat=True)):
            if monotonic() - started > LONGEST_RUN:
                break
            try:
                server = open_connection()
            except (OSError, smtplib.SMTPException) as problem:
                outcomes.update(postpone_all(problem))
                break
            outcomes[send_one(pk, server)] += 1
    return outcomes


def send_soon(mail: OutgoingMail) -> None:
    """Send one mail as soon as the caller's transaction is committed, for somebody who waits for it.

    Another thread does it, so that the page neither waits for the mail server nor tells by its time whether there was a mail
    to send. If the server is away, the mail waits for the next run.
    """
    if mail_is_on():
        transaction.on_commit(Thread(target=send_beside, args=[mail.pk], name="mail").start)


def send_beside(pk: int) -> None:
    try:
        with commits_on_disk():
            send_one(pk, open_connection())
    except (DatabaseError, OSError, smtplib.SMTPException) as problem:
        logger.warning("A mail waits for the next run: %s", type(problem).__name__)
    finally:
        connection.close()  # this thread's own


@contextmanager
def commits_on_disk() -> Iterator[None]:
    """On SQLite have each commit reach the disk: else a power cut could forget that a mail was taken."""
    switched = connection.vendor == "sqlite" and not connection.in_atomic_block
    if switched:
        set_synchronous("FULL")
    try:
        yield
    finally:
        if switched:
            set_synchronous("NORMAL")


def set_synchronous(level: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA synchronous={level}")


def open_connection() -> BaseEmailBackend:
    server: BaseEmailBackend = get_connection()
    server.open()
    return server


def send_one(pk: int, server: BaseEmailBackend) -> MailOutcome:
    """Take one mail and hand it over. The connection is closed afterwards: the next mail has one of its own."""
    try:
        mail = take(pk)
        return hand_over(mail, server) if mail else MailOutcome.ELSEWHERE
    finally:
        with suppress(OSError, smtplib.SMTPException):  # the mail has gone, whatever the goodbye says
            server.close()


def hold_waiting_mails() -> int:
    """Leave it to an administrator to send what waits, in an archive that was restored: it may have been sent since."""
    return OutgoingMail.objects.waiting().update(taken_at=timezone.now() - TIME_TO_SEND)


def take(pk: int) -> OutgoingMail | None:
    """The mail, which nobody else sends from now on; None if another run was first or it was deleted."""
    with transaction.atomic(durable=True):
        if not OutgoingMail.objects.due().filter(pk=pk).update(taken_at=timezone.now()):
            return None
    return OutgoingMail.objects.select_related("subscription").filter(pk=pk).first()


def hand_over(mail: OutgoingMail, server: BaseEmailBackend) -> MailOutcome:
    try:
        server.send_messages([email_of(mail, server)])
    except REFUSALS as refusal:
        return refuse(mail, reply_code(refusal))
    except Exception as problem:
        # Whether the server has it nobody knows, so it stays as taken.
        logger.warning("A mail was taken and perhaps sent: %s", type(problem).__name__)
        says = _("It broke off while it was handed over (%(error)s).") % {"error": type(problem).__name__}
        record_outcome_of(mail, last_error=says)
        return MailOutcome.UNKNOWN
    record_outcome_of(mail, sent_at=timezone.now(), last_error="")
    return MailOutcome.SENT


def record_outcome_of(mail: OutgoingMail, **changes: object) -> None:
    """Record what became of a mail, unless somebody else decided or deleted it meanwhile."""
    OutgoingMail.objects.unsent().filter(pk=mail.pk, taken_at=mail.taken_at).update(**changes)


def email_of(mail: OutgoingMail, server: BaseEmailBackend) -> EmailMessage:
    """The mail as it goes out; one to a subscriber ends with their link, which is not stored, and tells it their program."""
    body, headers = mail.body, {"Auto-Submitted": "auto-generated"}
    if mail.subscription:
        link = end_address(mail.subscription)
        body, headers = f"{body}\n{link}\n", headers | unsubscribe_headers(link)
    return EmailMessage(mail.subject, body, None, [mail.to], headers=headers, connection=server)


def reply_code(refusal: smtplib.SMTPException) -> int:
    """The server's number for why it refused; each mail has one addressee, so it is one."""
    if isinstance(refusal, smtplib.SMTPRecipientsRefused):
        return next(iter(refusal.recipients.values()))[0]
    assert isinstance(refusal, smtplib.SMTPResponseException)  # noqa: S101 - all other REFUSALS are
    return refusal.smtp_code


def refuse(mail: OutgoingMail, code: int) -> MailOutcome:
    """A reply from 400 to 499 may be another one later; any other is the server's last word."""
    if 400 <= code < 500:
        says = _("The mail server refused it for now (reply %(code)s).") % {"code": code}
        return postpone(mail, says)
    says = _("The mail server refused it (reply %(code)s).") % {"code": code}
    record_outcome_of(mail, failed_at=timezone.now(), taken_at=None, last_error=says)
    return MailOutcome.FAILED


def postpone(mail: OutgoingMail, says: str) -> MailOutcome:
    """Have it wait longer than the last time, or give it up after three days."""
    end = {"failed_at": timezone.now()}
    if mail.failures < len(PAUSES):
        end = {"next_try_at": timezone.now() + PAUSES[mail.failures]}
    record_outcome_of(mail, taken_at=None, failures=mail.failures + 1, last_error=says, **end)
    return MailOutcome.FAILED if "failed_at" in end else MailOutcome.WAITS


def postpone_all(problem: Exception) -> Counter[MailOutcome]:
    """The server could not be reached, so no mail was handed over: all that are due wait longer."""
    says = _("The mail server could not be reached (%(error)s).") % {"error": type(problem).__name__}
    logger.warning("The mail server could not be reached: %s", type(problem).__name__)
    return Counter(postpone(mail, says) for mail in OutgoingMail.objects.due())


# What an administrator decides


def send_again(mail: OutgoingMail) -> bool:
    """Put a mail that failed, or of which nobody knows whether it was sent, back into the queue, on an administrator's word."""
    ended = OutgoingMail.objects.stuck().filter(pk=mail.pk).exclude(to="")
    fresh = {"taken_at": None, "failed_at": None, "failures": 0, "last_error": "", "next_try_at": timezone.now()}
    return bool(ended.update(**fresh))


def drop_mail(mail: OutgoingMail) -> bool:
    """Give up a mail that was not sent, or perhaps was, and delete its words and address. Not while it is being sent."""
    open_ones = OutgoingMail.objects.stuck() | OutgoingMail.objects.waiting()
    says = _("An administrator dropped it.")
    gone = {"to": "", "subject": "", "body": "", "failed_at": timezone.now(), "last_error": says}
    return bool(open_ones.filter(pk=mail.pk).update(**gone))


# What is deleted in time


def forget_mail_words() -> int:
    """Delete the address and words of mails that are older than MAIL_KEPT_DAYS, and a year later all that is left of them.

    One that was never sent until then has failed. Returns how many lost their words.
    """
    now = timezone.now()
    in_chunks(OutgoingMail.objects.filter(to="", queued_at__lt=now - RECORD_LIFETIME))
    old = OutgoingMail.objects.filter(queued_at__lt=now - datetime.timedelta(days=settings.MAIL_KEPT_DAYS))
    return in_chunks(old.exclude(to="").exclude(taken_at__gt=now - TIME_TO_SEND), empty_mails)


def empty_mails(mails: OutgoingMailQuerySet) -> None:
    mails.unsent().update(failed_at=timezone.now())
    mails.update(to="", subject="", body="")
