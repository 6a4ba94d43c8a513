"""Importing the rows of a table: validate every one, then write all or none.

Built on django-import-export's resources, whose `import_data` walks the rows inside a transaction. The methods
overridden here find rows by natural key, compare before they write, and write in bulk.
"""

from collections import defaultdict
from dataclasses import dataclass, field

import tablib
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from import_export.instance_loaders import BaseInstanceLoader

from innovation_archive.datasets.base import Dataset
from innovation_archive.datasets.details import Detailed
from innovation_archive.datasets.reports import Problem, Report
from innovation_archive.datasets.widgets import Lookup, NamedListWidget, NamedWidget, TagNamesWidget, known_to
from innovation_archive.exchange.reading import FileProblemError
from workshops.choices import Forgetting
from workshops.consent.ledger import forgotten_among
from workshops.consent.withdrawal import participant_subjects
from workshops.history import ADDED, REMOVED, record_bulk_history
from workshops.models import Participant, Tag
from workshops.roles import is_editor
from workshops.tags import tag_key
from workshops.visibility import visible_in_admin

MAX_NAMES_SHOWN = 10
BY_FACILITATORS = gettext_lazy("Only those who run its workshop change this. Leave the cell as it is.")
OTHER_PROGRAMME = gettext_lazy("It is of a programme that you do not edit. Ask one of its editors to import the row.")


class LateRefusalError(Exception):
    """Rows that turned out to be wrong while others were being written. `errors` is {row number: ValidationError}."""

    def __init__(self, errors):
        super().__init__(f"{len(errors)} rows refused")  # not translated: only developers see it
        self.errors = errors


@dataclass
class Pending:
    """A row about to be written: which of its fields and links change.

    `kept` means that it stays as it is, because its giver withdrew it. `before` is the former state of a row that the
    archive had, for an undo; only a detailed import fills it.
    """

    instance: object
    number: int
    fields: set = field(default_factory=set)
    links: dict = field(default_factory=dict)
    kept: bool = False
    before: dict | None = None


