import datetime
import secrets

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops.choices import Consent
from workshops.consent.records import NOT_SAID, record_levels
from workshops.fields import CodeField, DeadlineField, LineField
from workshops.models.programmes import Workshop
from workshops.models.vocabulary import Place, RefField, ServiceArea
from workshops.roles import edited_by, read_by
from workshops.slips import code_hashes


def new_pseudonym():
    return f"v-{secrets.token_hex(6)}"


class ParticipantQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Facilitators see who was in their rooms; editors, of all who were in rooms of their programmes, code and
        attributes; analysts of those who may be in their files. Nobody sees whose erasure waits for its day."""
        if not user.is_authenticated:
            return self.none()
        seen = self.not_about_to_go()
        if edited_by(user).is_everything:
            return seen
        people = self.model.objects.order_by()
        managed = people.filter(workshops__in=Workshop.objects.managed_with_people(user).values("pk"))
        of_team = people.open_to_team()
        if not read_by(user).is_everything:
            of_team = of_team.filter(workshops__in=Workshop.objects.of_programmes(read_by(user)).values("pk"))
        return seen.filter(Q(pk__in=managed.values("pk")) | Q(pk__in=of_team.values("pk")))

    def open_to_team(self):
        """Those who may be in analysts' files: whoever agreed to no more than “facilitators” stays with these."""
        return self.not_about_to_go().filter(consent__gte=Consent.TEAM)

    def not_about_to_go(self):
        """Without those whose erasure can still be called back: until it is carried out they are hidden."""
        return self.exclude(pk__in=ErasureRequest.objects.about_to_go())

    @transaction.atomic(savepoint=False)
    def bulk_create(self, objs, *args, **kwargs):
        people = super().bulk_create(objs, *args, **kwargs)
        record_levels(people, are_new=True)
        return people

    @transaction.atomic(savepoint=False)
    def bulk_update(self, objs, fields, *args, **kwargs):
        objs = list(objs)
        count = super().bulk_update(objs, fields, *args, **kwargs)
        if "consent" in fields:
            record_levels(objs)
        return count


class Participant(models.Model):
    """A person in the room, known by a code. Their name and contact are kept apart, in Identity."""

    code = RefField(_("code"), help_text=_("A code that does not tell who it is. The person's slip bears it."))
    # Analysts know voters by this at the desk, and by a code made of it in files: nobody finds the person of a slip there.
    pseudonym = CodeField(_("pseudonym"), max_length=20, unique=True, editable=False, default=new_pseudonym)
    role = LineField(
        _("role"), max_length=100, blank=True, help_text=_("Frontline practitioner, system leader, resident …")
    )
    sector = LineField(
        _("sector"), max_length=100, blank=True, help_text=_("Local authority, health, VCSE, police, housing …")
    )
    service_area = models.ForeignKey(
        ServiceArea, models.PROTECT, null=True, blank=True, related_name="participants", verbose_name=_("service area")
    )
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="participants", verbose_name=_("place")
    )
    workshops = models.ManyToManyField(Workshop, blank=True, related_name="participants", verbose_name=_("workshops"))
    consent = models.PositiveSmallIntegerField(_("consent"), choices=Consent, default=Consent.FACILITATORS)
    consent_ceiling = models.PositiveSmallIntegerField(
        _("consent ceiling"), choices=Consent, default=Consent.CREDITED, editable=False
    )

    objects = ParticipantQuerySet.as_manager()

    consent_given = NOT_SAID
    """How their level of consent was given, for the record that saving them makes."""
    stored_consent = None
    """The level as the database had it when this row was read."""
    consent_is_renewed = False
    """Whether saving makes a record though the level stays: it was given anew."""

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(consent__lte=F("consent_ceiling")), name="participant_consent_stays_lowered"
            )
        ]

    def __str__(self):
        return self.code

    @classmethod
    def from_db(cls, db, field_names, values):
        participant = super().from_db(db, field_names, values)
        participant.stored_consent = participant.__dict__.get("consent")
        return participant

    def save(self, *args, **kwargs):
        with transaction.atomic():
            super().save(*args, **kwargs)
            if self.consent_is_renewed or self.consent != self.stored_consent:
                record_levels([self], are_new=self.stored_consent is None)
                self.stored_consent = self.consent
            self.stories.all().recompute_effective_consent()

    def clean(self):
        if self.consent > self.consent_ceiling:
            sentence = gettext("This person lowered their consent to “%(level)s”; it cannot be raised again here.")
            raise ValidationError({"consent": sentence % {"level": Consent(self.consent_ceiling).word}})


class IdentityQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of people who were in a workshop that this person facilitated. No role opens the others."""
        own = Workshop.objects.facilitated_by(user).values("pk")
        people = Participant.objects.not_about_to_go().filter(workshops__in=own)
        return self.filter(participant__in=people.values("pk"))


class Identity(models.Model):
    """A participant's name and contact, kept apart: for the facilitators of their workshops alone."""

    participant = models.OneToOneField(
        Participant, models.CASCADE, primary_key=True, related_name="identity", verbose_name=_("participant")
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    contact = models.CharField(_("contact"), max_length=200, blank=True)
    entered_on = models.DateField(_("entered on"), default=timezone.localdate, editable=False)

    objects = IdentityQuerySet.as_manager()

    class Meta:
        verbose_name = _("name and contact")
        verbose_name_plural = _("names and contacts")

    def __str__(self):
        return gettext("Name and contact of %(participant)s") % {"participant": self.participant}


class SlipQuerySet(models.QuerySet):
    def with_code(self, code):
        return self.filter(fingerprint__in=code_hashes(code))


class Slip(models.Model):
    """The slip of paper that a participant took home: whoever types its code speaks for them.

    The code itself is on the slip alone, so nobody at the desk and no file can give it away. What needs more than a piece
    of paper that may be lost asks for the word that its holder chose.
    """

    participant = models.OneToOneField(
        Participant, models.CASCADE, primary_key=True, related_name="slip", verbose_name=_("participant")
    )
    fingerprint = models.CharField(_("fingerprint"), max_length=64, unique=True)
    # Nothing on slips from before this was kept.
    issued_at = models.DateTimeField(_("issued at"), null=True, blank=True, default=timezone.now)
    # As Django's password hashers keep it, with the parameters of the day.
    word = models.CharField(_("word"), max_length=128, blank=True)
    word_chosen_at = models.DateTimeField(_("word chosen at"), null=True, blank=True)

    objects = SlipQuerySet.as_manager()

    class Meta:
        verbose_name = _("slip")
        verbose_name_plural = _("slips")
        constraints = [
            models.CheckConstraint(
                condition=Q(word="", word_chosen_at__isnull=True) | (~Q(word="") & Q(word_chosen_at__isnull=False)),
                name="slip_word_is_chosen_at_a_time",
            ),
        ]

    def __str__(self):
        return gettext("Slip of %(participant)s") % {"participant": self.participant_id}


ERASURE_DELAY = datetime.timedelta(days=1)
"""How long an erasure that was asked for without a word can be called back."""


def end_of_delay():
    return timezone.now() + ERASURE_DELAY


class ErasureRequestQuerySet(models.QuerySet):
    def due(self):
        return self.filter(due_at__lte=timezone.now())

    def about_to_go(self):
        """The primary keys of everybody who asked, as a subquery."""
        return self.order_by().values("participant")

    def visible_to(self, user):
        """To nobody at the desk: whoever asked is hidden there."""
        return self.none()


class ErasureRequest(models.Model):
    """Somebody asked, with a slip that has no word of its own, that all they gave be erased.

    Until it is due nobody sees them, what they told or how they voted, and whoever holds the slip can call it back.
    """

    participant = models.OneToOneField(
        Participant, models.CASCADE, primary_key=True, related_name="erasure_request", verbose_name=_("participant")
    )
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    due_at = DeadlineField(_("due at"), default=end_of_delay)
    reference = models.CharField(_("reference"), max_length=20, unique=True)
    # What calling it back puts where it was: keys of stories, and what other apps need.
    remembered = models.JSONField(_("remembered"), default=dict)

    objects = ErasureRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("erasure asked for")
        verbose_name_plural = _("erasures asked for")
        ordering = ["due_at"]
        constraints = [
            models.CheckConstraint(condition=Q(due_at__gt=F("asked_at")), name="erasure_can_be_called_back"),
        ]

    def __str__(self):
        return gettext("Erasure %(reference)s") % {"reference": self.reference}
