"""`python -m tests.faults`: everything that can happen to a server happens to a real one, on both databases, and what was
lost is counted.

It ends with 1 if anything was lost, left or half done.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.faults import nginx
from tests.faults.tally import COUNTED

ROOT = Path(__file__).resolve().parents[2]
DATABASES = ["SQLite", "PostgreSQL"]


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=5, help="how often each act is killed, at random moments")
    parser.add_argument("--seed", default="1", help="of these moments")
    parser.add_argument("tests", nargs="*", default=["tests/faults"], help="other tests than all of faults")
    options = parser.parse_args()
    if why_not := nginx.install():
        print(f"Without slow clients: {why_not}.")
    runs = {database: run(database, options) for database in DATABASES}
    print(table({database: counts for database, (counts, _) in runs.items()}))
    return max(code for _, code in runs.values())


def run(database, options):
    """What was counted on this database, and pytest's exit code."""
    with tempfile.NamedTemporaryFile("r") as counted:
        environment = {"FAULTS_KILLS": str(options.kills), "FAULTS_SEED": options.seed, "FAULTS_COUNTS": counted.name}
        command = [sys.executable, "-m", "tests", f"--{database.lower()}", "-n", "2", *options.tests]
        code = subprocess.run(command, cwd=ROOT, env=os.environ | environment, check=False).returncode
        return sum((Counter(json.loads(line)) for line in counted), Counter()), code


def table(runs):
    width = max(map(len, COUNTED))
    lines = [[" " * width, *runs], *([name.ljust(width), *(runs[each][name] for each in runs)] for name in COUNTED)]
    return "\n" + "\n".join("".join([name, *(str(cell).rjust(13) for cell in cells)]) for name, *cells in lines)


if __name__ == "__main__":
    sys.exit(main())
