"""Undoing an import: what is remembered of each row it wrote, what stands against taking it back, and doing so."""

import hashlib
import json
from collections import defaultdict

from django.db import models
from django.db.models import ProtectedError
from django.utils import timezone

from innovation_archive.datasets import KINDS
from innovation_archive.datasets.importing import Pending
from innovation_archive.datasets.widgets import NamedListWidget
from innovation_archive.models import ImportedRow
from workshops.choices import Status
from workshops.models import Tag

# What is entered together with its row: the words of a story, tags, the phases of a programme.
PARTS = {"original_text", "story_tags", "practice_tags", "phases"}


class UndoError(Exception):
    """An import that is not undone. `reasons` are sentences, each with the line it speaks of."""

    def __init__(self, reasons):
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def remember_rows(record, dataset):
    """Keep of each row that an import has just written what undoing needs."""
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


def stored_rows(dataset, pks):
    return dataset.with_related().in_bulk(pks)


def fingerprint(dataset, instance):
    """SHA-256 of all that the archive holds of a row: its fields and the links that a file may bring."""
    fields = {field.attname: stored(field, instance) for field in instance._meta.concrete_fields}
    state = json.dumps([fields, dataset.stored_links(instance)], sort_keys=True)
    return hashlib.sha256(state.encode()).hexdigest()


def stored(field, instance):
    """A field's value as JSON can hold it, and `restored` read it back."""
    return None if field.value_from_object(instance) is None else field.value_to_string(instance)


def restored(field, value):
    return None if value is None else field.to_python(value)


def undo(record, user):
    """Restore what an import changed and delete what it added, exactly, or raise Refused. Belongs into a transaction."""
    dataset = KINDS[record.kind]()
    if dataset.final:
        raise UndoError([dataset.final])
    rows = list(record.written.all())
    pks = [row.row for row in rows]
    list(dataset.model._base_manager.select_for_update().filter(pk__in=pks).values_list("pk"))
    found = stored_rows(dataset, pks)
    dataset.user, dataset.imported_on = user, timezone.localdate(record.decided_at)
    dataset.lookups = {}
    dataset.begin(list(found.values()))
    added = [row.row for row in rows if row.before is None]
    used = used_among(dataset.model, added)
    reasons = [
        f"Line {row.line}: {reason}"
        for row in rows
        if (reason := reason_not_to(dataset, row, found.get(row.row), used))
    ]
    if reasons:
        raise UndoError(reasons)
    dataset.unseen = defaultdict(lambda: defaultdict(set))  # all links go back to what they were
    dataset.pending = [pending(dataset, row, found[row.row]) for row in rows if row.before is not None]
    dataset.write()
    try:
        dataset.delete_rows(added)
    except ProtectedError as problem:
        raise UndoError(["Other records have come to rest on it."]) from problem
    Tag.objects.filter(pk__in=record.made_tags, story_tags=None, practice_tags=None).delete()


def reason_not_to(dataset, row, instance, used):
    """Why a row cannot be taken back, or nothing."""
    if instance is None:
        return "it has been deleted since."
    if not dataset.may_write(instance):
        return "it is not yours to change any more."
    if dataset.is_published(instance):
        return "it is published."
    if row.left_as != fingerprint(dataset, instance):
        return "it was changed since the import."
    if row.row in used:
        return "something else has come to rest on it since."
    before = (row.before or {}).get("fields", {})
    if before.get("status") == Status.PUBLISHED:
        return "it was published before. An editor publishes it again."
    if "consent" in before and int(before["consent"]) > instance.consent:
        return "the import narrowed its consent, which an undo does not widen. Change it by hand."
    return ""


def used_among(model, pks):
    """The primary keys of those among these rows on which rows of other tables rest."""
    used = set()
    for relation in model._meta.get_fields(include_hidden=True):
        if relation.concrete or not relation.auto_created or is_part(relation):
            continue
        field = relation.field
        users = relation.related_model._base_manager.filter(**{f"{field.name}__in": pks})
        if relation.related_model is model:
            users = users.exclude(pk__in=pks)
        used.update(users.values_list(field.name, flat=True))
    return used & set(pks)


def is_part(relation):
    """Whether what points at a row by this relation came with the row and goes with it, or is only a note of it."""
    field = relation.field
    if field.many_to_many:
        return False
    if getattr(relation, "on_delete", None) is models.DO_NOTHING:  # a history, which outlives its row
        return True
    holder = field.model
    if holder._meta.auto_created:  # a link table: its rows belong to the side that has the field
        owner = holder._meta.auto_created
        return owner is relation.model and any(
            link.remote_field.through is holder and link.m2m_field_name() == field.name
            for link in owner._meta.many_to_many
        )
    return relation.name in PARTS


def pending(dataset, row, instance):
    """A row on its way back."""
    change = Pending(instance, row.line)
    for name, value in row.before["fields"].items():
        field = instance._meta.get_field(name)
        setattr(instance, field.attname, restored(field, value))
        change.fields.add(name)
    for name, value in row.before["links"].items():
        change.links[name] = linked(dataset, name, value, row)
    return change


def linked(dataset, name, value, row):
    widget = dataset.fields[name].widget
    if not isinstance(widget, NamedListWidget):
        return value
    found = widget.model._default_manager.in_bulk(value)
    if len(found) < len(value):
        raise UndoError([f"Line {row.line}: what it was linked with in “{name}” has been deleted since."])
    return list(found.values())
