from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workshops.history import current_user


class VersionedModel(models.Model):
    """A row that two people may have open at once. The second to save is told so, because their form has an earlier
    version, and told who saved last."""

    version = models.PositiveIntegerField(_("version"), default=0, editable=False)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("saved by"),
    )
    saved_at = models.DateTimeField(_("saved at"), null=True, blank=True, editable=False)

    VERSION_FIELDS = ("version", "saved_by", "saved_at")

    class Meta:
        abstract = True

    def save(self, *args, update_fields=None, **kwargs):
        counted = self.count_save()
        super().save(*args, update_fields=update_fields and {*update_fields, *counted}, **kwargs)

    def count_save(self):
        """Make this the next version. Returns the names of the fields that must be written."""
        self.version += 1
        self.saved_by, self.saved_at = current_user(), timezone.now()
        return {*self.VERSION_FIELDS}

    @classmethod
    def next_version(cls):
        """What `count_save` does, for `QuerySet.update`, which calls no `save`."""
        return {"version": F("version") + 1, "saved_by": current_user(), "saved_at": timezone.now()}

    def last_save(self):
        """Who saved it last and when, as far as that is known."""
        return self.saved_by, self.saved_at
