"""Which part of a story's history a person may see."""

from bisect import bisect_right

from django.db.models import Q
from django.utils.translation import gettext as _

from workshops.admin.base.history import FieldChange, RowHistory
from workshops.choices import Consent, Status
from workshops.history import ADDED
from workshops.models import Story, StoryTag
from workshops.stories.diff import DiffPiece
from workshops.visibility import edited_workshops, own_workshops


class StoryHistory(RowHistory):
    """The records that a person could have seen when they were made, and may see now.

    Analysts and the facilitators of other workshops see the present wording, and nothing of how it came about.
    """

    def records(self):
        user = self.request.user
        seen = Q(workshop__in=own_workshops(user))
        if edited := edited_workshops(user):
            seen |= Q(effective_consent__gte=Consent.TEAM) & edited.rows("workshop")
        return Story.history.filter(seen, id=self.row.pk)

    def is_told(self, record, name):
        """Records of a draft do not hold its wording."""
        return record.status != Status.DRAFT or name not in Story.DRAFTED

    def link_changes(self):
        """Tags that were added and removed while this person could see the story."""
        seen = set(self.records().values_list("pk", flat=True))
        records = Story.history.filter(id=self.row.pk).order_by("history_date", "history_id")
        records = list(records.values_list("history_date", "pk"))
        links = StoryTag.history.filter(content_object=self.row.pk).select_related("history_user", "tag")
        for link in links.order_by("history_date", "history_id"):
            then = bisect_right(records, link.history_date, key=lambda record: record[0])
            if then and records[then - 1][1] in seen:
                yield link.history_date, link.history_user, tag_change(link)


def tag_change(link):
    name = [DiffPiece(str(link.tag or _("a tag that is no more")), True)]
    if link.history_type == ADDED:
        return FieldChange(_("tag added"), [], name)
    return FieldChange(_("tag removed"), name, [])
