"""How each kind of value is read from a cell and written to a file.

`clean` turns a cell's text into a value, or raises ValueError with a sentence that says what would be right.
`native` turns a value into what JSON holds; `type` is its type in a Data Package. `expression` is a database
expression that writes the cell of the field at a path exactly as Python would; `path` is the lookup path of the value
that a file shows for an attribute.
"""

import datetime
import difflib

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import F, IntegerField, Model, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from import_export import widgets

from innovation_archive.exchange.cells import Guarded, split_items
from workshops.choices import Consent
from workshops.models.vocabulary import Term
from workshops.roles import FACILITATOR
from workshops.tags import check_tags, tag_key, tidy_name
from workshops.visibility import visible_in_admin

MAX_NAMES_SHOWN = 12


class TextWidget(widgets.Widget):
    """Text, exactly as it is."""

    type = "string"

    def clean(self, value, row=None, **kwargs):
        return value

    def native(self, value):
        return value

    def path(self, attribute):
        return attribute

    def expression(self, path):
        return Guarded(F(path))


class LineWidget(TextWidget):
    """One line of text: outer spaces are dropped, and runs of spaces become one."""

    def clean(self, value, row=None, **kwargs):
        return " ".join(value.split())


class WordWidget(TextWidget):
    """One of a fixed set of words, whatever its case; a hyphen or underscore reads as a space."""

    def __init__(self, choices):
        super().__init__()
        self.words = list(choices)

    def clean(self, value, row=None, **kwargs):
        word = value.strip().casefold().replace("_", " ").replace("-", " ")
        if word and word not in self.words:
            raise ValueError(_("It must be one of: %(words)s.") % {"words": ", ".join(self.words)})
        return word

    def expression(self, path):
        return F(path)  # a constraint keeps every other word out, so there is nothing to guard


class ConsentWidget(TextWidget):
    """A level of consent. A cell that is empty or cannot be read means the narrowest: facilitators."""

    words = [level.word for level in Consent]

    def clean(self, value, row=None, **kwargs):
        word = value.strip().casefold()
        return Consent[word.upper()] if word in self.words else Consent.FACILITATORS

    def native(self, value):
        return "" if value is None else Consent(value).word


class DateWidget(TextWidget):
    """A date, ISO 8601."""

    type = "date"

    def clean(self, value, row=None, **kwargs):
        value = value.strip()
        if not value:
            return None
        try:
            # Only year-month-day: some read 03/04 as March and some as April.
            return datetime.datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 a day has no zone
        except ValueError:
            raise ValueError(_("A date is written year-month-day, such as 2020-06-30.")) from None

    def native(self, value):
        return value and value.isoformat()

    def expression(self, path):
        return F(path)


class FlagWidget(TextWidget):
    """1 for yes, 0 or nothing for no."""

    type = "integer"

    def clean(self, value, row=None, **kwargs):
        if value.strip() not in {"", "0", "1"}:
            raise ValueError(_("Write 1 for yes, 0 for no."))
        return value.strip() == "1"

    def native(self, value):
        return int(value)

    def expression(self, path):
        return Cast(F(path), IntegerField())


class MarkWidget(FlagWidget):
    """1 for yes, 0 for no; an empty cell says nothing."""

    def clean(self, value, row=None, **kwargs):
        return super().clean(value) if value.strip() else None


class CountWidget(TextWidget):
    """A whole number, `least` or more. An empty cell means `empty`."""

    type = "integer"

    def __init__(self, least=0, empty=0):
        super().__init__()
        self.least, self.empty = least, empty

    def clean(self, value, row=None, **kwargs):
        value = value.strip()
        if not value:
            return self.empty
        if not (value.isascii() and value.isdigit() and len(value) < 11 and self.least <= int(value) <= 2_000_000_000):
            raise ValueError(_("It must be a whole number, %(least)s or more.") % {"least": self.least})
        return int(value)

    def expression(self, path):
        return F(path)


class ShareWidget(TextWidget):
    """A share, from 0 to 1."""

    type = "number"


class ListWidget(TextWidget):
    """Several texts in order, separated by a bar."""

    def clean(self, value, row=None, **kwargs):
        return [" ".join(item.split()) for item in split_items(value)]

    def native(self, value):
        return list(value)


