"""The databases of a run: migrated once, then copied for each worker; and which tests need one."""

from contextlib import contextmanager
from functools import cache

import pytest
from django.db import connection
from pytest_django.plugin import blocking_manager_key

FIXTURES = {"db", "transactional_db", "live_server"}


def differs_by_database(test):
    """Whether a test needs to run on each database. Without a mark or fixture pytest-django lets it ask none."""
    touches = test.get_closest_marker("django_db") or not FIXTURES.isdisjoint(test.fixturenames)
    return bool(touches) and not test.get_closest_marker("any_database")


def for_each_viewer(viewers, on_both=("its facilitator", "editor of its programme", "analyst of its programme")):
    """Parametrizes a walk through all pages, which takes long. On the second database go those alone whose queries have the
    most conditions: workshops of one's own, and a role for one programme."""
    one = pytest.mark.any_database
    return pytest.mark.parametrize(
        "viewer", [viewer if viewer in on_both else pytest.param(viewer, marks=one) for viewer in viewers]
    )


@cache
def migrated_database(config):
    """The name of a database with all migrations. It is removed when pytest ends."""
    unblocked, creation = config.stash[blocking_manager_key].unblock, connection.creation
    before = connection.settings_dict["NAME"]

    def remove():
        with unblocked():
            creation.destroy_test_db(before, verbosity=0)

    with unblocked():
        creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        connection.close()  # PostgreSQL copies no database that is in use
    config.add_cleanup(remove)
    return connection.settings_dict["NAME"]


def use_copy(name, suffix):
    """Work on a copy of the database of this name from now on."""
    connection.settings_dict["NAME"] = name
    connection.creation.clone_test_db(suffix, verbosity=0)
    connection.settings_dict["NAME"] = connection.creation.get_test_db_clone_settings(suffix)["NAME"]


@contextmanager
def own_database(folder):
    """An empty database beside that of the other tests; all that asks for the default one gets it meanwhile."""
    settings, usual = connection.settings_dict, connection.settings_dict["NAME"]
    on_server = connection.vendor == "postgresql"
    own = f"{usual}_upgrade" if on_server else str(folder / "upgrade.sqlite3")
    if on_server:
        execute(f'DROP DATABASE IF EXISTS "{own}"', f'CREATE DATABASE "{own}"')
    connection.close()
    settings["NAME"] = own
    try:
        yield
    finally:
        connection.close()
        settings["NAME"] = usual
        if on_server:
            execute(f'DROP DATABASE "{own}"')


def execute(*statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
