"""The short form of the benchmark: a small archive, and an answer in words to each hostile request."""

import pytest

from tests import benchmarks


@pytest.mark.django_db(transaction=True)
def test_search_of_a_seeded_archive_answers(tmp_path):
    numbers = ["--stories=400", "--seconds=0", "--without-datasette"]
    run = benchmarks.run_here("search", tmp_path, f"--here={tmp_path}", *numbers)
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert [line for line in lines if "“tram”" in line] == ["  “tram” (45 %): 134 stories"]
    assert len([line for line in lines if "an unknown facet: 200" in line or "page -1: 400" in line]) == 2
