"""What the list of stories can be narrowed by."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from workshops.choices import StoryGap


class MissingFilter(admin.SimpleListFilter):
    """Stories not yet published that lack something; the desk's home counts the same and links here."""

    title = _("what is missing")
    parameter_name = "missing"

    def lookups(self, request, model_admin):
        return StoryGap.choices

    def queryset(self, request, queryset):
        return queryset.incomplete(self.value()) if self.value() in StoryGap.values else queryset
