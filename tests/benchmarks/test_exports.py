"""The short form of the benchmark: a small archive, and files that are the models' to the row."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_files_of_a_seeded_archive_are_those_of_the_models_on_both_databases():
    run = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.exports", "--stories=300", "--votes=3000"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name not in {"DATA_DIR", "DATABASE_URL"}},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.count("votes: the first 3000 rows are the models’") == 2, run.stdout
