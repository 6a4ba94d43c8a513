"""The short form of the benchmark: a few votes, released while another process writes."""

import pytest

from tests import benchmarks


@pytest.mark.django_db(transaction=True)
def test_votes_of_a_seeded_archive_are_released_while_others_write(tmp_path):
    run = benchmarks.run_here("releases", tmp_path, "--here", "--votes=3000")
    assert run.returncode == 0, run.stderr
    assert "results of 3000 votes in" in run.stdout
