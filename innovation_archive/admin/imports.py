"""Importing files at the desk: upload, preview, confirm or cancel; and the list of imports, with undo."""

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
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from innovation_archive.datasets import KINDS
from innovation_archive.datasets.context_answers import CONTEXT
from innovation_archive.datasets.reports import count_rows
from innovation_archive.exchange import undo, uploads
from innovation_archive.exchange.blank_templates import template_for
from innovation_archive.exchange.exports import csv_line
from innovation_archive.exchange.forms import PreviewForm, UploadForm
from innovation_archive.exchange.reading import FileProblemError
from innovation_archive.models import Import, ImportState, LineOutcome
from workshops.admin.base.model_admin import ArchiveModelAdmin
from workshops.admin.judgements.ticks import ALL_MAY_STAND, MAY_STAND
from workshops.personal_data import Mark
from workshops.roles import is_editor_somewhere

MAX_FORM_SIZE = 100_000  # of what a browser sends around the file
LINES_PER_PAGE = 50
MAX_PASSAGES_SHOWN = 200
ALL_UNTOLD = "all_untold"


class InMemory(MemoryFileUploadHandler):
    """Keeps every upload in memory: a killed worker would leave a temporary file behind. The view limits its size."""

    def handle_raw_input(self, *args, **kwargs):
        self.activated = True


