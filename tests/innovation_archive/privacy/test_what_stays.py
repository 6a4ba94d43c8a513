"""What goes with a period beside its own rows, and what stays although it is old."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from innovation_archive.exchange import undo
from innovation_archive.models import Case, CaseEvent, Import, ImportedRow
from innovation_archive.privacy.ended import ENDED, end_period
from innovation_archive.privacy.periods import PERIODS, months_later
from insights.admin.insight_forms import last_save_of
from insights.models import ErasedVotes, Release, ReleasedPractice, Turnout
from insights.votes.counting import count_polls
from insights.votes.release import release
from tests.factories import (
    a_ballot,
    a_case,
    a_participant,
    a_practice,
    a_programme,
    a_story,
    a_user,
    a_vote,
    a_workshop,
    an_insight,
    may_stand,
    votes_on,
)
from tests.innovation_archive.privacy.test_ended import moved_to
from workshops import search
from workshops.choices import Consent, Status
from workshops.chunks import in_chunks
from workshops.consent.passages import hide_passage
from workshops.consent.withdrawal import withdraw_stories
from workshops.models import (
    BallotPaper,
    HiddenPassage,
    Identity,
    Note,
    OriginalText,
    PracticeMerge,
    RemovedStory,
    Story,
    Vote,
    Workshop,
)
from workshops.roles import EDITOR
from workshops.voting.casting import cast_votes
from workshops.voting.merging import merge_practices, undo_merge

pytestmark = pytest.mark.django_db
PERIOD_OF = {period.name: period for period in PERIODS}
LONG_AGO = datetime.date(2020, 6, 1)


def end(name):
    return end_period(PERIOD_OF[name])


def an_old_workshop(**fields):
    return a_workshop(**{"held_on": LONG_AGO, "notes_on": LONG_AGO} | fields)


def an_old_story(told="We drove the vans ourselves.", **fields):
    story = a_story(text=told, workshop=an_old_workshop(), **fields)
    moved_to(story.original_text, entered_on=LONG_AGO)
    return story


# Names


def a_name(person):
    return moved_to(Identity.objects.create(participant=person, name="Ines Example"), entered_on=LONG_AGO)


def test_name_stays_while_one_workshop_is_recent_or_still_to_come():
    today = timezone.localdate()
    for days in (-30, 30):
        later = a_workshop(held_on=today + datetime.timedelta(days=days))
        a_name(a_participant([an_old_workshop(), later]))
    assert (end("names"), Identity.objects.count()) == (0, 2)


def test_name_that_was_entered_lately_stays_though_its_workshop_is_old():
    Identity.objects.create(participant=a_participant([an_old_workshop()]), name="Ines Example")
    assert end("names") == 0


def test_name_goes_where_no_workshop_or_no_day_is_known_and_its_person_stays():
    people = [a_participant(), a_participant([a_workshop(held_on=None)])]
    for person in people:
        a_name(person)
    assert (end("names"), Identity.objects.count()) == (2, 0)
    assert [person.workshops.count() for person in people] == [0, 1]


# Words as told


def test_draft_that_is_a_copy_loses_the_words_too_and_is_not_found_by_them():
    draft = an_old_story(published_text="We drove the vans ourselves. ", status=Status.DRAFT)
    assert end("words") == 1
    draft.refresh_from_db()
    assert (draft.published_text, draft.version) == ("", 2)
    assert list(search.matching(Story.objects.all(), search.read_query("drove"))) == []


@pytest.mark.parametrize(
    ("wording", "status"),
    [("They drove the vans.", Status.DRAFT), ("We drove the vans ourselves.", Status.PUBLISHED)],
)
def test_wording_that_was_edited_or_agreed_stays(wording, status):
    story = an_old_story(published_text=wording, status=status)
    assert (end("words"), OriginalText.objects.count()) == (1, 0)
    story.refresh_from_db()
    assert (story.published_text, story.version) == (wording, 2)


def test_words_go_from_what_an_import_keeps_for_its_undo():
    story = an_old_story(status=Status.DRAFT, published_text="They drove the vans.")
    done = Import.objects.create(kind="stories", file_name="s.csv", state="imported")
    ImportedRow.objects.create(of=done, line=2, row=story.pk, before={"links": {"text": "Told."}}, left_as="0" * 64)
    end("words")
    assert ImportedRow.objects.get().before == {}
    with pytest.raises(undo.UndoError, match="it was changed since the import"):
        undo.undo(done, list(done.written.all()), a_user(EDITOR))


# Notes


def test_notes_go_with_the_words_that_were_hidden_in_them():
    workshop = an_old_workshop(notes="Ann said it: vans.")
    note = moved_to(Note.objects.create(workshop=workshop, text="Ann said it: vans."), entered_on=LONG_AGO)
    for row, field in ((workshop, "notes"), (note, "text")):
        hide_passage(row, field, 0, 3, "Somebody asked.")
    assert (end("notes"), Note.objects.count(), Workshop.objects.get().notes) == (2, 0, "")
    assert HiddenPassage.objects.count() == 0


def test_notes_that_were_added_to_lately_stay_though_their_workshop_is_old():
    workshop = an_old_workshop(notes="Vans.")
    workshop.refresh_from_db()
    workshop.notes = "Vans. Bikes."
    workshop.save(update_fields=["notes"])
    assert (end("notes"), Workshop.objects.get().notes) == (0, "Vans. Bikes.")


def test_workshop_that_is_saved_with_the_same_notes_has_them_no_longer():
    workshop = an_old_workshop(notes="Vans.")
    workshop = Workshop.objects.get(pk=workshop.pk)
    workshop.title = "Hubs"
    workshop.save()
    assert Workshop.objects.get().notes_on == LONG_AGO


# Single votes


def a_programme_released_long_ago(**counts):
    """A programme whose votes on one practice were released, and whose period has ended: (programme, practice, room)."""
    programme = a_programme()
    room, practice = an_old_workshop(programme=programme), may_stand(a_practice())
    votes_on(practice, room, **counts)
    release(programme, on=LONG_AGO)
    Vote.objects.update(entered_on=LONG_AGO)
    return programme, practice, room


def shown_of(programme):
    (result,) = ReleasedPractice.objects.current().filter(programme=programme)
    return result.pk, [(row.group, row.base, row.counts) for row in result.groups.all()]


def test_votes_become_counts_that_polls_count_as_before():
    programme, _practice, _room = a_programme_released_long_ago(Hubs=(12, 3, 0, 1), unknown=(4, 0, 0, 0))
    (before,) = count_polls(programme)
    released = shown_of(programme)
    assert end("votes") == 20 + 1  # and the turnout
    (after,) = count_polls(programme)
    assert (after.table, after.people, after.voters) == (before.table, before.people, 0)
    assert (Vote.objects.count(), shown_of(programme)) == (0, released)
    rows = ErasedVotes.objects.order_by("choice", "people").values_list("service_area__name", "choice", "people")
    assert list(rows) == [
        ("Hubs", "amplify", 3), ("Hubs", "create", 1), (None, "keep", 4), ("Hubs", "keep", 12),
    ]  # fmt: skip
    turnout = Turnout.objects.get()
    assert (turnout.participants, turnout.voters) == ([], 0)
    assert end("votes") == 0


def test_later_release_waits_for_ten_newcomers_and_goes_on_from_the_counts():
    programme, practice, room = a_programme_released_long_ago(Hubs=(12, 3, 0, 1))
    end("votes")
    room = a_workshop(phase=room.phase)
    votes_on(practice, room, Hubs=(9, 0, 0, 0))
    (outcome,) = release(programme)
    assert (outcome.changes, outcome.newcomers) == (False, 9)
    votes_on(practice, room, Hubs=(1, 0, 0, 0))
    (outcome,) = release(programme)
    assert (outcome.changes, outcome.poll.table) == (True, {"Hubs": [22, 3, 0, 1, 0]})
    last = Release.objects.last()
    assert (last.voted_low, last.present_low) == (None, None)


def test_votes_stay_that_nobody_released_or_that_were_released_lately_or_cast_lately():
    room = an_old_workshop()
    never = moved_to(a_vote(workshop=room, practice=a_practice(), participant=a_participant()), entered_on=LONG_AGO)
    _programme, _practice, room = a_programme_released_long_ago(Hubs=(10, 0, 0, 0))
    again, _practice, _room = a_programme_released_long_ago(Hubs=(10, 0, 0, 0))
    late = a_vote(workshop=room, practice=a_practice(), participant=a_participant())
    Release.objects.create(programme=again, released_on=months_later(timezone.localdate(), -2))
    end("votes")
    kept = Vote.objects.exclude(workshop__phase__programme=again)
    assert set(kept) == {never, late}
    assert Vote.objects.filter(workshop__phase__programme=again).count() == 10


def test_vote_that_is_cast_again_begins_anew():
    practice = a_practice()
    ballot = a_ballot([practice], workshop=an_old_workshop())
    paper = BallotPaper.objects.create(ballot=ballot, participant=a_participant(), ticket="a", newcomer=False)
    cast_votes(paper, {practice.ref: "keep"})
    Vote.objects.update(entered_on=LONG_AGO)
    cast_votes(paper, {practice.ref: "discard"})
    assert Vote.objects.get().entered_on == timezone.localdate()


def test_ballot_paper_stays_as_long_as_its_vote():
    """By it is told whether a slip may show the vote."""
    _programme, practice, room = a_programme_released_long_ago(Hubs=(10, 0, 0, 0))
    ballot = moved_to(a_ballot([practice], workshop=room), closed_at="2020-06-02T08:00Z", salt="")
    voter = a_participant()
    late = a_vote(workshop=room, practice=practice, participant=voter, from_phone=True)
    BallotPaper.objects.create(
        ballot=ballot, participant=voter, ticket="a", newcomer=False,
        joined_at=PERIOD_OF["votes"].ended_before(12, timezone.now()),
    )  # fmt: skip
    end("votes")
    assert (list(Vote.objects.all()), BallotPaper.objects.get().participant) == ([late], voter)


def test_merge_is_not_undone_once_its_votes_are_gone():
    room, old, into = an_old_workshop(), a_practice(), a_practice()
    a_vote(workshop=room, practice=old, participant=a_participant())
    merge = merge_practices(old, into, None)
    PracticeMerge.objects.update(merged_at="2020-06-02T08:00Z")
    Release.objects.create(programme=room.phase.programme, released_on=LONG_AGO)
    end("votes")
    merge.refresh_from_db()
    with pytest.raises(ValidationError, match="deleted when their period ended"):
        undo_merge(merge)


def test_votes_of_one_practice_and_service_add_up_over_chunks():
    a_programme_released_long_ago(Hubs=(10, 0, 0, 0))
    before = Vote.objects.count()
    votes = ENDED["votes"][0]
    assert in_chunks(votes.due(timezone.now()), votes.forget, 3) == before
    assert list(ErasedVotes.objects.values_list("people", flat=True)) == [10]


# Histories


def aged_history(row, *days):
    """Date the entries of a row, oldest first."""
    for entry, day in zip(row.history.order_by("history_id"), days, strict=True):
        moved_to(entry, history_date=f"{day}T08:00Z")


def test_last_entry_of_a_row_stays_and_all_of_one_that_is_deleted_go():
    insight, gone = an_insight(), an_insight()
    insight.save()
    aged_history(insight, "2020-06-01", "2020-06-02")
    gone_pk = gone.pk
    gone.delete()
    entries = type(insight).history
    entries.filter(id=gone_pk).update(history_date="2020-06-03T08:00Z")
    assert end("history") == 3
    assert [entry.history_date.day for entry in entries.filter(id=insight.pk)] == [2]
    assert entries.filter(id=gone_pk).count() == 0


def test_story_that_was_public_is_known_as_such_when_it_is_withdrawn_later():
    story = a_story()
    story.status = Status.UNPUBLISHED
    story.save()
    story.save()
    aged_history(story, "2020-06-01", "2020-06-02", "2020-06-03")
    assert end("history") == 1
    withdraw_stories([story])
    assert RemovedStory.objects.get().reach == Consent.PUBLIC


def test_words_hidden_in_an_earlier_wording_go_with_it():
    insight = an_insight()
    insight.save()
    aged_history(insight, "2020-06-01", "2020-06-02")
    first = insight.history.order_by("history_id").first()
    hide_passage(first, "title", 0, 3, "Somebody asked.")
    end("history")
    assert HiddenPassage.objects.count() == 0


def test_form_of_an_insight_that_is_open_meanwhile_still_tells_saves_apart():
    insight = an_insight()
    insight.save()
    aged_history(insight, "2020-06-01", "2020-06-02")
    opened = last_save_of(insight)
    assert (end("history"), last_save_of(insight)) == (1, opened)
    insight.save()
    assert last_save_of(insight) != opened


# Cases


def test_case_goes_with_its_events_and_open_ones_stay_however_old():
    closed, waiting = a_case(name="Ann"), a_case(name="Ben", received_on=LONG_AGO)
    moved_to(closed, closed_on=LONG_AGO, outcome="granted", answer="Told.")
    assert end("cases") == 1
    assert list(Case.objects.all()) == [waiting]
    assert set(CaseEvent.objects.values_list("case", flat=True)) <= {waiting.pk}
