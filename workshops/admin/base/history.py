"""The history of a row at the desk: who changed what and when, read from what simple-history remembered."""

import datetime
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from workshops.history import ADDED
from workshops.stories.diff import diff_words

MAX_RECORDS_READ = 300
"""A history page shows at most this many of the latest records."""

MAX_GAP_IN_ONE_SAVE = datetime.timedelta(seconds=2)
"""Writes of one person that are no further apart count as one save."""


@dataclass
class FieldChange:
    """What was done to one field: its name, and the pieces of its value before and after."""

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


class RowHistory:
    """The history of one row, as one person may read it.

    A subclass, named by a model admin as its `history_class`, says where a model differs.
    """

    UNTOLD_FIELDS = {"id", "ref"}

    def __init__(self, model_admin, request, row):
        self.model_admin, self.request, self.row = model_admin, request, row

    def records(self):
        """The records this person may see, newest first: all of them if they may change the row, else none."""
        records = type(self.row).history.filter(id=self.row.pk)
        return records if self.model_admin.has_change_permission(self.request, self.row) else records.none()

    def is_told(self, record, name):
        """Whether a record holds the value of this field at all."""
        return True

    def link_changes(self):
        """Changes of links that have a history of their own, as (date, user, FieldChange)."""
        return []

    def entries(self):
        """What happened to the row, newest first."""
        records = self.records()
        fields = [f for f in records.model.tracked_fields if f.name not in self.UNTOLD_FIELDS]
        relations = [f.name for f in fields if f.is_relation]
        records = list(records.select_related("history_user", *relations)[:MAX_RECORDS_READ])[::-1]
        happened = [*self.field_changes(records, fields), *self.link_changes()] if records else []
        return entries_of(sorted(happened, key=lambda item: item[0]))

    def field_changes(self, records, fields):
        """Each creation and each field's change, as (date, user, ADDED or FieldChange)."""
        links = many_to_many_values(records)
        known = {}
        for number, record in enumerate(records):
            if record.history_type == ADDED:
                yield record.history_date, record.history_user, ADDED
            values = [*field_values(record, fields), *links[record.pk]]
            for label, name, text in (item for item in values if self.is_told(record, item[1])):
                if number and known.get(name, "") != text:
                    change = FieldChange(label, *diff_words(known.get(name, ""), text))
                    yield record.history_date, record.history_user, change
                known[name] = text


def entries_of(happened):
    """Changes in the order of time, put together by save; the newest save first."""
    entries = []
    for date, user, change in happened:
        last = entries[-1] if entries else None
        if last is None or last.user != user or date - last.date > MAX_GAP_IN_ONE_SAVE:
            last = HistoryEntry(date, user, is_first=change is ADDED)
            entries.append(last)
        if isinstance(change, FieldChange):
            last.changes.append(change)
    return [entry for entry in reversed(entries) if entry.changes or entry.is_first]


def field_values(record, fields):
    """Each field of a record as (label, name, text)."""
    for f in fields:
        value = getattr(record, f.name) if f.is_relation else getattr(record, f.attname)
        if f.choices:
            value = dict(f.flatchoices).get(value, value)
        elif isinstance(value, list):
            value = "\n".join(value)
        elif isinstance(value, bool):
            value = _("yes") if value else _("no")
        yield f.verbose_name, f.name, "" if value is None else str(value)


def many_to_many_values(records):
    """The many-to-many links of records, as {record: [(label, name, text)]}, in one query a field."""
    values = {record.pk: [] for record in records}
    for f in records[0]._history_m2m_fields if records else []:
        model = getattr(type(records[0]), f.name).model
        target = f.m2m_reverse_field_name()
        names = {record.pk: [] for record in records}
        for link in model.objects.filter(history__in=list(names)).select_related(target):
            names[link.history_id].append(str(getattr(link, target)))
        for pk, names_of_record in names.items():
            values[pk].append((f.verbose_name, f.name, ", ".join(sorted(names_of_record))))
    return values
