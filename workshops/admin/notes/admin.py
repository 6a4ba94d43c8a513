"""Paste notes, look over the entries read from them, save those; and the admin of what stays a note."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import truncatechars
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from workshops.admin.base import form_recovery
from workshops.admin.base.model_admin import ArchiveModelAdmin
from workshops.admin.judgements.ticks import MAY_STAND, judge_ticked
from workshops.admin.notes.entry_fields import Terms
from workshops.admin.notes.entry_forms import BarForm, EntryFormSet
from workshops.admin.notes.entry_rows import HERE_BEGINS_THE_NEXT, mended, row_of
from workshops.admin.notes.paste_forms import NotesForm, ReadingForm
from workshops.choices import Consent
from workshops.judgements.passages import JudgedIn, PassageReader, each_once
from workshops.models import Note, Workshop
from workshops.notes import saving
from workshops.visibility import own_workshops


class PasteNotesMixin:
    """The pages of a workshop where its facilitators paste notes."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/notes/", view(self.notes_view), name="workshops_workshop_notes"),
            path("<int:pk>/notes/preview/", view(self.preview_view), name="workshops_workshop_notes_preview"),
            *super().get_urls(),
        ]

    def own_workshop_or_404(self, request, pk):
        """Notes are for those who ran the workshop; to others the page is not there."""
        workshop = get_object_or_404(Workshop.objects.facilitated_by(request.user), pk=pk)
        if not self.has_change_permission(request, workshop):
            raise PermissionDenied
        return workshop

    def notes_view(self, request, pk):
        """The page with the box for notes, and what was noted so far."""
        workshop = self.own_workshop_or_404(request, pk)
        terms = Terms()
        form = ReadingForm(request.typed_before or (request.POST if request.method == "POST" else None), terms=terms)
        if request.typed_before:
            messages.warning(request, form_recovery.SIGNED_OUT)
        if "read" in request.POST and form.is_valid() and not form.questions:
            rows = [row_of(entry) for entry in form.reading.entries]
            instructions = form.reading.instructions
            return self.preview_page(request, workshop, form, terms, rows=rows, instructions=instructions)
        return self.box_page(request, workshop, form)

    def preview_view(self, request, pk):
        """The entries as they were read and changed so far: each button does one thing and keeps all that was typed."""
        workshop = self.own_workshop_or_404(request, pk)
        sent = request.typed_before or request.POST
        if not sent:
            return redirect("admin:workshops_workshop_notes", pk)
        terms = Terms()
        notes = NotesForm(sent)
        entries = EntryFormSet(sent, terms=terms)
        if not notes.is_valid() or not entries.management_form.is_valid():
            return self.box_page(request, workshop, notes)
        bar = BarForm(sent, terms=terms)
        rows = entries.typed()
        if request.typed_before:
            return self.preview_page(
                request, workshop, notes, terms, rows=rows, bar=bar, problem=form_recovery.SIGNED_OUT
            )
        todo, _colon, number = request.POST.get("do", "").partition(":")
        number = int(number) if number in map(str, range(len(rows))) else None
        if todo == "save" and not bar.says_something():
            return self.save(request, workshop, notes, entries, bar)
        if todo in ("apply", "save"):
            return self.apply(request, workshop, notes, rows, bar)
        if todo == "replace":
            number = replace_in_row(rows, request.POST["do"].removeprefix("replace:"), workshop)
        focus, problem = mended(rows, todo, number)
        focus = number if todo == "replace" else focus
        return self.preview_page(request, workshop, notes, terms, rows=rows, bar=bar, focus=focus, problem=problem)

    def apply(self, request, workshop, notes, rows, bar):
        """Set in all entries what the bar says. Saving with something chosen there shows first what becomes of it."""
        if not bar.is_valid():
            return self.preview_page(request, workshop, notes, bar.terms, rows=rows, bar=bar)
        applied = ""
        if bar.says_something():
            bar.apply(rows)
            applied = applied_sentence(len(rows))
        agreed = BarForm(terms=bar.terms, initial={"agreed": bar.cleaned_data["agreed"]})
        return self.preview_page(request, workshop, notes, bar.terms, rows=rows, bar=agreed, applied=applied)

    def save(self, request, workshop, notes, entries, bar):
        """Save the entries, or show them again with what is wrong."""
        again = "again" in request.POST
        kept = entries.kept() if entries.is_valid() else []
        problem = None
        if entries.is_valid() and not kept:
            problem = gettext("Every entry is dropped, so there is nothing to save.")
        if kept:
            try:
                made = saving.save_pasted(workshop, notes.cleaned_data["text"], kept, request.user, again=again)
            except ValidationError as refusal:
                problem = refusal.message
            else:
                self.judge(request, workshop, kept)
                self.log_change(request, workshop, history_message(made, kept, bar))
                messages.success(request, saved_message(workshop, made), extra_tags="notes-saved")
                return redirect("admin:workshops_workshop_notes", workshop.pk)
        workshop.refresh_from_db()
        return self.preview_page(request, workshop, notes, bar.terms, entries=entries, bar=bar, problem=problem)

    def judge(self, request, workshop, kept):
        """Keep which passages of the saved entries may stand."""
        if request.POST.getlist(MAY_STAND):
            where = JudgedIn(workshops=(workshop.pk,))
            texts = [text for entry in kept for text in (entry["title"], entry["text"])]
            judge_ticked(request, PassageReader().read(texts, where), where)

    def box_page(self, request, workshop, form):
        noted = Note.objects.filter(workshop=workshop).select_related("practice", "service_area", "place")
        return self.notes_page(request, workshop, "notes", gettext("Paste the notes"), {"form": form, "notes": noted})

    def preview_page(
        self, request, workshop, notes, terms, *, rows=None, entries=None, bar=None, focus=None, **context
    ):
        """The preview, of rows that are being changed or of entries that were refused."""
        entries = entries or EntryFormSet(initial=rows, terms=terms)
        look_for_passages(entries, workshop)
        if focus is not None:
            entries.forms[focus].fields["text"].widget.attrs["autofocus"] = True
        context |= {
            "notes": notes,
            "entries": entries,
            "bar": bar or BarForm(terms=terms),
            "pasted_before": saving.was_pasted(workshop, notes.cleaned_data["text"]),
            "again": "again" in request.POST,
            "ticked": request.POST.getlist(MAY_STAND),
            "has_passages": any(entry.passages for entry in entries),
        }
        return self.notes_page(request, workshop, "preview", gettext("Look over the entries"), context)

    def notes_page(self, request, workshop, name, title, context):
        return self.desk_page(
            request,
            f"admin/workshops/notes/{name}.html",
            title,
            subtitle=str(workshop),
            workshop=workshop,
            mark=HERE_BEGINS_THE_NEXT,
            **context,
        )