class Importable(Detailed, Dataset):
    """A dataset that can be imported.

    called              what people call its rows, in the plural
    model               the model of a row
    joined, related     relations fetched with the rows, so that comparing them needs no query a row
    key_alternatives    columns of the key that a row may leave empty
    final               why an import of this kind cannot be undone; empty if it can
    place_column        the column that says where a row belongs, by which one of another programme is refused
    is_long             whether a file of them may be long, and none of its rows names another: it is imported in parts

    Where the key is one column, a row may name another row of the same file.

    The importing user may write the rows that they can see at the desk and that `may_write` lets them change. If the
    key is that of any other row, the line is refused with a sentence that does not reveal what the row is. Names in
    the file are looked up only among the rows that the user can see.
    """

    called: str | Promise = ""
    model = None
    joined = ()
    related = ()
    key_alternatives = ()
    final: str | Promise = ""
    place_column = ""
    is_long = False
    detailed = False
    change = None  # of the row that is being read
    imported_on = None  # when undoing: the day of the import
    ticked: frozenset[str] = frozenset()  # of passages that may stand, the tokens
    is_dry_run = False
    is_check = False

    class Meta:
        instance_loader_class = BaseInstanceLoader  # never asked: `existing` holds the rows
        use_bulk = True  # no savepoint a row
        skip_diff = True
        report_skipped = True

    def bring_in(self, table, *, user=None, dry_run=False, check=False, workshop=None, detailed=False, seen=None):
        """Import a table's rows and report. Writes nothing if any row is refused, on a dry run, or on a check.

        `user` is the importing user; None is the shell, which may do what an editor may. `detailed` reports row by row.
        A dry run does all that an import does and takes it back; a check only validates the rows, as an import does.
        `seen` are the keys of the file's rows before this table, as {key: line}; those of the table are added.
        """
        self.table, self.user, self.workshop, self.detailed = table, user, workshop, detailed
        self.is_dry_run, self.is_check, self.seen = dry_run, check, {} if seen is None else seen
        self.check_columns(table)
        dataset = tablib.Dataset(*table.rows, headers=table.columns)
        leaves_nothing = dry_run or check
        result = self.import_data(
            dataset, dry_run=leaves_nothing, use_transactions=True, rollback_on_validation_errors=True
        )
        return self.report(result)

    def check_columns(self, table):
        mine = [column.column_name for column in self.import_columns()]
        unknown = [name for name in table.columns if name not in self.fields]
        if unknown:
            raise FileProblemError(self.unknown_columns(table.name, unknown, mine))
        missing = [name for name in self.key if name not in table.columns and name not in self.key_alternatives]
        if missing:
            sentence = _("%(file)s, line 1: the column “%(columns)s” is missing.")
            raise FileProblemError(sentence % {"file": table.name, "columns": "”, “".join(missing)})

    def unknown_columns(self, file, unknown, known):
        """The sentence that refuses a file whose header has these `unknown` names."""
        others = len(unknown) - MAX_NAMES_SHOWN
        if others > 0:
            sentence = ngettext(
                "%(file)s, line 1: %(kind)s has no column “%(columns)s” and %(others)s other. Its columns are: %(known)s.",
                "%(file)s, line 1: %(kind)s has no column “%(columns)s” and %(others)s others. Its columns are: %(known)s.",
                others,
            )
        else:
            sentence = _("%(file)s, line 1: %(kind)s has no column “%(columns)s”. Its columns are: %(known)s.")
        return sentence % {
            "file": file,
            "kind": self.dataset,
            "columns": "”, “".join(name[:60] for name in unknown[:MAX_NAMES_SHOWN]),
            "others": others,
            "known": ", ".join(known),
        }

    # What django-import-export calls, in the order in which it does.

    def before_import(self, dataset, **kwargs):
        self.written = [column for column in self.import_columns() if column.column_name in dataset.headers]
        self.lookups = self.look_up(dataset)
        self.existing = self.find_existing(dataset)
        self.erased, self.forgotten = self.erased_codes(dataset), self.forgotten_keys(dataset)
        self.kept = []
        self.details = {}
        self.begin([row for row in self.existing.values() if row.pk])

    def begin(self, rows):
        """Start with nothing pending. `rows` are those of the archive that may be written."""
        self.pending = []
        self.notices = []
        self.line_notices = []
        self.made_tags = []
        self.known = self.known_among(rows)
        self.unseen = self.unseen_links(rows)

    def known_among(self, rows):
        """The primary keys of those of `rows` that the importing user may see."""
        pks = {row.pk for row in rows}
        everything = self.model._default_manager.all()
        seen = everything if self.user is None else visible_in_admin(everything, self.user)
        return pks if seen is everything else set(seen.filter(pk__in=pks).values_list("pk", flat=True))

    def unseen_links(self, rows):
        """Links to rows the importing user may not see; they are not shown to them, and left untouched.

        As {attribute: {primary key of the row: primary keys it is linked with}}.
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
        """Whether the importing user may change this row of the archive."""
        return instance.pk in self.known and self.is_theirs(instance)

    def is_theirs(self, instance):
        """Whether a row belongs where the importing user may write. The shell, which is nobody, may write everywhere."""
        return self.user is None or self.edits(instance) or self.is_own(instance)

    def edits(self, instance):
        """Whether the importing user edits its programme, or, of what all programmes share, the whole archive."""
        return is_editor(self.user)

    def is_own(self, instance):
        """Whether a row comes from a workshop of the importing user, who is no editor of it."""
        return False

    def place_refused(self, instance):
        """{column: sentence} if the row, as it would be from now on, belongs where the importing user may not write."""
        return {} if self.is_theirs(instance) else {self.place_column: OTHER_PROGRAMME}

    def look_up(self, dataset):
        """A Lookup for each model that the file's columns refer to, filled by one query each."""
        names = defaultdict(set)
        for column in self.written:
            if isinstance(column.widget, NamedWidget):
                wanted = names[column.widget.model]
                for cell in set(dataset[column.column_name]):
                    wanted.update(column.widget.names(cell))
        return {model: Lookup(model, wanted, self.user) for model, wanted in names.items()}

    def find_existing(self, dataset):
        """The rows of the file that the archive already has, as {key: instance}."""
        if len(self.key) > 1:
            first = self.lookups[self.fields[self.key[0]].widget.model].rows.values()
            rows = self.with_related().filter(**{f"{self.key[0]}__in": [row.pk for row in first]})
            return {tuple(getattr(row, name) for name in self.key_attributes()): row for row in rows}
        (name,) = self.key
        keys = {self.fields[name].widget.clean(cell) for cell in dataset[name]} - {""}
        found = self.with_related().in_bulk(keys, field_name=name)
        if self.model in self.lookups:
            # A row may refer to another row of this file, above it or below.
            found |= {key: self.model(**{name: key}) for key in keys - found.keys()}
            self.lookups[self.model].rows |= found
        return found

    def with_related(self):
        return self.model.objects.select_related(*self.joined).prefetch_related(*self.related)

    def erased_codes(self, dataset):
        """The codes of erased participants that the file names: no row of theirs is brought back."""
        columns = [column.column_name for column in self.written if self.names_participants(column)]
        codes = {cell.strip() for name in columns for cell in set(dataset[name])} - {""}
        return set(forgotten_among(Forgetting.ERASURE, participant_subjects(codes))) if codes else set()

    def names_participants(self, column):
        if self.model is Participant:
            return column.column_name in self.key
        return isinstance(column.widget, NamedWidget) and column.widget.model is Participant

    def forgotten_keys(self, dataset):
        """The keys of rows that the archive had to forget and does not hold: they are not brought back."""
        if len(self.key) > 1:
            return set()
        names = {cell.strip() for cell in dataset[self.key[0]]}
        return self.forgotten_names(names - {""} - self.existing.keys())

    def forgotten_names(self, names):
        """Those of these names that the ledger has. Hook for a dataset whose rows may be forgotten."""
        return set()

    def is_forgotten(self, row):
        erased = any(
            row[column.column_name].strip() in self.erased for column in self.written if self.names_participants(column)
        )
        return erased or (len(self.key) == 1 and row.get(self.key[0], "").strip() in self.forgotten)

    def key_attributes(self):
        return [self.model._meta.get_field(name).attname for name in self.key]

    def _check_import_id_fields(self, headers):
        """Checked by `check_columns` already."""

    def before_import_row(self, row, row_number=None, **kwargs):
        self.number = row_number

    def get_or_init_instance(self, instance_loader, row):
        if self.is_forgotten(row):
            return self.model(), True
        key = self.read_key(row)
        line = self.table.lines[self.number - 1]
        if key in self.seen:
            sentence = _("This row stands on line %(line)s already. Keep one of the two.") % {"line": self.seen[key]}
            raise ValidationError({self.key[0]: sentence})
        self.seen[key] = line
        instance = self.existing.get(key) or self.model()
        if not instance._state.adding and not self.may_write(instance):
            raise ValidationError({self.key[0]: self.not_here})
        return instance, instance._state.adding

    @property
    def not_here(self):
        """The same sentence for any row the user may not write, so that it does not reveal what the row is."""
        if len(self.key) == 1:
            return _("This %(column)s cannot be used here. Choose another one, which nobody uses.") % {
                "column": self.key[0]
            }
        return _("This row cannot be written from here. Ask an editor.")

    def read_key(self, row):
        """The key of a row: a text, or a tuple of the values and primary keys of several columns."""
        values, errors = [], {}
        for name in self.key:
            try:
                value = self.fields[name].widget.clean(row.get(name, ""), row=row, lookups=self.lookups)
            except ValueError as problem:
                errors[name] = str(problem)
                continue
            if value in (None, "") and name not in self.key_alternatives:
                errors[name] = _("It is empty, and it is what the row is known by. Fill it in.")
            values.append(getattr(value, "pk", value))
        if errors:
            raise ValidationError(errors)
        return values[0] if len(values) == 1 else tuple(values)

    def import_instance(self, instance, row, **kwargs):
        if self.is_forgotten(row):
            self.change = Pending(instance, self.number, kept=True)
        else:
            self.read_values(instance, row)

    def read_values(self, instance, row):
        """Set the row's values on the instance, and record in `self.change` what that changes."""
        self.change = Pending(instance, self.number)
        errors = {}
        if instance._state.adding:
            absent = [column for column in self.import_columns() if column.required and column not in self.written]
            errors = {column.column_name: _("This row is new, and a new row needs this column.") for column in absent}
        if self.workshop and row.get("workshop", self.workshop.slug) != self.workshop.slug:
            errors["workshop"] = _(
                "The file is imported into “%(workshop)s”. Leave this cell empty, or import the row into its own workshop."
            ) % {"workshop": self.workshop.slug}
        for column in self.written:
            name = column.column_name
            try:
                value = column.widget.clean(row[name], row=row, lookups=self.lookups)
            except ValueError as problem:
                errors[name] = str(problem)
                continue
            if column.required and value in (None, "", []):
                errors[name] = _("It is empty, and every row needs it. Fill it in.")
            else:
                self.set_value(instance, column, value)
        if not errors and not self.change.kept:
            errors = self.complete(instance, row) or {}
        if not errors and not self.change.kept and self.writes(instance):
            errors = self.place_refused(instance)
        if errors:
            raise ValidationError(errors)

    def set_value(self, instance, column, value):
        """Set one value on the instance, or note it among the links to be written."""
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
        """The rows that a row is linked with, as far as the importing user may see them."""
        unseen = self.unseen[attribute][instance.pk]
        return [item for item in getattr(instance, attribute).all() if item.pk not in unseen]

    def links_wanted(self, column, value):
        return (
            {tag_key(name) for name in value}
            if isinstance(column.widget, TagNamesWidget)
            else {row.pk for row in value}
        )

    def complete(self, instance, row):
        """Hook for a dataset, called once a row's columns are read. Returns {column: sentence} of what is wrong."""

    def skip_row(self, instance, original, row, import_validation_errors=None):
        if import_validation_errors:
            return False
        return self.change.kept or not self.writes(instance)

    def writes(self, instance):
        """Whether the row that is being read adds or changes anything."""
        return bool(instance._state.adding or self.change.fields or self.change.links)

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
        """Done by `write`, for all rows at once."""

    def after_import_row(self, row, row_result, **kwargs):
        if self.change.kept and row_result.is_skip():
            self.kept.append(self.table.lines[self.number - 1])

    def after_import(self, dataset, result, **kwargs):
        if self.detailed:
            self.before = self.with_related().in_bulk([row.instance.pk for row in self.pending if row.instance.pk])
            self.details = {row.number: self.column_changes(row) for row in self.pending}
            for row in self.pending:
                row.before = self.stored_before(row)
        if not (self.is_check or result.has_errors() or result.has_validation_errors()):
            self.write()

    # Writing, once every row has been found right.

    def write(self):
        """Write what is pending, in bulk. Runs inside the import's transaction."""
        new = [row.instance for row in self.pending if row.instance._state.adding]
        known = [row.instance for row in self.pending if not row.instance._state.adding]
        self.count_saves()
        changed = [row for row in self.pending if not row.instance._state.adding and row.fields]
        self.model.objects.bulk_create(new, batch_size=1000)
        fields = set().union(*(row.fields for row in changed))
        if fields:
            rows = [row.instance for row in changed]
            everything = getattr(self.model, "with_working_copies", self.model.objects)
            everything.bulk_update(rows, sorted(fields), batch_size=200)
        for column in self.import_columns():
            if isinstance(column.widget, NamedListWidget | TagNamesWidget):
                self.write_links(column)
        record_bulk_history(new, ADDED)
        record_bulk_history(known)

    def count_saves(self):
        """Raise the save counter of each changed row, so that somebody who has it open in a form is warned."""
        for row in self.pending:
            if not row.instance._state.adding and hasattr(row.instance, "count_save"):
                row.fields |= row.instance.count_save()

    def write_links(self, column):
        """Update one many-to-many column: delete the links that are gone, add those that are new, leave the rest."""
        rows = [row for row in self.pending if column.attribute in row.links]
        if not rows:
            return
        through, source, target = self.link_table(column)
        if isinstance(column.widget, TagNamesWidget):
            # In the order of the file: a new tag keeps the spelling that comes first.
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
            # Without signals, which would write the history of each link in a query of its own.
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
        """The through model of a column's links, and the names of its two foreign keys."""
        if isinstance(column.widget, TagNamesWidget):
            return self.model.tags.through, "content_object", "tag"
        field = self.model._meta.get_field(column.attribute)
        return field.remote_field.through, field.m2m_field_name(), field.m2m_reverse_field_name()

    def tags_called(self, names):
        """The tags of these names by key. Those that are new to the archive are noted in `made_tags`."""
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
            if not isinstance(failure.error, LateRefusalError):
                raise failure.error  # an error of the program, not of the file
        report = Report(kept=self.kept, other_notices=self.notices, line_notices=self.line_notices)
        report.last_line = max(self.table.lines, default=0)
        self.count_rows(result, report)
        for failure in result.base_errors:
            for number, error in sorted(failure.error.errors.items()):
                report.problems += self.problems(number, error)
        if self.detailed:
            report.rows = self.row_reports(result, report)
            report.writing = self
        return report

    def count_rows(self, result, report):
        """Count what was done with each row, and collect the problems of those that are refused."""
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

    def problems(self, number, error):
        """The problems of a refused row: one for each sentence, with the column it is about."""
        row = dict(zip(self.table.columns, self.table.rows[number - 1], strict=True))
        line = self.table.lines[number - 1]
        found = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        return [
            Problem(self.table.name, line, column if column in self.fields else "", row.get(column, ""), message)
            for column, messages in found.items()
            for message in messages
        ]
