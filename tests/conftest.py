import gc

import hypothesis
import pytest
from django.core.cache import cache
from django.db import connection

from tests import databases

# The same examples on every run, so that a failure can be had again; and as long as a slow database takes.
hypothesis.settings.register_profile("archive", derandomize=True, deadline=None)
hypothesis.settings.load_profile("archive")


def pytest_addoption(parser):
    parser.addoption(
        "--second-database",
        action="store_true",
        help="leave out tests that touch no database or are marked any_database: they run on another one",
    )


def pytest_report_header(config):
    second = ", only the tests that it may change" if config.getoption("second_database") else ""
    return f"database: {connection.vendor}{second}"


def pytest_collection_modifyitems(config, items):
    if config.getoption("second_database"):
        left_out = [test for test in items if not databases.differs_by_database(test)]
        items[:] = [test for test in items if databases.differs_by_database(test)]
        config.hook.pytest_deselected(items=left_out)


def pytest_collection_finish():
    """What is loaded by now stays: the garbage collector took a tenth of the time to look through it again and again."""
    gc.freeze()
    gc.set_threshold(10_000)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    """A worker of xdist is about to start: tell it which database to copy."""
    node.workerinput["migrated_database"] = databases.migrated_database(node.config)


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker):
    """In a worker a copy of the migrated database; elsewhere what pytest-django does."""
    worker = getattr(request.config, "workerinput", None)
    if worker is None:
        yield request.getfixturevalue("django_db_setup")
        return
    with django_db_blocker.unblock():
        databases.use_copy(worker["migrated_database"], worker["workerid"])
    yield
    with django_db_blocker.unblock():
        connection.creation.destroy_test_db(verbosity=0)


@pytest.fixture(autouse=True)
def empty_cache():
    """What one test left in the process is not known to the next."""
    cache.clear()
