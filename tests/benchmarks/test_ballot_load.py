"""The short form of the benchmark: gunicorn for real, a small room, every vote there once."""

import os
import subprocess
import sys
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


def test_small_room_votes_at_once_without_an_error():
    room = ["--people=20", "--votes=10", "--seconds=3", "--workers=2"]
    database = ["--postgresql"] if connection.vendor == "postgresql" else []
    run = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.ballot_load", *room, *database],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name not in {"DATA_DIR", "DATABASE_URL"}},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert "0 errors\nvotes: 200 of 200, by 20 people, each as it was cast, once" in run.stdout, run.stderr
