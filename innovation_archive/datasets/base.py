"""What a dataset is: named columns over the rows of a model, described once for import, export and documentation."""

import enum
from array import array
from collections import defaultdict
from collections.abc import Iterator
from typing import Self, TypeAlias

from django.db.models import F, Func, Q, QuerySet
from django.db.models.expressions import Combinable, Expression
from django.utils.functional import Promise
from import_export.fields import Field
from import_export.resources import Resource

from innovation_archive.datasets.widgets import NamedListWidget, TagNamesWidget, TextWidget
from insights.browsing.matrix import Cell as MatrixCell
from workshops.roles import EVERYTHING, Reach

READ_BATCH = 2000

Value: TypeAlias = str | int | float | list[str] | None
"""A value of a row as JSON holds it."""
Among: TypeAlias = QuerySet | list[MatrixCell]
"""The rows of a filtered page, to which its file is narrowed."""


class Audience(enum.StrEnum):
    """Who a file is for."""

    PUBLIC = "public"
    ANALYST = "analyst"
    FULL = "full"


EVERYONE = frozenset(Audience)
SIGNED_IN = frozenset({Audience.ANALYST, Audience.FULL})
SHELL = frozenset({Audience.FULL})
# The audiences of computed columns, which help readers; an import ignores them.
READERS = frozenset({Audience.PUBLIC, Audience.ANALYST})


class Column(Field):
    """One column: its attribute of the row, how its cells are read and written, and what it means.

    `public` is the attribute that readers' files show instead, if that is another. `sql` returns the database
    expression of what those files show, if that is not a field.
    """

    def __init__(self, attribute, widget=None, means="", *, required=False, audiences=EVERYONE, public=None, sql=None):
        super().__init__(attribute, widget=widget or TextWidget())
        self.means = means
        self.required = required
        self.audiences = audiences
        self.public = public
        self.sql = sql

    @property
    def is_computed(self) -> bool:
        return self.audiences == READERS

    @property
    def is_list(self) -> bool:
        return isinstance(self.widget, NamedListWidget | TagNamesWidget)

    def native(self, instance, audience):
        """The value as JSON holds it: text, number, list or None."""
        return self.widget.native(self.value(instance, audience))

    def value(self, instance, audience):
        attribute = self.attribute_for(audience)
        if callable(attribute):
            return attribute(instance)
        for name in attribute.split("__"):
            instance = getattr(instance, name, None)
        return instance

    def attribute_for(self, audience):
        return self.public if self.public and audience != Audience.FULL else self.attribute

    def expression(self, audience):
        """The database expression that writes the cell, for a flat dataset."""
        attribute = self.attribute_for(audience)
        widget = TextWidget() if attribute == self.public else self.widget  # what readers get instead is a text
        return widget.expression(attribute)

    def path(self, audience):
        """The lookup path or expression to fetch, from which the widget's `native` makes the value."""
        if self.sql and audience in READERS:
            return self.sql()
        attribute = self.attribute_for(audience)
        return attribute if attribute == self.public else self.widget.path(attribute)


def computed(attribute, widget=None, means="", *, sql=None):
    """A column that only readers' files have, and that an import ignores."""
    return Column(attribute, widget, means, audiences=READERS, sql=sql)


class KeyOrder(Func):
    """Orders texts by code point, so that a file's order does not depend on the database's locale."""

    template = "%(expressions)s"

    def as_postgresql(self, compiler, connection, **context):
        return super().as_sql(compiler, connection, template='%(expressions)s COLLATE "C"', **context)


