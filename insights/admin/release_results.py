"""One released result at the desk: what it said and says, its correction, and its check against the exact table."""

import json

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from insights.models import ExactCounts, ReleasedPractice
from insights.publications import judged_words
from insights.votes import corrections
from insights.votes.audit import audit, read_table
from insights.votes.previews import ResultPreview
from insights.votes.results import ResultPanel
from workshops.admin.judgements.ticks import MAY_STAND, judge_ticked
from workshops.judgements.passages import each_once, masked
from workshops.roles import is_editor_of


class CorrectionReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("What was wrong"),
        max_length=500,
        widget=forms.Textarea({"rows": 3, "class": "vLargeTextField"}),
        help_text=_("Everyone reads it beside the result: “Two flip charts were typed in twice.”"),
        error_messages={"required": _("Say in a sentence what was wrong. Everyone reads it beside the result.")},
    )


class AuditForm(forms.Form):
    """The exact table and the salt, as an auditor was given them."""

    table = forms.CharField(
        label=_("Exact table"),
        max_length=200_000,
        widget=forms.Textarea({"rows": 6, "class": "vLargeTextField"}),
        help_text=_("{service area: [keep, amplify, discard, create, of them hands]}, as JSON."),
    )
    salt = forms.CharField(label=_("Salt"), max_length=64, widget=forms.TextInput({"class": "vTextField"}))

    def clean_table(self):
        return read_table(self.cleaned_data["table"])


def result_or_404(model_admin, request, pk):
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    results = ReleasedPractice.objects.manageable_by(request.user).select_related(
        "practice", "programme", "release", "exact"
    )
    return get_object_or_404(results.prefetch_related("groups"), pk=pk)


def result_page(model_admin, request, pk):
    """What a release published of one practice, and what else was published of it before and after."""
    result = result_or_404(model_admin, request, pk)
    others = ReleasedPractice.objects.filter(practice=result.practice, programme=result.programme).exclude(pk=pk)
    return model_admin.desk_page(
        request,
        "admin/insights/release/result.html",
        gettext("Result: %(practice)s") % {"practice": result.statement},
        result=result,
        panel=ResultPanel(result),
        others=others.select_related("release").order_by("-pk"),
        table=table_as_text(result, request.user),
        refusal=refusal_to_correct(result),
        may_correct=is_editor_of(request.user, result.programme_id),
    )


def table_as_text(result, user):
    """The exact table as JSON, a line for each service area; empty where there is none that this person may see."""
    exact = ExactCounts.objects.visible_to(user).filter(result=result).first()
    if not exact:
        return ""
    lines = [f"{json.dumps(name, ensure_ascii=False)}: {row}" for name, row in sorted(exact.table.items())]
    return "{{\n  {}\n}}".format(",\n  ".join(lines))


def refusal_to_correct(result):
    """Why a result may not be corrected, as far as that is known without counting votes; empty if it may."""
    try:
        corrections.refuse_to_correct(result)
    except ValidationError as refusal:
        return " ".join(refusal.messages)
    return ""


def result_correction_page(model_admin, request, pk):
    """Shows what a correction would do; once sent with a reason, corrects."""
    result = result_or_404(model_admin, request, pk)
    if not is_editor_of(request.user, result.programme_id):
        raise PermissionDenied
    form = CorrectionReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and correct_now(model_admin, request, result, form.cleaned_data["reason"]):
        return redirect("admin:insights_release_result", current_result(result).pk)
    try:
        found = corrections.prepare_correction(result_or_404(model_admin, request, pk))
    except ValidationError as refusal:
        model_admin.message_user(request, " ".join(refusal.messages), messages.WARNING)
        return redirect("admin:insights_release_result", pk)
    return model_admin.desk_page(
        request,
        "admin/insights/release/correct.html",
        gettext("Correct a released result"),
        status=400 if form.errors else None,
        result=result,
        found=found,
        preview=ResultPreview(found.outcome),
        form=form,
        passages=each_once(passages_of_reason(result, form.cleaned_data["reason"])) if form.is_valid() else [],
        ticked=request.POST.getlist(MAY_STAND),
    )


def passages_of_reason(result, reason):
    return masked(judged_words.correction_passages(result, reason))


def correct_now(model_admin, request, result, reason):
    """Correct what the editor saw. Returns whether it was corrected."""
    judge_ticked(request, passages_of_reason(result, reason), judged_words.judged_in_programme(result))
    try:
        found = corrections.correct(result, reason, seen=request.POST.get("seen", ""))
    except ValidationError as refusal:
        model_admin.message_user(request, " ".join(refusal.messages), messages.ERROR)
        return False
    said = gettext("The result was taken back.") if found.takes_back else gettext("The result was corrected.")
    names = {"said": said, "practice": result.practice.ref, "reason": reason}
    model_admin.log_change(request, result.release, gettext("%(practice)s: %(said)s %(reason)s") % names)
    model_admin.message_user(request, said, messages.SUCCESS)
    return True


def current_result(result):
    return ReleasedPractice.objects.current().get(practice=result.practice, programme=result.programme)


def audit_page(model_admin, request, pk):
    """Says whether an exact table is the one that a result was made of. Sends nothing away and stores nothing."""
    result = result_or_404(model_admin, request, pk)
    posted = request.method == "POST"
    table = table_as_text(result, request.user)
    given = {"table": table, "salt": result.exact.salt} if table else {}
    form = AuditForm(request.POST) if posted else AuditForm(initial=given)
    finding = audit(result, form.cleaned_data["table"], form.cleaned_data["salt"]) if form.is_valid() else None
    return model_admin.desk_page(
        request,
        "admin/insights/release/check.html",
        gettext("Check a result against its exact table"),
        status=400 if form.errors else None,
        result=result,
        form=form,
        finding=finding,
    )
