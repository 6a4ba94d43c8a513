from django.contrib import admin

from insights.models import Publication, PublishedEvidence
from workshops.admin.desk import DeskAdmin


class Frozen:
    """Read-only for everyone: it records what was published."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class PublishedEvidenceInline(Frozen, admin.TabularInline):
    model = PublishedEvidence
    fields = ["order", "role", "story_ref", "practice_ref", "excerpt"]


@admin.register(Publication)
class PublicationAdmin(Frozen, DeskAdmin):
    fields = ["insight", "version", "published_on", "hash"]
    inlines = [PublishedEvidenceInline]
    list_display = ["insight", "version", "published_on"]
    list_select_related = ["insight"]
