from django.contrib import admin

from workshops.stories.gaps import MISSING, missing


class MissingFilter(admin.SimpleListFilter):
    """Stories not yet published that lack something; the desk's home counts the same and leads here."""

    title = "what is missing"
    parameter_name = "missing"

    def lookups(self, request, model_admin):
        return [(key, words) for key, (words, _) in MISSING.items()]

    def queryset(self, request, queryset):
        return queryset.filter(missing(self.value())) if self.value() in MISSING else queryset
