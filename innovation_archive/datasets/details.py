"""What a detailed import records of each row: its changes for the preview, and its former state for an undo."""

from collections import defaultdict

from innovation_archive.datasets.base import Audience
from innovation_archive.datasets.reports import RowReport
from innovation_archive.datasets.widgets import NamedListWidget, TagNamesWidget, file_key
from innovation_archive.models import LineOutcome
from workshops.choices import Status


class Detailed:
    """The part of an import that describes its rows one by one, before and after."""

    def column_changes(self, row):
        """The columns that a pending row changes, as (column, text before, text after)."""
        changes = []
        for column in self.import_columns():
            before, after = self.text_before(row, column), self.text_after(row, column)
            if before != after:
                changes.append((column.column_name, before, after))
        return changes

    def text_before(self, row, column):
        stored = self.before.get(row.instance.pk)
        if stored is None:
            return ""
        if isinstance(column.widget, NamedListWidget | TagNamesWidget):
            return as_people_read(names_of(self.seen_links(stored, column.attribute)))
        return as_people_read(column.native(stored, Audience.FULL))

    def text_after(self, row, column):
        if column.column_name in row.links:
            return as_people_read(names_of(row.links[column.column_name]))
        if row.instance._state.adding and (isinstance(column.widget, NamedListWidget) or callable(column.attribute)):
            return ""
        if isinstance(column.widget, NamedListWidget | TagNamesWidget):
            return self.text_before(row, column)
        return as_people_read(column.native(row.instance, Audience.FULL))

    def row_reports(self, result, report):
        """A RowReport for each row of the table."""
        reasons = defaultdict(list)
        for problem in report.problems:
            reasons[problem.line].append(problem.reason)
        return [
            RowReport(line, self.key_text(row), outcome, self.details.get(number, []), reasons[line])
            for number, (line, row) in enumerate(zip(self.table.lines, self.table.rows, strict=True), 1)
            for outcome in [self.outcome_of(line, result.rows[number - 1], reasons)]
        ]

    def key_text(self, row):
        cells = dict(zip(self.table.columns, row, strict=True))
        return " · ".join(tidy for name in self.key if (tidy := " ".join(cells.get(name, "").split())))

    def outcome_of(self, line, row_result, reasons):
        if reasons.get(line):
            return LineOutcome.REFUSED
        if line in self.kept:
            return LineOutcome.KEPT
        if row_result.is_new():
            return LineOutcome.ADDED
        return LineOutcome.CHANGED if row_result.is_update() else LineOutcome.UNCHANGED

    # What undoing needs.

    def stored_before(self, row):
        """What a pending row is about to change, as JSON holds it; None if it is new."""
        stored = self.before.get(row.instance.pk)
        if stored is None:
            return None
        fields = {name: self.model._meta.get_field(name) for name in row.fields}
        links = self.stored_links(stored)
        return {
            "fields": {
                name: None if each.value_from_object(stored) is None else each.value_to_string(stored)
                for name, each in fields.items()
            },
            "links": {name: links[name] for name in row.links},
        }

    def stored_links(self, instance):
        """The rows that a row of the archive is linked with, as {column: primary keys, or names of tags}."""
        return {
            column.column_name: sorted(
                item.name if isinstance(column.widget, TagNamesWidget) else item.pk
                for item in getattr(instance, column.attribute).all()
            )
            for column in self.import_columns()
            if isinstance(column.widget, NamedListWidget | TagNamesWidget)
        }

    def is_published(self, instance):
        """Whether the public can read a row, so that no undo may remove it."""
        return getattr(instance, "status", "") == Status.PUBLISHED

    def delete_rows(self, pks):
        """Delete rows that an import added."""
        self.model.objects.filter(pk__in=pks).delete()


def names_of(value):
    """The names of the rows, tags or texts that a column of links holds."""
    return (
        value if isinstance(value, str) else sorted(file_key(item) if hasattr(item, "pk") else item for item in value)
    )


def as_people_read(value):
    """A JSON-like value as text for a page."""
    if value is None:
        return ""
    return " | ".join(value) if isinstance(value, list) else str(value)
