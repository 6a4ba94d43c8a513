"""Every place that can hold words is registered with what becomes of them: columns, tables, caches, files, cookies, logs."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.test.utils import isolate_apps
from django.utils.module_loading import import_string

from tests.word_table import DOCUMENT, word_table
from workshops.consent.word_fields import (
    Fate,
    can_hold_words,
    columns_that_hold_words,
    deleted_with_story,
    found,
    found_fields,
    kept_for,
    register_fields,
    registered_fields,
    registered_stores,
    registered_tables,
)

ROOT = Path(__file__).resolve().parent.parent
APPS = ["workshops", "insights", "innovation_archive"]
HOW = (
    "Say what becomes of its words when a story is withdrawn or a person erased: in held_words.py of its app "
    "(workshops/consent/, insights/publications/, innovation_archive/operation/), by register_fields, register_table or "
    "register_store of workshops/consent/word_fields.py, as deleted_with_story, deleted_with_person, found or kept_for."
)
WORDLESS_TYPES = {
    "bigint", "bigint unsigned", "bool", "boolean", "date", "datetime", "double precision", "integer", "integer unsigned",
    "real", "smallint", "smallint unsigned", "timestamp with time zone",
}  # fmt: skip
"""As the two databases call them."""
MAKES_FILES = {"write_text", "write_bytes", "NamedTemporaryFile", "SpooledTemporaryFile", "TemporaryFile", "mkstemp"}
CACHES_IN_MEMORY = {"cache", "lru_cache"}
FILLS_CACHE = {"set", "set_many", "add", "get_or_set"}
SETS_COOKIES = {"set_cookie", "set_signed_cookie"}


# The columns of models


def test_every_column_that_can_hold_words_is_registered():
    assert sorted(set(columns_that_hold_words()) - registered_fields.keys()) == [], HOW


def test_every_registered_field_exists():
    gone = [
        (label, name)
        for label, name in registered_fields
        if name not in {field.name for field in apps.get_model(label)._meta.local_fields}
    ]
    assert gone == []


@isolate_apps("workshops")
def test_column_of_a_new_kind_is_taken_to_hold_words():
    class Letter(models.Model):
        sent_from = models.GenericIPAddressField()
        scan = models.FileField()
        tone = models.CharField(choices=[("kind", "Kind")], max_length=4)
        pages = models.IntegerField()

        class Meta:
            app_label = "workshops"

        def __str__(self):
            return ""

    holding = [field.name for field in Letter._meta.local_fields if can_hold_words(field)]
    assert holding == ["sent_from", "scan"]


def test_field_is_registered_once():
    with pytest.raises(ValueError, match="registered already"):
        register_fields("workshops.Story", "title", kept_for("Because."))


@pytest.mark.parametrize("fate", [{}, {"kept_because": "Because.", "is_found": True}])
def test_fate_is_one_thing(fate):
    with pytest.raises(ValueError, match="kept for a reason"):
        Fate(**fate)


def test_words_can_be_deleted_with_their_story_and_found_in_others():
    fate = found(or_deleted=deleted_with_story("workshops.search.delete_entries"))
    assert (fate.is_found, fate.deleted_by) == (True, "workshops.search.delete_entries")


def every_fate():
    return [*registered_fields.values(), *registered_tables.values(), *registered_stores.values()]


def test_what_deletes_words_is_in_the_code():
    assert all(callable(import_string(fate.deleted_by)) for fate in every_fate() if fate.deleted_by)


def test_reasons_are_sentences():
    reasons = {fate.kept_because for fate in every_fate() if fate.kept_because}
    assert [reason for reason in reasons if not (reason[0].isupper() and reason.endswith("."))] == []


@pytest.mark.django_db
def test_conditions_of_found_fields_can_be_asked():
    """One on a field that is gone would fail on the day of a withdrawal."""
    asked = [field.model._base_manager.filter(field.fate.rows or models.Q()).count() for field in found_fields()]
    assert asked == [0] * len(found_fields())


def test_parts_are_those_of_json():
    assert [field.name for field in found_fields() if field.fate.parts and not field.holds_json] == []


def test_document_says_what_is_registered():
    assert DOCUMENT.read_text(encoding="utf-8") == word_table(), "Run `python -m tests.word_table`."


# The database as it is


COLUMNS = {
    "sqlite": "SELECT lower(type), name FROM pragma_table_xinfo(%s)",
    "postgresql": "SELECT data_type, column_name FROM information_schema.columns WHERE table_name = %s",
}


def columns_of_database():
    """{(table, column): whether it can hold words} of the database, those of virtual tables and their shadows included."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(COLUMNS[connection.vendor], [table])
            found |= {(table, name): kind not in WORDLESS_TYPES for kind, name in cursor.fetchall()}
    return found


def columns_of_models():
    return {
        (model._meta.db_table, field.column): (model._meta.label, field)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_concrete_fields
    }


