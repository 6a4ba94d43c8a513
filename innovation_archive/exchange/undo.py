"""Undoing an import: what to remember of each row it wrote, the reasons not to undo it, and the undo itself."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from itertools import chain
from typing import cast

from django.contrib.auth.models import User
from django.db import models
from django.db.models import ProtectedError
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.utils import timezone
from django.utils.translation import gettext as _

from innovation_archive.datasets import KINDS
from innovation_archive.datasets.importing import Importable, Pending
from innovation_archive.datasets.widgets import NamedListWidget
from innovation_archive.models import Import, ImportedRow
from workshops.choices import Status
from workshops.models import Tag

# Relations to what is entered together with its row: a story’s words, tags, the phases of a programme, records of consent, answers about its context.
# That somebody read it is no use of it either.
PARTS = {"original_text", "story_tags", "practice_tags", "phases", "consent_records", "context_answers", "readings"}

ROWS_AT_ONCE = 150
"""More rows of a kind of which files may be long are undone in parts of so many. Deleting so many people takes two thirds
of a second of processor time; of the other kinds it takes less."""


class UndoError(Exception):
    """An import that cannot be undone. `reasons` are sentences, each with its line."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def remember_rows(record: Import, dataset: Importable) -> None:
    """Keep what an undo needs of each row that an import has just written."""
    left = stored_rows(dataset, [row.instance.pk for row in dataset.pending])
    ImportedRow.objects.bulk_create(
        [
            ImportedRow(
                of=record,
                line=dataset.table.lines[row.number - 1],
                row=row.instance.pk,
                before=row.before,
                left_as=fingerprint(dataset, left[row.instance.pk]),
            )
            for row in dataset.pending
            if row.instance.pk in left
        ],
        batch_size=500,
    )


def stored_rows(dataset: Importable, pks: Iterable[int]) -> dict[int, models.Model]:
    return cast("dict[int, models.Model]", dataset.with_related().in_bulk(pks))


def fingerprint(dataset: Importable, instance: models.Model) -> str:
    """SHA-256 of all that an import can write of a row: its fields and links."""
    fields = {field.attname: stored(field, instance) for field in instance._meta.concrete_fields}
    state = json.dumps([fields, dataset.stored_links(instance)], sort_keys=True)
    return hashlib.sha256(state.encode()).hexdigest()


def stored(field: "models.Field[object, object]", instance: models.Model) -> str | None:
    """A field's value as text, for `restored` to read back."""
    return None if field.value_from_object(instance) is None else field.value_to_string(instance)


def restored(field: "models.Field[object, object]", value: str | None) -> object:
    return None if value is None else field.to_python(value)


def refuse_in_parts(record: Import, user: User) -> None:
    """Raises UndoError if anything stands against undoing an import that is undone in parts.

    It only reads, so nobody waits for it; each part is checked again where it is undone.
    """
    if not is_in_parts(record):
        return
    rows = list(record.written.all())
    starts = range(0, len(rows), ROWS_AT_ONCE)
    checked = (Undoing(record, rows[start : start + ROWS_AT_ONCE], user).reasons() for start in starts)
    if reasons := list(chain.from_iterable(checked)):
        raise UndoError(reasons)


def is_in_parts(record: Import) -> bool:
    return KINDS[record.kind].is_long and record.written.count() > ROWS_AT_ONCE


def last_part(record: Import) -> list[ImportedRow]:
    """The last rows that an import wrote, in the order of its file: as many as are undone in one transaction."""
    rows = record.written.order_by("-line")
    return list(rows[:ROWS_AT_ONCE] if is_in_parts(record) else rows)[::-1]


def undo(record: Import, rows: list[ImportedRow], user: User) -> None:
    """Restore exactly what an import changed of these of its rows and delete those that it added, or raise UndoError.

    Call it in a transaction.
    """
    dataset = KINDS[record.kind]
    list(dataset.model._base_manager.select_for_update().filter(pk__in=[row.row for row in rows]).values_list("pk"))
    undoing = Undoing(record, rows, user)
    if reasons := undoing.reasons():
        raise UndoError(reasons)
    undoing.write()


def delete_made_tags(record: Import) -> None:
    """Delete the tags that came with an import, except those that something has by now."""
    Tag.objects.filter(pk__in=record.made_tags, story_tags=None, practice_tags=None).delete()