@admin.register(Import)
class ImportAdmin(ArchiveModelAdmin):
    list_display = ["file_name", "kind_name", "workshop", "user", "uploaded_at", "state", "rows"]
    list_select_related = ["workshop", "user"]
    search_fields = ["file_name"]
    when_empty = gettext_lazy(
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

    @admin.display(description=gettext_lazy("kind"), ordering="kind")
    def kind_name(self, record):
        return KINDS[record.kind].called

    @admin.display(description=gettext_lazy("rows"))
    def rows(self, record):
        if not record.is_waiting:
            return count_rows(record.added, record.changed, record.unchanged)
        if record.refused:
            return ngettext("%(count)s refused", "%(count)s refused", record.refused) % {"count": record.refused}
        return ngettext("%(count)s to import", "%(count)s to import", record.writes) % {"count": record.writes}

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

    # Uploading.

    @method_decorator(csrf_exempt)
    def bounded_add_view(self, request):
        """Refuse a request that is too big before its body is read.

        It is exempt from CSRF protection because looking for the token would read the body. `admin_view` looks for it
        once the size has been checked.
        """
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > uploads.MAX_FILE_SIZE + MAX_FORM_SIZE:
            return self.too_big_view(request)
        request.upload_handlers = [InMemory(request)]
        return self.admin_site.admin_view(self.add_view)(request)

    def too_big_view(self, request):
        """This does not go through `admin_view`, which would read the form to keep what was typed."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        if not self.has_add_permission(request):
            raise PermissionDenied
        size = int(request.META["CONTENT_LENGTH"]) // 1_000_000
        context = self.context(request, _("The file is too big"), size=size)
        return TemplateResponse(request, "admin/innovation_archive/import/too_big.html", context, status=413)

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        workshop = uploads.workshops_for(request.user).filter(slug=request.GET.get("workshop", "")).first()
        initial = {"workshop": workshop}
        if typed_before := getattr(request, "typed_before", None):  # before they had to sign in again
            initial = typed_before.dict()
            self.message_user(request, _("You were signed out. Choose the file again."), messages.WARNING)
        form = UploadForm(request.user, request.POST or None, request.FILES or None, initial=initial)
        if form.is_valid():
            return redirect(change_page(form.save()))
        context = self.context(
            request,
            _("Import a file"),
            form=form,
            errors=form.errors,
            adminform=AdminForm(form, [(None, {"fields": list(form.fields)})], {}),
            workshop=workshop,
            templates=[template_for(kind, request.user, workshop) for kind in uploads.kinds_for(request.user)],
            size_limit=uploads.MAX_FILE_SIZE,
            row_limit=f"{uploads.LIMITS.rows:,}",
            letter_limit=f"{uploads.LIMITS.letters:,}",
        )
        return TemplateResponse(request, "admin/innovation_archive/import/upload.html", context)

    def into_view(self, request, workshop):
        """Lead from a workshop's page to the form for importing into it."""
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

    # One import: its preview while it waits, afterwards what it did.

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
            context = self.record_context(request, record)
            return TemplateResponse(request, "admin/innovation_archive/import/record.html", context)
        counts = [(outcome, getattr(record, outcome.value)) for outcome in LineOutcome]
        form = PreviewForm(request.GET)
        asked = form.cleaned_data.get("show") if form.is_valid() else ""
        show = asked or (LineOutcome.REFUSED.value if record.refused else "all")
        lines = record.lines.all() if show == "all" else record.lines.filter(outcome=show)
        context = self.context(
            request,
            _("Check before importing: %(file)s") % {"file": record.file_name},
            record=record,
            kind_name=self.kind_name(record),
            upload_address=upload_address(record),
            counts=counts,
            **(asked_of(record) if is_editor_somewhere(request.user) else {}),
            show=show,
            page=Paginator(lines, LINES_PER_PAGE).get_page(form.cleaned_data.get("page") or 1),
        )
        return TemplateResponse(request, "admin/innovation_archive/import/preview.html", context)

    @method_decorator(require_POST)
    def confirm_view(self, request, pk):
        record = self.own_record(request, pk)
        try:
            done = uploads.apply(record, request.user, request.POST.get("digest", ""), ticked_tokens(request, record))
        except FileProblemError as problem:
            self.message_user(request, str(problem), messages.ERROR)
            return redirect(change_page(record))
        record = self.own_record(request, pk)
        if done:
            self.log_addition(request, record, _("It was imported."))
        self.message_user(request, *outcome_of_confirming(record, done))
        return redirect(change_page(record))

    @method_decorator(require_POST)
    def cancel_view(self, request, pk):
        record = self.own_record(request, pk)
        if not uploads.cancel(record):
            self.message_user(request, _("It was imported already, so it cannot be cancelled."), messages.ERROR)
            return redirect(change_page(record))
        said = _("“%(file)s” is forgotten. Nothing was imported.") % {"file": record}
        self.message_user(request, said, messages.SUCCESS)
        return redirect(upload_address(record))

    @method_decorator(require_POST)
    def undo_view(self, request, pk):
        record = self.own_record(request, pk)
        try:
            done = uploads.undo_import(record, request.user)
        except undo.UndoError as refusal:
            record.refresh_from_db()
            context = self.record_context(request, record, reasons=refusal.reasons)
            return TemplateResponse(request, "admin/innovation_archive/import/record.html", context, status=409)
        if done:
            self.log_change(request, record, _("It was undone."))
            said = _("“%(file)s” is undone: the archive is as it was before.") % {"file": record}
            self.message_user(request, said, messages.SUCCESS)
        return redirect(change_page(record))

    def own_record(self, request, pk):
        if not self.has_add_permission(request):
            raise PermissionDenied
        return self.record(request, pk)

    def record_context(self, request, record, **context):
        counts = count_rows(record.added, record.changed, record.unchanged, record.kept)
        shown = {"record": record, "kind_name": self.kind_name(record), "counts": counts}
        return self.context(request, record.file_name, **shown, **context)

    def context(self, request, title, **context):
        megabytes = uploads.MAX_FILE_SIZE // 1_000_000
        shared = {"title": title, "opts": self.opts, "State": ImportState, "megabytes": megabytes}
        return self.admin_site.each_context(request) | shared | context


def asked_of(record):
    """What nobody has judged in a waiting file, for its preview: passages, and stories whose context is asked about."""
    asked = list(uploads.unjudged_passages(record).values())
    return {
        "unjudged": first_asked([each for each in asked if each[2] != CONTEXT]),
        "unanswered": first_asked([each for each in asked if each[2] == CONTEXT]),
    }


def first_asked(asked):
    """The first of what is asked, and how much there is."""
    shown = [
        {"token": token, "text": text, "mark": "" if mark == CONTEXT else Mark(mark).label, "sentence": sentence}
        for token, text, mark, sentence in asked[:MAX_PASSAGES_SHOWN]
    ]
    return {"shown": shown, "count": len(asked), "more": len(asked) - len(shown)}


def ticked_tokens(request, record):
    """What the form says may stand, and of which stories nobody could tell whose they are: each by itself, or all that were
    listed."""
    asked = uploads.unjudged_passages(record).items()
    listed = [token for token, each in asked if (ALL_UNTOLD if each[2] == CONTEXT else ALL_MAY_STAND) in request.POST]
    return frozenset([*listed, *request.POST.getlist(MAY_STAND)])


def outcome_of_confirming(record, done):
    """The message about an import that somebody confirmed, and its level."""
    if done:
        said = _("“%(file)s” was imported: %(added)s added, %(changed)s changed.")
        counts = {"file": record.file_name, "added": record.added, "changed": record.changed}
        return said % counts, messages.SUCCESS
    if record.refused:
        said = _("Nothing was imported: some of its lines are refused. Mend them in the file, and send it again.")
        return said, messages.ERROR
    if record.is_waiting:
        said = _("Nothing was imported: the archive has changed since you looked. This is what the file would do now.")
        return said, messages.WARNING
    return _("It was imported already. Nothing was imported twice."), messages.INFO


def upload_address(record):
    """The form for another file into the same workshop."""
    query = {"workshop": record.workshop.slug} if record.workshop else None
    return reverse("admin:innovation_archive_import_add", query=query)


def change_page(record):
    return reverse("admin:innovation_archive_import_change", args=[record.pk])
