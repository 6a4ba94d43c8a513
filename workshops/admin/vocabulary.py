"""The terms that stories are sorted by: service areas, themes and places."""

import taggit.admin  # noqa: F401 - it registers taggit's own tags, which nothing here uses
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag as UnusedTag

from workshops.admin.base.model_admin import ArchiveModelAdmin
from workshops.models import Place, ServiceArea, Theme

admin.site.unregister(UnusedTag)


@admin.register(ServiceArea, Theme)
class TermAdmin(ArchiveModelAdmin):
    fields = ["name", "slug", "aliases"]
    prepopulated_fields = {"slug": ["name"]}
    list_display = ["name", "slug"]
    when_empty = _("None yet. Add them before the first workshop, or import them as a file; all programmes share them.")
    search_fields = ["name", "slug", "aliases"]


@admin.register(Place)
class PlaceAdmin(ArchiveModelAdmin):
    fields = ["name", "code", "aliases"]
    list_display = ["name", "code"]
    when_empty = _("No place yet. Add each with its official code, or import them as a file.")
    search_fields = ["name", "code", "aliases"]
