"""The short form of the benchmark: a few thousand stories."""

import re

import pytest
from django.db import connection

from tests import benchmarks


@pytest.mark.skipif(
    connection.vendor == "postgresql", reason="PostgreSQL has no lock that keeps all others from writing"
)
@pytest.mark.django_db(transaction=True)
def test_long_import_holds_the_lock_no_longer_than_one_part(tmp_path):
    run = benchmarks.run_here("writers", tmp_path, "--here", "--stories=2400")
    assert run.returncode == 0, run.stdout + run.stderr
    held = {
        what: float(seconds) for what, seconds in re.findall(r"^(.+): lock held ([\d.]+) s", run.stdout, re.MULTILINE)
    }
    assert list(held) == [
        "importing 400 stories",
        "importing 2400 stories",
        "tagging 500",
        "merging a tag",
        "withdrawing one story",
    ]
    assert held["importing 2400 stories"] < 3 * held["importing 400 stories"]
