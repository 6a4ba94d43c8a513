"""Hidden passages, for editors: each is given back, or kept out for good. Those of notes are for who ran the workshop."""

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops.admin.base.model_admin import ArchiveModelAdmin, ReadOnlyMixin
from workshops.admin.base.paging import LookAheadList
from workshops.choices import MARKER
from workshops.consent.passages import give_back, hidden_together, keep_out, text_of_passage
from workshops.models import HiddenPassage
from workshops.roles import FACILITATOR, is_editor_somewhere, roles_of

AROUND = 200
"""How many characters before and after a passage are shown."""


class DecisionForm(forms.Form):
    because = forms.CharField(
        label=_("Why"),
        max_length=300,
        widget=AdminTextInputWidget,
        help_text=_("For whoever asks later. Do not quote the words here."),
        error_messages={"required": _("Say why. Whoever asks later reads it.")},
    )


def decide_view(passage_admin, request, pk):
    if not passage_admin.has_view_permission(request):
        raise PermissionDenied
    passage = get_object_or_404(passage_admin.get_queryset(request), pk=pk)
    form, refused = DecisionForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            decide_together(passage_admin, request, passage, form.cleaned_data["because"])
            return redirect("admin:workshops_hiddenpassage_changelist")
        except ValidationError as refusal:
            refused = " ".join(refusal.messages)
            passage.refresh_from_db()
    return passage_admin.desk_page(
        request,
        "admin/workshops/hiddenpassage/decide.html",
        gettext("A hidden passage"),
        original=passage,
        passage=passage,
        place=place_of(passage, passage.in_row),
        around=around(passage, text_of_passage(passage)),
        others=[place_of(other, other.in_row) for other in together_for(request.user, passage)[1:]],
        form=form,
        refused=refused,
    )


def together_for(user, passage):
    """This passage, and those that were hidden with the same words and that the same person decides on."""
    seen = set(HiddenPassage.objects.visible_to(user).values_list("pk", flat=True))
    return [each for each in hidden_together(passage) if each.pk in seen]


@transaction.atomic
def decide_together(passage_admin, request, passage, because):
    """Decide on a passage wherever it stands: all of it, or nothing if one of them is refused."""
    act = give_back if "give_back" in request.POST else keep_out
    decided = together_for(request.user, passage)
    for each in decided:
        act(each, because)
    if act is give_back:
        logged, said = gettext("It was given back."), gettext("The words stand where they stood.")
    else:
        logged, said = gettext("It was kept out."), gettext("The words are deleted. The marker stays.")
    for each in decided:
        passage_admin.log_change(request, each, logged)
    passage_admin.message_user(request, said, messages.SUCCESS)


def place_of(passage, row):
    """Where a passage was cut out: what kind of row, which one, and which text of it."""
    model = apps.get_model(passage.model)
    names = {
        "kind": capfirst(model._meta.verbose_name),
        "row": row if row is not None else gettext("deleted by now"),
        "field": model._meta.get_field(passage.field).verbose_name,
    }
    return gettext("%(kind)s “%(row)s”, %(field)s") % names


def around(passage, text):
    """The text before and after a passage, as far as it is shown."""
    end = passage.start + len(MARKER)
    before, after = text[max(passage.start - AROUND, 0) : passage.start], text[end : end + AROUND]
    return {
        "before": f"…{before}" if passage.start > AROUND else before,
        "after": f"{after}…" if len(text) > end + AROUND else after,
    }


class PassageList(LookAheadList):
    """Reads the rows of all passages of a page at once, a question for each kind of row."""

    def get_results(self, request):
        super().get_results(request)
        pks = {}
        for passage in self.result_list:
            pks.setdefault(passage.model, set()).add(passage.row)
        rows = {label: apps.get_model(label)._base_manager.in_bulk(wanted) for label, wanted in pks.items()}
        for passage in self.result_list:
            passage.listed_row = rows[passage.model].get(passage.row)


@admin.register(HiddenPassage)
class HiddenPassageAdmin(ReadOnlyMixin, ArchiveModelAdmin):
    extra_pages = [("<int:pk>/decide/", decide_view, "decide")]
    list_display = ["place", "surroundings", "hidden_at", "state"]
    list_display_links = None
    list_filter = ["state"]
    ordering = [F("decided_at").desc(nulls_first=True), "hidden_at", "pk"]
    when_empty = _("No words are hidden.")

    def get_changelist(self, request, **kwargs):
        return PassageList

    def has_view_permission(self, request, obj=None):
        return is_editor_somewhere(request.user) or FACILITATOR in roles_of(request.user)

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    @admin.display(description=_("where"))
    def place(self, passage):
        address = reverse("admin:workshops_hiddenpassage_decide", args=[passage.pk])
        return format_html('<a href="{}">{}</a>', address, place_of(passage, passage.listed_row))

    @admin.display(description=_("text around it"))
    def surroundings(self, passage):
        if passage.is_given_back:
            return gettext("The words stand there again.")
        shown = around(passage, text_of_passage(passage, passage.listed_row))
        words = passage.words if passage.is_waiting else MARKER
        return format_html("{}<mark>{}</mark>{}", shown["before"][-60:], words[:120], shown["after"][:60])
