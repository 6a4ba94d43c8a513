import datetime
import json

import pytest
from django.conf import settings
from django.utils import timezone

from tests.factories import a_participant, a_story
from workshops.choices import Consent, Forgetting, Status
from workshops.consent import ledger
from workshops.consent.checks import backups_are_kept_for_days
from workshops.consent.erasure import erase_participant
from workshops.consent.withdrawal import lower_consent, story_subjects, withdraw_stories
from workshops.models import Forgotten, Participant, RemovedStory, Story

DAY = datetime.date(2026, 3, 1)


@pytest.fixture(autouse=True)
def ledger_file(settings, tmp_path):
    settings.LEDGER = tmp_path / "forgotten.ledger"
    return settings.LEDGER


def lines(file):
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_line_has_neither_words_nor_codes(db, django_capture_on_commit_callbacks, ledger_file):
    with django_capture_on_commit_callbacks(execute=True):
        outcome = withdraw_stories([a_story(ref="abc234", title="Soup", text="Told by Ann")])
    (line,) = lines(ledger_file)
    assert line == {
        "kind": "withdrawal",
        "day": str(Forgotten.objects.get().day),
        "subject": ledger.subject_hash("story", "abc234"),
        "level": 0,
        "reference": outcome.reference,
    }
    assert not {"abc234", "Soup", "Ann"} & set(ledger_file.read_text().split('"'))


def test_file_is_readable_by_its_owner_alone(db, django_capture_on_commit_callbacks, ledger_file):
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_stories([a_story()])
    assert ledger_file.stat().st_mode & 0o777 == 0o600


def test_file_holds_nothing_of_a_transaction_that_was_rolled_back(transactional_db, ledger_file, monkeypatch):
    def fail():
        raise RuntimeError

    story = a_story()
    monkeypatch.setattr("workshops.consent.free_pages.scrub", fail)
    with pytest.raises(RuntimeError):
        withdraw_stories([story])
    assert not ledger_file.exists()
    assert Story.objects.get().status == Status.PUBLISHED


def test_hash_needs_the_ledgers_own_key(settings):
    first = ledger.subject_hash("story", "abc234")
    settings.SECRET_KEY = "another"
    assert ledger.subject_hash("story", "abc234") == first
    settings.LEDGER_KEY = "another"
    assert ledger.subject_hash("story", "abc234") != first


def older_database(act):
    """The lines of an act, as the file has them when an older database, without the act, is put in its place."""
    act()
    kept = [ledger.line_of(entry) for entry in Forgotten.objects.all()]
    Forgotten.objects.all().delete()
    RemovedStory.objects.all().delete()
    ledger.write_to_file(kept)
    return kept


def test_older_database_forgets_a_withdrawal_again(db):
    (line,) = older_database(lambda: ledger.enter(Forgetting.WITHDRAWAL, story_subjects(["back"]), day=DAY))
    story, other = a_story(ref="back", title="Back again"), a_story()

    assert ledger.reconcile() == 1

    story.refresh_from_db()
    assert (story.status, story.title, str(story.withdrawn_at.date())) == ("withdrawn", "", "2026-03-01")
    assert Story.objects.get(pk=other.pk).status == Status.PUBLISHED
    assert [ledger.line_of(entry) for entry in Forgotten.objects.all()] == [line]
    assert ledger.reconcile() == 0


def test_older_database_forgets_a_person_again(db):
    def erase():
        erase_participant(a_participant(code="ann"))

    older_database(erase)
    story = a_story(told_by=a_participant(code="ann"), text="Back")
    a_participant(code="bob")

    assert ledger.reconcile() == 1

    assert list(Participant.objects.values_list("code", flat=True)) == ["bob"]
    story.refresh_from_db()
    assert (story.status, story.told_by) == ("withdrawn", None)


