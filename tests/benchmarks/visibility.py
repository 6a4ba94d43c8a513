"""Who can find words that are planted in every private field of an archive, at every address of it, on both databases.

    python -m tests.benchmarks.visibility

Prints for each database how many words, addresses and roles there are, and at how many addresses a role found a word: where
the matrix in `tests/private_words.py` allows it, and elsewhere, which must be none. Needs no data of yours, leaves none.
"""

import argparse
import logging
import os
import subprocess
import sys

from tests.postgresql import postgresql


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.visibility", description=__doc__)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    if parser.parse_args().here:
        return look_for_words()
    codes = []
    with postgresql() as url:
        for database in ["", url]:
            command = [sys.executable, "-m", "tests.benchmarks.visibility", "--here"]
            environment = os.environ | {"TEST_DATABASE_URL": database}
            codes.append(subprocess.run(command, env=environment, check=False).returncode)
    return max(codes)


def look_for_words():
    """Print the line of one database. Returns 1 if a word was found elsewhere, or not where its readers need it."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    logging.disable(logging.INFO)  # a line for every address
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import setup_test_environment

    from tests import private_words

    setup_test_environment()
    call_command("migrate", verbosity=0)
    people, rows = private_words.plant()
    allowed, elsewhere, missing, addresses = 0, 0, 0, 0
    for viewer in private_words.VIEWERS:
        found, asked = private_words.walk(Client(raise_request_exception=False), people, rows, viewer)
        may_find = private_words.allowed_to(viewer)
        allowed += sum(times for where, times in found.items() if where in may_find)
        elsewhere += sum(times for where, times in found.items() if where not in may_find)
        missing += len(may_find - set(found))
        addresses = max(addresses, asked)
    print(
        f"{connection.vendor}: {len(private_words.PLANTED)} words, {addresses} addresses, "
        f"{len(private_words.VIEWERS)} roles; found {allowed} times where it is allowed, {elsewhere} times elsewhere, "
        f"{missing} times not where it should be",
        flush=True,
    )
    return int(bool(elsewhere or missing))


if __name__ == "__main__":
    sys.exit(main())
