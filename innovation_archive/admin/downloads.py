"""The downloads of team-level data at the desk: who took which file, when and what for. They are read-only."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from innovation_archive.models import Download
from workshops.admin.base.model_admin import ArchiveModelAdmin, ReadOnlyMixin


@admin.register(Download)
class DownloadAdmin(ReadOnlyMixin, ArchiveModelAdmin):
    list_display = ["file", "user", "purpose", "downloaded_at", "expires_on"]
    list_select_related = ["user"]
    search_fields = ["file", "purpose", "user__username"]
    when_empty = _("Nobody has downloaded team-level data yet. Analysts and editors do so from the page of all data.")
