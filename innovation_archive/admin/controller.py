"""The facts and periods behind /privacy/, set by an administrator. There is one row, so its list is its page."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms import Textarea
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from innovation_archive.models import Controller
from innovation_archive.privacy.ended import count_ended
from innovation_archive.privacy.facts import missing_facts
from innovation_archive.privacy.periods import PERIODS
from workshops.admin.base.model_admin import ArchiveModelAdmin
from workshops.fields import PlainTextField


def what_goes_soon(period, count):
    """What an administrator is told who has just set a period that is over for something: there is an hour to think."""
    sentence = ngettext(
        "“%(covers)s”: within the hour, %(count)s entry is deleted, whose period is over. To keep it, set a longer one now.",
        "“%(covers)s”: within the hour, %(count)s entries are deleted, whose period is over. To keep them, set a longer one "
        "now.",
        count,
    )
    return sentence % {"covers": period.covers, "count": count}


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

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        for period in PERIODS:
            if period.column in form.changed_data and (count := count_ended(period, obj)):
                self.message_user(request, what_goes_soon(period, count), messages.WARNING)

    def has_delete_permission(self, request, obj=None):
        return False

    def view_on_site(self, obj):
        return None

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context["missing"] = missing_facts(obj or Controller())
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)