class Dataset(Resource):
    """A file of the archive: what a row is, its columns, and which rows each audience gets.

    Subclasses declare their columns in order, and set:
    dataset     its name, which is also the name of its file and its KIND for an import
    row_is      a sentence that says what one row is
    key         the columns that identify a row
    readers_key the same for readers' files, if those have a row by other columns
    ordering    the lookup paths or expressions of `key`, by which rows are ordered
    care        a sentence on what is done to its rows so that nobody is known by them
    is_flat     whether every column is a field of the row or of a row it belongs to: the database then writes the lines
    is_fields   whether every column is such a field or a list of names: rows are then read without making instances
    audiences   the audiences that get it
    programme_path  the lookup path from a row to its programme, or "" if its rows are shared by all programmes

    `reach` says which programmes a file is about; a file of some holds no row of another.
    """

    dataset = ""
    row_is: str | Promise = ""
    key: tuple[str, ...] = ()
    readers_key: tuple[str, ...] = ()
    ordering: tuple[str | Combinable, ...] = ()
    care: str | Promise = ""
    purpose = ""
    is_flat = False
    is_fields = False
    audiences = EVERYONE
    programme_path: str | None = None
    reach = EVERYTHING

    def within(self, reach: Reach) -> Self:
        """This dataset, narrowed to some programmes."""
        self.reach = reach
        return self

    def rows_within(self, audience: Audience) -> QuerySet:
        """The rows this audience may have of the programmes that the file is about."""
        rows = self.rows(audience)
        if self.reach.is_everything or self.programme_path == "":
            return rows
        return rows.filter(self.belongs())

    def belongs(self) -> Q:
        """The condition that a row belongs to the programmes that the file is about."""
        if self.programme_path is None:
            raise NotImplementedError(self.dataset)  # nobody said of which programme its rows are
        return self.reach.rows(self.programme_path)

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        for column in self.fields.values():  # this instance's own copies
            column.dataset = self

    def for_purpose(self, purpose: str) -> Self:
        """The same dataset, to be read for this purpose: analysts' files name people by a code for each."""
        self.purpose = purpose
        return self

    def ordering_for(self, audience: Audience) -> tuple[str | Combinable, ...]:
        """By what rows of this audience's file are ordered: an order by what it hides would give something of that away."""
        return self.ordering

    def key_for(self, audience: Audience) -> tuple[str, ...]:
        """The columns that identify a row of this audience's file."""
        return (audience in READERS and self.readers_key) or self.key

    def columns(self, audience: Audience) -> list[Column]:
        """The columns of this audience's file, in order."""
        return [column for column in self.fields.values() if audience in column.audiences]

    def import_columns(self) -> list[Column]:
        """The columns that an imported file may have."""
        return [column for column in self.fields.values() if not column.is_computed]

    def rows(self, audience: Audience) -> QuerySet:
        """A queryset of the rows this audience may have, with the relations that the columns need."""
        raise NotImplementedError

    def count(self, audience: Audience) -> int | None:
        """How many rows this audience's file has; None where telling would take about as long as writing the file."""
        return self.rows_within(audience).count()

    def records(self, audience: Audience, among: Among | None = None) -> Iterator[list[Value]]:
        """Yield each row as a list of JSON-like values, in key order.

        `among` narrows the rows to those of a filtered page.
        """
        columns = self.columns(audience)
        if self.is_fields:
            yield from self.read_columns(columns, audience, among)
            return
        for instance in self.chosen(audience, among).iterator(chunk_size=500):
            yield [column.native(instance, audience) for column in columns]

    def read_columns(self, columns, audience, among=None):
        """Yield rows as `records` does, for columns that are all fields or lists; much faster than through instances.

        It sorts the primary keys alone first, so that the first rows need not wait until long texts are sorted.
        """
        keys = array("q", self.chosen(audience, among).values_list("pk", flat=True).iterator(chunk_size=READ_BATCH))
        fields = [column.path(audience) for column in columns if not column.is_list]
        lists = [column.path(audience) for column in columns if column.is_list]
        rows = self.rows_within(audience).select_related(None).prefetch_related(None)
        for start in range(0, len(keys), READ_BATCH):
            batch = keys[start : start + READ_BATCH]
            found = {pk: values for pk, *values in rows.filter(pk__in=batch).values_list("pk", *fields)}
            named = [self.names(path, batch) for path in lists]
            for pk in batch:
                values, names = iter(found[pk]), (of[pk] for of in named)
                yield [
                    sorted(next(names)) if column.is_list else column.widget.native(next(values)) for column in columns
                ]

    def names(self, path, keys):
        """The values at a path to many rows, as {primary key: values}."""
        names = defaultdict(list)
        for pk, name in self.model.objects.filter(pk__in=keys, **{f"{path}__isnull": False}).values_list("pk", path):
            names[pk].append(name)
        return names

    def cells(self, audience: Audience, among: Among | None = None) -> tuple[QuerySet, list[Expression | F]]:
        """The rows of a flat dataset as a queryset, and an expression for each cell of its file."""
        rows = self.chosen(audience, among).select_related(None)
        return rows, [column.expression(audience) for column in self.columns(audience)]

    def chosen(self, audience, among):
        rows = self.rows_within(audience)
        if among is not None:
            rows = rows.filter(pk__in=among.order_by().values("pk"))
        return in_key_order(rows, self.ordering_for(audience))


def in_key_order(rows, ordering):
    """Rows ordered by code point where `ordering` has a path, and as usual where it has an expression."""
    return rows.order_by(*(KeyOrder(part) if isinstance(part, str) else part for part in ordering))
