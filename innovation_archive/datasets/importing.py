"""Bringing a file's rows into the archive: validate every one, then write all or none.

Built on django-import-export's resources: their `import_data` walks the rows and holds the transaction; what
is overridden here finds rows by natural key, compares before it writes, and writes in bulk.
"""

from collections import defaultdict
from dataclasses import dataclass, field

import tablib
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from import_export.instance_loaders import BaseInstanceLoader

from innovation_archive.datasets.base import Dataset
from innovation_archive.datasets.details import Detailed
from innovation_archive.datasets.reports import Problem, Report
from innovation_archive.datasets.widgets import Lookup, NamedListWidget, NamedWidget, TagNamesWidget, known_to
from innovation_archive.exchange.reading import FileProblem
from workshops.history import ADDED, REMOVED, record_bulk_history
from workshops.models import Tag
from workshops.roles import is_editor
from workshops.tags import tag_key
from workshops.visibility import visible_in_admin

SHOWN_NAMES = 10


class LateRefusal(Exception):
    """Rows that could only be judged once others were written. `errors` is {row number: ValidationError}."""

    def __init__(self, errors):
        super().__init__(f"{len(errors)} rows refused")
        self.errors = errors


@dataclass
class Pending:
    """A row on its way in: which of its fields and links change, or that it is kept as its giver wants it.

    `before` is what a detailed import remembers of a row that was there, to restore it.
    """

    instance: object
    number: int
    fields: set = field(default_factory=set)
    links: dict = field(default_factory=dict)
    kept: bool = False
    before: dict | None = None


