"""What the tests of faults count, for `python -m tests.faults` to print."""

import json
import os
from pathlib import Path

KILLS = int(os.environ.get("FAULTS_KILLS", "1"))
"""How often each act is killed."""
SEED = os.environ.get("FAULTS_SEED", "1")
"""Of the random moments, so that a run can be had again."""
COUNTED = [
    "kills",
    "survived",
    "done",
    "half done",
    "rows lost",
    "requests",
    "requests lost",
    "bytes left",
    "files left",
    "ledger lines lost",
]
"""In the order in which they are printed. `survived` is how often the site was well again afterwards, `done` how often
the act was done by the time of the kill."""


def write_down(counts):
    """Add the counts of a test to the file that the command reads, if it runs this."""
    assert set(counts) <= set(COUNTED)
    if path := os.environ.get("FAULTS_COUNTS"):
        with Path(path).open("a") as file:
            file.write(json.dumps(counts) + "\n")
