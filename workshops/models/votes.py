from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from workshops.choices import Choice, Consent, Status
from workshops.fields import PlainTextField
from workshops.keys import pk_subquery
from workshops.models.participants import ErasureRequest, Participant
from workshops.models.programmes import Workshop
from workshops.models.stories import Story, new_ref
from workshops.models.tags import PracticeTag, TagsField
from workshops.models.versioned import VersionedModel
from workshops.models.vocabulary import RefField, ServiceArea, Theme
from workshops.roles import edited_by, is_reader_of_everything


def new_practice_ref():
    return f"P-{new_ref()[:6]}"


class PracticeQuerySet(models.QuerySet):
    def published(self):
        return self.filter(status=Status.PUBLISHED)

    def visible_to(self, user):
        """Published practices, drafts that a person entered, and those that come from workshops which they find at the
        desk: facilitators their own, editors and analysts those of their programmes."""
        if is_reader_of_everything(user):
            return self
        if not user.is_authenticated:
            return self.published()
        own = self.model.objects.for_workshops(Workshop.objects.manageable_by(user))
        return self.filter(Q(status=Status.PUBLISHED) | Q(entered_by=user) | Q(pk__in=own.values("pk")))

    def edited_by(self, user):
        """Those that an editor publishes, rewords and merges: with a role for some programmes, those of no other."""
        reach = edited_by(user)
        if reach.is_everything:
            return self
        if not reach:
            return self.none()
        mine = Workshop.objects.of_programmes(reach)
        others = Workshop.objects.exclude(pk__in=mine.values("pk"))
        known = self.model.objects
        elsewhere = known.for_workshops(others) | known.filter(ballots__workshop__in=others.values("pk"))
        come_from_mine = Q(entered_by=user) | Q(pk__in=known.for_workshops(mine).values("pk"))
        return self.filter(come_from_mine).exclude(pk__in=elsewhere.values("pk"))

    def changeable_by(self, user):
        """Those that they edit, and drafts that they entered or that come from a workshop which they facilitate."""
        edited = self.model.objects.edited_by(user)
        own = self.model.objects.for_workshops(Workshop.objects.facilitated_by(user))
        entered = Q(entered_by=user) | Q(pk__in=own.values("pk"))
        return self.filter(Q(pk__in=edited.values("pk")) | (Q(status=Status.DRAFT) & entered))

    def for_workshops(self, workshops):
        """Practices that were voted on in these workshops, or drawn from their stories or notes."""
        workshops = workshops.values("pk")
        return self.filter(
            Q(pk__in=Vote.objects.filter(workshop__in=workshops).values("practice"))
            | Q(pk__in=Tally.objects.filter(workshop__in=workshops).values("practice"))
            | Q(pk__in=self.model.stories.through.objects.filter(story__workshop__in=workshops).values("practice"))
            | Q(pk__in=self.model.objects.filter(notes__workshop__in=workshops).values("pk"))
        )


class Practice(VersionedModel):
    """A way of working on which people vote, drawn from what they told."""

    KEY = "ref"
    STATUSES = [(status.value, status.label) for status in (Status.DRAFT, Status.PUBLISHED)]

    ref = RefField(_("ref"), default=new_practice_ref)
    statement = PlainTextField(_("statement"), help_text=_("One way of working, in words one can vote on."))
    description = PlainTextField(
        _("description"),
        blank=True,
        help_text=_("What it is and what it takes, in two or three sentences, for readers who were not in the room."),
    )
    service_areas = models.ManyToManyField(
        ServiceArea, blank=True, related_name="practices", verbose_name=_("service areas")
    )
    themes = models.ManyToManyField(Theme, blank=True, related_name="practices", verbose_name=_("themes"))
    tags = TagsField(through=PracticeTag)
    stories = models.ManyToManyField(Story, blank=True, related_name="practices", verbose_name=_("stories"))
    status = models.CharField(_("status"), max_length=20, choices=STATUSES, default=Status.DRAFT)
    is_frozen = models.BooleanField(
        _("is frozen"),
        default=False,
        editable=False,
        help_text=_("Its votes were released: its words stay, but for their spelling."),
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("entered by"),
    )

    objects = PracticeQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=[*VersionedModel.VERSION_FIELDS, "is_frozen"])

    stored_statement = None
    """The statement as the database had it when this row was read."""

    class Meta:
        verbose_name = _("practice")
        verbose_name_plural = _("practices")
        ordering = ["ref"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[Status.DRAFT, Status.PUBLISHED]), name="practice_is_draft_or_published"
            ),
            models.CheckConstraint(condition=~Q(statement=""), name="practice_has_a_statement"),
        ]

    def __str__(self):
        return self.statement.strip()

    @classmethod
    def from_db(cls, db, field_names, values):
        practice = super().from_db(db, field_names, values)
        practice.stored_statement = practice.__dict__.get("statement")
        return practice

    def clean(self):
        if self.is_frozen and self.statement.strip() != self.stored_statement.strip():
            sentence = gettext(
                "The votes on these words were released, so they stay. Propose a corrected spelling on the practice’s page, "
                "or make a new practice if you mean something else."
            )
            raise ValidationError({"statement": sentence})

    def get_absolute_url(self):
        return reverse("practice", args=[self.ref])

    @property
    def spelling_notes(self):
        """What readers are told of corrected spellings, oldest first."""
        return [spelling.note for spelling in self.spellings.all() if spelling.confirmed_on]


