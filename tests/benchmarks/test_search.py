"""The short form of the benchmark: a small archive, and an answer in words to each hostile request."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_search_of_a_seeded_archive_answers_on_both_databases():
    run = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.search", "--stories=400", "--without-datasette"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name not in {"DATA_DIR", "DATABASE_URL"}},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert [line for line in lines if "“tram”" in line] == ["  “tram” (45 %): 134 stories"] * 2
    assert len([line for line in lines if "an unknown facet: 200" in line or "page -1: 400" in line]) == 4
