import datetime
import secrets

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops.fields import CodeField, DeadlineField, PlainTextField
from workshops.models.participants import Participant
from workshops.roles import ADMINISTRATOR, roles_of

SUBSCRIPTION_LIFETIME = datetime.timedelta(days=365)
"""Whoever asked to be told of uses is told no more after this, unless they ask again."""
TIME_TO_CONFIRM = datetime.timedelta(days=7)
"""An address that is not confirmed by then is forgotten."""
TIME_TO_SEND = datetime.timedelta(minutes=15)
"""A mail that was taken longer ago is not being sent any more."""


def without_line_breaks(field):
    """In the head of a mail a line break would begin a header of its own: another addressee, say."""
    return ~Q(**{f"{field}__contains": "\n"}) & ~Q(**{f"{field}__contains": "\r"})


def new_subscription_key():
    return secrets.token_urlsafe(16)


def end_of_confirming():
    return timezone.now() + TIME_TO_CONFIRM


class UseSubscriptionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """To nobody at the desk: an address was given for one purpose, and no role needs it."""
        return self.none()

    def running(self):
        """Those whose address was confirmed and who are told of uses."""
        return self.filter(confirmed_at__isnull=False, lapses_at__gt=timezone.now())


class UseSubscription(models.Model):
    """A participant's wish to hear when something they told is used, with the address, which stands here alone.

    Ending it deletes it, and with it every mail to it.
    """

    participant = models.OneToOneField(
        Participant, models.CASCADE, related_name="use_subscription", verbose_name=_("participant")
    )
    address = models.EmailField(_("address"))
    # The link that ends it is this key, signed: whoever reads the database alone can make no such link.
    key = CodeField(_("key"), max_length=32, unique=True, default=new_subscription_key)
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    lapses_at = DeadlineField(_("lapses at"), default=end_of_confirming)
    used_at = models.DateTimeField(_("used at"), null=True, help_text=_("A use that is still to be told of."))
    told_at = models.DateTimeField(_("told at"), null=True)

    objects = UseSubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription to uses")
        verbose_name_plural = _("subscriptions to uses")
        constraints = [
            models.CheckConstraint(condition=without_line_breaks("address"), name="subscription_address_is_one_line")
        ]

    def __str__(self):
        return gettext("Subscription of %(participant)s") % {"participant": self.participant_id}


def may_see_mail(user):
    return ADMINISTRATOR in roles_of(user) or (user.is_active and user.is_superuser)


class OutgoingMailQuerySet(models.QuerySet):
    def visible_to(self, user):
        """For administrators, who see to it that mail goes out."""
        return self if may_see_mail(user) else self.none()

    def unsent(self):
        return self.filter(sent_at=None, failed_at=None)

    def waiting(self):
        """Those that nobody has taken yet, or whose sending was refused for now."""
        return self.unsent().filter(taken_at=None)

    def due(self):
        return self.waiting().filter(next_try_at__lte=timezone.now())

    def unknown(self):
        """Those that were handed to the server, perhaps: whoever took them never said what became of it."""
        return self.unsent().filter(taken_at__lte=timezone.now() - TIME_TO_SEND)

    def failed(self):
        return self.filter(failed_at__isnull=False)

    def stuck(self):
        """Those that go out only if an administrator says so: the failed, and those of which nobody knows."""
        return self.unknown() | self.failed()


class OutgoingMail(models.Model):
    """One mail to one address. It goes out at most once, whatever crashes.

    It waits until a run of the queue takes it, which is committed before the mail server hears of it. So a mail that was
    taken and neither sent nor refused may have been sent: it is never sent again by itself.
    """

    to = models.EmailField(_("to"), blank=True)
    subject = models.CharField(_("subject"), max_length=250, blank=True)
    body = PlainTextField(_("body"), blank=True)
    about = models.CharField(_("about"), max_length=40, blank=True, help_text=_("What it was for, in a word."))
    is_confidential = models.BooleanField(
        _("is confidential"), default=False, help_text=_("The desk shows neither its address nor its words.")
    )
    subscription = models.ForeignKey(
        UseSubscription, models.CASCADE, null=True, related_name="mails", verbose_name=_("subscription")
    )
    queued_at = models.DateTimeField(_("queued at"), default=timezone.now)
    next_try_at = models.DateTimeField(_("next try at"), default=timezone.now)
    taken_at = models.DateTimeField(_("taken at"), null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    failed_at = models.DateTimeField(_("failed at"), null=True)
    failures = models.PositiveSmallIntegerField(_("failures"), default=0)
    last_error = models.CharField(
        _("last error"), max_length=200, blank=True, help_text=_("Without addresses and words of the mail.")
    )

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mails")
        ordering = ["-queued_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=without_line_breaks("to") & without_line_breaks("subject"),
                name="mail_has_no_line_break_in_its_head",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(failed_at=None, taken_at__isnull=False), name="mail_is_sent_or_failed"
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=False) | Q(failed_at__isnull=False) | ~Q(to=""),
                name="mail_has_an_address_until_it_ended",
            ),
        ]
        indexes = [models.Index(fields=["next_try_at"], condition=Q(sent_at=None, failed_at=None), name="mail_to_send")]

    def __str__(self):
        return gettext("Mail %(number)s") % {"number": self.pk}
