"""Each period is kept to its last moment and no longer, by housekeeping alone: nobody opens a page."""

import datetime
from io import StringIO

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from innovation_archive.models import AdministrativeAct, Case, Controller, Download, HousekeepingRun, Import
from innovation_archive.operation.housekeeping import TASKS
from innovation_archive.privacy.ended import ENDED
from innovation_archive.privacy.fixed_periods import fixed_periods
from innovation_archive.privacy.periods import PERIODS
from insights.models import ErasedVotes, Evidence, Insight, Release, SetAside, Turnout
from tests.factories import (
    a_ballot,
    a_case,
    a_correction,
    a_participant,
    a_practice,
    a_story,
    a_user,
    a_vote,
    a_workshop,
    an_insight,
    number,
)
from workshops.choices import Status
from workshops.models import (
    BallotPaper,
    BulkTagging,
    Correction,
    ErasureRequest,
    FailedAttempt,
    Identity,
    MergedVote,
    Note,
    OriginalText,
    OutgoingMail,
    Practice,
    PracticeMerge,
    PrivateReading,
    Story,
    StoryTag,
    UseSubscription,
    Vote,
    Workshop,
)
from workshops.models.ballots import BALLOT_LIFETIME
from workshops.models.readings import record_private_reading

pytestmark = pytest.mark.django_db
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def ledger_of_its_own(settings, tmp_path):
    """Other tests write to the ledger of the run, of which this database knows nothing."""
    settings.LEDGER = tmp_path / "forgotten.ledger"


def keep_house():
    call_command("housekeeping", stdout=StringIO())


def still(row, **as_it_was):
    """A question: is the row there, with these values?"""
    return lambda: type(row).objects.filter(pk=row.pk, **as_it_was).exists()


def moved_to(row, **moments):
    type(row)._base_manager.filter(pk=row.pk).update(**moments)
    return row


def day_of(moment):
    return timezone.localdate(moment)


# A row of each table, begun at a moment. Each returns the question whether it is still there.


def an_identity(began):
    person = a_participant([a_workshop(held_on=day_of(began))])
    return still(Identity.objects.create(participant=person, name="Ines", entered_on=day_of(began)))


def words_as_told(began):
    story = a_story(workshop=a_workshop(held_on=day_of(began)))
    return still(moved_to(story.original_text, entered_on=day_of(began)))


def a_released_workshop(began):
    workshop = a_workshop(held_on=day_of(began))
    Release.objects.create(programme=workshop.phase.programme, released_on=day_of(began))
    return workshop


def a_single_vote(began):
    vote = a_vote(
        workshop=a_released_workshop(began),
        practice=a_practice(),
        participant=a_participant(),
        entered_on=day_of(began),
    )
    return still(vote)


def a_merged_vote(began):
    workshop, practice = a_released_workshop(began), a_practice()
    merge = PracticeMerge.objects.create(
        ref=f"P-{next(number)}", statement="Old.", into=practice, remembered={}, merged_at=began
    )
    return still(
        merge.votes.create(participant=a_participant(), workshop=workshop, choice="keep", vote=1, is_of_kept=False)
    )


def a_turnout(began):
    workshop, practice, person = a_released_workshop(began), a_practice(), a_participant()
    programme = workshop.phase.programme
    ErasedVotes.objects.create(practice=practice, workshop=workshop, choice="keep", people=1)
    turnout = Turnout.objects.create(
        practice=practice, programme=programme, participants=[person.pk], voters=1, hands=0
    )
    return still(turnout, voters=1)


def a_ballot_paper(began):
    workshop = a_released_workshop(began)
    ballot = moved_to(a_ballot(workshop=workshop), closed_at=began, salt="")
    paper = BallotPaper.objects.create(
        ballot=ballot, participant=a_participant(), ticket=f"{next(number)}", newcomer=False, oddity="Fast.",
        joined_at=began - BALLOT_LIFETIME,
    )  # fmt: skip
    return still(paper, participant=paper.participant, oddity="Fast.")


def a_note(began):
    workshop = a_workshop(held_on=day_of(began))
    return still(Note.objects.create(workshop=workshop, text="Ring them.", entered_on=day_of(began)))


def pasted_notes(began):
    workshop = a_workshop(held_on=day_of(began), notes="As they were taken.", notes_on=day_of(began))
    return still(workshop, notes="As they were taken.")


def earlier_entry_of(make):
    """An entry of a history that another followed today."""

    def entry(began):
        row = make()
        row.save()
        first = row.history.order_by("history_id").first()
        return still(moved_to(first, history_date=began))

    return entry


def a_story_tag():
    return a_story(tags=["vans"]).story_tags.get()


def a_set_aside():
    return SetAside.objects.create(insight=an_insight(), story=a_story(), reason="redundant")


def a_piece_of_evidence():
    return an_insight(supports=[a_story()]).evidence.get()


def a_decided_correction(began):
    return still(a_correction(a_story(), state="taken", decided_at=began))


def a_waiting_file(began):
    return still(Import.objects.create(kind="stories", file_name="s.csv", content=b"a", uploaded_at=began))


def a_log_entry(began):
    return still(
        LogEntry.objects.create(user=a_user(), object_repr="Vans", action_flag=2, action_time=began, change_message="")
    )


def a_reading(began):
    return still(moved_to(record_private_reading(a_user(), story=a_story()), read_at=began))


def an_act(began):
    return still(AdministrativeAct.objects.create(by=a_user(), about=a_user(), kind="closed", done_at=began))


def a_download(began):
    download = Download.objects.create(user=a_user(), file="votes.csv", purpose="A study", expires_on=day_of(began))
    return still(download)


def a_decided_import(began):
    return still(Import.objects.create(kind="stories", file_name="s.csv", state="imported", decided_at=began))


