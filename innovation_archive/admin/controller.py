"""The facts and periods behind /privacy/, set by an administrator. There is one row, so its list is its page."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.forms import Textarea
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from innovation_archive.models import Controller
from innovation_archive.privacy.facts import missing_facts
from innovation_archive.privacy.periods import PERIODS
from workshops.admin.base.model_admin import ArchiveModelAdmin
from workshops.fields import PlainTextField


@admin.register(Controller)
class ControllerAdmin(ArchiveModelAdmin):
    fieldsets = [
        (_("Who answers"), {"fields": ["publisher", "email", "post", "telephone", "officer_name", "officer_contact"]}),
        (_("On which basis"), {"fields": ["lawful_basis", "special_condition"]}),
        (_("Who else gets it, and where it is"), {"fields": ["recipients", "hosting"]}),
        (_("How long it is kept"), {"fields": [period.column for period in PERIODS]}),
    ]

    formfield_overrides = {PlainTextField: {"widget": Textarea(attrs={"rows": 4})}}

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if Controller.objects.exists():
            return redirect("admin:innovation_archive_controller_change", Controller.THE_ONE)
        return redirect("admin:innovation_archive_controller_add")

    def add_view(self, request, form_url="", extra_context=None):
        """Asked here and not by `has_add_permission`, which every page of the desk calls for its menu."""
        if self.has_add_permission(request) and Controller.objects.exists():
            return redirect("admin:innovation_archive_controller_change", Controller.THE_ONE)
        return super().add_view(request, form_url, extra_context)

    def has_delete_permission(self, request, obj=None):
        return False

    def view_on_site(self, obj):
        return None

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context["missing"] = missing_facts(obj or Controller())
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)
