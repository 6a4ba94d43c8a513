"""What a dataset is: named columns over the rows of a model, described once for import, export and documentation."""

import enum
from array import array
from collections import defaultdict

from django.db.models import Func
from import_export.fields import Field
from import_export.resources import Resource

from innovation_archive.datasets.widgets import NamedListWidget, TagNamesWidget, TextWidget

READ_BATCH = 2000


class Audience(enum.StrEnum):
    """Whom a file is for."""

    PUBLIC = "public"
    ANALYST = "analyst"
    FULL = "full"


EVERYONE = frozenset(Audience)
SIGNED_IN = frozenset({Audience.ANALYST, Audience.FULL})
SHELL = frozenset({Audience.FULL})
# What is computed helps readers; the import form leaves it out and passes it over.
READERS = frozenset({Audience.PUBLIC, Audience.ANALYST})


class Column(Field):
    """One column: the attribute it stands for, how its cells are read and written, and what it means.

    `public` is the attribute that the public reads in its stead, where that is not the same. `sql` gives the
    expression by which the database computes what readers read, where that is no field.
    """

    def __init__(self, attribute, widget=None, means="", *, required=False, audiences=EVERYONE, public=None, sql=None):
        super().__init__(attribute, widget=widget or TextWidget())
        self.means = means
        self.required = required
        self.audiences = audiences
        self.public = public
        self.sql = sql

    @property
    def is_computed(self):
        return self.audiences == READERS

    @property
    def is_list(self):
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
        """The cell as the database writes it, for a flat dataset."""
        attribute = self.attribute_for(audience)
        widget = TextWidget() if attribute == self.public else self.widget  # what stands in its stead is a text
        return widget.expression(attribute)

    def path(self, audience):
        """What the database is asked for, to be made the value by `native` of the widget."""
        if self.sql and audience in READERS:
            return self.sql()
        attribute = self.attribute_for(audience)
        return attribute if attribute == self.public else self.widget.path(attribute)


def computed(attribute, widget=None, means="", *, sql=None):
    """A column that readers' files add, and that an import passes over."""
    return Column(attribute, widget, means, audiences=READERS, sql=sql)


class KeyOrder(Func):
    """Orders by code point on every database, so that files do not depend on its language settings."""

    template = "%(expressions)s"

    def as_postgresql(self, compiler, connection, **context):
        return super().as_sql(compiler, connection, template='%(expressions)s COLLATE "C"', **context)


class Dataset(Resource):
    """A file of the archive: what a row is, its columns, and which rows each audience gets.

    Subclasses declare columns in order, and say:
    dataset     its name, which is its file's name and its KIND for import
    row_is      what one row is, in one sentence
    key         the columns that name a row
    ordering    what stands behind `key` in the database, by which rows are ordered
    readers_ordering  the same for readers, where they know a row by another key
    is_flat     every column is a field of the row or of one it belongs to, so that the database can write the lines
    is_fields   every column is such a field or a list of names, so that rows are read without making models of them
    audiences   who gets it at all
    """

    dataset = ""
    row_is = ""
    key = ()
    ordering = ()
    readers_ordering = ()
    is_flat = False
    is_fields = False
    audiences = EVERYONE

    def columns(self, audience):
        """The columns this audience's file has, in order."""
        return [column for column in self.fields.values() if audience in column.audiences]

    def import_columns(self):
        """The columns that a file may bring."""
        return [column for column in self.fields.values() if not column.is_computed]

    def rows(self, audience):
        """The queryset of what this audience may have, with what the columns read."""
        raise NotImplementedError

    def count(self, audience):
        """How many rows this audience's file has."""
        return self.rows(audience).count()

    def records(self, audience, among=None):
        """Yield each row as a list of JSON-like values, in key order.

        `among` narrows the rows to a queryset's: that of a filtered page.
        """
        columns = self.columns(audience)
        if self.is_fields:
            yield from self.read(columns, audience, among)
            return
        for instance in self.chosen(audience, among).iterator(chunk_size=500):
            yield [column.native(instance, audience) for column in columns]

    def read(self, columns, audience, among=None):
        """The same of these columns, where all are fields or lists: many times as fast as through models.

        First the keys alone are put in order, so that the first rows wait for no sorting of long texts.
        """
        keys = array("q", self.chosen(audience, among).values_list("pk", flat=True).iterator(chunk_size=READ_BATCH))
        fields = [column.path(audience) for column in columns if not column.is_list]
        lists = [column.path(audience) for column in columns if column.is_list]
        rows = self.rows(audience).select_related(None).prefetch_related(None)
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
        """What stands at a path that leads to several rows, of each of these rows."""
        names = defaultdict(list)
        for pk, name in self.model.objects.filter(pk__in=keys, **{f"{path}__isnull": False}).values_list("pk", path):
            names[pk].append(name)
        return names

    def cells(self, audience, among=None):
        """The rows of a flat dataset as a queryset, and an expression for each cell of its file."""
        rows = self.chosen(audience, among).select_related(None)
        return rows, [column.expression(audience) for column in self.columns(audience)]

    def chosen(self, audience, among):
        rows = self.rows(audience)
        if among is not None:
            rows = rows.filter(pk__in=among.order_by().values("pk"))
        # By what readers can see: the order of codes that they cannot would tell of them.
        for_readers = self.readers_ordering and audience in READERS
        return in_key_order(rows, self.readers_ordering if for_readers else self.ordering)


def in_key_order(rows, ordering):
    """Rows ordered by texts, given as paths, and by whatever else is given as an expression."""
    return rows.order_by(*(KeyOrder(part) if isinstance(part, str) else part for part in ordering))