def a_closed_case(began):
    case = a_case(name="Ann Example", email="ann@example.org")
    moved_to(case, closed_on=day_of(began), outcome="granted", answer="Told.")
    contact = still(case.contact)
    return lambda: (still(case)(), contact()) == (True, True)


def a_session(began):
    return still(Session.objects.create(session_key=f"{next(number)}", session_data="", expire_date=began))


def a_failure(began):
    return still(FailedAttempt.objects.create(address="a" * 64, typed_at=began))


def an_open_ballot(began):
    return still(moved_to(a_ballot(), opened_at=began, expires_at=began + 12 * HOUR), closed_at=None)


def a_tagging(began):
    return still(BulkTagging.objects.create(by=a_user(), links={}, made_at=began))


def an_erasure(began):
    person = a_participant()
    reference = f"{next(number)}"
    ErasureRequest.objects.create(participant=person, reference=reference, asked_at=began, due_at=began + DAY)
    return still(person)


def a_recorder(began):
    user = a_user()
    story = moved_to(a_story(status=Status.WITHDRAWN, withdrawn_at=began), withdrawn_by=user)
    return still(story, withdrawn_by=user)


def a_subscription(began, lasts, **fields):
    person, address = a_participant(), "ines@example.org"
    return still(
        UseSubscription.objects.create(
            participant=person, address=address, asked_at=began, lapses_at=began + lasts, **fields
        )
    )


def an_unconfirmed_address(began):
    return a_subscription(began, 7 * DAY)


def a_confirmed_address(began):
    return a_subscription(began, 365 * DAY, confirmed_at=began)


def a_mail(began):
    return still(OutgoingMail.objects.create(to="ann@example.org", body="Words.", queued_at=began), body="Words.")


def a_mail_record(began):
    return still(OutgoingMail.objects.create(queued_at=began, taken_at=began, sent_at=began))


def a_run(began):
    return still(HousekeepingRun.objects.create(is_running=False, started_at=began))


ROWS = {
    "names": {Identity: an_identity},
    "words": {OriginalText: words_as_told},
    "votes": {
        Vote: a_single_vote,
        MergedVote: a_merged_vote,
        Turnout: a_turnout,
        BallotPaper: a_ballot_paper,
    },
    "notes": {Note: a_note, Workshop: pasted_notes},
    "history": {
        Story.history.model: earlier_entry_of(a_story),
        StoryTag.history.model: earlier_entry_of(a_story_tag),
        Practice.history.model: earlier_entry_of(a_practice),
        Insight.history.model: earlier_entry_of(an_insight),
        Evidence.history.model: earlier_entry_of(a_piece_of_evidence),
        SetAside.history.model: earlier_entry_of(a_set_aside),
        Correction: a_decided_correction,
    },
    "uploads": {Import: a_waiting_file},
    "logs": {
        LogEntry: a_log_entry,
        PrivateReading: a_reading,
        AdministrativeAct: an_act,
        Download: a_download,
        Import: a_decided_import,
    },
    "cases": {Case: a_closed_case},
    "sessions": {Session: a_session},
}
FIXED_ROWS = {
    "attempts": a_failure,
    "ballots": an_open_ballot,
    "taggings": a_tagging,
    "erasures": an_erasure,
    "recorders": a_recorder,
    "confirmations": an_unconfirmed_address,
    "subscriptions": a_confirmed_address,
    "mails": a_mail,
    "mail-records": a_mail_record,
    "runs": a_run,
}  # fmt: skip
TABLES = [(period, model, make) for period in PERIODS for model, make in ROWS[period.name].items()]


def test_every_table_of_a_period_has_its_row_here():
    assert {name: set(rows) for name, rows in ROWS.items()} == {
        name: {each.due(timezone.now()).model for each in tables} for name, tables in ENDED.items()
    }
    assert [each.name for each in fixed_periods()] == list(FIXED_ROWS)


@pytest.mark.parametrize(
    ("period", "model", "make"), TABLES, ids=[f"{period.name}-{model.__name__}" for period, model, _make in TABLES]
)
def test_row_goes_when_the_period_that_the_controller_set_is_over_and_not_before(period, model, make):
    longer = period.default + 1
    Controller(**{period.column: longer}).save()
    moment = period.ended_before(longer, timezone.now())
    second = datetime.timedelta(seconds=1)
    over, kept = make(moment - second), make(moment + second * 30)
    assert (over(), kept()) == (True, True)
    keep_house()
    assert (over(), kept()) == (False, True)


@pytest.mark.parametrize("period", fixed_periods(), ids=lambda period: period.name)
def test_row_goes_when_a_fixed_period_is_over_and_not_before(period):
    moment, minute = timezone.now() - period.lasts, datetime.timedelta(minutes=1)
    over, kept = FIXED_ROWS[period.name](moment - minute), FIXED_ROWS[period.name](moment + minute)
    assert (over(), kept()) == (True, True)
    keep_house()
    assert (over(), kept()) == (False, True)


def test_every_period_is_kept_by_one_task():
    kept = [name for task in TASKS for name in task.keeps]
    assert sorted(kept) == sorted([period.name for period in PERIODS] + [each.name for each in fixed_periods()])


def test_all_that_is_private_goes_with_time_alone(monkeypatch):
    began = timezone.now()
    # Whoever withdraws, as one of the first does, also empties uploads.
    rows = [make(began) for make in (*FIXED_ROWS.values(), *(make for _period, _model, make in TABLES))]
    keep_house()
    assert [is_there() for is_there in rows] == [True] * len(rows)
    monkeypatch.setattr(timezone, "now", lambda: began + 366 * 10 * DAY)
    keep_house()
    assert [is_there() for is_there in rows] == [False] * len(rows)
