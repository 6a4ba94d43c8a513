"""The test command: runs the whole suite on SQLite, then on PostgreSQL. What it does not know it hands to pytest."""

import argparse
import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.postgresql import postgresql

ROOT = Path(__file__).resolve().parent.parent


def main():
    parser = argparse.ArgumentParser(prog="python -m tests", description=__doc__, allow_abbrev=False)
    parser.add_argument("--sqlite", action="store_true", help="run on SQLite alone")
    parser.add_argument(
        "--postgresql",
        action="store_true",
        help="run on PostgreSQL alone: the one that TEST_DATABASE_URL names, or one made for the run",
    )
    options, pytest_arguments = parser.parse_known_args()
    both = options.sqlite == options.postgresql

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # leave by the door, so that no server stays behind
    failures = 0
    if both or options.sqlite:
        failures += run_pytest("SQLite", "", pytest_arguments)
    if both or options.postgresql:
        named = os.environ.get("TEST_DATABASE_URL")
        with contextlib.nullcontext(named) if named else postgresql() as url:
            failures += run_pytest("PostgreSQL", url, pytest_arguments)
    return 1 if failures else 0


def run_pytest(database, url, arguments):
    """Run the suite on the database at this URL, one worker a core. Returns whether it failed."""
    print(f"\nTests on {database}", flush=True)
    pytest = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-n", "auto", *arguments],
        cwd=ROOT,
        env=os.environ | {"TEST_DATABASE_URL": url},
    )
    try:
        return pytest.wait() != 0
    except KeyboardInterrupt:
        pytest.wait()  # Ctrl-C has reached it too; it still reports what it found
        raise
    finally:
        pytest.terminate()
        pytest.wait()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
