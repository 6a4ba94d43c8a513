"""The roles as migrations make them, for a database that a test has emptied."""

from types import SimpleNamespace

from django.db import connection
from django.db.migrations import RunPython
from django.db.migrations.loader import MigrationLoader

MIGRATIONS = [
    ("innovation_archive", "0002_roles"),
    ("innovation_archive", "0005_controller_and_cases"),
    ("workshops", "0004_plain_names"),  # gives permissions the names that models have by now
    ("innovation_archive", "0008_acts_of_administrators"),
]


def make_roles_again():
    loader = MigrationLoader(connection)
    for node in MIGRATIONS:
        operation = next(each for each in loader.get_migration(*node).operations if isinstance(each, RunPython))
        operation.code(loader.project_state(node).apps, SimpleNamespace(connection=connection))
