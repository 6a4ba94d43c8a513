"""The short form of the benchmark: gunicorn for real, a small room, every vote there once."""

import pytest

from tests import benchmarks


@pytest.mark.django_db(transaction=True)
def test_small_room_votes_at_once_without_an_error(tmp_path):
    room = ["--people=20", "--votes=10", "--seconds=3", "--workers=2"]
    run = benchmarks.run_here("ballot_load", tmp_path, "--here", *room)
    assert "0 errors\nvotes: 200 of 200, by 20 people, each as it was cast, once" in run.stdout, run.stderr