class Undoing:
    """Some rows that an import wrote, about to be taken back."""

    def __init__(self, record: Import, rows: list[ImportedRow], user: User) -> None:
        self.rows = rows
        self.dataset = KINDS[record.kind]()
        self.found = stored_rows(self.dataset, [row.row for row in rows])
        self.dataset.user, self.dataset.imported_on = user, timezone.localdate(record.decided_at)
        self.dataset.lookups = {}
        self.dataset.begin(list(self.found.values()))
        self.added = [row.row for row in rows if row.before is None]

    def reasons(self) -> list[str]:
        """What stands against it, a sentence each."""
        if self.dataset.final:
            return [str(self.dataset.final)]
        used = used_among(self.dataset.model, self.added)
        return [
            _("Line %(line)s: %(reason)s") % {"line": row.line, "reason": reason}
            for row in self.rows
            if (reason := reason_not_to(self.dataset, row, self.found.get(row.row), used))
        ]

    def write(self) -> None:
        dataset = self.dataset
        dataset.unseen = defaultdict(lambda: defaultdict(set))  # links that the user may not see are restored too
        dataset.pending = [pending(dataset, row, self.found[row.row]) for row in self.rows if row.before is not None]
        dataset.write()
        try:
            dataset.delete_rows(self.added)
        except ProtectedError as problem:
            raise UndoError([_("Other records have come to rest on it.")]) from problem


def reason_not_to(dataset: Importable, row: ImportedRow, instance: models.Model | None, used: Collection[int]) -> str:
    """Why a row cannot be undone; empty if it can. `used` are the rows that others refer to."""
    if instance is None:
        return _("it has been deleted since.")
    if not dataset.may_write(instance):
        return _("it is not yours to change any more.")
    if dataset.is_published(instance):
        return _("it is published.")
    if row.left_as != fingerprint(dataset, instance):
        return _("it was changed since the import.")
    if getattr(instance, "status", "") == Status.WITHDRAWN:
        return _("it withdrew the story, which is final.")
    if row.row in used:
        return _("something else has come to rest on it since.")
    before = (row.before or {}).get("fields", {})
    if before.get("status") == Status.PUBLISHED:
        return _("it was published before. An editor publishes it again.")
    if "consent" in before and int(before["consent"]) > getattr(instance, "consent", 0):
        return _("the import narrowed its consent, which an undo does not widen. Change it by hand.")
    if before.get("in_confidence") == "False" and getattr(instance, "in_confidence", False):
        return _("the import marked it as said in confidence, and that stays.")
    return ""


def used_among(model: type[models.Model], pks: Collection[int]) -> set[int]:
    """The primary keys of those of these rows that rows of other tables refer to."""
    used: set[int] = set()
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or is_part(relation):
            continue
        field = relation.field
        users = relation.related_model._base_manager.filter(**{f"{field.name}__in": pks})
        if relation.related_model is model:
            users = users.exclude(pk__in=pks)
        used.update(users.values_list(field.name, flat=True))
    return used & set(pks)


def is_part(relation: ForeignObjectRel) -> bool:
    """Whether the rows that refer to a row by this relation are part of it, or only its history."""
    field = relation.field
    if field.many_to_many:
        return False
    if getattr(relation, "on_delete", None) is models.DO_NOTHING:  # the history, which outlives its row
        return True
    holder = field.model
    if holder._meta.auto_created:  # a link table: its rows belong to the side that has the field
        owner = holder._meta.auto_created
        return owner is relation.model and any(
            link.remote_field.through is holder and link.m2m_field_name() == field.name
            for link in owner._meta.many_to_many
        )
    return relation.name in PARTS


def pending(dataset: Importable, row: ImportedRow, instance: models.Model) -> Pending:
    """A row set back to what it was before the import, ready to be written."""
    change = Pending(instance, row.line)
    before = row.before or {}
    for name, value in before["fields"].items():
        field = cast("models.Field[object, object]", instance._meta.get_field(name))
        setattr(instance, field.attname, restored(field, value))
        change.fields.add(name)
    for name, value in before["links"].items():
        change.links[name] = linked(dataset, name, value, row)
    return change


def linked(dataset: Importable, name: str, value: list[int], row: ImportedRow) -> list[models.Model] | list[int]:
    """The rows that a column was linked with before the import; tags and texts are kept as they are."""
    widget = dataset.fields[name].widget
    if not isinstance(widget, NamedListWidget):
        return value
    found = widget.model._default_manager.in_bulk(value)
    if len(found) < len(value):
        sentence = _("Line %(line)s: what it was linked with in “%(column)s” has been deleted since.")
        raise UndoError([sentence % {"line": row.line, "column": name}])
    return list(found.values())
