"""What all pages of the desk share: nobody can find, choose, search or unlink rows that they may not see."""

import re
from functools import partial

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect, RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db.transaction import get_connection
from django.forms import CheckboxSelectMultiple, ModelMultipleChoiceField
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext as _

from workshops.admin.base.form_recovery import FormRecoveryMixin
from workshops.admin.base.history import RowHistory
from workshops.admin.base.paging import LookAheadPaginationMixin
from workshops.admin.base.select_all import MAX_NAMED, confirm_all
from workshops.models.tags import TagsField
from workshops.visibility import visible_in_admin

KEY = re.compile(r"[0-9]{1,18}")
"""A primary key as an address gives it."""
BEYOND_KEYS = re.compile(r"\d{19}")
"""A number larger than any key that a database holds."""


class Chooser(AutocompleteSelect):
    """An autocomplete field for one row. HTML wants an empty first choice in a required select; Django leaves it out."""

    def optgroups(self, name, value, attrs=None):
        groups = super().optgroups(name, value, attrs)
        if self.is_required:
            groups[0][1].insert(0, self.create_option(name, "", "---------", False, 0))
        return groups


class ReadOnlyMixin:
    """For a ModelAdmin or inline that nobody may change, because its rows record what was done."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ArchiveModelAdmin(FormRecoveryMixin, LookAheadPaginationMixin, admin.ModelAdmin):
    """Rows of one model at the desk. Subclasses say whose a row is (`is_own`) and who may change it (`may_write`)."""

    extra_pages = ()
    """Pages beside Django's own, as (route, view, name); the view is a function of this admin, the request and what
    the route captures. Its address is called <app>_<model>_<name>."""
    history_class = RowHistory
    is_held_while_saved = False
    """Whether a row is locked before its form is checked: else two people who save at once would both pass the check."""
    asks_itself = frozenset()
    """Names of actions that say on a page of their own how many rows they change."""

    def get_urls(self):
        prefix = f"{self.opts.app_label}_{self.opts.model_name}"
        pages = [
            path(route, self.admin_site.admin_view(partial(view, self)), name=f"{prefix}_{name}")
            for route, view, name in self.extra_pages
        ]
        return [*pages, *super().get_urls()]

    def get_object(self, request, object_id, from_field=None):
        row = super().get_object(request, object_id, from_field)
        if row and self.is_held_while_saved and request.method == "POST" and get_connection().in_atomic_block:
            self.model._base_manager.select_for_update().get(pk=row.pk)
            row = super().get_object(request, object_id, from_field)
        return row

    def desk_page(self, request, template, title, *, status=None, **context):
        """A page that Django's admin does not have, with the same header and breadcrumbs as its own."""
        context = {**self.admin_site.each_context(request), "title": title, "opts": self.opts, **context}
        return TemplateResponse(request, template, context, status=status)

    def get_actions(self, request):
        """An action on all that match a list asks once more, and then takes the rows it counted."""
        actions = super().get_actions(request)
        return confirm_all(actions, self.asks_itself) if request.POST.get("select_across") == "1" else actions

    def tell_of_each(self, request, sentences, level, in_all=""):
        """Say of each row what became of it; of more than can be named, only the sum `in_all`."""
        for sentence in [in_all] if in_all and len(sentences) > MAX_NAMED else sentences:
            self.message_user(request, sentence, level)

    def render_change_form(self, request, context, *args, **kwargs):
        """Says above a form why it is refused as a whole. Django would first say that there is an error below."""
        context["refusals"] = context["adminform"].form.non_field_errors()
        if context["refusals"]:
            context["errors"] = None
        return super().render_change_form(request, context, *args, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", Chooser(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_field_queryset(self, db, db_field, request):
        """Offers and accepts in forms only the rows that this person may see."""
        queryset = super().get_field_queryset(db, db_field, request)
        if queryset is None:
            queryset = db_field.remote_field.model._default_manager.all()
        return visible_in_admin(queryset, request.user)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """Checkboxes, unless there may be many to choose from: then a subclass names the field for autocomplete."""
        if db_field.name not in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", CheckboxSelectMultiple)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Of Django's four icons beside a related field only “add another” stays: rows are changed on their own page."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
            field.widget.can_change_related = field.widget.can_delete_related = field.widget.can_view_related = False
        return field

    def get_queryset(self, request):
        return visible_in_admin(super().get_queryset(request), request.user)

    def is_own(self, user, obj):
        """Whether a row belongs to a workshop that this person facilitates. A row of no workshop is everyone's."""
        return True

    def may_write(self, user, obj):
        """Whether this person may change this row, provided that their role may change such rows at all."""
        return self.is_own(user, obj) or user.is_superuser

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or self.may_write(request.user, obj))

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or self.may_write(request.user, obj))

    def view_on_site(self, obj):
        return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else None

    def get_prepopulated_fields(self, request, obj=None):
        # People may have kept the address: it does not change with the title.
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def lookup_allowed(self, lookup, value, request=None):
        """Only what a filter offers. Other lookups in an address would let people guess the values of hidden fields."""
        filters = [item[0] if isinstance(item, tuple) else item for item in self.get_list_filter(request)]
        offered = [item.parameter_name if isinstance(item, type) else item for item in filters]
        is_offered = any(lookup == name or lookup.startswith(f"{name}__") for name in offered)
        return is_offered and not BEYOND_KEYS.search(str(value)) and super().lookup_allowed(lookup, value, request)

    def get_changeform_initial_data(self, request):
        """Without keys in the address that no row can have; Django would send them to the database."""
        initial = super().get_changeform_initial_data(request)
        related = [field for field in self.opts.get_fields() if field.many_to_one or field.many_to_many]
        named = {field.name for field in related if not isinstance(field, TagsField)}  # tags go by name, not by key
        return {
            name: value
            for name, value in initial.items()
            if name not in named or all(KEY.fullmatch(key) for key in ([value] if isinstance(value, str) else value))
        }

    def get_deleted_objects(self, objs, request):
        """Names the rows to be deleted, but not those that depend on them: this person may not see all of these."""
        _names, counts, refused, protected = super().get_deleted_objects(objs, request)
        if protected:
            refused, protected = set(), [_("records that use it: %(count)s") % {"count": len(protected)}]
        return [format_html("{}", obj) for obj in objs], counts, refused, protected

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """A row that a person may not see answers 404, like one that does not exist; Django would redirect home."""
        raise Http404

    def history_view(self, request, object_id, extra_context=None):
        """Checks the permission before it looks for the row, as the other pages do, and shows what is remembered."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        response = super().history_view(request, object_id, extra_context)
        if hasattr(self.model, "history") and isinstance(response, TemplateResponse):
            history = self.history_class(self, request, response.context_data["object"])
            response.context_data["entries"] = history.entries()
            response.template_name = "admin/history.html"
        return response

    def save_related(self, request, form, formsets, change):
        """Links to rows that this person may not see are kept: their form could not show them."""
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
