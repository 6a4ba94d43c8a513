"""Every place in the archive that can hold words, and what becomes of them when a story is withdrawn or a person erased.

Each app registers the columns of its models, its tables without a model, and its stores: caches, files, cookies, logs.
Words are deleted, or found (the editors' own texts, of which runs of a story's words are cut), or kept with a reason.
A column of choices and a link hold no words and need no registration. A test reads the models, the database and the
settings, and fails for a place that is not registered here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Field, JSONField, Model, Q

Key = TypeVar("Key")

WORDLESS = (
    models.BooleanField, models.DateField, models.DecimalField, models.DurationField, models.FloatField,
    models.IntegerField, models.TimeField, models.UUIDField,
)  # fmt: skip
"""Kinds of columns that cannot hold words. Any other kind can."""


class Owner(StrEnum):
    """With whom words go: with the story they are of, or only with the person."""

    STORY = "story"
    PERSON = "person"


@dataclass(frozen=True)
class Fate:
    """What becomes of the words of one place. Made by `deleted_with_story`, `deleted_with_person`, `found` and `kept_for`."""

    deleted_with: Owner | None = None
    deleted_by: str = ""
    """The function that deletes them, by its dotted name."""
    is_found: bool = False
    rows: Q | None = None
    """Which rows hold editors' own words, where not all do."""
    parts: tuple[str, ...] = ()
    """Of a column of JSON the keys to look in; empty for all of it."""
    as_json: bool = False
    """Whether a column of text holds JSON, in which accents are written as numbers."""
    kept_because: str = ""

    def __post_init__(self) -> None:
        if bool(self.kept_because) == bool(self.deleted_by or self.is_found):
            raise ValueError("Words are kept for a reason, or are deleted or found.")


def deleted_with_story(by: str) -> Fate:
    """They go when their story is withdrawn, and when its teller is erased."""
    return Fate(deleted_with=Owner.STORY, deleted_by=by)


def deleted_with_person(by: str) -> Fate:
    """They go when the person is erased, not with a single story."""
    return Fate(deleted_with=Owner.PERSON, deleted_by=by)


def found(
    rows: Q | None = None, parts: tuple[str, ...] = (), or_deleted: Fate | None = None, as_json: bool = False
) -> Fate:
    """They are an editor's own; runs of a withdrawn story's words are cut from them.

    `or_deleted` is for words that go altogether with the story or person they are about.
    """
    gone = or_deleted or Fate(is_found=True)
    return Fate(gone.deleted_with, gone.deleted_by, is_found=True, rows=rows, parts=parts, as_json=as_json)


def kept_for(because: str) -> Fate:
    """They stay. The reason is a sentence, which the documents print."""
    return Fate(kept_because=because)


registered_fields: dict[tuple[str, str], Fate] = {}
"""{(label of a model, name of a field): what becomes of its words}."""
registered_tables: dict[tuple[str, str], Fate] = {}
"""{(name of a table without a model, name of a column): what becomes of its words}, on whichever database has it."""
registered_stores: dict[str, Fate] = {}
"""{what stores outside the database are called, such as “cookie sessionid”: what becomes of their words}."""


def register_fields(model: str, names: str, fate: Fate) -> None:
    """Register fields of a model: `register_fields("workshops.Story", "title remark", deleted_with_story(…))`."""
    for name in names.split():
        register_once(registered_fields, (model, name), fate)


def register_table(table: str, columns: str, fate: Fate) -> None:
    for column in columns.split():
        register_once(registered_tables, (table, column), fate)


def register_store(name: str, fate: Fate) -> None:
    register_once(registered_stores, name, fate)


def register_once(register: dict[Key, Fate], key: Key, fate: Fate) -> None:
    if key in register:
        raise ValueError(f"{key} is registered already.")
    register[key] = fate


@dataclass(frozen=True)
class FoundField:
    """A column of editors' own texts, in which a withdrawn story's words are looked for."""

    model: type[Model]
    name: str
    fate: Fate

    @property
    def column(self) -> Field:
        return next(field for field in self.model._meta.concrete_fields if field.name == self.name)

    @property
    def holds_json(self) -> bool:
        return self.fate.as_json or isinstance(self.column, JSONField)

    @property
    def is_history(self) -> bool:
        return hasattr(self.model, "tracked_fields")


def found_fields() -> list[FoundField]:
    """The columns of editors' own texts, those of one model together."""
    wanted = [(key, fate) for key, fate in registered_fields.items() if fate.is_found]
    return [FoundField(apps.get_model(label), name, fate) for (label, name), fate in sorted(wanted, key=first_of)]


def first_of(registered: tuple[tuple[str, str], Fate]) -> tuple[str, str]:
    return registered[0]


def can_hold_words(field: Field) -> bool:
    """Whether somebody's words may get into a column. One of choices holds what the program knows.

    A relation holds the key of another row, which is a text where that model's key is one.
    """
    if isinstance(field, models.ForeignKey):
        return can_hold_words(field.target_field)
    return not isinstance(field, WORDLESS) and not field.choices


def columns_that_hold_words() -> Iterator[tuple[str, str]]:
    """(label of a model, name of a field) for each column of each model that can hold words, Django's own included."""
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.proxy:
            yield from ((model._meta.label, field.name) for field in model._meta.local_fields if can_hold_words(field))