def look_for_passages(entries, workshop):
    """Give each entry what may tell who somebody is in it. Those who run the workshop know who was there."""
    reader, where = PassageReader(), JudgedIn(workshops=(workshop.pk,))
    for entry in entries:
        texts = [entry["title"].value() or "", entry["text"].value() or ""]
        entry.passages = each_once(reader.read(texts, where))


def replace_in_row(rows, what, workshop):
    """Put a suggestion in place of a passage in a row: `what` is the row's number and the passage's token, as the button
    says. Returns the number of that row, None if there is no such button."""
    number, _colon, token = what.partition(":")
    if number not in map(str, range(len(rows))):
        return None
    row = rows[int(number)]
    for passage in PassageReader().read([row["title"], row["text"]], JudgedIn(workshops=(workshop.pk,))):
        if passage.token == token and passage.suggestion:
            for name in ("title", "text"):
                row[name] = row[name].replace(passage.text, passage.suggestion)
    return int(number)


def applied_sentence(count):
    sentence = ngettext(
        "Set in the %(count)s entry, where it fits. Look it over, then save.",
        "Set in all %(count)s entries, where it fits. Look them over, then save.",
        count,
    )
    return sentence % {"count": count}


def history_message(made, kept, bar):
    """What the history of the workshop says: how much was saved, and who agreed to its consent; never the notes."""
    said = gettext("Saved from pasted notes: %(counts)s.") % {"counts": counts_in_words(made)}
    if bar["agreed"].value() and any(entry["consent"] > Consent.FACILITATORS for entry in kept):
        return f"{said} {gettext('Everyone in this workshop agreed to who may see the stories.')}"
    return said


