"""`kill -9` while something is done: all of it or nothing, and nothing left lying about."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from glob import glob
from http.client import HTTPException
from itertools import count
from typing import NamedTuple
from urllib.parse import urlencode

from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings

from innovation_archive.operation.restore import check_backup
from tests.databases import use_copy
from tests.faults.acts import CANARY, Act
from tests.serving import ROOT, ask, get, gunicorn, production_environment
from workshops.consent.ledger import line_of, read_ledger_file
from workshops.models import Forgotten

NOT_JUDGED = {"django_session", "django_admin_log"}
"""Sessions come and go; the desk's log is written once the act is done, and who did it stands in the act's own rows."""
INSIDE_OF_INDEX = "workshops_search_"
"""How tables begin that SQLite's index of words keeps for itself. What it holds is in the table `workshops_search`."""
MEANT_TO_STAY = {"forgotten.ledger", "stderr", "archive.css", "admin.css"}
copies = count()


@contextmanager
def copy_of(database):
    """Let this process work on a copy of a database that nobody is connected to."""
    connection.close()
    use_copy(database, f"kill{os.getpid()}x{next(copies)}")
    try:
        yield
    finally:
        connection.creation.destroy_test_db(verbosity=0)
        connection.settings_dict["NAME"] = database


def stored_rows():
    """{table: how often each of its rows is there}."""
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if is_judged(name)]
        stored = {}
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 the database's own names
            stored[table] = Counter(tuple(map(plain, row)) for row in cursor.fetchall())
    return stored


def plain(value):
    """A value that is equal where it says the same, and that a set can hold."""
    return bytes(value) if isinstance(value, memoryview) else repr(value)


def is_judged(table):
    return table not in NOT_JUDGED and not table.startswith(INSIDE_OF_INDEX)


class Undisturbed(NamedTuple):
    """What an act does if nobody kills it: the rows before and after, and how many seconds it takes."""

    act: Act
    before: dict[str, Counter]
    after: dict[str, Counter]
    seconds: float

    def lost_from(self, stored):
        """How many rows that the act does not touch are missing."""
        return sum((self.before[table] & self.after[table] - stored[table]).total() for table in self.before)

    def is_done(self, stored):
        sizes = [{table: rows.total() for table, rows in state.items()} for state in (self.after, stored)]
        return sizes[0] == sizes[1] and not self.lost_from(stored)

    def is_half_done(self, stored):
        return stored != self.before and not self.is_done(stored)


def watch(act):
    """Do an act on a copy and see what comes of it."""
    before = stored_rows()
    with copy_of(connection.settings_dict["NAME"]):
        seconds = do(act)
        after = stored_rows()
    assert after != before or (act.makes and act.makes.exists()), "the act did nothing"
    return Undisturbed(act, before, after, seconds)


def do(act):
    """Do it in this process. Returns how many seconds it took, without what only the first request of a process takes."""
    client = Client()
    client.cookies["sessionid"] = act.session
    if act.path:
        client.get(act.path)
    start = time.monotonic()
    if act.path:
        client.post(act.path, act.fields)
    else:
        call_command(*act.command)
    return time.monotonic() - start


def kill_at(moment, undisturbed, folder):
    """Do an act anew on a copy, kill what does it after so many seconds, start the site again and count what is wrong.

    Where nothing of the act was done, it is done then: nobody is left with an archive in which they cannot go on.
    """
    act, counts = undisturbed.act, Counter(kills=1)
    (folder / "temporary").mkdir(parents=True)
    if act.makes:
        act.makes.unlink(missing_ok=True)
    with copy_of(connection.settings_dict["NAME"]):
        promised = is_answered_before_kill(act, moment, folder)
        wait_until_alone()
        with site(folder) as (port, _):
            counts["survived"] += get(port, "/readyz")[0] == 200 and get(port, "/stories/")[0] == 200
            stored = stored_rows()
            done = undisturbed.is_done(stored) and is_made(act)
            counts["done"] += done
            counts["half done"] += undisturbed.is_half_done(stored)
            counts["rows lost"] += undisturbed.lost_from(stored)
            counts["requests lost"] += promised and not done
            if not done:
                do_again(act, port, folder)
                counts["half done"] += not (undisturbed.is_done(stored_rows()) and is_made(act))
            counts["bytes left"] += canary_bytes(folder) if act.deletes else 0
        counts["files left"] += len(files_left(folder, act))
        counts["ledger lines lost"] += len(ledger_lines() ^ lines_in_file(folder))
    return counts


