from django.contrib import admin

from workshops.choices import StoryGap


class MissingFilter(admin.SimpleListFilter):
    """Stories not yet published that lack something; the desk's home counts the same and leads here."""

    title = "what is missing"
    parameter_name = "missing"

    def lookups(self, request, model_admin):
        return StoryGap.choices

    def queryset(self, request, queryset):
        return queryset.incomplete(self.value()) if self.value() in StoryGap.values else queryset
