"""A room votes while workers are killed and the server is started anew: no vote that a phone was told of is missing."""

import os
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path

import pytest

from tests.factories import a_ballot, a_practice, a_workshop
from tests.serving import Visitor, gunicorn
from workshops.models import Vote

pytestmark = pytest.mark.django_db(transaction=True)

PHONES, CHOICES = 8, ["keep", "amplify", "discard", "create"]
CONFIG = "--config=.deploy/gunicorn.conf.py"
SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.faults.settings"}


@pytest.fixture
def refs():
    practices = [a_practice(ref=f"P-{number}") for number in range(20)]
    a_ballot(practices, workshop=a_workshop(), join_code="ab2c3d")
    return [practice.ref for practice in practices]


class Phone:
    """Votes on one practice after another; a vote that is not answered is sent again, as a person would."""

    def __init__(self, port):
        self.visitor, self.sent, self.answered, self.broken = Visitor(port), Counter(), {}, 0
        self.visitor.get("/join/ab2c3d/")
        assert self.visitor.post("/join/ab2c3d/", {})[0] == 200

    def vote(self, refs):
        for number, ref in enumerate(refs):
            choice = CHOICES[number % 4]
            while ref not in self.answered:
                self.cast(ref, choice)

    def cast(self, ref, choice):
        self.sent[ref] += 1
        assert self.sent[ref] < 50, "the server does not come back"
        try:
            status, _ = self.visitor.post(f"/join/ab2c3d/practices/{ref}/", {"choice": choice})
        except (OSError, HTTPException):
            self.broken += 1
            time.sleep(0.2)
        else:
            assert status == 200
            self.answered[ref] = choice


def kill_a_worker(process):
    """kill -9 for the first of its children."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    with suppress(ProcessLookupError):
        os.kill(int(children[0]), signal.SIGKILL)


def start_anew(process):
    process.send_signal(signal.SIGHUP)


def vote_while(disturb, times, folder, refs):
    """The phones, after all of them have voted while this happened to the server so many times."""
    with gunicorn("innovation_archive.wsgi", folder, CONFIG, "--workers=2", **SETTINGS) as (port, process):
        phones = [Phone(port) for _ in range(PHONES)]
        with ThreadPoolExecutor(PHONES) as pool:
            voting = [pool.submit(phone.vote, refs) for phone in phones]
            for _ in range(times):
                time.sleep(0.2)
                disturb(process)
            [each.result() for each in voting]
    return phones


def count_lost(tally, phones, refs):
    told = Counter((ref, choice) for phone in phones for ref, choice in phone.answered.items())
    stored = Counter(Vote.objects.values_list("practice__ref", "choice"))
    tally["requests"] += sum(phone.sent.total() for phone in phones)
    tally["rows lost"] += (told - stored).total()
    assert told == stored and told.total() == len(refs) * PHONES


def test_votes_that_phones_were_told_of_survive_the_worker_that_took_them(refs, tmp_path, tally):
    phones = vote_while(kill_a_worker, 3, tmp_path, refs)
    tally += Counter(kills=3, survived=3)
    count_lost(tally, phones, refs)
    assert sum(phone.broken for phone in phones) > 0  # or nobody was disturbed


def test_server_that_is_started_anew_loses_no_request(refs, tmp_path, tally):
    phones = vote_while(start_anew, 1, tmp_path, refs)
    count_lost(tally, phones, refs)
    tally["requests lost"] += sum(phone.broken for phone in phones)
    assert tally["requests lost"] == 0
