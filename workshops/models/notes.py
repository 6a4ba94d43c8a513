from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops.choices import Choice
from workshops.fields import LinesField, PlainTextField
from workshops.models.programmes import Workshop
from workshops.models.vocabulary import Place, ServiceArea, Theme
from workshops.models.votes import Practice
from workshops.tags import check_tags


class NoteQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Notes stay with those who ran the workshop."""
        return self.filter(workshop__in=Workshop.objects.facilitated_by(user).values("pk"))

    def unsorted(self):
        """Those of which no practice was made."""
        return self.filter(practice=None)


class Note(models.Model):
    """One entry of a workshop's notes: what somebody said there, and how many in the room agreed. Never published.

    A note that becomes a story is deleted, for the words of a story are kept once. A note that becomes a practice
    stays beside it: what the room would do with the practice is what the notes say, and nobody's vote.
    """

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="entries", verbose_name=_("workshop"))
    text = PlainTextField(_("text"))
    choice = models.CharField(
        _("choice"),
        max_length=10,
        choices=Choice,
        blank=True,
        help_text=_("Under which heading it stood. It counts as no vote."),
    )
    agreements = models.PositiveIntegerField(
        _("agreements"), default=0, help_text=_("How many others in the room agreed (+1).")
    )
    in_confidence = models.BooleanField(
        _("said in confidence"),
        default=False,
        help_text=_("It stays marked, also where a story is made of it. No practice is made of it."),
    )
    service_area = models.ForeignKey(
        ServiceArea, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("service area")
    )
    place = models.ForeignKey(Place, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("place"))
    themes = models.ManyToManyField(Theme, blank=True, related_name="+", verbose_name=_("themes"))
    tags = LinesField(_("tags"), help_text=_("One a line. They become tags when the note becomes a story."))
    practice = models.ForeignKey(
        Practice,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="notes",
        verbose_name=_("practice"),
    )
    entered_on = models.DateField(_("entered on"), default=timezone.localdate, editable=False)

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(choice__in=["", *Choice.values]), name="note_choice_is_one_of_four"),
            models.CheckConstraint(condition=~Q(text=""), name="note_has_a_text"),
            models.CheckConstraint(
                condition=Q(in_confidence=False) | Q(practice__isnull=True), name="note_in_confidence_is_no_practice"
            ),
        ]

    def __str__(self):
        """Without its words, which the desk's log would keep after the note is deleted."""
        return gettext("Note %(number)s") % {"number": self.pk}

    def clean(self):
        errors = {}
        try:
            check_tags(self.tags)
        except ValidationError as refusal:
            errors["tags"] = refusal.messages
        if self.in_confidence and self.practice_id:
            errors["in_confidence"] = gettext(
                "A practice was made of it, which editors see. Have that practice deleted first, then mark the note."
            )
        if errors:
            raise ValidationError(errors)
