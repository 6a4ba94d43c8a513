from collections.abc import Callable
from functools import reduce
from operator import or_

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops.choices import PassageState
from workshops.fields import LineField
from workshops.models.corrections import Correction
from workshops.models.notes import Note
from workshops.models.programmes import Workshop
from workshops.models.stories import Story
from workshops.models.votes import Practice
from workshops.roles import edited_by, is_editor, is_editor_somewhere


def rows_edited(path):
    """The rows whose relation at this path leads to a programme that a person edits."""
    return lambda model, user: model._base_manager.filter(edited_by(user).rows(path))


edited_rows: dict[str, Callable[[type[models.Model], User], models.QuerySet]] = {
    "workshops.Programme": rows_edited("pk"),
    "workshops.Phase": rows_edited("programme"),
    "workshops.Workshop": rows_edited("phase__programme"),
    "workshops.Story": rows_edited("workshop__phase__programme"),
    "workshops.Correction": rows_edited("story__workshop__phase__programme"),
    "workshops.Practice": lambda model, user: model.objects.edited_by(user),
    "workshops.SpellingCorrection": lambda model, user: model.objects.filter(
        practice__in=Practice.objects.edited_by(user).values("pk")
    ),
}
"""{label of a model: its rows that an editor of some programmes edits}. Of models that are not named they read no passages.
Apps add their own in `AppConfig.ready`."""


def read_by_editors(label, user):
    """The condition that an editor decides on a passage of this model: all do who edit the whole archive."""
    if is_editor(user):
        return Q()
    if label not in edited_rows or not is_editor_somewhere(user):
        return Q(pk__in=[])
    return Q(row__in=edited_rows[label](apps.get_model(label), user).values("pk"))


def read_with_rows_of(model):
    """Passages of rows that an editor sees: of a story that its facilitators keep to themselves they see nothing."""
    label = model._meta.label
    return lambda user: Q(row__in=model.objects.visible_to(user).values("pk")) & read_by_editors(label, user)


readers = {
    "workshops.Note": lambda user: Q(row__in=Note.objects.visible_to(user).values("pk")),
    "workshops.Workshop": lambda user: (
        Q(row__in=Workshop.objects.facilitated_by(user).values("pk"))
        | (~Q(field="notes") & read_by_editors("workshops.Workshop", user))
    ),
    "workshops.Story": read_with_rows_of(Story),
    "workshops.Correction": read_with_rows_of(Correction),
}
"""{label of a model: which of its passages a user may read and decide on}, where these are not all that its editors edit.
Apps add their own in `AppConfig.ready`."""


def read_of_others(user):
    """The same of all other models."""
    if is_editor(user):
        return ~Q(model__in=list(readers))
    labels = edited_rows.keys() - readers.keys()
    return reduce(or_, (Q(model=label) & read_by_editors(label, user) for label in sorted(labels)), Q(pk__in=[]))


class HiddenPassageQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(state=PassageState.HIDDEN)

    def visible_to(self, user):
        """Passages of texts that this person may read: editors, of all but notes in what they edit; those who ran a workshop,
        of its notes."""
        if not user.is_authenticated:
            return self.none()
        of_named = (Q(model=label) & may(user) for label, may in readers.items())
        return self.filter(reduce(or_, of_named, read_of_others(user)))


class HiddenPassage(models.Model):
    """Words that were cut out of an editor's text because somebody who told them withdrew them, or while an editor looks.

    A marker stands where they were. They are kept here until an editor gives them back or keeps them out, then deleted.
    """

    model = models.CharField(_("model"), max_length=100)
    row = models.PositiveBigIntegerField(_("row"), help_text=_("Its primary key."))
    field = models.CharField(_("field"), max_length=100)
    # Of a field of JSON the keys that lead to the text, one a line.
    part = models.CharField(_("part"), max_length=500, blank=True)
    start = models.PositiveIntegerField(_("start"), help_text=_("Where the marker stands, in characters."))
    words = models.TextField(_("words"), blank=True)
    why_hidden = LineField(_("why it was hidden"), max_length=300, blank=True)
    hidden_at = models.DateTimeField(_("hidden at"), default=timezone.now)
    state = models.CharField(_("state"), max_length=10, choices=PassageState, default=PassageState.HIDDEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decided_because = LineField(_("decided because"), max_length=300, blank=True)

    objects = HiddenPassageQuerySet.as_manager()

    class Meta:
        verbose_name = _("hidden passage")
        verbose_name_plural = _("hidden passages")
        ordering = ["hidden_at", "pk"]
        indexes = [models.Index(fields=["model", "row", "field"], name="passages_of_a_row")]
        constraints = [
            models.CheckConstraint(
                condition=(Q(state=PassageState.HIDDEN, decided_at__isnull=True) & ~Q(words=""))
                | (~Q(state=PassageState.HIDDEN) & Q(decided_at__isnull=False, words="")),
                name="passage_keeps_words_until_decided",
            ),
            models.CheckConstraint(condition=Q(state__in=PassageState.values), name="passage_state_is_known"),
        ]

    def __str__(self):
        return gettext("Passage %(number)s") % {"number": self.pk}

    @property
    def is_waiting(self):
        return self.state == PassageState.HIDDEN

    @property
    def is_given_back(self):
        return self.state == PassageState.GIVEN_BACK

    @property
    def in_row(self):
        """The row it was cut from; None if that is gone."""
        return apps.get_model(self.model)._base_manager.filter(pk=self.row).first()


class HiddenShingle(models.Model):
    """A keyed hash of a few words in a row of a hidden passage, by which a text that brings them back is known."""

    passage = models.ForeignKey(
        HiddenPassage, models.CASCADE, related_name="shingles", verbose_name=_("hidden passage")
    )
    digest = models.BigIntegerField(_("digest"), db_index=True)

    class Meta:
        verbose_name = _("shingle of a hidden passage")
        verbose_name_plural = _("shingles of hidden passages")

    def __str__(self):
        return f"{self.passage_id}"
