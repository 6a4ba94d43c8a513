"""What all pages of the desk share: nobody finds, chooses, searches or unlinks what they may not know of."""

import re

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect, RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.forms import CheckboxSelectMultiple, ModelMultipleChoiceField
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.html import format_html

from workshops.admin.base import form_recovery
from workshops.admin.base.history import HistoryMixin
from workshops.admin.base.paging import LookAheadPaginationMixin
from workshops.admin.base.select_all import ConfirmSelectAllMixin
from workshops.visibility import visible_in_admin

# A primary key as an address gives it, and a number beyond any that a database holds.
KEY = re.compile(r"[0-9]{1,18}")
BEYOND_KEYS = re.compile(r"\d{19}")


class Chooser(AutocompleteSelect):
    """One row, found by its name. HTML asks for an empty choice first where one must choose; Django leaves it out."""

    def optgroups(self, name, value, attrs=None):
        groups = super().optgroups(name, value, attrs)
        if self.is_required:
            groups[0][1].insert(0, self.create_option(name, "", "---------", False, 0))
        return groups


class VisibleChoicesMixin:
    """Offers and accepts only what a person may know of, wherever a form or an inline names another row."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", Chooser(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_field_queryset(self, db, db_field, request):
        queryset = super().get_field_queryset(db, db_field, request)
        if queryset is None:
            queryset = db_field.remote_field.model._default_manager.all()
        return visible_in_admin(queryset, request.user)


class ReadOnlyMixin:
    """Read-only for everyone: it records what was done."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ArchiveModelAdmin(
    form_recovery.FormRecoveryMixin,
    HistoryMixin,
    VisibleChoicesMixin,
    ConfirmSelectAllMixin,
    LookAheadPaginationMixin,
    admin.ModelAdmin,
):
    """Rows of one model at the desk. Subclasses say whose a row is (`is_own`) and who may change it (`may_write`)."""

    def desk_page(self, request, template, title, *, status=None, **context):
        """A page that Django's admin does not have, with the head and the way back that its own have."""
        context = {**self.admin_site.each_context(request), "title": title, "opts": self.opts, **context}
        return TemplateResponse(request, template, context, status=status)

    def render_change_form(self, request, context, *args, **kwargs):
        """Above a form that is refused whole stands why; Django would first say that there is an error below."""
        context["refusals"] = context["adminform"].form.non_field_errors()
        if context["refusals"]:
            context["errors"] = None
        return super().render_change_form(request, context, *args, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """Ticked, where there are few to choose from; where there may be many, the admin names them for autocomplete."""
        if db_field.name not in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", CheckboxSelectMultiple)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """A row named in a form is mended on its own page: of four icons beside a field, “add another” stays."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
            field.widget.can_change_related = field.widget.can_delete_related = field.widget.can_view_related = False
        return field

    def get_queryset(self, request):
        return visible_in_admin(super().get_queryset(request), request.user)

    def is_own(self, user, obj):
        """Whether a row comes from a workshop that this person facilitates. What belongs to no workshop is anyone's."""
        return True

    def may_write(self, user, obj):
        """Whether this row is a person's to change, where their role lets them change such rows at all."""
        return self.is_own(user, obj) or user.is_superuser

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or self.may_write(request.user, obj))

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or self.may_write(request.user, obj))

    def view_on_site(self, obj):
        return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else None

    def get_prepopulated_fields(self, request, obj=None):
        # An address that people may have kept does not follow its title.
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def lookup_allowed(self, lookup, value, request=None):
        """Only what a filter offers: by an address one could otherwise guess at a field that is not shown."""
        filters = [item[0] if isinstance(item, tuple) else item for item in self.get_list_filter(request)]
        offered = [item.parameter_name if isinstance(item, type) else item for item in filters]
        is_offered = any(lookup == name or lookup.startswith(f"{name}__") for name in offered)
        return is_offered and not BEYOND_KEYS.search(str(value)) and super().lookup_allowed(lookup, value, request)

    def get_changeform_initial_data(self, request):
        """Without what no row can be known by, which Django would look up all the same."""
        initial = super().get_changeform_initial_data(request)
        named = {field.name for field in self.opts.get_fields() if field.many_to_one or field.many_to_many}
        return {
            name: value
            for name, value in initial.items()
            if name not in named or all(KEY.fullmatch(key) for key in ([value] if isinstance(value, str) else value))
        }

    def get_deleted_objects(self, objs, request):
        """Names what is to be deleted, but not what hangs on it: that may be more than this person may know of."""
        _, counts, refused, protected = super().get_deleted_objects(objs, request)
        if protected:
            refused, protected = set(), [f"records that use it: {len(protected)}"]
        return [format_html("{}", obj) for obj in objs], counts, refused, protected

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """What a person may not know of answers as what is not there, with 404; Django would send them home."""
        raise Http404

    def history_view(self, request, object_id, extra_context=None):
        """Asks for the right before it looks for the row, as the other pages do."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    def save_related(self, request, form, formsets, change):
        """A link to what a person does not see stays: their form could not show it, so it may not cut it."""
        unseen = self.unseen_links(form) if change else {}
        super().save_related(request, form, formsets, change)
        for name, links in unseen.items():
            getattr(form.instance, name).add(*links)

    def unseen_links(self, form):
        stored = self.model._base_manager.get(pk=form.instance.pk)
        return {
            name: list(getattr(stored, name).exclude(pk__in=field.queryset.values("pk")))
            for name, field in form.fields.items()
            if isinstance(field, ModelMultipleChoiceField)
        }
