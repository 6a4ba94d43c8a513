"""The test command, and which tests it runs on both databases."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.__main__ import exit_code
from tests.databases import differs_by_database

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ([0, 0], 0),
        ([0, 5], 0),
        ([5, 0], 0),
        ([5, 5], 1),
        ([0], 0),
        ([5], 1),
        ([1, 0], 1),
        ([0, 1], 1),
        ([5, 1], 1),
        ([0, 2], 1),
        ([0, -15], 1),
    ],
)
def test_command_fails_if_either_run_does_or_neither_has_a_test(codes, expected):
    assert exit_code(codes) == expected


def test_test_without_a_database_runs_on_one(request):
    assert not differs_by_database(request.node)


@pytest.mark.django_db
def test_test_with_the_mark_for_a_database_runs_on_both(request):
    assert differs_by_database(request.node)


def test_test_with_a_fixture_for_a_database_runs_on_both(request, db):
    assert differs_by_database(request.node)


@pytest.mark.any_database
@pytest.mark.django_db
def test_test_marked_for_any_database_runs_on_one(request):
    assert not differs_by_database(request.node)


def test_command_prints_one_run_after_the_other():
    """The server that is named is not there, and nothing asks it: the test that is picked touches no database."""
    picked = "tests/test_command.py::test_test_without_a_database_runs_on_one"
    run = subprocess.run(
        [sys.executable, "-m", "tests", "-n0", picked],
        cwd=ROOT,
        env=os.environ | {"TEST_DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert re.findall(r"^Tests on .*|^database: .*|\d+ \w+(?= in )", run.stdout, re.MULTILINE) == [
        "Tests on SQLite",
        "database: sqlite",
        "1 passed",
        "Tests on PostgreSQL",
        "database: postgresql, only the tests that it may change",
        "1 deselected",
    ]
    assert (run.returncode, run.stderr) == (0, "")
