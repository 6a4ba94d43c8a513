import datetime
import secrets

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops.fields import CodeField, DeadlineField, LineField
from workshops.models.participants import Participant
from workshops.models.programmes import Workshop
from workshops.models.votes import Practice
from workshops.slips import LETTERS

BALLOT_LIFETIME = datetime.timedelta(hours=12)
"""A ballot that nobody closes ends after this, and its code with it."""


def new_join_code():
    return "".join(secrets.choice(LETTERS) for _ in range(6))


def new_salt():
    return secrets.token_hex(16)


def end_of_ballot():
    return timezone.now() + BALLOT_LIFETIME


class BallotQuerySet(models.QuerySet):
    def open(self):
        return self.filter(closed_at__isnull=True, expires_at__gt=timezone.now())

    def visible_to(self, user):
        """Facilitators see those of their own rooms, editors those of their programmes."""
        return self.filter(workshop__in=Workshop.objects.manageable_by(user).values("pk"))


class Ballot(models.Model):
    """A round of voting from phones, opened on one workshop. Nobody sees its results until it is closed."""

    workshop = models.ForeignKey(Workshop, models.PROTECT, related_name="ballots", verbose_name=_("workshop"))
    practices = models.ManyToManyField(
        Practice, related_name="ballots", verbose_name=_("practices"), help_text=_("What people vote on.")
    )
    seats = models.PositiveSmallIntegerField(
        _("how many may vote"),
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
        help_text=_(
            "As many as are in the room, so that no phone can vote for people who are not. "
            "You can raise it while people join."
        ),
    )
    join_code = CodeField(_("join code"), max_length=6, unique=True, editable=False, default=new_join_code)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("opened by"),
    )
    opened_at = models.DateTimeField(_("opened at"), editable=False, default=timezone.now)
    expires_at = DeadlineField(_("expires at"), editable=False, default=end_of_ballot)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)
    # The salt of the hashed addresses. Deleted with the hashes when the ballot is closed.
    salt = CodeField(_("salt"), max_length=32, blank=True, editable=False, default=new_salt)

    objects = BallotQuerySet.as_manager()

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("opened_at")), name="ballot_ends_after_it_opens"),
            models.CheckConstraint(condition=Q(seats__gte=1), name="ballot_has_a_seat"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(salt=""), name="closed_ballot_forgets_addresses"
            ),
        ]

    def __str__(self):
        return gettext("Ballot %(code)s") % {"code": self.join_code}

    @property
    def is_open(self):
        return self.closed_at is None and self.expires_at > timezone.now()

    @cached_property
    def practice_keys(self):
        """{ref: primary key} of its practices, in the order in which they are asked. Casting a vote needs no more."""
        return dict(self.practices.order_by("ref").values_list("ref", "pk"))

    @cached_property
    def questions(self):
        """Its practices, in the order in which they are asked."""
        return list(self.practices.order_by("ref").only("ref", "statement"))


class BallotPaperQuerySet(models.QuerySet):
    def counted(self):
        return self.filter(voided_at__isnull=True)


class BallotPaper(models.Model):
    """One person's ballot paper: that they joined and when they last voted. Their choices are votes like any other."""

    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="papers", verbose_name=_("ballot"))
    # Empty if the person was erased, or was made by this paper and deleted when it was voided.
    participant = models.ForeignKey(
        Participant, models.SET_NULL, null=True, related_name="papers", verbose_name=_("participant")
    )
    # A hash of the phone's cookie.
    ticket = models.CharField(_("ticket"), max_length=64, unique=True)
    # Whether its participant was made by joining; otherwise they had a slip.
    newcomer = models.BooleanField(_("newcomer"))
    joined_at = models.DateTimeField(_("joined at"), default=timezone.now)
    cast_at = models.DateTimeField(_("cast at"), null=True, blank=True)
    # A salted hash of the address it joined from, while the ballot is open. What looked odd about it is kept in words.
    address = models.CharField(_("address"), max_length=64, blank=True)
    oddity = LineField(_("oddity"), max_length=300, blank=True)
    voided_at = models.DateTimeField(_("voided at"), null=True, blank=True)
    voided_because = LineField(_("voided because"), max_length=300, blank=True)

    objects = BallotPaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("ballot paper")
        verbose_name_plural = _("ballot papers")
        ordering = ["joined_at", "pk"]
        indexes = [models.Index(fields=["ballot", "address"], name="papers_by_address")]
        constraints = [
            models.UniqueConstraint(
                fields=["ballot", "participant"],
                condition=Q(voided_at__isnull=True),
                name="one_paper_a_ballot_and_participant",
            ),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True, voided_because="")
                | (Q(voided_at__isnull=False) & ~Q(voided_because="")),
                name="paper_is_voided_for_a_reason",
            ),
        ]

    def __str__(self):
        return gettext("Paper %(number)s") % {"number": self.pk}

    @property
    def is_active(self):
        """Not voided, and its person not erased."""
        return self.voided_at is None and self.participant_id is not None


class FailedAttempt(models.Model):
    """A code or password that opened nothing. Kept for minutes, to slow down whoever guesses."""

    # A hash of where it was typed: the address, and for a password the account as well.
    address = models.CharField(_("address"), max_length=64)
    typed_at = models.DateTimeField(_("typed at"), default=timezone.now)

    class Meta:
        verbose_name = _("failed attempt")
        verbose_name_plural = _("failed attempts")
        indexes = [models.Index(fields=["address", "typed_at"], name="mistyped_by_address")]

    def __str__(self):
        return gettext("Failed at %(when)s") % {"when": self.typed_at}
