import secrets

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workshops.choices import Consent, Forgetting
from workshops.models.stories import Story
from workshops.roles import is_editor
from workshops.slips import LETTERS


def new_reference():
    """Eight letters and digits that can be read aloud. They open nothing."""
    return "".join(secrets.choice(LETTERS) for _ in range(8))


class ForgottenQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Editors answer for what was asked; a line tells nobody whose it is."""
        return self if is_editor(user) else self.none()


class Forgotten(models.Model):
    """A line of the ledger: what must stay forgotten, whatever backup or file brings it back.

    It holds no words and no codes: `subject` is a keyed hash of what it is about. The same lines stand in a file apart
    from the database, see `workshops/consent/ledger.py`.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=Forgetting)
    day = models.DateField(_("day"), default=timezone.localdate)
    subject = models.CharField(_("subject"), max_length=64, help_text=_("A keyed hash."))
    level = models.PositiveSmallIntegerField(
        _("level"), choices=Consent, default=Consent.FACILITATORS, help_text=_("Who may see it at most.")
    )
    reference = models.CharField(
        _("reference"), max_length=20, db_index=True, help_text=_("On the receipt; all lines of one act share it.")
    )

    objects = ForgottenQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of the ledger")
        verbose_name_plural = _("lines of the ledger")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject", "level"], name="forgotten_once"),
            models.CheckConstraint(condition=Q(kind__in=Forgetting.values), name="forgotten_kind_is_known"),
        ]

    def __str__(self):
        return f"{self.kind} {self.reference}"


class RemovedStory(models.Model):
    """A story that more people could read than may now: when that ended, and how far it had reached.

    Files that others downloaded before may still hold it. `/data/removed.csv` lists those that were public.
    """

    story = models.OneToOneField(
        Story, models.CASCADE, primary_key=True, related_name="removal", verbose_name=_("story")
    )
    day = models.DateField(_("day"))
    reach = models.PositiveSmallIntegerField(
        _("reach"), choices=Consent, help_text=_("Team: analysts could download it; public: everyone could.")
    )

    objects = ForgottenQuerySet.as_manager()

    class Meta:
        verbose_name = _("removed story")
        verbose_name_plural = _("removed stories")
        ordering = ["story"]

    def __str__(self):
        return f"{self.story_id}"