class StoryLinkQuerySet(models.QuerySet):
    """Which practice is drawn from which story. However links are written, none leads to what was said in confidence."""

    @transaction.atomic(savepoint=False)
    def bulk_create(self, objs, *args, **kwargs):
        links = list(objs)
        refuse_in_confidence({link.story_id for link in links})
        return super().bulk_create(links, *args, **kwargs)


def refuse_in_confidence(story_ids):
    """Raises a ValidationError if one of these stories was said in confidence; otherwise none is marked so meanwhile."""
    stories = Story.objects.select_for_update(no_key=True).filter(pk__in=pk_subquery(story_ids)).order_by("pk")
    for ref, in_confidence in stories.values_list("ref", "in_confidence"):
        if in_confidence:
            raise ValidationError(no_practice_of(ref))


def no_practice_of(ref):
    """The sentence that refuses to draw a practice from the story with this ref."""
    return gettext("The story “%(ref)s” was said in confidence, so no practice is drawn from it.") % {"ref": ref}


# Django makes the model of these links itself; it is told here to write them by the queryset above.
story_links = Practice.stories.through._meta
story_links.local_managers.clear()
story_links.base_manager_name = "objects"
story_links.model.add_to_class("objects", StoryLinkQuerySet.as_manager())


class CountQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Votes and tallies: to facilitators those of their workshops, to editors and analysts those of their programmes."""
        return self.filter(workshop__in=Workshop.objects.manageable_by(user).values("pk"))


class VoteQuerySet(CountQuerySet):
    def from_closed_ballots(self):
        """Votes without those of an open ballot, whose results nobody sees before it is closed."""
        unsettled = Vote.objects.filter(
            practice__ballots__workshop=F("workshop"),
            practice__ballots__closed_at__isnull=True,
            practice__ballots__expires_at__gt=timezone.now(),
        )
        return self.exclude(pk__in=unsettled.values("pk"))

    def not_from_phones(self):
        """Votes without those that somebody cast on a phone, which are shown to nobody one by one."""
        return self.filter(from_phone=False)

    def open_to_team(self):
        """Votes of people who may be in analysts' files."""
        return self.not_about_to_go().filter(participant__consent__gte=Consent.TEAM)

    def not_about_to_go(self):
        """Without those of people whose erasure can still be called back. Releases count them, as they do afterwards."""
        return self.exclude(participant__in=ErasureRequest.objects.about_to_go())

    def visible_to(self, user):
        """Single votes: to analysts those that are in their files too."""
        seen = super().visible_to(user).from_closed_ballots().not_from_phones().not_about_to_go()
        if edited_by(user).is_everything:
            return seen
        rooms = Workshop.objects.managed_with_people(user).values("pk")
        return seen.filter(Q(workshop__in=rooms) | Q(participant__consent__gte=Consent.TEAM))


class Vote(models.Model):
    """One participant's choice on one practice. A later vote replaces an earlier one."""

    practice = models.ForeignKey(Practice, models.PROTECT, related_name="votes", verbose_name=_("practice"))
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="votes", verbose_name=_("participant"))
    choice = models.CharField(_("choice"), max_length=10, choices=Choice)
    workshop = models.ForeignKey(
        Workshop, models.PROTECT, related_name="votes", verbose_name=_("workshop"), help_text=_("Where it was cast.")
    )
    # It goes with the vote into another archive, where the ballot paper does not follow.
    from_phone = models.BooleanField(
        _("from a phone"), default=False, editable=False, help_text=_("Nobody at the desk sees this vote by itself.")
    )
    entered_on = models.DateField(_("entered on"), default=timezone.localdate, editable=False)

    objects = VoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [
            models.UniqueConstraint(fields=["practice", "participant"], name="one_vote_a_participant_and_practice"),
            models.CheckConstraint(condition=Q(choice__in=Choice.values), name="vote_is_one_of_four_choices"),
        ]

    def __str__(self):
        return gettext("%(choice)s on %(practice)s") % {"choice": self.choice, "practice": self.practice_id}


class Tally(models.Model):
    """Hands that were counted in the room, where no person's own vote was written down."""

    practice = models.ForeignKey(Practice, models.PROTECT, related_name="tallies", verbose_name=_("practice"))
    workshop = models.ForeignKey(Workshop, models.PROTECT, related_name="tallies", verbose_name=_("workshop"))
    service_area = models.ForeignKey(
        ServiceArea, models.PROTECT, related_name="tallies", verbose_name=_("service area")
    )
    keep = models.PositiveIntegerField(_("keep"), default=0)
    amplify = models.PositiveIntegerField(_("amplify"), default=0)
    discard = models.PositiveIntegerField(_("discard"), default=0)
    create = models.PositiveIntegerField(_("create"), default=0)

    objects = CountQuerySet.as_manager()

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "workshop", "service_area"], name="one_tally_a_practice_workshop_and_area"
            ),
            models.CheckConstraint(
                condition=Q(keep__gte=0, amplify__gte=0, discard__gte=0, create__gte=0), name="tally_not_negative"
            ),
        ]

    def __str__(self):
        names = {"practice": self.practice_id, "workshop": self.workshop_id, "area": self.service_area_id}
        return gettext("%(practice)s in %(workshop)s, %(area)s") % names