class Importable(Detailed, Dataset):
    """A dataset that a file may bring into the archive.

    model               what a row becomes
    joined, related     what is fetched with it, so that comparing rows takes no query each
    key_alternatives    columns of the key that a row may leave empty
    final               why an import of this KIND is never undone, if so

    Where the key is one column, a row may name another row of the same file.

    Whoever imports writes the rows that they may know of at the desk and that `may_write` lets them change. A row
    that exists and is not theirs is refused with a sentence that does not tell what it is, and rows are found by
    name only among those they may know of.
    """

    model = None
    joined = ()
    related = ()
    key_alternatives = ()
    final = ""
    detailed = False
    imported_on = None  # when undoing: the day of the import

    class Meta:
        instance_loader_class = BaseInstanceLoader  # never asked: `existing` holds the rows
        use_bulk = True  # no savepoint a row
        skip_diff = True
        report_skipped = True

    def bring_in(self, table, *, user=None, dry_run=False, workshop=None, detailed=False):
        """Import a table's rows and report. Writes nothing if any row is refused, or on a dry run.

        `user` is who imports: None is the shell, which may do what an editor may. `detailed` reports row by row.
        """
        self.table, self.user, self.workshop, self.detailed = table, user, workshop, detailed
        self.check_columns(table)
        dataset = tablib.Dataset(*table.rows, headers=table.columns)
        result = self.import_data(dataset, dry_run=dry_run, use_transactions=True, rollback_on_validation_errors=True)
        return self.report(result)

    def check_columns(self, table):
        mine = [column.column_name for column in self.import_columns()]
        unknown = [name for name in table.columns if name not in self.fields]
        if unknown:
            named = "”, “".join(name[:60] for name in unknown[:SHOWN_NAMES])
            others = f" and {len(unknown) - SHOWN_NAMES} others" if len(unknown) > SHOWN_NAMES else ""
            raise FileProblem(
                f"{table.name}, line 1: {self.dataset} has no column “{named}”{others}. "
                f"Its columns are: {', '.join(mine)}."
            )
        missing = [name for name in self.key if name not in table.columns and name not in self.key_alternatives]
        if missing:
            raise FileProblem(f"{table.name}, line 1: the column “{'”, “'.join(missing)}” is missing.")

    # What the walk of django-import-export asks, in the order it asks.

    def before_import(self, dataset, **kwargs):
        self.written = [column for column in self.import_columns() if column.column_name in dataset.headers]
        self.lookups = self.look_up(dataset)
        self.existing = self.find_existing(dataset)
        self.seen = {}
        self.kept = []
        self.details = {}
        self.begin([row for row in self.existing.values() if row.pk])

    def begin(self, rows):
        """Nothing is pending yet; these are the rows of the archive that may be written."""
        self.pending = []
        self.notices = []
        self.made_tags = []
        self.known = self.known_among(rows)
        self.unseen = self.unseen_links(rows)

    def known_among(self, rows):
        """The primary keys of those among these rows that who imports may know of."""
        pks = {row.pk for row in rows}
        everything = self.model._default_manager.all()
        seen = everything if self.user is None else visible_in_admin(everything, self.user)
        return pks if seen is everything else set(seen.filter(pk__in=pks).values_list("pk", flat=True))

    def unseen_links(self, rows):
        """Links of these rows to what who imports may not know of: they are not shown, and stay.

        As {attribute: {primary key of the row: primary keys}}.
        """
        unseen = defaultdict(lambda: defaultdict(set))
        for column in self.import_columns():
            if self.user is None or not isinstance(column.widget, NamedListWidget):
                continue
            everything = column.widget.model._default_manager.all()
            seen = known_to(self.user, everything)
            if seen is not everything and rows:
                through, source, target = self.link_table(column)
                links = through.objects.filter(**{f"{source}__in": [row.pk for row in rows]})
                links = links.exclude(**{f"{target}__in": seen.values("pk")})
                for owner, item in links.values_list(source, target):
                    unseen[column.attribute][owner].add(item)
        return unseen

    def may_write(self, instance):
        """Whether a row of the archive is one that who imports may change. Otherwise it is as if they did not know it."""
        return instance.pk in self.known and (self.user is None or is_editor(self.user) or self.is_own(instance))

    def is_own(self, instance):
        """Whether a row comes from a workshop of who imports. What belongs to no workshop is anyone's."""
        return True

    def look_up(self, dataset):
        """A Lookup for every model that the file's columns name, filled with one query each."""
        names = defaultdict(set)
        for column in self.written:
            if isinstance(column.widget, NamedWidget):
                wanted = names[column.widget.model]
                for cell in set(dataset[column.column_name]):
                    wanted.update(column.widget.names(cell))
        return {model: Lookup(model, wanted, self.user) for model, wanted in names.items()}

    def find_existing(self, dataset):
        """The rows the archive has of those the file speaks of, as {key: instance}."""
        if len(self.key) > 1:
            first = self.lookups[self.fields[self.key[0]].widget.model].rows.values()
            rows = self.with_related().filter(**{f"{self.key[0]}__in": [row.pk for row in first]})
            return {tuple(getattr(row, name) for name in self.key_attributes()): row for row in rows}
        (name,) = self.key
        keys = {self.fields[name].widget.clean(cell) for cell in dataset[name]} - {""}
        found = self.with_related().in_bulk(keys, field_name=name)
        if self.model in self.lookups:
            # A row may name one that this very file brings, above it or below.
            found |= {key: self.model(**{name: key}) for key in keys - found.keys()}
            self.lookups[self.model].rows |= found
        return found

    def with_related(self):
        return self.model.objects.select_related(*self.joined).prefetch_related(*self.related)

    def key_attributes(self):
        return [self.model._meta.get_field(name).attname for name in self.key]

    def _check_import_id_fields(self, headers):
        """`check_columns` has seen to it."""

    def before_import_row(self, row, row_number=None, **kwargs):
        self.number = row_number

    def get_or_init_instance(self, instance_loader, row):
        key = self.read_key(row)
        line = self.table.lines[self.number - 1]
        if key in self.seen:
            raise ValidationError(
                {self.key[0]: f"This row stands on line {self.seen[key]} already. Keep one of the two."}
            )
        self.seen[key] = line
        instance = self.existing.get(key) or self.model()
        if not instance._state.adding and not self.may_write(instance):
            raise ValidationError({self.key[0]: self.not_here})
        return instance, instance._state.adding

    @property
    def not_here(self):
        """The same for whatever is not theirs, published or not."""
        if len(self.key) == 1:
            return f"This {self.key[0]} cannot be used here. Choose another one, which nobody uses."
        return "This row cannot be written from here. Ask an editor."

    def read_key(self, row):
        """What identifies the row: a text, or the primary keys and values of several columns."""
        values, errors = [], {}
        for name in self.key:
            try:
                value = self.fields[name].widget.clean(row.get(name, ""), row=row, lookups=self.lookups)
            except ValueError as problem:
                errors[name] = str(problem)
                continue
            if value in (None, "") and name not in self.key_alternatives:
                errors[name] = "It is empty, and it is what the row is known by. Fill it in."
            values.append(getattr(value, "pk", value))
        if errors:
            raise ValidationError(errors)
        return values[0] if len(values) == 1 else tuple(values)

    def import_instance(self, instance, row, **kwargs):
        """Set the row's values on the instance, and note in `self.change` what that changes."""
        self.change = Pending(instance, self.number)
        errors = {}
        if instance._state.adding:
            absent = [column for column in self.import_columns() if column.required and column not in self.written]
            errors = {column.column_name: "This row is new, and a new row needs this column." for column in absent}
        if self.workshop and row.get("workshop", self.workshop.slug) != self.workshop.slug:
            errors["workshop"] = (
                f"The file is imported into “{self.workshop.slug}”. Leave this cell empty, or import the row into its "
                "own workshop."
            )
        for column in self.written:
            name = column.column_name
            try:
                value = column.widget.clean(row[name], row=row, lookups=self.lookups)
            except ValueError as problem:
                errors[name] = str(problem)
                continue
            if column.required and value in (None, "", []):
                errors[name] = "It is empty, and every row needs it. Fill it in."
            else:
                self.set_value(instance, column, value)
        if not errors and not self.change.kept:
            errors = self.complete(instance, row) or {}
        if errors:
            raise ValidationError(errors)

    def set_value(self, instance, column, value):
        """Put one value on the instance, or with the links to be written."""
        if isinstance(column.widget, NamedListWidget | TagNamesWidget):
            if self.links_now(instance, column) != self.links_wanted(column, value):
                self.change.links[column.attribute] = value
            return
        field = self.model._meta.get_field(column.attribute)
        before = getattr(instance, field.attname)
        setattr(instance, column.attribute, value)
        if getattr(instance, field.attname) != before:
            self.change.fields.add(column.attribute)

    def links_now(self, instance, column):
        if instance._state.adding:
            return set()
        key = "key" if isinstance(column.widget, TagNamesWidget) else "pk"
        return {getattr(item, key) for item in self.seen_links(instance, column.attribute)}

    def seen_links(self, instance, attribute):
        """What a row is linked with, as far as who imports may know."""
        unseen = self.unseen[attribute][instance.pk]
        return [item for item in getattr(instance, attribute).all() if item.pk not in unseen]

    def links_wanted(self, column, value):
        return (
            {tag_key(name) for name in value}
            if isinstance(column.widget, TagNamesWidget)
            else {row.pk for row in value}
        )

    def complete(self, instance, row):
        """What a dataset adds once its columns are read. Returns {column: sentence} of what is wrong."""

    def skip_row(self, instance, original, row, import_validation_errors=None):
        if import_validation_errors:
            return False
        return self.change.kept or not (instance._state.adding or self.change.fields or self.change.links)

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        errors = dict(import_validation_errors or {})
        relations = {field.name for field in self.model._meta.get_fields() if field.is_relation}
        try:
            instance.clean_fields(exclude=relations | set(errors))
            if not errors:
                self.clean_instance(instance)
        except ValidationError as problem:
            errors = problem.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def clean_instance(self, instance):
        instance.clean()

    def save_instance(self, instance, is_create, row, **kwargs):
        self.pending.append(self.change)

    def save_m2m(self, instance, row, **kwargs):
        """`write` does, for all rows at once."""

    def after_import_row(self, row, row_result, **kwargs):
        if self.change.kept and row_result.is_skip():
            self.kept.append(self.table.lines[self.number - 1])

    def after_import(self, dataset, result, **kwargs):
        if self.detailed:
            self.before = self.with_related().in_bulk([row.instance.pk for row in self.pending if row.instance.pk])
            self.details = {row.number: self.changes_of(row) for row in self.pending}
            for row in self.pending:
                row.before = self.stored_before(row)
        if not (result.has_errors() or result.has_validation_errors()):
            self.write()

    # Writing, once every row is known to be right.

    def write(self):
        """Write what is pending, in bulk. Runs inside the import's transaction."""
        new = [row.instance for row in self.pending if row.instance._state.adding]
        known = [row.instance for row in self.pending if not row.instance._state.adding]
        self.count_saves()
        changed = [row for row in self.pending if not row.instance._state.adding and row.fields]
        self.model.objects.bulk_create(new, batch_size=1000)
        fields = set().union(*(row.fields for row in changed))
        if fields:
            self.model.objects.bulk_update([row.instance for row in changed], sorted(fields), batch_size=200)
        for column in self.import_columns():
            if isinstance(column.widget, NamedListWidget | TagNamesWidget):
                self.write_links(column)
        record_bulk_history(new, ADDED)
        record_bulk_history(known)

    def count_saves(self):
        """Whoever has a row open that changes is told when they save it."""
        for row in self.pending:
            if not row.instance._state.adding and hasattr(row.instance, "count_save"):
                row.fields |= row.instance.count_save()

    def write_links(self, column):
        """Bring one many-to-many column up to date: only what was removed goes, only what is new comes."""
        rows = [row for row in self.pending if column.attribute in row.links]
        if not rows:
            return
        through, source, target = self.link_table(column)
        if isinstance(column.widget, TagNamesWidget):
            # In the order of the file, for a new tag keeps the spelling that was met first.
            through.lock(row.instance.pk for row in rows)
            names = dict.fromkeys(name for row in rows for name in row.links[column.attribute])
            tags = self.tags_called(names)
            wanted = {row.instance.pk: {tags[tag_key(n)].pk for n in row.links[column.attribute]} for row in rows}
        else:
            wanted = {row.instance.pk: {item.pk for item in row.links[column.attribute]} for row in rows}
        links = through.objects.filter(**{f"{source}__in": list(wanted)})
        now = defaultdict(set)
        gone = []
        for link in links:
            owner, item = getattr(link, f"{source}_id"), getattr(link, f"{target}_id")
            now[owner].add(item)
            if item not in wanted[owner] and item not in self.unseen[column.attribute][owner]:
                gone.append(link)
        if gone:
            # Past the signals, which would write the history of each link in a query of its own.
            through.objects.filter(pk__in=[link.pk for link in gone])._raw_delete(through.objects.db)
        come = [
            through(**{f"{source}_id": owner, f"{target}_id": item})
            for owner, items in wanted.items()
            for item in sorted(items - now[owner])
        ]
        through.objects.bulk_create(come, batch_size=1000)
        record_bulk_history(gone, REMOVED)
        record_bulk_history(come, ADDED)

    def link_table(self, column):
        """The table that holds a column's links, and in it the names of both ends."""
        if isinstance(column.widget, TagNamesWidget):
            return self.model.tags.through, "content_object", "tag"
        field = self.model._meta.get_field(column.attribute)
        return field.remote_field.through, field.m2m_field_name(), field.m2m_reverse_field_name()

    def tags_called(self, names):
        """The tags of these names by key; `made_tags` remembers those that the archive did not have."""
        known = set()
        if self.detailed:
            keys = {tag_key(name) for name in names}
            known = set(Tag.objects.filter(key__in=keys).values_list("key", flat=True))
        tags = Tag.objects.for_names(names)
        if self.detailed:
            self.made_tags += [tag.pk for key, tag in tags.items() if key not in known]
        return tags

    def report(self, result):
        for failure in result.base_errors:
            if not isinstance(failure.error, LateRefusal):
                raise failure.error  # no fault of the file's: let it be seen
        report = Report(kept=self.kept, notices=self.notices)
        for number, row in enumerate(result.rows, 1):
            for error in row.errors:
                raise error.error
            if row.validation_error:
                report.problems += self.problems(number, row.validation_error)
            elif row.is_new():
                report.added += 1
            elif row.is_update():
                report.changed += 1
            else:
                report.unchanged += 1
        report.unchanged -= len(self.kept)
        for failure in result.base_errors:
            for number, error in sorted(failure.error.errors.items()):
                report.problems += self.problems(number, error)
        if self.detailed:
            report.rows = self.row_reports(result, report)
            report.writing = self
        return report

    def problems(self, number, error):
        """A refused row's problems, one for each sentence, under the column it speaks of."""
        row = dict(zip(self.table.columns, self.table.rows[number - 1], strict=True))
        line = self.table.lines[number - 1]
        found = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        return [
            Problem(self.table.name, line, column if column in self.fields else "", row.get(column, ""), message)
            for column, messages in found.items()
            for message in messages
        ]