def test_older_database_lowers_again(db):
    def lower():
        lower_consent(a_story(ref="low"), Consent.TEAM)
        lower_consent(a_participant(code="ann", consent=Consent.PUBLIC), Consent.FACILITATORS)
        Story.objects.all().delete()
        Participant.objects.all().delete()

    older_database(lower)
    story = a_story(ref="low")
    person = a_participant(code="ann", consent=Consent.PUBLIC)

    assert ledger.reconcile() == 2

    story.refresh_from_db()
    person.refresh_from_db()
    assert (story.status, story.consent, story.consent_ceiling) == ("unpublished", Consent.TEAM, Consent.TEAM)
    assert (person.consent, person.consent_ceiling) == (Consent.FACILITATORS, Consent.FACILITATORS)


def test_file_that_was_lost_is_written_anew(db, django_capture_on_commit_callbacks, ledger_file):
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_stories([a_story(), a_story()])
    before = sorted(ledger_file.read_text().splitlines())
    ledger_file.unlink()
    assert ledger.reconcile() == 0
    assert sorted(ledger_file.read_text().splitlines()) == before


def test_line_that_was_cut_off_while_written_is_left_out(db, ledger_file):
    ledger_file.write_text('{"kind": "withdrawal", "day": "2026-0')
    assert ledger.reconcile() == 0
    assert Forgotten.objects.count() == 0


def test_withdrawals_from_before_the_ledger_are_entered(db):
    withdraw_stories([a_story(ref="early")])
    Forgotten.objects.all().delete()
    ledger.reconcile()
    entry = Forgotten.objects.get()
    assert (entry.kind, entry.subject) == ("withdrawal", ledger.subject_hash("story", "early"))


def test_act_of_many_lines_has_one_reference(db):
    person = a_participant()
    for _ in range(3):
        a_story(told_by=person)
    outcome = erase_participant(person)
    kinds = list(Forgotten.objects.filter(reference=outcome.reference).values_list("kind", flat=True))
    assert sorted(kinds) == ["erasure", "withdrawal", "withdrawal", "withdrawal"]


def test_ledger_of_the_tests_is_not_the_archives():
    assert str(settings.LEDGER).startswith(("/tmp", str(settings.DATA_DIR)))  # noqa: S108


def lines_of(*days):
    """A line for each of these days, in table and file: by the reference `l` and the number of its day."""
    rows = [
        Forgotten(kind="withdrawal", day=day, subject=f"{day.toordinal():064}", reference=f"l{day.day}") for day in days
    ]
    Forgotten.objects.bulk_create(rows)
    ledger.write_to_file(ledger.line_of(row) for row in rows)


def test_line_goes_from_table_and_file_when_no_backup_is_as_old_as_it(db, settings, ledger_file):
    today = timezone.localdate()
    old, oldest_kept = today - datetime.timedelta(days=31), today - datetime.timedelta(days=30)
    lines_of(old, oldest_kept, today)
    assert ledger.forget_old_lines() == 0  # nobody said how long backups are kept
    settings.BACKUPS_KEPT_DAYS = 30
    assert ledger.forget_old_lines() == 1
    assert {line["day"] for line in lines(ledger_file)} == {str(oldest_kept), str(today)}
    assert ledger_file.stat().st_mode & 0o777 == 0o600
    assert set(Forgotten.objects.values_list("day", flat=True)) == {oldest_kept, today}
    assert (ledger.reconcile(), ledger.forget_old_lines()) == (0, 0)
    assert [path.name for path in ledger_file.parent.iterdir()] == [ledger_file.name]


def test_line_that_went_is_not_entered_anew_for_a_story_that_is_still_withdrawn(db, settings):
    settings.BACKUPS_KEPT_DAYS = 30
    for days in (31, 30):
        a_story(status=Status.WITHDRAWN, withdrawn_at=timezone.now() - datetime.timedelta(days=days))
    Forgotten.objects.all().delete()
    ledger.reconcile()
    assert [row.day for row in Forgotten.objects.all()] == [timezone.localdate() - datetime.timedelta(days=30)]


@pytest.mark.parametrize(
    ("days", "errors"), [(0, []), (30, []), (-1, ["workshops.E002"]), ("soon", ["workshops.E002"])]
)
def test_period_of_backups_is_a_number_of_days(settings, days, errors):
    settings.BACKUPS_KEPT_DAYS = days
    assert [error.id for error in backups_are_kept_for_days()] == errors