@pytest.mark.django_db
def test_every_column_of_the_database_is_registered():
    of_models = columns_of_models()
    strays = [
        place for place, holds in columns_of_database().items()
        if holds and place not in of_models and place not in registered_tables
    ]  # fmt: skip
    assert sorted(strays) == [], HOW


@pytest.mark.django_db
def test_every_wordy_column_of_a_model_is_one_in_the_database():
    """What a model calls a number is one there too, or words could lie where nobody looks."""
    of_models = columns_of_models()
    wordy = [of_models[place] for place, holds in columns_of_database().items() if holds and place in of_models]
    assert [f"{label}.{field.name}" for label, field in wordy if not (can_hold_words(field) or field.choices)] == []


@pytest.mark.django_db
def test_every_registered_table_exists():
    names = {table for table, _ in columns_of_database()}
    index = {"workshops_search", *(name for name in names if name.startswith("workshops_search_"))}
    registered = {table for table, _ in registered_tables}
    assert {"django_migrations", *index} <= registered
    if connection.vendor == "sqlite":
        assert registered == {"django_migrations", *index}


@pytest.mark.django_db
def test_column_that_nobody_registered_is_seen():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE drawer (id integer, letter text)")
    assert columns_of_database()["drawer", "letter"] is True
    assert columns_of_database()["drawer", "id"] is False


# What lies outside the database


def stores_of_settings():
    """The caches, storages, logs and cookies that the settings name."""
    yield from (f"cache {name}" for name in settings.CACHES)
    yield from (f"storage {name}" for name in settings.STORAGES)
    yield from (f"log {name}" for name in settings.LOGGING["handlers"])
    yield from (f"cookie {name}" for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME))
    yield f"messages {settings.MESSAGE_STORAGE}"
    yield f"sessions {settings.SESSION_ENGINE}"


def called(node):
    target = node.func if isinstance(node, ast.Call) else node
    return target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")


def writes(node):
    """Whether this calls `open` for writing."""
    modes = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
    return called(node) in {"open", "fdopen"} and any(str(mode)[:1] in {"w", "a", "x"} for mode in modes)


def stores_in(function):
    """What a function keeps words in: memory, a cookie, the session, a cache, a file."""
    if any(called(decorator) in CACHES_IN_MEMORY for decorator in function.decorator_list):
        yield "memory"
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            if called(node) in SETS_COOKIES:
                yield "cookie"
            if called(node) in MAKES_FILES or writes(node):
                yield "file"
            if called(node) in FILLS_CACHE and called(getattr(node.func, "value", None)) == "cache":
                yield "cache"
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) and called(node.value) == "session":
            yield "session"


def stores_of_module(name, source):
    return {
        f"{kind} {name}.{node.name}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for kind in stores_in(node)
    }


def stores_of_code():
    return {
        store
        for app in APPS
        for path in sorted((ROOT / app).rglob("*.py"))
        if "migrations" not in path.parts
        for store in stores_of_module(".".join(path.relative_to(ROOT).with_suffix("").parts), path.read_text())
    }


def test_every_store_is_registered():
    known = {*stores_of_settings(), *stores_of_code()}
    assert sorted(known - registered_stores.keys()) == [], HOW


def test_every_registered_store_exists():
    known = {*stores_of_settings(), *stores_of_code()}
    elsewhere = {name for name in registered_stores if name.startswith("folder ")} | {"log sentry"}
    assert sorted(registered_stores.keys() - known - elsewhere) == []


@pytest.mark.parametrize(
    ("source", "stores"),
    [
        ("@lru_cache(8)\ndef read(text): ...", {"memory m.read"}),
        ("@cache\ndef read(text): ...", {"memory m.read"}),
        ("def hand(response): response.set_cookie('words', 1)", {"cookie m.hand"}),
        ("def keep(request): request.session['words'] = 1", {"session m.keep"}),
        ("def keep(words): cache.set('words', words)", {"cache m.keep"}),
        ("def keep(path): path.open('wb').write(b'')", {"file m.keep"}),
        ("def keep(path): path.write_text('words')", {"file m.keep"}),
        ("def keep(handle): os.fdopen(handle, 'a').write('words')", {"file m.keep"}),
        ("def read(path): path.open('rb').read(); cache.get('x'); request.session['x']", set()),
    ],
)
def test_store_is_known_by_how_it_is_written(source, stores):
    assert stores_of_module("m", source) == stores


@pytest.mark.django_db
def test_folder_of_data_holds_only_what_is_registered(client):
    for path in ("/", "/stories/", "/insights/", "/data/", "/data/stories.csv", "/sitemap.xml", "/admin/login/"):
        b"".join(client.get(path))
    database = Path(str(settings.DATABASES["default"]["NAME"])).name
    names = {path.name.replace(database, "archive.sqlite3") for path in Path(settings.DATA_DIR).iterdir()}
    strays = {f"folder {name}" for name in names} - registered_stores.keys()
    assert sorted(strays) == [], HOW
