"""The hourly command: each task by itself, none twice, and what is written down of it."""

import datetime
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as used
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from django.utils import timezone

from innovation_archive.models import HousekeepingRun, Import
from innovation_archive.operation import housekeeping
from innovation_archive.operation.housekeeping import Task, begin_run, state_of_housekeeping
from insights.models import Review
from tests.factories import a_ballot, a_case, a_commitment, a_participant, a_programme, a_story, a_user, a_workshop
from tests.serving import ROOT, database_url
from workshops.choices import Status
from workshops.contribution.erasure_requests import ask_to_erase
from workshops.models import Ballot, FailedAttempt, OutgoingMail, Participant, Programme, UseSubscription
from workshops.roles import ADMINISTRATOR, EDITOR

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def ledger_of_its_own(settings, tmp_path):
    """Other tests write to the ledger of the run, of which this database knows nothing."""
    settings.LEDGER = tmp_path / "forgotten.ledger"


def keep_house():
    out = StringIO()
    call_command("housekeeping", stdout=out)
    return out.getvalue().splitlines()


def moved_back(row, **ages):
    """The row, with each of these moments so long ago."""
    type(row).objects.filter(pk=row.pk).update(**{field: timezone.now() - age for field, age in ages.items()})
    return row


def a_subscription(**fields):
    return UseSubscription.objects.create(participant=a_participant(), address="ines@example.org", **fields)


TASKS = [
    "failed-attempts", "ballots", "erasures", "ledger", "ledger-lines", "recorders", "names", "words", "votes", "notes", "history",
    "uploads", "logs", "cases", "sessions", "taggings", "subscriptions", "mail-words", "reminders", "case-reminders", "uses",
    "mail", "log", "runs",
]  # fmt: skip
NOT_DUE = ["ledger", "ledger-lines", "names", "words", "votes", "notes", "history", "logs", "cases", "taggings", "log"]
"""Of which the test below makes nothing: the periods have tests of their own."""
NOTHING = [f"{task}: 0" for task in TASKS]


def test_all_that_is_over_ends_and_all_that_is_due_goes_out_in_one_run(settings):
    settings.MAIL_IS_ON, settings.SITE_URL = True, "https://archive.example.org"
    recorder = a_user()
    withdrawn = a_story(status=Status.WITHDRAWN, withdrawn_at=timezone.now() - 24 * 366 * HOUR)
    type(withdrawn).objects.filter(pk=withdrawn.pk).update(withdrawn_by=recorder)
    a_user(EDITOR, email="editor@example.org")
    a_case(received_on=datetime.date(2021, 2, 1))
    moved_back(a_ballot(), opened_at=13 * HOUR, expires_at=HOUR)
    moved_back(FailedAttempt.objects.create(address="a" * 64), typed_at=HOUR)
    moved_back(ask_to_erase(a_participant(code="gone")), asked_at=25 * HOUR, due_at=HOUR)
    waiting = Import.objects.create(kind="stories", file_name="s.csv", content=b"a", workshop=a_workshop())
    moved_back(waiting, uploaded_at=25 * HOUR)
    Session.objects.create(session_key="old", session_data="", expire_date=timezone.now() - 25 * HOUR)
    moved_back(a_subscription(), lapses_at=HOUR)
    Review.objects.create(commitment=a_commitment(owner_email="hubs@example.org"), due_on=datetime.date(2021, 2, 1))
    a_subscription(confirmed_at=timezone.now(), lapses_at=timezone.now() + HOUR, used_at=timezone.now())
    moved_back(OutgoingMail.objects.create(to="old@example.org", body="Old words."), queued_at=24 * 31 * HOUR)
    moved_back(HousekeepingRun.objects.create(is_running=False), started_at=24 * 91 * HOUR)
    counts = dict.fromkeys(TASKS, 1) | {"mail": 3} | dict.fromkeys(NOT_DUE, 0)
    assert keep_house() == [f"{task}: {counts[task]}" for task in TASKS]
    assert sorted(letter.to[0] for letter in mail.outbox) == [
        "editor@example.org",
        "hubs@example.org",
        "ines@example.org",
    ]
    assert (Session.objects.count(), Import.objects.count(), FailedAttempt.objects.count()) == (0, 0, 0)
    assert Ballot.objects.get().closed_at is not None
    assert not Participant.objects.filter(code="gone").exists()
    assert keep_house() == NOTHING
    assert len(mail.outbox) == 3


