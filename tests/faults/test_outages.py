"""While the database is away, locked or read-only a real server says so, keeps what was typed, and is soon well again."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connection

from innovation_archive.models import Case
from tests.factories import a_story
from tests.faults.outages import away, impatient, locked, read_only
from tests.serving import Visitor, ask, get, serving, typed_again

pytestmark = pytest.mark.django_db(transaction=True)
postgresql_alone = pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite is a file and cannot be away")

CONFIG = "--config=.deploy/gunicorn.conf.py"
WORDS = 'They said "<b>wait</b>" & left.\nThen nobody came back.'
READ = ["/", "/stories/", "/stories/?q=wording", "/stories/s1/", "/matrix/", "/votes/", "/data/stories.csv", "/readyz"]


@contextmanager
def site(folder):
    """A port; who asks there waits for a lock for a second alone."""
    a_story(ref="s1")
    with serving("innovation_archive.wsgi", folder, CONFIG, "--workers=1", **impatient()) as port:
        yield port


def count_answers(tally, statuses, expected):
    """Count requests, and as lost those that got another answer than that, or none."""
    tally["requests"] += len(statuses)
    tally["requests lost"] += sum(status not in expected for status in statuses)


def send(visitor, fields):
    return visitor.post("/complaints/", fields)


@pytest.mark.parametrize(
    "outage",
    [
        pytest.param(lambda: locked("innovation_archive_case"), id="locked"),
        pytest.param(away, id="away", marks=postgresql_alone),
    ],
)
def test_what_is_typed_while_the_database_is_gone_is_saved_within_two_seconds_of_its_return(outage, tmp_path, tally):
    with site(tmp_path) as port, ThreadPoolExecutor(8) as pool:
        visitors = [Visitor(port) for _ in range(8)]
        for visitor in visitors:
            visitor.get("/complaints/")
        typed = [{"kind": "complaint", "words": f"{number}. {WORDS}"} for number in range(8)]
        with outage():
            told = list(pool.map(send, visitors, typed))
        back = time.monotonic()
        again = [send(visitors[0], typed_again(told[0][1]))]
        assert time.monotonic() - back < 2
        again += pool.map(send, visitors[1:], [typed_again(page) for _, page in told[1:]])
    count_answers(tally, [status for status, _ in told], [503])
    count_answers(tally, [status for status, _ in again], [200])
    saved = set(Case.objects.values_list("words", flat=True))
    tally["rows lost"] += len({fields["words"] for fields in typed} - saved)
    assert tally == Counter(requests=16)
    assert Case.objects.count() == 8


@postgresql_alone
def test_reader_hears_at_once_that_the_database_is_away_and_when_to_ask_again(tmp_path, tally):
    with site(tmp_path) as port:
        get(port, "/stories/")
        with away():
            begun = time.monotonic()
            answers = [ask("GET", port, address, {"Host": "localhost"}) for address in READ]
            assert time.monotonic() - begun < 6
        count_answers(tally, [answer.status for answer in answers], [503])
        assert {answer.headers["Retry-After"] for answer in answers[:-1]} == {"5"}
        count_answers(tally, [get(port, address)[0] for address in READ], [200])
    assert tally == Counter(requests=2 * len(READ))


def test_everything_can_be_read_where_nothing_can_be_written(tmp_path, tally):
    with site(tmp_path) as port:
        visitor = Visitor(port)
        visitor.get("/complaints/")
        with read_only("innovation_archive_case"):
            count_answers(tally, [get(port, address)[0] for address in READ], [200])
            status, page = visitor.post("/complaints/", {"kind": "complaint", "words": WORDS})
        assert (status, typed_again(page)["words"]) == (503, WORDS)
    assert tally == Counter(requests=len(READ))
