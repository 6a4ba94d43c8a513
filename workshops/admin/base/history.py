"""The history of a row at the desk: who changed what and when, read from what was remembered."""

import datetime
from dataclasses import dataclass, field

from django.template.response import TemplateResponse

from workshops.history import ADDED
from workshops.stories.diff import diff_words

MAX_VALUE_LENGTH = 300
"""So many of the latest entries are read."""

ONE_SAVE = datetime.timedelta(seconds=2)


@dataclass
class FieldChange:
    """What was done to one field: its name, and the pieces of what stood there before and after."""

    label: str
    before: list
    after: list


@dataclass
class HistoryEntry:
    """What one person did at one time, which may have taken several writes."""

    date: datetime.datetime
    user: object
    is_first: bool = False
    changes: list = field(default_factory=list)


class HistoryMixin:
    """The page of a row's history, made of what simple-history remembered and this person may know."""

    history_template = "admin/history.html"
    unremembered = {"id", "ref"}

    def remembered(self, request, obj):
        """The entries of a row's history that this person may see, newest first: all of what is theirs to change."""
        entries = type(obj).history.filter(id=obj.pk)
        return entries if self.has_change_permission(request, obj) else entries.none()

    def remembers(self, row, name):
        """Whether an entry tells anything about this field at all."""
        return True

    def linked(self, request, obj):
        """Links to this row that were added or removed, as (date, user, kind, label, words)."""
        return []

    def history_view(self, request, object_id, extra_context=None):
        response = super().history_view(request, object_id, extra_context)
        if not hasattr(self.model, "history") or not isinstance(response, TemplateResponse):
            return response
        response.context_data["entries"] = self.history_entries(request, response.context_data["object"])
        response.template_name = self.history_template
        return response

    def history_entries(self, request, obj):
        """What happened to a row, newest first."""
        rows = self.remembered(request, obj)
        fields = [f for f in rows.model.tracked_fields if f.name not in self.unremembered]
        relations = [f.name for f in fields if f.is_relation]
        rows = list(rows.select_related("history_user", *relations)[:MAX_VALUE_LENGTH])[::-1]
        happened = [*self.changes_of_rows(rows, fields), *self.linked(request, obj)] if rows else []
        entries = []
        for date, user, change in sorted(happened, key=lambda item: item[0]):
            last = entries[-1] if entries else None
            if last is None or last.user != user or date - last.date > ONE_SAVE:
                entries.append(HistoryEntry(date, user, is_first=change is ADDED))
                last = entries[-1]
            if isinstance(change, FieldChange):
                last.changes.append(change)
        return [entry for entry in reversed(entries) if entry.changes or entry.is_first]

    def changes_of_rows(self, rows, fields):
        links = self.links_of_rows(rows)
        known = {}
        for number, row in enumerate(rows):
            if row.history_type == ADDED:
                yield row.history_date, row.history_user, ADDED
            told = [*self.words_of(row, fields), *links[row.pk]]
            for label, name, words in (item for item in told if self.remembers(row, item[1])):
                if number and known.get(name, "") != words:
                    change = FieldChange(label, *diff_words(known.get(name, ""), words))
                    yield row.history_date, row.history_user, change
                known[name] = words

    def words_of(self, row, fields):
        """Each field of an entry as (label, name, words)."""
        for f in fields:
            value = getattr(row, f.name) if f.is_relation else getattr(row, f.attname)
            if f.choices:
                value = dict(f.flatchoices).get(value, value)
            elif isinstance(value, list):
                value = "\n".join(value)
            yield f.verbose_name, f.name, "" if value is None else str(value)

    def links_of_rows(self, rows):
        """The many-to-many links that entries keep, as {entry: [(label, name, words)]}, in a query a field."""
        words = {row.pk: [] for row in rows}
        for f in rows[0]._history_m2m_fields if rows else []:
            model = getattr(type(rows[0]), f.name).model
            target = f.m2m_reverse_field_name()
            names = {row.pk: [] for row in rows}
            for link in model.objects.filter(history__in=list(names)).select_related(target):
                names[link.history_id].append(str(getattr(link, target)))
            for pk, of_row in names.items():
                words[pk].append((f.verbose_name, f.name, ", ".join(sorted(of_row))))
        return words
