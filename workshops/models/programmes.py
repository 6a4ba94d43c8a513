from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops import search
from workshops.fields import LineField, PlainTextField
from workshops.models.addresses import AddressedModel
from workshops.models.shared import SharedQuerySet
from workshops.models.vocabulary import Place, RefField, ServiceArea
from workshops.roles import Reach, edited_by, read_by


class Programme(AddressedModel):
    """One learning programme: a question, asked in phases of workshops, and what came of it."""

    DISCLOSURE = _("Illustrative sample: people, stories and votes are invented.")

    slug = RefField(_("slug"))
    title = LineField(_("title"), max_length=200)
    summary = PlainTextField(_("summary"), blank=True)
    started = models.DateField(_("started"), null=True, blank=True)
    ended = models.DateField(_("ended"), null=True, blank=True)
    illustrative = models.BooleanField(
        _("illustrative"),
        default=False,
        help_text=_("Its people, stories and votes are invented. Every page and file then says so."),
    )

    objects = SharedQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["started", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(started__isnull=True) | Q(ended__isnull=True) | Q(ended__gte=F("started")),
                name="programme_ends_after_it_starts",
            )
        ]

    def __str__(self):
        return self.title

    def clean(self):
        if self.started and self.ended and self.ended < self.started:
            sentence = gettext("It ends on %(ended)s, before it starts on %(started)s. Swap or mend the dates.")
            raise ValidationError({"ended": sentence % {"ended": self.ended, "started": self.started}})

    def get_absolute_url(self):
        return reverse("programme", args=[self.slug])

    @property
    def disclosure(self):
        """The sentence on every page and file of an invented programme; empty for a real one."""
        return str(self.DISCLOSURE) if self.illustrative else ""


class Phase(models.Model):
    """A numbered step of a programme, with the question that guided its workshops."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="phases", verbose_name=_("programme"))
    number = models.PositiveSmallIntegerField(_("number"))
    question = LineField(_("question"), max_length=500)

    objects = SharedQuerySet.as_manager()

    class Meta:
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        ordering = ["programme", "number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="phase_number_once_a_programme"),
            models.CheckConstraint(condition=Q(number__gte=1), name="phases_count_from_one"),
        ]

    def __str__(self):
        names = {"programme": self.programme, "number": self.number}
        return gettext("%(programme)s, phase %(number)s") % names

    def clean(self):
        if self.number == 0:
            raise ValidationError({"number": gettext("Phases count from 1.")})


class WorkshopQuerySet(models.QuerySet):
    def facilitated_by(self, user):
        return self.filter(facilitators=user) if user.is_authenticated else self.none()

    def of_programmes(self, reach: Reach):
        return reach.narrow(self, "phase__programme")

    def manageable_by(self, user):
        """Those that a person finds at the desk: facilitators their own, editors and analysts those of their programmes."""
        reach = read_by(user)
        if reach.is_everything:
            return self
        if not reach:
            return self.facilitated_by(user)
        own = self.model.objects.facilitated_by(user)
        return self.filter(Q(pk__in=own.values("pk")) | reach.rows("phase__programme"))

    def managed_with_people(self, user):
        """Those of whose people a person knows all: facilitators of their own, editors of those of their programmes. Analysts
        know of the others only who may be in their files."""
        own = self.model.objects.facilitated_by(user)
        return self.filter(Q(pk__in=own.values("pk")) | edited_by(user).rows("phase__programme"))

    def for_page(self):
        """With all that a row of a list shows, in a fixed number of queries."""
        return self.select_related("phase__programme").prefetch_related("service_areas", "places")

    # Its stories are counted under its phase.

    @transaction.atomic(savepoint=False)
    def update(self, **changed):
        pks = list(self.values_list("pk", flat=True)) if {"phase", "phase_id"} & set(changed) else []
        count = super().update(**changed)
        index_stories_of(pks)
        return count


def in_workshops_of(reach: Reach, path="workshop") -> Q:
    """The condition that a row belongs, by the workshop at this path, to programmes within reach."""
    if reach.is_everything or not reach:
        return reach.rows("pk")
    return Q(**{f"{path}__in": Workshop.objects.of_programmes(reach).values("pk")})


def index_stories_of(workshops):
    """Count the stories of these workshops, by primary key, under the phase to which the workshops now belong."""
    if workshops := list(workshops):
        stories = Workshop._meta.get_field("stories").related_model.objects.filter(workshop__in=workshops)
        search.index_values(stories.values_list("pk", flat=True))


class Workshop(AddressedModel):
    """One session of a phase: when, in which form, for which services and places, and who ran it.

    That it took place is public; its notes and its facilitators are not.
    """

    slug = RefField(_("slug"))
    title = LineField(_("title"), max_length=200)
    phase = models.ForeignKey(Phase, models.PROTECT, related_name="workshops", verbose_name=_("phase"))
    held_on = models.DateField(_("held on"), null=True, blank=True)
    format = LineField(_("format"), max_length=200, blank=True, help_text=_("Online, in person, hybrid …"))
    service_areas = models.ManyToManyField(
        ServiceArea, blank=True, related_name="workshops", verbose_name=_("service areas")
    )
    places = models.ManyToManyField(Place, blank=True, related_name="workshops", verbose_name=_("places"))
    facilitators = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="workshops",
        verbose_name=_("facilitators"),
        help_text=_("They alone see this workshop's notes, drafts and what was told to facilitators only."),
    )
    notes = PlainTextField(_("notes"), blank=True, help_text=_("As they were taken. Never published."))
    # When the notes were written last: how long they are kept begins no earlier.
    notes_on = models.DateField(_("day of the notes"), default=timezone.localdate, editable=False)

    objects = WorkshopQuerySet.as_manager()

    stored_notes = None
    """The notes as the database had them when this row was read; None if it was not."""

    class Meta:
        verbose_name = _("workshop")
        verbose_name_plural = _("workshops")
        ordering = ["held_on", "slug"]

    def __str__(self):
        return self.title

    @classmethod
    def from_db(cls, db, field_names, values):
        workshop = super().from_db(db, field_names, values)
        workshop.stored_notes = workshop.__dict__.get("notes")
        return workshop

    def count_save(self):
        """Note today as the day of its notes, if they were changed. Returns the names of the fields that must be written."""
        if self.stored_notes is None or self.notes == self.stored_notes:
            return set()
        self.notes_on = timezone.localdate()
        return {"notes_on"}

    @transaction.atomic
    def save(self, *args, update_fields=None, **kwargs):
        counted = self.count_save()
        elsewhere = type(self).objects.filter(pk=self.pk).exclude(phase=self.phase_id)
        moves = self.pk is not None and elsewhere.exists()
        super().save(*args, update_fields=update_fields and {*update_fields, *counted}, **kwargs)
        self.stored_notes = self.__dict__.get("notes")
        if moves:
            index_stories_of([self.pk])

    def get_absolute_url(self):
        return reverse("workshop", args=[self.slug])