class NamedWidget(TextWidget):
    """Another row, named by its key. `lookups[model]` finds it."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def names(self, value):
        """The names in a cell, so that all names of a file can be looked up at once."""
        return [value.strip()] if value.strip() else []

    def clean(self, value, row=None, lookups=None, **kwargs):
        return lookups[self.model].find(value.strip()) if value.strip() else None

    def native(self, value):
        return file_key(value) if isinstance(value, Model) else value

    def path(self, attribute):
        return f"{attribute}__{key_field(self.model)}"

    def expression(self, path):
        return super().expression(self.path(path))


class NamedListWidget(NamedWidget):
    """Several other rows. Their order in the cell does not count: files write them in key order."""

    def names(self, value):
        return split_items(value)

    def clean(self, value, row=None, lookups=None, **kwargs):
        found = [lookups[self.model].find(name) for name in split_items(value)]
        return list({id(row): row for row in found}.values())  # by id: rows of the same file have no primary key yet

    def native(self, value):
        return sorted(file_key(item) for item in value.all()) if value else []  # evidence may have no story


class TagNamesWidget(TextWidget):
    """Tags by name. Several spellings of one tag count once."""

    def clean(self, value, row=None, **kwargs):
        names = [tidy_name(name) for name in split_items(value)]
        try:
            check_tags(names)
        except ValidationError as problem:
            raise ValueError(" ".join(problem.messages)) from None
        return list({tag_key(name): name for name in reversed(names)}.values())

    def native(self, value):
        return sorted(tag.name for tag in value.all()) if value else []

    def path(self, attribute):
        return f"{attribute}__name"


KEYS = {
    "Programme": "slug",
    "Workshop": "slug",
    "Participant": "code",
    "Story": "ref",
    "Practice": "ref",
    "Insight": "slug",
    "Article": "slug",
    "Commitment": "ref",
    "User": "username",
    "Tag": "name",
}


def key_field(model):
    """The name of the field by which files refer to a row of this model."""
    return model.KEY if issubclass(model, Term) else KEYS[model.__name__]


def file_key(instance):
    return getattr(instance, key_field(instance.__class__))  # a request's user is not of the type it claims


class Lookup:
    """Finds the rows of one model that a file refers to: terms by any of their names, other rows by their key.

    It finds only rows that the importing `user` may see; the others are reported as if they did not exist.
    """

    def __init__(self, model, names=(), user=None):
        self.model = model
        self.called = str(model._meta.verbose_name)
        if issubclass(model, Term):
            rows = list(model.objects.all())
            self.rows = {name.casefold(): row for row in rows for name in row.names}
            self.known = [row.name for row in rows]
        else:
            rows = known_to(user, model._default_manager.all())
            self.rows = {file_key(row): row for row in rows.filter(**{f"{key_field(model)}__in": set(names)})}
            self.known = []

    def find(self, name):
        row = self.rows.get(name.casefold() if issubclass(self.model, Term) else name)
        if row is None:
            raise ValueError(
                _("There is no %(kind)s “%(name)s” in the archive. %(advice)s")
                % {"kind": self.called, "name": name, "advice": self.advice(name)}
            )
        return row

    def advice(self, name):
        if self.known:
            if close := difflib.get_close_matches(name.casefold(), list(self.rows), n=1):
                return _("Did you mean “%(name)s”?") % {"name": self.rows[close[0]].name}
            names = ", ".join(f"“{known}”" for known in self.known[:MAX_NAMES_SHOWN])
            if len(self.known) > MAX_NAMES_SHOWN:
                return _("Known are %(names)s and others; an editor can add one.") % {"names": names}
            return _("Known are %(names)s; an editor can add one.") % {"names": names}
        return _("Import the %(kind)s first, or mend the name.") % {"kind": self.model._meta.verbose_name_plural}


def known_to(user, rows):
    """Those of these rows that the importing user may see; the shell (None) sees all."""
    if user is None:
        return rows
    if rows.model is get_user_model():
        # Only people whom the desk offers as facilitators: an import must not tell who else has an account.
        return rows.filter(Q(groups__name=FACILITATOR) | Q(workshops__isnull=False)).distinct()
    return visible_in_admin(rows, user)
