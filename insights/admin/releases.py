from django.contrib import admin

from insights.admin.publications import Frozen
from insights.models import Release, ReleasedGroup
from workshops.admin.desk import DeskAdmin


class ReleasedGroupInline(Frozen, admin.TabularInline):
    model = ReleasedGroup


@admin.register(Release)
class ReleaseAdmin(Frozen, DeskAdmin):
    inlines = [ReleasedGroupInline]
    list_display = ["programme", "released_on"]
    list_select_related = ["programme"]
