"""Importing a file at the desk: upload, preview, confirm or cancel, and the list of what was imported, with undo."""

from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminForm
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from innovation_archive.exchange import undo, uploads
from innovation_archive.exchange.blank_templates import template_for
from innovation_archive.exchange.exports import csv_line
from innovation_archive.exchange.forms import PreviewForm, UploadForm
from innovation_archive.exchange.reading import FileProblem
from innovation_archive.models import Import, ImportState, LineOutcome
from workshops.admin.base.model_admin import ArchiveModelAdmin

FORM_SIZE = 100_000  # what a browser sends around the file
LINES_PER_PAGE = 50


class InMemory(MemoryFileUploadHandler):
    """Keeps an upload out of the temporary folder, where a killed worker would leave it. Its size is known to be bounded."""

    def handle_raw_input(self, *args, **kwargs):
        self.activated = True


@admin.register(Import)
class ImportAdmin(ArchiveModelAdmin):
    list_display = ["file_name", "kind_name", "workshop", "user", "uploaded_at", "state", "rows"]
    list_select_related = ["workshop", "user"]
    search_fields = ["file_name"]
    when_empty = (
        "Nothing was imported yet. “Import a file” brings in a table of participants, stories, practices or votes."
    )

    def get_queryset(self, request):
        return super().get_queryset(request).defer("content", "notices", "made_tags")

    def has_add_permission(self, request):
        return super().has_add_permission(request) and bool(uploads.kinds_for(request.user))

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="kind", ordering="kind")
    def kind_name(self, record):
        return record.kind.replace("_", " ")

    @admin.display(description="rows")
    def rows(self, record):
        if record.is_waiting:
            return f"{record.refused} refused" if record.refused else f"{record.writes} to import"
        return f"{record.added} added, {record.changed} changed, {record.unchanged} unchanged"

    def get_urls(self):
        def named(name):
            return f"innovation_archive_import_{name}"

        view = self.admin_site.admin_view
        return [
            path("add/", self.bounded_add_view, name=named("add")),
            path("into/<int:workshop>/", view(self.into_view), name=named("into")),
            path("template/<slug:kind>.csv", view(self.template_view), name=named("template")),
            path("<int:pk>/confirm/", view(self.confirm_view), name=named("confirm")),
            path("<int:pk>/cancel/", view(self.cancel_view), name=named("cancel")),
            path("<int:pk>/undo/", view(self.undo_view), name=named("undo")),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        Import.objects.forget_old_files()
        return super().changelist_view(request, extra_context)

    # Uploading.

    @method_decorator(csrf_exempt)
    def bounded_add_view(self, request):
        """Turns away what is too big before it is read.

        Exempt here, because to look for the token would be to read; `admin_view` checks it once the size is known.
        """
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > uploads.SIZE_LIMIT + FORM_SIZE:
            return self.too_big_view(request)
        request.upload_handlers = [InMemory(request)]
        return self.admin_site.admin_view(self.add_view)(request)

    def too_big_view(self, request):
        """Past `admin_view`, which would read the form to keep what was typed."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        if not self.has_add_permission(request):
            raise PermissionDenied
        context = self.context(request, "The file is too big", size=int(request.META["CONTENT_LENGTH"]) // 1_000_000)
        return TemplateResponse(request, "admin/innovation_archive/import/too_big.html", context, status=413)

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        Import.objects.forget_old_files()
        workshop = uploads.workshops_for(request.user).filter(slug=request.GET.get("workshop", "")).first()
        initial = {"workshop": workshop}
        if typed_before := getattr(request, "typed_before", None):  # before they had to sign in again
            initial = typed_before.dict()
            self.message_user(request, "You were signed out. Choose the file again.", messages.WARNING)
        form = UploadForm(request.user, request.POST or None, request.FILES or None, initial=initial)
        if form.is_valid():
            return redirect(change_page(form.save()))
        context = self.context(
            request,
            "Import a file",
            form=form,
            errors=form.errors,
            adminform=AdminForm(form, [(None, {"fields": list(form.fields)})], {}),
            workshop=workshop,
            templates=[template_for(kind, request.user, workshop) for kind in uploads.kinds_for(request.user)],
            size_limit=uploads.SIZE_LIMIT,
            row_limit=f"{uploads.LIMITS.rows:,}",
            letter_limit=f"{uploads.LIMITS.letters:,}",
        )
        return TemplateResponse(request, "admin/innovation_archive/import/upload.html", context)

    def into_view(self, request, workshop):
        """The way from a workshop's page."""
        workshop = get_object_or_404(uploads.workshops_for(request.user), pk=workshop)
        return redirect(reverse("admin:innovation_archive_import_add", query={"workshop": workshop.slug}))

    def template_view(self, request, kind):
        if kind not in uploads.kinds_for(request.user):
            raise Http404
        workshop = uploads.workshops_for(request.user).filter(slug=request.GET.get("workshop", "")).first()
        template = template_for(kind, request.user, workshop)
        return HttpResponse(
            csv_line(template.columns) + csv_line(template.row),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{kind}.csv"'},
        )

    # One import: before it is decided its preview, afterwards what came of it.

    def record(self, request, pk):
        record = self.get_queryset(request).filter(pk=pk).first() if str(pk).isdecimal() else None
        if record is None:
            raise Http404
        return record

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        record = self.record(request, object_id)
        if not record.is_waiting:
            context = self.context(request, record.file_name, record=record)
            return TemplateResponse(request, "admin/innovation_archive/import/record.html", context)
        counts = [(outcome, getattr(record, outcome.value)) for outcome in LineOutcome]
        form = PreviewForm(request.GET)
        asked = form.cleaned_data.get("show") if form.is_valid() else ""
        show = asked or (LineOutcome.REFUSED.value if record.refused else "all")
        lines = record.lines.all() if show == "all" else record.lines.filter(outcome=show)
        context = self.context(
            request,
            f"Check before importing: {record.file_name}",
            record=record,
            counts=counts,
            show=show,
            page=Paginator(lines, LINES_PER_PAGE).get_page(form.cleaned_data.get("page") or 1),
        )
        return TemplateResponse(request, "admin/innovation_archive/import/preview.html", context)

    @method_decorator(require_POST)
    def confirm_view(self, request, pk):
        record = self.own_record(request, pk)
        try:
            done = uploads.apply(record, request.user, request.POST.get("digest", ""))
        except FileProblem as problem:
            self.message_user(request, str(problem), messages.ERROR)
            return redirect(change_page(record))
        record.refresh_from_db()
        if done:
            self.log_addition(request, record, "It was imported.")
            said = f"“{record.file_name}” was imported: {record.added} added, {record.changed} changed."
            self.message_user(request, said, messages.SUCCESS)
        elif record.refused:
            said = "Nothing was imported: some of its lines are refused. Mend them in the file, and send it again."
            self.message_user(request, said, messages.ERROR)
        elif record.is_waiting:
            said = "Nothing was imported: the archive has changed since you looked. This is what the file would do now."
            self.message_user(request, said, messages.WARNING)
        else:
            self.message_user(request, "It was imported already. Nothing was imported twice.", messages.INFO)
        return redirect(change_page(record))

    @method_decorator(require_POST)
    def cancel_view(self, request, pk):
        record = self.own_record(request, pk)
        if not record.is_waiting:
            self.message_user(request, "It was imported already, so it cannot be cancelled.", messages.ERROR)
            return redirect(change_page(record))
        query = {"workshop": record.workshop.slug} if record.workshop else None
        record.delete()
        self.message_user(request, f"“{record}” is forgotten. Nothing was imported.", messages.SUCCESS)
        return redirect(reverse("admin:innovation_archive_import_add", query=query))

    @method_decorator(require_POST)
    def undo_view(self, request, pk):
        record = self.own_record(request, pk)
        try:
            done = uploads.undo_import(record, request.user)
        except undo.UndoError as refusal:
            context = self.context(request, record.file_name, record=record, reasons=refusal.reasons)
            return TemplateResponse(request, "admin/innovation_archive/import/record.html", context, status=409)
        if done:
            self.log_change(request, record, "It was undone.")
            self.message_user(request, f"“{record}” is undone: the archive is as it was before.", messages.SUCCESS)
        return redirect(change_page(record))

    def own_record(self, request, pk):
        if not self.has_add_permission(request):
            raise PermissionDenied
        return self.record(request, pk)

    def context(self, request, title, **context):
        shared = {"title": title, "opts": self.opts, "State": ImportState, "megabytes": uploads.SIZE_LIMIT // 1_000_000}
        return self.admin_site.each_context(request) | shared | context


def change_page(record):
    return reverse("admin:innovation_archive_import_change", args=[record.pk])
