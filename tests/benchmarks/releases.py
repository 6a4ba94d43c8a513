"""What a release of votes costs, and how long it keeps others from writing, on both databases.

    python -m tests.benchmarks.releases [--votes N]

Makes the archive of `seed_benchmark`, releases its programme's votes, and prints for each database: the processor's
seconds, how far memory grew at most, and the longest that a writer of another process had to wait meanwhile.
"""

import argparse
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time

from tests.postgresql import postgresql

MAX_SECONDS, MAX_MEGABYTES, MAX_WAIT = 10, 150, 1.0


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.releases", description=__doc__)
    parser.add_argument("--votes", type=int, default=1_000_000)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        return measure(options.votes)
    with tempfile.TemporaryDirectory() as folder, postgresql() as url:
        for database in ["", url]:
            environment = os.environ | {"DATABASE_URL": database, "DATA_DIR": folder}
            command = [sys.executable, "-m", "tests.benchmarks.releases", "--here", f"--votes={options.votes}"]
            subprocess.run(command, env=environment, check=True)
    return None


def measure(votes):
    os.environ["DJANGO_SETTINGS_MODULE"] = "innovation_archive.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from insights.models import ReleasedPractice
    from insights.votes.release import release
    from workshops.models import Programme

    call_command("migrate", verbosity=0)
    call_command("seed_benchmark", stories=1000, votes=votes)
    programme = Programme.objects.get()
    connection.close()
    processes = multiprocessing.get_context("spawn")
    waits, stop = processes.Queue(), processes.Event()
    writer = processes.Process(target=keep_writing, args=(waits, stop))
    writer.start()
    waits.get()  # it has written once
    before, start = memory(), time.process_time()
    release(programme)
    seconds, grown = time.process_time() - start, memory() - before
    stop.set()
    longest = waits.get()
    writer.join()
    results = ReleasedPractice.objects.current().count()
    print(
        f"{connection.vendor}: {results} results of {votes} votes in {seconds:.1f} s of processor, "
        f"memory grew by {grown:.0f} MB, another writer waited {longest:.2f} s at most",
        flush=True,
    )
    if votes >= 1_000_000 and (seconds > MAX_SECONDS or grown > MAX_MEGABYTES or longest > MAX_WAIT):
        raise SystemExit(f"  more than {MAX_SECONDS} s, {MAX_MEGABYTES} MB or {MAX_WAIT} s")


def keep_writing(waits, stop):
    """Write one row after another, and tell the longest that one took."""
    import django

    django.setup()
    from workshops.models import Tag

    tag = Tag.objects.first()
    longest = 0.0
    tag.save()
    waits.put("begun")
    while not stop.is_set():
        start = time.perf_counter()
        tag.save()
        longest = max(longest, time.perf_counter() - start)
        time.sleep(0.005)
    waits.put(longest)


def memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
