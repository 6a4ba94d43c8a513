"""The passages beside a form of the desk: what was found in its words, what to put there instead, and what may stand.

Where saving puts words before readers, the form is refused until each passage is judged. What it ticks is kept when it
is saved, so that it goes through in the same step.
"""

import re
from copy import copy

from django.utils.translation import gettext

from workshops.admin.base.form_recovery import refused_once
from workshops.admin.judgements.ticks import judge_ticked, left_open
from workshops.judgements.judging import note_unjudged, unjudged_sentence
from workshops.judgements.passages import each_once, masked

REPLACE = "_replace"
"""The button that puts a suggestion in place of a passage; its value is the passage's token."""


class JudgedWordsMixin:
    """For a ModelAdmin whose rows have words that readers get.

    Subclasses say which fields these are (`judged_fields`), what is found in them (`passages_of`), where it is judged
    (`judged_in`), and whether readers have the row (`is_before_readers`).
    """

    judged_fields = ()
    judged_below: dict[str, str] = {}
    """Of rows that are edited below the form: {prefix of their forms: the field that readers get}. `passages_of` finds what
    was typed there as the row's `words_below`; a row that was not typed has none."""

    def passages_of(self, row):
        raise NotImplementedError

    def judged_in(self, row):
        raise NotImplementedError

    def is_before_readers(self, row):
        raise NotImplementedError

    def knows_names(self, user, row):
        """Whether this person may learn that a name is that of somebody who was there."""
        return False

    def shown_passages(self, user, row):
        found = self.passages_of(row)
        return found if self.knows_names(user, row) else masked(found)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if object_id and REPLACE in request.POST:
            self.mend_words(request, object_id, request.POST[REPLACE])
        return super().changeform_view(request, object_id, form_url, extra_context)

    def mend_words(self, request, object_id, token):
        """Put a suggestion in place of a passage in what was typed. The form then comes back, and nothing is saved."""
        row = self.get_object(request, object_id)
        if row is None or not self.has_change_permission(request, row):
            return
        typed = {name: request.POST[name] for name in self.judged_fields if name in request.POST}
        for passage in each_once(self.shown_passages(request.user, with_words(row, typed))):
            if passage.token == token and passage.suggestion:
                type_over(
                    request, {name: text.replace(passage.text, passage.suggestion) for name, text in typed.items()}
                )
                sentence = gettext("“%(suggestion)s” stands in the place of “%(passage)s” now. It is not saved yet.")
                request.mended = sentence % {"suggestion": passage.suggestion, "passage": passage.text}

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = gated_form(super().get_form(request, obj, change, **kwargs), self, request)
        mended = getattr(request, "mended", "")
        return refused_once(form, mended) if mended else form

    def typed_below(self, request):
        """What was typed in the judged fields of the rows below the form, but for those that are to be deleted."""
        if request.method != "POST" or not self.judged_below:
            return {}
        named = [re.compile(rf"({prefix}-\d+)-{name}") for prefix, name in self.judged_below.items()]
        found = [
            (match, text) for key, text in request.POST.items() for each in named if (match := each.fullmatch(key))
        ]
        return {"words_below": [text for match, text in found if f"{match[1]}-DELETE" not in request.POST]}

    def check_words(self, request, form, row):
        """Refuse the form where it would put unjudged words before readers. `row` has the words as typed."""
        if self.is_before_readers(row) and (waiting := left_open(request, self.shown_passages(request.user, row))):
            form.add_error(None, unjudged_sentence(each_once(waiting)))

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        self.keep_ticks(request, form.instance)

    def keep_ticks(self, request, row):
        """Keep which passages of a saved row may stand."""
        judge_ticked(request, self.shown_passages(request.user, row), self.judged_in(row))
        if self.is_before_readers(row):  # the form has passed the gate
            note_unjudged(row, 0)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form = context["adminform"].form
        asks = self.has_change_permission(request, obj) if obj else request.method == "POST"
        if asks:
            typed = {name: form.data[name] for name in self.judged_fields if name in form.data}
            row = with_words(obj or form.instance, typed | self.typed_below(request))
            context["passages"] = each_once(self.shown_passages(request.user, row))
            context["ticked"] = request.POST.getlist("may_stand")
        return super().render_change_form(request, context, add, change, form_url, obj)


def with_words(row, words):
    """The row with these values of fields, as a copy that is not saved."""
    typed = copy(row)
    for name, value in words.items():
        setattr(typed, name, value)
    return typed


def type_over(request, fields):
    """Let the form that comes back hold these values instead of those that were sent."""
    request.POST = request.POST.copy()
    for name, value in fields.items():
        request.POST[name] = value


def gated_form(form, model_admin, request):
    """The form class, which also asks whether readers would get words that nobody has judged."""

    class GatedForm(form):
        def clean(self):
            cleaned = super().clean()
            if not self.errors and request.method == "POST":
                columns = {field.name for field in self._meta.model._meta.concrete_fields}
                typed = {name: value for name, value in cleaned.items() if name in columns}
                typed |= model_admin.typed_below(request)
                model_admin.check_words(request, self, with_words(self.instance, typed))
            return cleaned

    return GatedForm
