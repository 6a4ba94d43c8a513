"""What of a story's history a person sees, and how the desk's own log names stories."""

from bisect import bisect_right

from django.db.models import Q

from workshops.admin.base.history import FieldChange
from workshops.choices import Consent, Status
from workshops.history import ADDED
from workshops.models import Story, StoryTag
from workshops.roles import is_editor
from workshops.stories.diff import DiffPiece
from workshops.visibility import own_workshops


class StoryHistoryMixin:
    """What a person would have seen then, and sees now.

    Analysts and the facilitators of other workshops see the wording as it is, and nothing of how it came to be.
    """

    def remembered(self, request, story):
        seen = Q(workshop__in=own_workshops(request.user))
        if is_editor(request.user):
            seen |= Q(effective_consent__gte=Consent.TEAM)
        return Story.history.filter(seen, id=story.pk)

    def remembers(self, row, name):
        return row.status != Status.DRAFT or name not in Story.DRAFTED

    def linked(self, request, story):
        """Tags that were added and removed while this person saw the story."""
        seen = set(self.remembered(request, story).values_list("pk", flat=True))
        rows = Story.history.filter(id=story.pk).order_by("history_date", "history_id")
        rows = list(rows.values_list("history_date", "pk"))
        links = StoryTag.history.filter(content_object=story.pk).select_related("history_user", "tag")
        for link in links.order_by("history_date", "history_id"):
            then = bisect_right(rows, link.history_date, key=lambda row: row[0])
            if then and rows[then - 1][1] in seen:
                name = [DiffPiece(str(link.tag or "a tag that is no more"), True)]
                change = (
                    FieldChange("tag added", [], name)
                    if link.history_type == ADDED
                    else FieldChange("tag removed", name, [])
                )
                yield link.history_date, link.history_user, change

    # The desk's history names a story by its ref: a line of it must not outlive the story's title.

    def log_addition(self, request, obj, message):
        return named_by_ref(super().log_addition(request, obj, message), obj)

    def log_change(self, request, obj, message):
        return named_by_ref(super().log_change(request, obj, message), obj)

    def log_deletions(self, request, queryset):
        entries = super().log_deletions(request, queryset)
        return [named_by_ref(entry, story) for entry, story in zip(entries, queryset, strict=True)]


def named_by_ref(entry, story):
    entry.object_repr = story.ref
    entry.save(update_fields=["object_repr"])
    return entry
