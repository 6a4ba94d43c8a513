"""Which person of an organisation's directory an account belongs to."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class DirectoryLinkQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own; the desk shows nobody another's."""
        return self.filter(user=user) if user.is_authenticated else self.none()


class DirectoryLink(models.Model):
    """A person as their organisation's directory knows them, once they signed in by it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="directory_links", verbose_name=_("account")
    )
    # What the directory calls itself and the person. An address of e-mail may pass to somebody else; this never does.
    issuer = models.CharField(_("directory"), max_length=500)
    subject = models.CharField(_("person in the directory"), max_length=255)
    linked_at = models.DateTimeField(_("linked at"), default=timezone.now)

    objects = DirectoryLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link to a directory")
        verbose_name_plural = _("links to a directory")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="directory_person_has_one_account"),
            models.UniqueConstraint(fields=["user", "issuer"], name="account_is_one_directory_person"),
        ]

    def __str__(self):
        return f"{self.user} – {self.issuer}"
