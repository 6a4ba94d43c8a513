"""Many people doing the same thing at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections


def all_at_once(work, count):
    """Runs work(0), work(1) … each in a thread and a connection of its own, and returns their answers."""
    start = Barrier(count)

    def run(number):
        try:
            start.wait(timeout=30)
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))