def site(folder):
    return gunicorn(
        "innovation_archive.wsgi", folder, "--config=.deploy/gunicorn.conf.py", "--workers=1", **places(folder)
    )


def places(folder):
    """The environment in which a process keeps all its files in this folder, so that those it leaves are found."""
    return {"TMPDIR": str(folder / "temporary"), "DJANGO_SETTINGS_MODULE": "tests.faults.settings"}


def is_answered_before_kill(act, moment, folder):
    """Kill the process that does this, and its children. Returns whether it had said before that it was done."""
    if not act.path:
        return kill_command(act, moment, folder)
    with site(folder) as (port, process), ThreadPoolExecutor(1) as pool:
        open_page(act, port)
        answer = pool.submit(send_form, act, port)
        time.sleep(moment)
        kill_group(process)
        return answer.result()


def kill_command(act, moment, folder):
    with command(act, folder) as process:
        time.sleep(moment)
        is_over = process.poll() == 0
        kill_group(process)
        return is_over


def do_again(act, port, folder):
    if act.path:
        assert send_form(act, port)
    else:
        with command(act, folder) as process:
            assert process.wait() == 0


@contextmanager
def command(act, folder):
    """A process that has everything loaded and begins with the command now."""
    begin = "import django, sys; django.setup(); print(flush=True); input(); "
    does = "from django.core.management import call_command; call_command(*sys.argv[1:])"
    process = subprocess.Popen(
        [sys.executable, "-c", begin + does, *act.command],
        cwd=ROOT,
        env=production_environment(folder, **places(folder)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
    with process:
        process.stdout.readline()
        process.stdin.write("\n")
        process.stdin.flush()
        yield process


def kill_group(process):
    if process.poll() is None:  # or its number may be another's by now
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def open_page(act, port):
    """Load what only the first request of a server loads."""
    assert ask("GET", port, act.path, {"Host": "localhost", "Cookie": f"sessionid={act.session}"}).status in (200, 405)


def send_form(act, port):
    """Whether it was answered, and not broken off."""
    token = "a" * 32
    headers = {
        "Host": "localhost",
        "Cookie": f"sessionid={act.session}; csrftoken={token}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    body = urlencode({"csrfmiddlewaretoken": token} | act.fields, doseq=True)
    with suppress(OSError, HTTPException):
        status = ask("POST", port, act.path, headers, body).status
        assert status == 302, f"the form was answered with {status}"
        return True
    return False


def wait_until_alone():
    """Until PostgreSQL has ended or undone what a killed client had sent."""
    if connection.vendor == "sqlite":
        return
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
            if cursor.fetchone() == (1,):
                return
        time.sleep(0.05)
    raise AssertionError("A session of a killed client stays.")


def canary_bytes(folder):
    """How many bytes of deleted words are in the data folder and in the files of SQLite.

    Another process looks: one that closes a file loses all its locks on it, SQLite's among them.
    """
    files = [folder, *glob(f"{connection.settings_dict['NAME']}*")] if connection.vendor == "sqlite" else [folder]
    look = ["grep", "--recursive", "--text", "--only-matching", "--no-filename", CANARY, *files]
    return subprocess.run(look, check=False, capture_output=True).stdout.count(CANARY.encode()) * len(CANARY)


def is_made(act):
    """Whether the file that an act makes is there. If it is, it is whole, or BackupError is raised."""
    if act.makes and act.makes.exists():
        check_backup(act.makes)
    return not act.makes or act.makes.exists()


def files_left(folder, act):
    """Files that are neither the server's own nor meant to stay."""
    beside = set(act.makes.parent.iterdir()) - {act.makes} if act.makes else set()
    return [*beside, *(path for path in folder.rglob("*") if path.is_file() and path.name not in MEANT_TO_STAY)]


def ledger_lines():
    return {line_of(entry) for entry in Forgotten.objects.all()}


def lines_in_file(folder):
    with override_settings(LEDGER=folder / "forgotten.ledger"):
        return read_ledger_file()
