from django.contrib.auth.models import User
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from insights.choices import Role
from insights.models.insights import Insight
from workshops.roles import edited_by


class PublicationQuerySet(models.QuerySet):
    def manageable_by(self, user):
        """Those that an editor finds at the desk, with who published them: of their programmes."""
        return edited_by(user).narrow(self, "insight__programme")


class PublishedEvidenceQuerySet(models.QuerySet):
    def manageable_by(self, user):
        return edited_by(user).narrow(self, "publication__insight__programme")


class Publication(models.Model):
    """A numbered version of an insight as it stood when it was published; it never changes.

    `text` holds the claim as {field: value}, `reach` the coverage of its support on that day. `hash` covers both
    and a salted digest of each excerpt, so that a withdrawn excerpt can be deleted and the hash still verifies. Who
    published it, when, and whether an import did, is for editors: older versions do not say it, and no hash covers it.
    """

    insight = models.ForeignKey(Insight, models.CASCADE, related_name="publications", verbose_name=_("insight"))
    version = models.PositiveIntegerField(_("version"))
    published_on = models.DateField(_("published on"))
    text = models.JSONField(_("text"))
    reach = models.JSONField(_("reach"), default=dict)
    hash = models.CharField(_("hash"), max_length=64)
    published_by = models.ForeignKey(
        User, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("published by")
    )
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    is_imported = models.BooleanField(_("imported"), default=False, editable=False)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["insight", "version"]
        constraints = [
            models.UniqueConstraint(fields=["insight", "version"], name="insight_version_once"),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="versions_count_from_one"),
        ]

    def __str__(self):
        return gettext("%(insight)s, version %(number)s") % {"insight": self.insight, "number": self.version}

    def get_absolute_url(self):
        return reverse("version", args=[self.insight.slug, self.version])


class PublishedEvidence(models.Model):
    """One piece of evidence as it was published. A withdrawal empties `excerpt` and `salt`; `digest` stays."""

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="evidence", verbose_name=_("publication"))
    order = models.PositiveIntegerField(_("order"))
    role = models.CharField(_("role"), max_length=20, choices=Role)
    story_ref = models.CharField(_("story ref"), max_length=100, blank=True)
    practice_ref = models.CharField(_("practice ref"), max_length=100, blank=True)
    excerpt = models.TextField(_("excerpt"), blank=True)
    salt = models.CharField(_("salt"), max_length=32, blank=True)
    digest = models.CharField(_("digest"), max_length=64)

    objects = PublishedEvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("published evidence")
        verbose_name_plural = _("published evidence")
        ordering = ["publication", "order", "pk"]

    def __str__(self):
        return f"{self.role} {self.story_ref or self.practice_ref}"
