"""The short form of the benchmark: a small archive, and files that are the models' to the row."""

import pytest

from tests import benchmarks


@pytest.mark.django_db(transaction=True)
def test_files_of_a_seeded_archive_are_those_of_the_models(tmp_path):
    run = benchmarks.run_here("exports", tmp_path, "--here", "--stories=300", "--votes=3000")
    assert run.returncode == 0, run.stderr
    assert "votes: the first 3000 rows are the models’" in run.stdout
