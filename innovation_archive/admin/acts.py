"""The log of what administrators do to accounts, passwords and roles. It is read-only."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from innovation_archive.models import AdministrativeAct
from workshops.admin.base.model_admin import ArchiveModelAdmin, ReadOnlyMixin


@admin.register(AdministrativeAct)
class AdministrativeActAdmin(ReadOnlyMixin, ArchiveModelAdmin):
    fields = list_display = ["sentence", "done_at"]
    readonly_fields = ["sentence"]
    list_select_related = ["by", "about"]
    list_filter = ["kind", ("by", admin.RelatedOnlyFieldListFilter), ("about", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["by__username", "about__username", "detail", "programme"]
    when_empty = _("No administrator has changed an account, a role or a password yet.")

    @admin.display(description=_("what was done"))
    def sentence(self, act):
        return str(act)