def saved_message(workshop, made):
    """How much was saved, with a link to the stories if there are any."""
    said = gettext("Saved: %(counts)s.") % {"counts": counts_in_words(made)}
    if not made["stories"]:
        return said
    stories = f"{reverse('admin:workshops_story_changelist')}?workshop__id__exact={workshop.pk}"
    return format_html('{} <a href="{}">{}</a>', said, stories, gettext("Go on with the stories"))


def counts_in_words(made):
    """
    >>> counts_in_words({"stories": 2, "practices": 1, "notes": 0})
    '2 stories, 1 practice, 0 notes'
    """
    stories, practices, notes = made["stories"], made["practices"], made["notes"]
    counts = [
        ngettext("%(count)s story", "%(count)s stories", stories) % {"count": stories},
        ngettext("%(count)s practice", "%(count)s practices", practices) % {"count": practices},
        ngettext("%(count)s note", "%(count)s notes", notes) % {"count": notes},
    ]
    return ", ".join(counts)


@admin.register(Note)
class NoteAdmin(ArchiveModelAdmin):
    fields = [
        "workshop", "text", "in_confidence", "choice", "agreements", "service_area", "place", "themes", "tags", "practice",
    ]  # fmt: skip
    readonly_fields = ["workshop", "practice"]
    list_display = ["words", "confidence", "workshop", "choice", "agreements", "practice"]
    list_filter = ["workshop", "in_confidence", ("practice", admin.EmptyFieldListFilter), "choice"]
    list_select_related = ["workshop", "practice"]
    search_fields = ["text"]
    when_empty = _("No notes yet. Open a workshop of yours and choose “Paste notes”.")

    def is_own(self, user, obj):
        return obj.workshop_id in own_workshops(user)

    def get_readonly_fields(self, request, obj=None):
        """What was said in confidence stays marked so."""
        return [*self.readonly_fields, *(["in_confidence"] if obj and obj.in_confidence else [])]

    def has_add_permission(self, request):
        """No: notes are pasted on the page of a workshop."""
        return False

    def get_urls(self):
        promote = require_POST(self.promote_view)
        return [
            path("<int:pk>/promote/", self.admin_site.admin_view(promote), name="workshops_note_promote"),
            *super().get_urls(),
        ]

    def promote_view(self, request, pk):
        """Make a story of a note, and go on with it. Pressed once more, it leads to the story that was made."""
        note = Note.objects.visible_to(request.user).unsorted().filter(pk=pk).first()
        if note and not (self.has_change_permission(request, note) and request.user.has_perm("workshops.add_story")):
            raise PermissionDenied
        story = note and self.promote(request, note)
        if story is None:
            story = saving.story_made_of(pk, request.user)
            if story is None:
                raise Http404
            messages.info(request, gettext("A story was made of this note already. This is the one."))
        return HttpResponseRedirect(reverse("admin:workshops_story_change", args=[story.pk]))

    @transaction.atomic
    def promote(self, request, note):
        story = saving.promote(note, request.user)
        if story:
            logged = gettext("Made a story of a note: %(ref)s.") % {"ref": story.ref}
            self.log_change(request, story.workshop, logged)
            messages.success(
                request, gettext("The note is a story now, for its facilitators only until you say otherwise.")
            )
        return story

    @admin.display(description=_("confidence"))
    def confidence(self, note):
        return gettext("Said in confidence") if note.in_confidence else ""

    @admin.display(description=_("note"), ordering="text")
    def words(self, note):
        return truncatechars(note.text, 120)
