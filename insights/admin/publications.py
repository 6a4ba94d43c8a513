"""What was published, version by version; nobody changes it."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from insights.models import Publication, PublishedEvidence
from workshops.admin.base.model_admin import ArchiveModelAdmin, ReadOnlyMixin


class PublishedEvidenceInline(ReadOnlyMixin, admin.TabularInline):
    model = PublishedEvidence
    fields = ["order", "role", "story_ref", "practice_ref", "excerpt"]
    verbose_name_plural = _("published evidence")


@admin.register(Publication)
class PublicationAdmin(ReadOnlyMixin, ArchiveModelAdmin):
    fields = ["insight", "version", "published_on", "hash"]
    inlines = [PublishedEvidenceInline]
    list_display = ["insight", "version", "published_on"]
    list_select_related = ["insight"]
