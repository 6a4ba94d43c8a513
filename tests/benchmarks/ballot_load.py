"""A room votes at once: `python -m tests.benchmarks.ballot_load` starts gunicorn on an empty archive, lets 200 people
join a ballot and cast 30 votes each within 12 seconds, and prints what it measured.

It ends with 1 if a request failed, a vote is missing or there twice, or one in a hundred took longer than a second.
"""

import argparse
import contextlib
import http.client
import os
import random
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[2]
CHOICES = ["keep", "amplify", "discard", "create"]
LONGEST_P99 = 1.0


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.ballot_load", description=__doc__)
    parser.add_argument("--postgresql", action="store_true", help="on a PostgreSQL of its own instead of SQLite")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--votes", type=int, default=30, help="that each person casts")
    parser.add_argument("--seconds", type=float, default=12)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--one-page", action="store_true", help="all votes of a person in one form, not one a request")
    parser.add_argument(
        "--screens", action="store_true", help="load the next practice after each vote, as a phone does"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ballot-load-") as folder, database(options) as url:
        prepare(folder, url)
        code, refs = open_ballot(options)
        with server(options) as port:
            people = [Person(number, port, code, refs) for number in range(options.people)]
            with ThreadPoolExecutor(20) as pool:
                list(pool.map(Person.join, people))
            took = vote(people, options)
        return report(people, refs, took, options)


def database(options):
    if options.here:
        return contextlib.nullcontext(os.environ["DATABASE_URL"])
    if not options.postgresql:
        return contextlib.nullcontext("")
    from tests.postgresql import postgresql

    return postgresql()


def prepare(folder, url):
    """An empty archive with production's settings, for the server and for this process."""
    os.environ.update(
        DJANGO_SETTINGS_MODULE="innovation_archive.settings",
        DATA_DIR=folder,
        DATABASE_URL=url,
        SECRET_KEY=secrets.token_urlsafe(50),
        ALLOWED_HOSTS="127.0.0.1",
        HTTPS="0",
        DEBUG="0",
    )
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def open_ballot(options):
    """Returns the ballot's code and the refs of its practices, in order."""
    from tests.factories import a_practice, a_workshop
    from workshops.models import Ballot

    ballot = Ballot.objects.create(workshop=a_workshop(), seats=options.people)
    ballot.practices.set([a_practice() for _ in range(options.votes)])
    return ballot.join_code, [practice.ref for practice in ballot.questions]


@contextlib.contextmanager
def server(options):
    """gunicorn on a free port of this machine, for as long as the context lasts. Gives the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    bounds = [f"--bind=127.0.0.1:{port}", f"--workers={options.workers}", f"--threads={options.threads}"]
    gunicorn = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "innovation_archive.wsgi", *bounds, "--log-level=warning"], cwd=ROOT
    )
    try:
        for _ in range(100):
            time.sleep(0.2)
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
        yield port
    finally:
        gunicorn.terminate()
        gunicorn.wait()


class Person:
    """Somebody with a phone, who keeps cookies and a connection as its browser does."""

    def __init__(self, number, port, code, refs):
        self.number, self.code, self.refs = number, code, refs
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies = {}
        self.times = []
        self.errors = []

    def join(self):
        self.ask("GET", f"/join/{self.code}/")
        status = self.ask("POST", f"/join/{self.code}/", {"role": "", "sector": "", "service_area": "", "place": ""})
        if status != 302:
            self.errors.append(f"joining: {status}")

    def choice(self, index):
        return CHOICES[(self.number + index) % 4]

    def vote(self, start, options):
        """Cast every vote at a moment of its own, spread over the time there is."""
        if options.one_page:
            form = {f"vote-{ref}": self.choice(index) for index, ref in enumerate(self.refs)}
            wait_until(start + random.random() * options.seconds)
            self.timed("POST", f"/join/{self.code}/all/", form, 302)
            return
        step = options.seconds / len(self.refs)
        for index, ref in enumerate(self.refs):
            wait_until(start + (index + random.random()) * step)
            if options.screens:
                self.timed("GET", f"/join/{self.code}/practices/{ref}/", None, 200)
            self.timed("POST", f"/join/{self.code}/practices/{ref}/", {"choice": self.choice(index)}, 302)

    def timed(self, method, path, form, expected):
        began = time.perf_counter()
        status = self.ask(method, path, form)
        self.times.append(time.perf_counter() - began)
        if status != expected:
            self.errors.append(f"{method} {path}: {status}")

    def ask(self, method, path, form=None):
        """Returns the status. A connection that the server closed while idle is opened again, as browsers do."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if form is not None:
            body = urlencode(form | {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self.connection.close()
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
        for header in response.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.coded_value for name, morsel in SimpleCookie(header).items()}
        response.read()
        return response.status


def wait_until(moment):
    time.sleep(max(0, moment - time.monotonic()))


def vote(people, options):
    """Let everyone vote at once. Returns how many seconds it took until the last answer."""
    start = time.monotonic() + 0.5
    threads = [threading.Thread(target=person.vote, args=(start, options)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.monotonic() - start


def report(people, refs, took, options):
    from workshops.models import Vote

    expected = Counter((ref, person.choice(index)) for person in people for index, ref in enumerate(refs))
    there = Counter(Vote.objects.values_list("practice__ref", "choice"))
    voters = Vote.objects.values("participant").distinct().count()
    errors = [error for person in people for error in person.errors]
    times = sorted(seconds for person in people for seconds in person.times)
    p50, p95, p99 = (times[int(len(times) * share)] for share in (0.5, 0.95, 0.99))
    print(
        f"{'PostgreSQL' if options.postgresql else 'SQLite'}, {options.workers} workers of {options.threads} threads, "
        f"{os.cpu_count()} cores shared with the voters\n"
        f"{len(people)} people, {len(times)} requests in {took:.1f} s, {len(errors)} errors\n"
        f"votes: {there.total()} of {expected.total()}, by {voters} people, "
        f"{'each as it was cast, once' if there == expected else 'NOT as they were cast'}\n"
        f"seconds an answer took: median {p50:.3f}, 95 % {p95:.3f}, 99 % {p99:.3f}, longest {times[-1]:.3f}"
    )
    for error in errors[:10]:
        print(error)
    good = not errors and there == expected and voters == len(people) and p99 < LONGEST_P99
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
