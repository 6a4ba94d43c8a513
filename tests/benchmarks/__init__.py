import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(name, *arguments):
    """A benchmark in its short form, with no data or database of the caller's. Returns the process that ended."""
    return subprocess.run(
        [sys.executable, "-m", f"tests.benchmarks.{name}", *arguments],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name not in {"DATA_DIR", "DATABASE_URL"}},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
