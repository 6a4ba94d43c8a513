"""The short form of the benchmark: a few thousand stories."""

import re

import pytest
from django.db import connection

from tests import benchmarks


@pytest.mark.skipif(
    connection.vendor == "postgresql", reason="PostgreSQL has no lock that keeps all others from writing"
)
@pytest.mark.django_db(transaction=True)
def test_long_imports_and_undoing_them_hold_the_lock_no_longer_than_one_part(tmp_path):
    run = benchmarks.run_here("writers", tmp_path, "--here", "--stories=1800", "--desk=900")
    assert run.returncode == 0, run.stdout + run.stderr
    held = {
        what: float(seconds) for what, seconds in re.findall(r"^(.+): lock held ([\d.]+) s", run.stdout, re.MULTILINE)
    }
    assert list(held) == [
        "importing 300 stories",
        "importing 1800 stories",
        "tagging 500",
        "merging a tag",
        "withdrawing one story",
        "previewing a file at the desk",
        "importing it",
        "undoing that",
    ]
    part = held["importing 300 stories"]
    assert held["importing 1800 stories"] < 3 * part
    assert held["previewing a file at the desk"] < 3 * part
    assert held["importing it"] < 4 * part
    assert held["undoing that"] < 4 * part
