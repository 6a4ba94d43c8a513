"""What was published, version by version; nobody changes it."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from insights.models import Publication, PublishedEvidence
from workshops.admin.base.model_admin import ArchiveModelAdmin, ReadOnlyMixin


class PublishedEvidenceInline(ReadOnlyMixin, admin.TabularInline):
    model = PublishedEvidence
    fields = ["order", "role", "story_ref", "practice_ref", "excerpt"]
    verbose_name_plural = _("published evidence")


@admin.register(Publication)
class PublicationAdmin(ReadOnlyMixin, ArchiveModelAdmin):
    fields = ["insight", "version", "published_on", "published_by", "is_imported", "hash", "go_on"]
    readonly_fields = ["go_on"]
    inlines = [PublishedEvidenceInline]
    list_display = ["insight", "version", "published_on", "published_by", "go_on"]
    list_select_related = ["insight", "published_by"]

    @admin.display(description=_("go on from it"))
    def go_on(self, version):
        address = reverse("admin:insights_insight_restore", args=[version.insight_id, version.version])
        words = gettext("Make version %(number)s the working copy") % {"number": version.version}
        return format_html('<a href="{}">{}</a>', address, words)
