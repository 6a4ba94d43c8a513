"""How fast files leave, and what memory they take, on both databases.

    python -m tests.benchmarks.exports [--stories N] [--votes N]

Makes the archive of `seed_benchmark`, then prints for each database, all of one run:
- the votes file for analysts against the database's own program writing the same query, guards and all, and against
  the bare query without them (PostgreSQL: COPY; SQLite: the sqlite3 shell), the best of three each;
- against django-import-export's export of the same columns, by the row, on a part of the votes;
- seconds to the first rows of each large file, and to all of it, and how much memory grows after 10,000 rows;
- how long a file takes to let go when its reader hangs up;
- that the first 20,000 rows are those that Django's models give.
Needs no data of yours, and leaves none.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from tests.postgresql import postgresql

COLUMNS = [
    "practice__ref", "participant__pseudonym", "choice", "workshop__slug", "participant__role", "participant__sector",
    "participant__service_area__slug", "participant__place__code",
]  # fmt: skip
SAMPLE = 20_000


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.exports", description=__doc__)
    parser.add_argument("--stories", type=int, default=200_000)
    parser.add_argument("--votes", type=int, default=1_000_000)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        return measure(options.stories, options.votes)
    with tempfile.TemporaryDirectory() as folder, postgresql() as url:
        for database in ["", url]:
            command = [sys.executable, "-m", "tests.benchmarks.exports", "--here"]
            numbers = [f"--stories={options.stories}", f"--votes={options.votes}"]
            environment = os.environ | {"DATABASE_URL": database, "DATA_DIR": folder}
            subprocess.run([*command, *numbers], env=environment, check=True)
    return None


def measure(stories, votes):
    os.environ["DJANGO_SETTINGS_MODULE"] = "innovation_archive.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from innovation_archive.datasets import DATASETS, Audience
    from innovation_archive.exchange.exports import CsvFile, JsonFile, zip_pieces

    call_command("migrate", verbosity=0)
    print(
        f"{connection.vendor}: made in {timed(lambda: call_command('seed_benchmark', stories=stories, votes=votes)):.0f} s"
    )

    def votes_file():
        return CsvFile(DATASETS["votes"](), Audience.ANALYST)

    rows, cells = DATASETS["votes"]().cells(Audience.ANALYST)
    ours = best(lambda: drain(votes_file()))
    for called, query in [("the same query", rows.values_list(*cells)), ("the bare query", rows.values_list(*COLUMNS))]:
        theirs = best(lambda query=query: by_the_database(query))
        if theirs:
            print(f"  votes: {ours:.2f} s; the database itself, {called}: {theirs:.2f} s; {ours / theirs:.2f} times")
    part = min(votes, SAMPLE)
    per_row = timed(lambda: by_import_export(part)) / part
    print(f"  votes: django-import-export takes {per_row / (ours / votes):.0f} times as long a row")
    equal = "".join(votes_file()).splitlines()[1 : part + 1]
    lines = "".join(piece for piece, _ in islice(votes_file().lines(), part // 500)).splitlines()
    print(f"  votes: the first {len(lines)} rows are {'the models’' if lines == equal[: len(lines)] else 'OTHERS'}")
    for name, file in {
        "votes.csv": votes_file(),
        "stories.csv": CsvFile(DATASETS["stories"]()),
        "stories.json": JsonFile(DATASETS["stories"]()),
        "story_tags.csv": CsvFile(DATASETS["story_tags"]()),
        "archive.zip": zip_pieces(Audience.PUBLIC),
    }.items():
        first, whole, grown = watch(file)
        print(
            f"  {name}: first rows after {first:.2f} s, all after {whole:.1f} s, memory grows by {grown:.0f} MB",
            flush=True,
        )
    pieces = iter(votes_file())
    next(pieces), next(pieces)
    print(f"  votes: let go {timed(pieces.close):.2f} s after its reader hung up", flush=True)


def timed(run):
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def best(run):
    seconds = [timed(run) for _ in range(3)]
    return min(seconds) if min(seconds) > 0.001 else None


def drain(file):
    with Path(os.devnull).open("wb") as out:
        for piece in file:
            out.write(piece.encode())


def by_the_database(query):
    """What the database's own program takes to write this query as CSV; nothing where there is none."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor, Path(os.devnull).open("wb") as out:
            sql = cursor.mogrify(*query.query.sql_with_params()).decode()
            cursor.copy_expert(f"COPY ({sql}) TO STDOUT WITH (FORMAT csv)", out)
    elif shell := shutil.which("sqlite3"):
        sql, parameters = query.query.sql_with_params()
        sql = sql % tuple(f"'{each}'" if isinstance(each, str) else each for each in parameters)
        sql = sql.replace("SHA256(", "hex(")  # the shell has no such function; it may take the easier way
        database = str(connection.settings_dict["NAME"])
        subprocess.run([shell, "-csv", database, sql], stdout=subprocess.DEVNULL, check=True)


def by_import_export(rows):
    from import_export.fields import Field
    from import_export.resources import ModelResource

    from workshops.models import Vote

    class Votes(ModelResource):
        class Meta:
            model = Vote
            fields = ()

    resource = Votes()
    resource.fields = {name: Field(attribute=name, column_name=name) for name in COLUMNS}
    queryset = Vote.objects.select_related(
        "practice", "workshop", "participant__service_area", "participant__place"
    ).order_by("pk")[:rows]
    return resource.export(queryset).csv


def watch(file):
    """Seconds to the first rows and to the last, and how many MB the process grew once 10,000 rows were out."""
    start = time.perf_counter()
    first, size, base, most = None, 0, None, 0
    for number, piece in enumerate(file):
        if number == 1:
            first = time.perf_counter() - start
        size += len(piece)
        if size > 2_000_000 and number % 50 == 0:
            most = max(most, memory())
            base = base or most
    return first or 0, time.perf_counter() - start, most - (base or most)


def memory():
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


if __name__ == "__main__":
    main()
