"""Practices that mean the same, for editors: made one, after a page that says what that changes, and made two again."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops.admin.base.fields import RowsField
from workshops.models import Practice, PracticeMerge
from workshops.roles import is_editor_somewhere
from workshops.voting import merging

MERGES_PER_PAGE = 50
NOT_OF_THESE = _("The practice that stays is one of these.")


def merge_address(practices):
    """The address of the page that merges these practices."""
    keys = urlencode({"practice": [practice.pk for practice in practices]}, doseq=True)
    return f"{reverse('admin:workshops_practice_merge')}?{keys}"


class PracticeMergeForm(forms.Form):
    """Which practices become one, which of them stays, and what becomes of hands that were counted for both."""

    practice = RowsField(Practice.objects.none())
    into = forms.ModelChoiceField(
        Practice.objects.none(), required=False, error_messages={"invalid_choice": NOT_OF_THESE}
    )
    tallies = forms.ChoiceField(
        label=_("Hands that were counted for both in one room"),
        choices=[
            (merging.KEEP, _("They are the same hands: keep those of the practice that stays")),
            (merging.ADD, _("They are other hands: add them up")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, *args, practices, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("practice", "into"):
            self.fields[name].queryset = practices

    def clean_practice(self):
        practices = self.cleaned_data["practice"]
        if len(practices) < 2:
            raise forms.ValidationError(gettext("Choose two practices at least."))
        return practices

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("into") and cleaned["into"] not in cleaned.get("practice", []):
            self.add_error("into", NOT_OF_THESE)
        return cleaned


def merge_practices_page(practice_admin, request):
    """Says what a merge changes; once sent, merges."""
    refuse_others(request)
    posted = request.method == "POST"
    practices = Practice.objects.edited_by(request.user)
    form = PracticeMergeForm(request.POST if posted else request.GET, practices=practices)
    valid = form.is_valid()
    practices = form.cleaned_data.get("practice")
    if not practices:
        said = gettext("Tick two practices or more to merge them.")
        practice_admin.message_user(request, said, messages.WARNING)
        return redirect("admin:workshops_practice_changelist")
    into = form.cleaned_data.get("into")
    if posted and valid and not into:
        form.add_error("into", gettext("Say which of the practices stays."))
    elif posted and valid and merge_now(practice_admin, request, form):
        return redirect("admin:workshops_practice_change", into.pk)
    return practice_admin.desk_page(
        request,
        "admin/workshops/practice/merge.html",
        gettext("Merge practices"),
        status=400 if posted else None,
        form=form,
        practices=practices,
        into=(into or suggested(practices)).pk,
        met=hands_in_both(practices, into or suggested(practices)),
    )


def refuse_others(request):
    if not is_editor_somewhere(request.user):
        raise PermissionDenied


def suggested(practices):
    """The one whose votes were released, which has to stay; else the oldest."""
    return min(practices, key=lambda practice: (not practice.is_frozen, practice.pk))


def hands_in_both(practices, into):
    """The tallies that meet another of the same room and service area, each as (old one, the one that stays)."""
    return [pair for practice in practices if practice != into for pair in merging.tallies_in_both(practice, into)]


def merge_now(practice_admin, request, form):
    """Merge all into the one that stays, or none. Returns whether that was done."""
    into = form.cleaned_data["into"]
    others = [practice for practice in form.cleaned_data["practice"] if practice != into]
    names = ", ".join(gettext("“%(name)s”") % {"name": practice} for practice in others)
    try:
        with transaction.atomic():
            for practice in others:
                merging.merge_practices(practice, into, request.user, form.cleaned_data["tallies"])
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    practice_admin.log_change(request, into, gettext("Merged %(practices)s into it.") % {"practices": names})
    said = gettext("%(practices)s went into “%(practice)s”. This can be undone under “Merged practices”.")
    practice_admin.message_user(request, said % {"practices": names, "practice": into}, messages.SUCCESS)
    return True


def merges_page(practice_admin, request):
    """The merges there were, the latest first, each with its undo."""
    refuse_others(request)
    if request.method == "POST":
        undo_now(practice_admin, request)
        return redirect("admin:workshops_practice_merges")
    merges = PracticeMerge.objects.visible_to(request.user).select_related("into", "merged_by")
    return practice_admin.desk_page(
        request,
        "admin/workshops/practice/merges.html",
        gettext("Merged practices"),
        page=Paginator(merges, MERGES_PER_PAGE).get_page(request.GET.get("p")),
    )


class UndoMergeForm(forms.Form):
    merge = forms.IntegerField(min_value=1, max_value=2**63 - 1)


def undo_now(practice_admin, request):
    form = UndoMergeForm(request.POST)
    key = form.cleaned_data["merge"] if form.is_valid() else 0
    merge = get_object_or_404(PracticeMerge.objects.visible_to(request.user), pk=key)
    try:
        old = merging.undo_merge(merge)
    except ValidationError as refusal:
        practice_admin.message_user(request, " ".join(refusal.messages), messages.ERROR)
        return
    practice_admin.log_change(request, old, gettext("Its merge was undone."))
    said = gettext("“%(practice)s” is a practice of its own again, with its votes.") % {"practice": old}
    practice_admin.message_user(request, said, messages.SUCCESS)