def test_what_is_not_over_stays():
    a_ballot()
    FailedAttempt.objects.create(address="a" * 64)
    Import.objects.create(kind="places", file_name="places.csv", content=b"a")
    Session.objects.create(session_key="new", session_data="", expire_date=timezone.now() + HOUR)
    a_subscription()
    assert keep_house() == NOTHING
    left = [model.objects.count() for model in (FailedAttempt, Import, Session, UseSubscription)]
    assert (left, Ballot.objects.get().closed_at) == ([1, 1, 1, 1], None)


def test_task_that_fails_is_undone_and_stops_no_other(monkeypatch):
    def fail():
        a_programme(slug="half-done")
        raise ZeroDivisionError("of Ines Example")

    tasks = [Task("broken", "dividing", fail), Task("whole", "adding", Programme.objects.count)]
    monkeypatch.setattr(housekeeping, "TASKS", tasks)
    out = StringIO()
    with pytest.raises(CommandError, match="1 of the tasks failed; the log says why"):
        call_command("housekeeping", stdout=out)
    assert out.getvalue().splitlines() == ["broken: failed (ZeroDivisionError)", "whole: 0"]
    assert HousekeepingRun.objects.get().outcome == {"broken": "ZeroDivisionError", "whole": 0}
    assert [task.what for task in state_of_housekeeping().failed] == ["dividing"]


def test_second_run_at_once_says_so_and_does_nothing():
    begin_run()
    a_ballot_that_is_over = moved_back(a_ballot(), opened_at=13 * HOUR, expires_at=HOUR)
    assert keep_house() == ["Housekeeping is under way already: nothing to do."]
    a_ballot_that_is_over.refresh_from_db()
    assert a_ballot_that_is_over.closed_at is None


def test_run_that_was_killed_is_followed_by_the_next():
    killed = begin_run()
    moved_back(killed, seen_at=housekeeping.BROKEN_OFF_AFTER)
    assert keep_house() == NOTHING
    killed.refresh_from_db()
    assert (killed.is_running, killed.ended_at) == (False, None)
    assert state_of_housekeeping().last == HousekeepingRun.objects.exclude(pk=killed.pk).get().ended_at


def test_database_keeps_two_runs_apart():
    begin_run()
    with pytest.raises(IntegrityError):
        HousekeepingRun.objects.create()


def test_last_housekeeping_is_the_latest_that_ended():
    assert state_of_housekeeping().last is None
    begin_run()
    assert state_of_housekeeping().last is None
    HousekeepingRun.objects.all().delete()
    keep_house()
    assert timezone.now() - state_of_housekeeping().last < HOUR


@pytest.mark.parametrize(("age", "is_late"), [(1.9 * HOUR, False), (2.1 * HOUR, True), (None, True)])
def test_housekeeping_is_late_after_two_hours(age, is_late):
    if age:
        moved_back(HousekeepingRun.objects.create(is_running=False), ended_at=age)
    assert state_of_housekeeping().is_late is is_late


def test_records_of_housekeeping_are_seen_by_administrators_alone():
    run = begin_run()
    seen = [list(HousekeepingRun.objects.visible_to(a_user(role))) for role in (ADMINISTRATOR, EDITOR)]
    assert seen == [[run], []]


def housekeeping_process(folder):
    environment = {
        "DJANGO_SETTINGS_MODULE": "innovation_archive.settings",
        "DATABASE_URL": database_url(),
        "DATA_DIR": str(folder),
        "SECRET_KEY": used.SECRET_KEY,
    }
    return subprocess.Popen(
        [sys.executable, "manage.py", "housekeeping"],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.django_db(transaction=True)
def test_log_of_sqlite_is_emptied_of_deleted_words():
    if connection.vendor != "sqlite":
        pytest.skip("SQLite alone keeps former pages in a log")
    a_programme()
    log = Path(f"{connection.settings_dict['NAME']}-wal")
    assert log.stat().st_size > 0
    assert housekeeping.empty_write_ahead_log() == 0
    assert log.stat().st_size == 0


@pytest.mark.django_db(transaction=True)
def test_command_tells_cron_of_a_second_run_with_no_error(tmp_path):
    run = begin_run()
    process = housekeeping_process(tmp_path)
    assert process.communicate(timeout=60)[0] == "Housekeeping is under way already: nothing to do.\n"
    assert process.returncode == 0
    run.delete()
    process = housekeeping_process(tmp_path)
    assert process.communicate(timeout=60)[0].splitlines() == NOTHING
    assert process.returncode == 0
