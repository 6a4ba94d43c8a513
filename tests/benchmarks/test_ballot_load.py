"""The short form of the benchmark: gunicorn for real, a small room, every vote there once."""

import pytest
from django.db import connection

from tests import benchmarks


@pytest.mark.django_db  # on both databases
def test_small_room_votes_at_once_without_an_error():
    room = ["--people=20", "--votes=10", "--seconds=3", "--workers=2"]
    database = ["--postgresql"] if connection.vendor == "postgresql" else []
    run = benchmarks.run("ballot_load", *room, *database)
    assert "0 errors\nvotes: 200 of 200, by 20 people, each as it was cast, once" in run.stdout, run.stderr
