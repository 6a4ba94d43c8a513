"""The test command: runs the suite on SQLite and PostgreSQL at the same time. What it does not know it hands to pytest."""

import argparse
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.postgresql import postgresql

ROOT = Path(__file__).resolve().parent.parent
NO_TESTS = 5  # what pytest returns where none of its tests was asked for


def main():
    parser = argparse.ArgumentParser(prog="python -m tests", description=__doc__, allow_abbrev=False)
    parser.add_argument("--sqlite", action="store_true", help="run on SQLite alone")
    parser.add_argument(
        "--postgresql",
        action="store_true",
        help="run on PostgreSQL alone: the one that TEST_DATABASE_URL names, or one made for the run",
    )
    options, arguments = parser.parse_known_args()
    both = options.sqlite == options.postgresql

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # leave by the door, so that no server stays behind
    with contextlib.ExitStack() as stack:
        runs = []
        if both or options.sqlite:
            runs.append(stack.enter_context(Run("SQLite", "", arguments)))
        if both or options.postgresql:
            url = os.environ.get("TEST_DATABASE_URL") or stack.enter_context(postgresql())
            output = stack.enter_context(tempfile.NamedTemporaryFile("w")) if both else None
            second = ["--second-database"] if both else []
            runs.append(stack.enter_context(Run("PostgreSQL", url, [*second, *arguments], output)))
        return exit_code(wait_for(runs))


class Run:
    """pytest on the database at this URL, as long as the context lasts. What it writes to a file, `wait` prints."""

    def __init__(self, database, url, arguments, output=None):
        print(f"\nTests on {database}", file=output, flush=True)
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "pytest", "-n", "auto", "--durations=20", *arguments],
            cwd=ROOT,
            env=os.environ | {"TEST_DATABASE_URL": url},
            stdin=subprocess.DEVNULL if output else None,
            stdout=output,
            stderr=output,
        )
        self.written = Path(output.name).open("rb") if output else None  # noqa: SIM115 until __exit__

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        if self.written:
            self.written.close()

    def wait(self):
        """Print what was written so far and what follows, until the end. Returns pytest's exit code."""
        if self.written is None:
            return self.process.wait()
        ended = False
        while not ended:
            ended = self.process.poll() is not None  # asked first, so that no last line is missed
            shutil.copyfileobj(self.written, sys.stdout.buffer)
            sys.stdout.buffer.flush()
            time.sleep(0 if ended else 0.2)
        return self.process.returncode


def wait_for(runs):
    """Wait for one run after the other, so that their output does not mix. Returns their exit codes."""
    try:
        return [run.wait() for run in runs]
    except KeyboardInterrupt:
        for run in runs:
            run.wait()  # Ctrl-C has reached it too; it still reports what it found
        raise


def exit_code(codes):
    """0 if every run passed. Where tests were picked, one run may have none of them, but not each."""
    return 0 if 0 in codes and set(codes) <= {0, NO_TESTS} else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
