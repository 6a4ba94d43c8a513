import hypothesis
import pytest
from django.core.cache import cache
from django.db import connection

# The same examples on every run, so that a failure can be had again; and as long as a slow database takes.
hypothesis.settings.register_profile("archive", derandomize=True, deadline=None)
hypothesis.settings.load_profile("archive")


def pytest_report_header():
    return f"database: {connection.vendor}"


@pytest.fixture(autouse=True)
def empty_cache():
    """What one test left in the process is not known to the next."""
    cache.clear()
