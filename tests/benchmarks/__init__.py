import subprocess
import sys

from tests.serving import ROOT, production_environment


def run_here(name, folder, *arguments):
    """A benchmark in its short form on the test's own database, with this data folder. Returns the process that ended."""
    return subprocess.run(
        [sys.executable, "-m", f"tests.benchmarks.{name}", *arguments],
        cwd=ROOT,
        env=production_environment(folder),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
