import functools

import hypothesis
import pytest
from django.core.cache import cache
from django.db import connection
from pytest_django.plugin import blocking_manager_key

# The same examples on every run, so that a failure can be had again; and as long as a slow database takes.
hypothesis.settings.register_profile("archive", derandomize=True, deadline=None)
hypothesis.settings.load_profile("archive")

DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}


def pytest_addoption(parser):
    parser.addoption(
        "--only-database-tests",
        action="store_true",
        help="leave out tests that touch no database and those marked any_database: they run beside, on another one",
    )


def pytest_report_header(config):
    only = ", only the tests to which it makes a difference" if config.getoption("only_database_tests") else ""
    return f"database: {connection.vendor}{only}"


def pytest_collection_modifyitems(config, items):
    if config.getoption("only_database_tests"):
        kept = [item for item in items if touches_database(item) and not item.get_closest_marker("any_database")]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
        items[:] = kept


def touches_database(item):
    """Whether pytest-django lets it: a test without mark and fixture fails as soon as it asks a database."""
    return item.get_closest_marker("django_db") is not None or not DATABASE_FIXTURES.isdisjoint(item.fixturenames)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    """A worker of xdist is about to start: tell it which migrated database to copy."""
    node.workerinput["template"] = migrated_database(node.config)


@functools.cache
def migrated_database(config):
    """The name of a database that is migrated once for all workers, and removed at the end."""
    blocker, creation, name = config.stash[blocking_manager_key], connection.creation, connection.settings_dict["NAME"]

    def remove():
        with blocker.unblock():
            creation.destroy_test_db(name, verbosity=0)

    with blocker.unblock():
        creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        connection.close()  # PostgreSQL copies no database that somebody uses
    config.add_cleanup(remove)
    return connection.settings_dict["NAME"]


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker):
    """In a worker a copy of the migrated database; elsewhere what pytest-django does."""
    worker = getattr(request.config, "workerinput", None)
    if worker is None:
        yield request.getfixturevalue("django_db_setup")
        return
    creation, database = connection.creation, connection.settings_dict
    with django_db_blocker.unblock():
        database["NAME"] = worker["template"]
        creation.clone_test_db(worker["workerid"], verbosity=0)
        database["NAME"] = creation.get_test_db_clone_settings(worker["workerid"])["NAME"]
    yield
    with django_db_blocker.unblock():
        creation.destroy_test_db(verbosity=0)


@pytest.fixture(autouse=True)
def empty_cache():
    """What one test left in the process is not known to the next."""
    cache.clear()
