"""How long one person keeps all others from writing to SQLite while something large is done.

    python -m tests.benchmarks.writers [--stories N]

Makes an archive of so many stories by importing them, tags 500 of them at once, merges a tag that most have, withdraws one
story, and at the desk uploads a file, imports it and undoes that. Prints of each the longest that a transaction held the
lock, in seconds of the processor and of the clock; and the longest of an import that is no longer than one part. Fails if a
transaction took the processor for over a second.
"""

import argparse
import csv
import io
import os
import random
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from unittest.mock import patch

MAX_SECONDS = 1.0
WORDS = [
    "team",
    "moved",
    "visits",
    "online",
    "families",
    "said",
    "helped",
    "more",
    "waiting",
    "lists",
    "because",
    "nobody",
]
TAGS = ["calls", "visits", "homes", "trust", "speed", "money"]


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.writers", description=__doc__)
    parser.add_argument("--stories", type=int, default=20_000)
    parser.add_argument("--desk", type=int, default=5_000, help="stories in the file at the desk (%(default)s)")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        return measure(options.stories, options.desk)
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.benchmarks.writers", "--here"]
        command += [f"--stories={options.stories}", f"--desk={options.desk}"]
        environment = os.environ | {"DATABASE_URL": "", "DATA_DIR": folder}
        return subprocess.run(command, env=environment, check=False).returncode


def measure(count, at_desk):
    os.environ["DJANGO_SETTINGS_MODULE"] = "innovation_archive.settings"
    import django

    django.setup()
    from django.core.management import call_command

    from innovation_archive.exchange.imports import import_table
    from innovation_archive.exchange.parts import ROWS_AT_ONCE
    from tests.factories import a_user, a_workshop
    from workshops.consent.withdrawal import withdraw_stories
    from workshops.models import Story, Tag
    from workshops.roles import EDITOR
    from workshops.stories.bulk_tagging import TaggingChange, apply_tagging, merge_tags

    call_command("migrate", verbosity=0)
    room, user = a_workshop(slug="room"), a_user(EDITOR)
    rng = random.Random(1)
    longest = [
        held(f"importing {ROWS_AT_ONCE} stories", lambda: import_table("stories", stories(rng, "a", ROWS_AT_ONCE))),
        held(f"importing {count} stories", lambda: import_table("stories", stories(rng, "b", count))),
    ]
    some = list(Story.objects.filter(workshop=room).values_list("pk", flat=True)[:500])
    change = TaggingChange(["new"], [Tag.objects.get(key="calls")])
    longest.append(held("tagging 500", lambda: apply_tagging(some, change, user, lambda story: True)))
    visits, homes = (Tag.objects.get(key=key) for key in ("visits", "homes"))
    longest.append(held("merging a tag", lambda: merge_tags([visits, homes], homes)))
    assert Tag.objects.get(key="new").story_tags.count() == 500
    assert not Tag.objects.filter(key="visits").exists()
    longest.append(held("withdrawing one story", lambda: withdraw_stories(Story.objects.filter(ref="b7"))))
    longest += at_the_desk(file_of(stories(rng, "d", at_desk)), room, user)
    return int(max(longest) > MAX_SECONDS)


def at_the_desk(content, room, user):
    """Previews a file of stories, imports it and undoes that. Gives the longest transaction of each."""
    from innovation_archive.exchange import uploads
    from innovation_archive.models import Import
    from workshops.models import Story

    before, uploaded = Story.objects.count(), Import(kind="stories", workshop=room, user=user, content=content)

    def preview():
        uploads.keep_outcome(uploaded, uploads.preview(uploaded, user))

    def done(act, *details):
        assert act(Import.objects.get(), user, *details)

    longest = [held("previewing a file at the desk", preview)]
    assert uploaded.added
    longest.append(held("importing it", lambda: done(uploads.apply, uploaded.digest)))
    assert Story.objects.count() == before + uploaded.added
    longest.append(held("undoing that", lambda: done(uploads.undo_import)))
    assert Story.objects.count() == before
    return longest


def file_of(table):
    file = io.StringIO()
    csv.writer(file).writerows([table.columns, *table.rows])
    return file.getvalue().encode()


def stories(rng, letter, count):
    from innovation_archive.exchange.reading import Table

    rows = [
        [
            f"{letter}{number}",
            "room",
            "innovation",
            f"Story {number}",
            " ".join(rng.choices(WORDS, k=60)),
            some_tags(rng),
            "public",
        ]
        for number in range(count)
    ]
    columns = ["ref", "workshop", "kind", "title", "text", "tags", "consent"]
    return Table("stories.csv", columns, rows, list(range(2, count + 2)))


def some_tags(rng):
    return "|".join(rng.sample(TAGS, 2))


def held(what, act):
    """Does it, prints the longest transaction, and gives the processor's seconds that this took."""
    with transactions() as times:
        act()
    processor, clock = max(times)
    print(f"{what}: lock held {processor:.2f} s of processor at most, {clock:.2f} s by the clock", flush=True)
    return processor


@contextmanager
def transactions():
    """The lengths of the transactions of SQLite meanwhile, which take the lock where they begin: (processor, clock)."""
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.sqlite3.base import DatabaseWrapper

    times, started = [], []

    def beginning(begin):
        def wrapped(connection):
            begin(connection)
            started[:] = [(time.process_time(), time.perf_counter())]

        return wrapped

    def ending(end):
        def wrapped(connection):
            end(connection)
            if started:
                processor, clock = started.pop()
                times.append((time.process_time() - processor, time.perf_counter() - clock))

        return wrapped

    begin = DatabaseWrapper._start_transaction_under_autocommit
    with (
        patch.object(DatabaseWrapper, "_start_transaction_under_autocommit", beginning(begin)),
        patch.object(BaseDatabaseWrapper, "commit", ending(BaseDatabaseWrapper.commit)),
        patch.object(BaseDatabaseWrapper, "rollback", ending(BaseDatabaseWrapper.rollback)),
    ):
        yield times


if __name__ == "__main__":
    sys.exit(main())
