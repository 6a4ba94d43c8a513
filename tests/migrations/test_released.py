"""Migrations are append-only: those of a release stay as they are, and none needs code that may change."""

import ast
import re
import shutil

import pytest

from tests.migrations.releases import APPS, ROOT, VERSIONS, hashes, migrations_of

MIGRATIONS = [path for app in APPS for path in sorted((ROOT / app / "migrations").glob("*.py"))]
# Living code under Django's name: the apps, models and commands of today.
LIVING = ["django.apps", "django.contrib.auth.get_user_model", "django.core.management"]


def living_code(source):
    """What a migration uses of today's code: imported anywhere in it, or named by a text with two dots or more."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.update(f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Constant) and re.fullmatch(r"\w+(\.\w+){2,}", str(node.value)):
            names.add(node.value)
    return sorted(name for name in names if is_living(name))


def is_living(name):
    if name.startswith(".") or name.split(".")[0] in APPS:
        return not re.match(r"\.(?!\.)|\w+\.migrations\.", name)
    return any(f"{name}.".startswith(f"{living}.") for living in LIVING)


@pytest.mark.parametrize("path", MIGRATIONS, ids=[str(path.relative_to(ROOT)) for path in MIGRATIONS])
def test_migration_needs_no_living_code(path):
    used = living_code(path.read_text())
    assert used == [], (
        f"{path.relative_to(ROOT)} uses {', '.join(used)}, which will change while the migration must not. Write out "
        "in the migration what it needs; for rows use apps.get_model(). A field of ours derives from "
        "MigratesAsDjangoFieldMixin (workshops/fields.py)."
    )


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import workshops.fields", ["workshops.fields"]),
        ("import csv, insights.choices as c", ["insights.choices"]),
        ("def f():\n    from workshops.roles import EDITOR", ["workshops.roles.EDITOR"]),
        ("from workshops import search", ["workshops.search"]),
        ("from ..models import Story", ["..models.Story"]),
        ("from .. import fields", ["...fields"]),
        ("import_string('workshops.models.stories.new_ref')", ["workshops.models.stories.new_ref"]),
        ("from django.apps import apps", ["django.apps.apps"]),
        ("from django.contrib.auth import get_user_model", ["django.contrib.auth.get_user_model"]),
        ("from django.core.management import call_command", ["django.core.management.call_command"]),
        ("from workshops.migrations.helpers import words", []),
        ("from .helpers import words", []),
        ("from django.db import migrations, models", []),
        ("models.ForeignKey(to='workshops.story')", []),
    ],
)
def test_living_code_is_seen_however_it_is_named(source, names):
    assert living_code(source) == names


def changed_since(released, present):
    """The migrations of a release that are gone or say something else by now."""
    return [
        f"{app}/migrations/{name}.py"
        for app, migrations in released.items()
        for name, was in migrations.items()
        if present[app].get(name) != was
    ]


@pytest.mark.parametrize("version", VERSIONS)
def test_migrations_of_a_release_stay_as_they_are(version):
    changed = changed_since(migrations_of(version), hashes())
    assert changed == [], (
        f"Release {version} went out with another {', '.join(changed)}, and there are databases that ran it as it was. "
        "Put the file back, and write what is to be different as a new migration: manage.py makemigrations. "
        "See “Changing the schema” in .readme/contributing.md."
    )


def test_changed_and_missing_migrations_are_seen_and_new_ones_are_not(tmp_path):
    for app in APPS:
        shutil.copytree(ROOT / app / "migrations", tmp_path / app / "migrations")
    released = hashes(tmp_path)
    (tmp_path / "insights" / "migrations" / "0999_new.py").write_text("")
    assert changed_since(released, hashes(tmp_path)) == []
    (tmp_path / "insights" / "migrations" / "0001_initial.py").unlink()
    changed = tmp_path / "workshops" / "migrations" / "0002_search.py"
    changed.write_text(changed.read_text().replace("tokenize = 'ascii'", "tokenize = 'porter'"))
    assert changed_since(released, hashes(tmp_path)) == [
        "workshops/migrations/0002_search.py",
        "insights/migrations/0001_initial.py",
    ]


def test_each_release_of_the_changelog_is_kept():
    changelog = (ROOT / ".readme" / "changelog.md").read_text()
    assert sorted(re.findall(r"^## ([\d.]+) \(\d{4}-\d\d-\d\d\)$", changelog, re.MULTILINE)) == VERSIONS
