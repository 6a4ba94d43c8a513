"""Names, and words as told, are shown by a step of their own, which writes who read what; and the list of what was read.

No page writes by being opened, so the button “Show” writes its line and remembers for the rest of the day, in the
session, that it was pressed. Those who ran a workshop wrote its words down and read them without it; names nobody does.
"""

import datetime

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops.admin.base.model_admin import ArchiveModelAdmin, ReadOnlyMixin
from workshops.models import Participant, PrivateReading, Workshop
from workshops.models.readings import record_private_reading

SHOWN_TODAY = "shown"
"""Where the session keeps {“identity 7”: the day on which its user had that shown}."""
KEPT_WHILE_TYPING = datetime.timedelta(days=1)
"""What was opened before midnight can still be saved after it."""


def is_shown(request, kind, pk):
    """Whether this person has had it shown today; what they send back counts from yesterday too."""
    shown = request.session.get(SHOWN_TODAY, {}).get(f"{kind} {pk}")
    if shown is None:
        return False
    oldest = timezone.localdate() - (KEPT_WHILE_TYPING if request.method == "POST" else datetime.timedelta())
    return datetime.date.fromisoformat(shown) >= oldest


def show(request, kind, pk):
    """Remember that it is shown from now on, and forget what was shown on other days."""
    today = timezone.localdate()
    recent = {
        key: day
        for key, day in request.session.get(SHOWN_TODAY, {}).items()
        if datetime.date.fromisoformat(day) >= today - KEPT_WHILE_TYPING
    }
    request.session[SHOWN_TODAY] = recent | {f"{kind} {pk}": today.isoformat()}


def show_words_view(story_admin, request, pk):
    """Shows an editor the words as told, and records that."""
    if not story_admin.has_view_or_change_permission(request):
        raise PermissionDenied
    story = story_admin.get_object(request, str(pk))
    if story is None:
        raise Http404
    if not story_admin.may_ask_for_words(request.user, story):
        raise PermissionDenied
    if request.method == "POST":
        record_private_reading(request.user, story=story, workshop=story.workshop)
        show(request, "words", story.pk)
    return redirect("admin:workshops_story_change", story.pk)


def show_identity_view(participant_admin, request, pk):
    """Shows a facilitator the name and contact of somebody who came to their workshop, and records that."""
    if not participant_admin.has_view_or_change_permission(request):
        raise PermissionDenied
    participant = participant_admin.get_object(request, str(pk))
    if participant is None:
        raise Http404
    room = Workshop.objects.facilitated_by(request.user).filter(participants=participant).first()
    if room is None or not request.user.has_perm("workshops.view_identity"):
        raise PermissionDenied
    if request.method == "POST":
        record_private_reading(request.user, participant=participant, workshop=room)
        show(request, "identity", participant.pk)
    return redirect("admin:workshops_participant_change", participant.pk)


@admin.register(PrivateReading)
class ReadingAdmin(ReadOnlyMixin, ArchiveModelAdmin):
    """The log. Nobody changes or deletes a line of it here."""

    fields = list_display = ["by", "kind", "whose", "workshop", "read_at"]
    readonly_fields = ["whose"]
    list_filter = ["kind", ("by", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["by", "workshop"]
    search_fields = ["by__username", "by__last_name", "story_ref"]
    when_empty = _("Nobody has had a name, or words that others took down, shown to them yet.")

    def get_queryset(self, request):
        """With the participants whose codes this person may know."""
        known = Participant.objects.visible_to(request.user)
        return super().get_queryset(request).prefetch_related(Prefetch("participant", known, to_attr="known_as"))

    def get_search_results(self, request, queryset, search_term):
        """Also by the code of a participant, for those who may know it."""
        found, may_have_duplicates = super().get_search_results(request, queryset, search_term)
        known = Participant.objects.visible_to(request.user).filter(code__iexact=search_term.strip())
        return found | queryset.filter(participant__in=known.values("pk")), may_have_duplicates

    @admin.display(description=_("whose"))
    def whose(self, reading):
        """The story’s ref, or the participant’s code where the reader of this list may know it."""
        if reading.story_ref:
            return reading.story_ref
        if reading.participant_id is None:
            return gettext("a participant who was erased")
        return str(reading.known_as or gettext("a participant"))
