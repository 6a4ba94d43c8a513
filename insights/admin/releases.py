"""Releases of votes: a preview for each programme, and what was released so far."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from insights.models import Release, ReleasedPractice
from insights.votes import release
from insights.votes.sentences import headline
from workshops.admin.base.model_admin import ArchiveModelAdmin, ReadOnlyMixin
from workshops.models import Programme
from workshops.roles import is_editor


class ReleasedPracticeInline(ReadOnlyMixin, admin.TabularInline):
    """What the release published of each practice, whether or not it is still current."""

    model = ReleasedPractice
    fields = ["practice", "statement", "headline", "is_current", "corrected_on"]
    readonly_fields = ["headline"]

    def get_queryset(self, request):
        results = super().get_queryset(request).select_related("practice", "release")
        return results.prefetch_related("groups").order_by("practice__ref", "pk")

    @admin.display(description=_("what it said"))
    def headline(self, result):
        return headline(result)


@admin.register(Release)
class ReleaseAdmin(ReadOnlyMixin, ArchiveModelAdmin):
    """What was released, read-only; and a preview for each programme, from which an editor releases its votes."""

    inlines = [ReleasedPracticeInline]
    list_display = ["programme", "released_on"]
    list_select_related = ["programme"]

    def get_urls(self):
        preview = path("of/<str:slug>/", self.admin_site.admin_view(self.preview), name="insights_release_preview")
        return [preview, *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"programmes": Programme.objects.all(), **(extra_context or {})})

    def preview(self, request, slug):
        """What the public will see of a programme's votes, what is held back and why, and the exact counts."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        programme = get_object_or_404(Programme, slug=slug)
        if request.method == "POST" and self.release(request, programme):
            return redirect(reverse("admin:insights_release_changelist"))
        outcomes = release.prepare(programme)
        return self.desk_page(
            request,
            "admin/insights/release/preview.html",
            gettext("Votes of %(programme)s") % {"programme": programme},
            programme=programme,
            outcomes=outcomes,
            changing=[outcome for outcome in outcomes if outcome.changes],
            staying=[outcome for outcome in outcomes if not outcome.changes],
            seen=release.preview_fingerprint(outcomes),
            may_release=is_editor(request.user),
        )

    def release(self, request, programme):
        """Release what the editor saw. Returns whether it was released."""
        if not is_editor(request.user):
            raise PermissionDenied
        try:
            outcomes = release.release(programme, seen=request.POST.get("seen", ""))
        except ValidationError as refusal:
            self.message_user(request, " ".join(refusal.messages), messages.ERROR)
            return False
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
