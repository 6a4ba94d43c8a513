"""Releases of votes: a preview for each programme, and what was released so far."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from insights.admin import release_results, rooms
from insights.models import Release
from insights.votes import release
from insights.votes.previews import PreviewState, ProgrammePreview
from insights.votes.second_person import ask_for_release, request_for
from workshops.admin.base.model_admin import ArchiveModelAdmin, ReadOnlyMixin
from workshops.admin.judgements.ticks import MAY_STAND, judge_ticked
from workshops.judgements.passages import masked, practices_judged_in
from workshops.models import Programme
from workshops.roles import is_editor_of, read_by

PRACTICES_PER_PAGE = 20
RESULTS_PER_PAGE = 50


def programmes_read_by(user):
    """Those of which a person may see exact votes: editors all, analysts those that their files hold."""
    return Programme.objects.filter(read_by(user).rows("pk"))


class ReleasePreviewForm(forms.Form):
    """Which practices of a preview are shown."""

    state = forms.ChoiceField(choices=[("", _("All")), *PreviewState.choices], required=False)


def preview_page(model_admin, request, slug):
    """What the public will see of a programme's votes, what is held back and why, and the exact counts.

    Who does not edit the programme sees the votes that analysts' files hold, and what these would come to.
    """
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    programme = get_object_or_404(programmes_read_by(request.user), slug=slug)
    if request.method == "POST" and model_admin.act_on_preview(request, programme):
        return redirect(reverse("admin:insights_release_changelist"))
    may_release = is_editor_of(request.user, programme.pk)
    outcomes = release.prepare(programme, for_team=not may_release)
    seen = release.preview_fingerprint(outcomes)
    asked = request_for(programme) if may_release else None
    preview = ProgrammePreview(programme, outcomes, for_team=not may_release)
    form = ReleasePreviewForm(request.GET)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    page = Paginator(preview.in_state(state), PRACTICES_PER_PAGE).get_page(request.GET.get("p"))
    preview.with_workshops(page.object_list)
    return model_admin.desk_page(
        request,
        "admin/insights/release/preview.html",
        gettext("Votes of %(programme)s") % {"programme": programme},
        programme=programme,
        preview=preview,
        state=state,
        page=page,
        seen=seen,
        passages=masked([passage for outcome in outcomes for passage in outcome.unjudged]),
        ticked=request.POST.getlist(MAY_STAND),
        asked=asked,
        is_asked_for_this=asked is not None and asked.fingerprint == seen,
        may_release=may_release,
    )


@admin.register(Release)
class ReleaseAdmin(ReadOnlyMixin, ArchiveModelAdmin):
    """What was released, read-only; and a preview for each programme, from which an editor releases its votes."""

    extra_pages = [
        ("of/<str:slug>/", preview_page, "preview"),
        ("results/<int:pk>/", release_results.result_page, "result"),
        ("results/<int:pk>/correct/", release_results.result_correction_page, "correct"),
        ("results/<int:pk>/check/", release_results.audit_page, "check"),
        ("room/<int:pk>/", rooms.room_page, "room"),
    ]
    change_form_template = "admin/insights/release/change_form.html"
    fields = ["programme", "released_on", "least_voters", "prepared_by", "released_by"]
    list_display = ["programme", "released_on", "released_by"]
    list_select_related = ["programme", "released_by"]

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(
            request, {"programmes": programmes_read_by(request.user), **(extra_context or {})}
        )

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        results = obj.practices.select_related("practice", "release").order_by("practice__ref", "pk")
        context["page"] = Paginator(results, RESULTS_PER_PAGE).get_page(request.GET.get("p"))
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def act_on_preview(self, request, programme):
        """Release what the editor saw, or ask another to. Returns whether there is nothing more to do on this page."""
        if not is_editor_of(request.user, programme.pk):
            raise PermissionDenied
        try:
            with transaction.atomic():
                seen = self.judge_statements(request, programme)
            if "ask" in request.POST:
                return self.ask_another(request, programme, seen)
            return self.release(request, programme, seen)
        except ValidationError as refusal:
            self.message_user(request, " ".join(refusal.messages), messages.ERROR)
            return False

    def judge_statements(self, request, programme):
        """Keep which passages of drafts may stand. Returns the fingerprint of what the editor then agreed to: what they saw,
        with the drafts that it had left out for these passages alone."""
        seen, outcomes = request.POST.get("seen", ""), release.prepare(programme)
        release.refuse_release(programme, outcomes, seen)
        left_out = [outcome for outcome in outcomes if outcome.unjudged]
        judged_in = practices_judged_in([outcome.practice.pk for outcome in left_out])
        judged = [
            judge_ticked(request, masked(outcome.unjudged), judged_in[outcome.practice.pk]) for outcome in left_out
        ]
        return release.preview_fingerprint(release.prepare(programme)) if any(judged) else seen

    def ask_another(self, request, programme, seen):
        outcomes = release.prepare(programme)
        release.refuse_release(programme, outcomes, seen)
        ask_for_release(programme, release.preview_fingerprint(outcomes), request.user)
        said = gettext("Another editor is asked to release these results. Votes that change meanwhile end the request.")
        self.message_user(request, said, messages.SUCCESS)
        return True

    def release(self, request, programme, seen):
        outcomes = release.release(programme, seen=seen, by=request.user)
        changed = sum(outcome.changes for outcome in outcomes)
        if not changed:
            said = gettext("Nothing was released: no practice has enough new voters.")
            self.message_user(request, said, messages.WARNING)
            return False
        self.log_addition(request, programme.releases.latest("pk"), released_log_entry(changed, len(outcomes)))
        self.message_user(request, released_sentence(changed), messages.SUCCESS)
        return True


def released_log_entry(changed, count):
    sentence = ngettext("%(changed)s of %(count)s practice.", "%(changed)s of %(count)s practices.", count)
    return sentence % {"changed": changed, "count": count}


def released_sentence(count):
    sentence = ngettext(
        "The votes on %(count)s practice were released.", "The votes on %(count)s practices were released.", count
    )
    return sentence % {"count": count}
