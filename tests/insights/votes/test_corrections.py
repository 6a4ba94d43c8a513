"""What a correction of a released result changes, when it takes the result back, and what it refuses."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from insights.models import ExactCounts, ReleasedGroup, ReleasedPractice, Turnout
from insights.votes import corrections
from insights.votes.corrections import changed_votes, correct, prepare_correction
from insights.votes.release import digest_of, prepare, release
from insights.votes.sentences import correction_note, headline
from tests.factories import a_practice, a_programme, a_release_of_first_rule, a_tally, a_workshop, votes_on
from workshops.choices import Choice
from workshops.models import Practice, ServiceArea, Vote

pytestmark = pytest.mark.django_db

DAY, LATER = datetime.date(2020, 10, 13), datetime.date(2020, 11, 3)
REASON = "Two flip charts were typed in twice."


@pytest.fixture
def room():
    return a_workshop()


@pytest.fixture
def programme(room):
    return room.phase.programme


@pytest.fixture
def practice():
    return a_practice(statement="Vans")


def released(practice, room, **groups):
    """The result of votes that were released on DAY."""
    votes_on(practice, room, **groups)
    release(room.phase.programme, on=DAY)
    return current(practice)


def current(practice):
    return ReleasedPractice.objects.current().get(practice=practice)


def take_away(practice, service, choice, count):
    votes = Vote.objects.filter(practice=practice, participant__service_area__name=service, choice=choice)
    Vote.objects.filter(pk__in=list(votes.values_list("pk", flat=True)[:count])).delete()


def turn(practice, service, before, after, count):
    """Let some of a service change their choice."""
    votes = Vote.objects.filter(practice=practice, participant__service_area__name=service, choice=before)
    Vote.objects.filter(pk__in=list(votes.values_list("pk", flat=True)[:count])).update(choice=after)


def ranges(result):
    return {row.group: (row.base, *(between for _choice, between in row.counts)) for row in result.groups.all()}


@pytest.mark.parametrize(
    ("before", "now", "changed"),
    [
        ({"Hubs": [9, 3, 0, 1, 0]}, {"Hubs": [9, 3, 0, 1, 0]}, 0),
        ({"Hubs": [9, 3, 0, 1, 0]}, {"Hubs": [4, 8, 0, 1, 0]}, 5),
        ({"Hubs": [9, 3, 0, 1, 0]}, {"Hubs": [9, 3, 0, 0, 0], "Parks": [0, 0, 4, 0, 0]}, 4),
        ({"Hubs": [9, 0, 0, 0, 0], "Parks": [2, 0, 0, 0, 0]}, {"Hubs": [7, 0, 3, 0, 0]}, 4),
        ({"Hubs": [9, 0, 0, 0, 9]}, {"Hubs": [9, 0, 0, 0, 0]}, 0),
        ({}, {"Hubs": [1, 2, 3, 4, 0]}, 10),
        ({"Hubs": [1, 2, 3, 4, 0]}, {}, 10),
    ],
)
def test_changed_votes_are_the_larger_of_what_came_and_what_went(before, now, changed):
    assert changed_votes(before, now) == changed


def test_correction_of_five_votes_replaces_rows_and_words(room, practice):
    before = released(practice, room, Hubs=(30, 0, 2, 0), Parks=(28, 0, 2, 0))
    turn(practice, "Parks", Choice.KEEP, Choice.DISCARD, 20)
    found = correct(before, f"  {REASON}\n", on=LATER)
    after = current(practice)
    assert (found.changed, found.takes_back) == (20, False)
    assert (before.verdict, after.verdict, after.share) == ("agree", "differ", "more than half")
    assert ranges(after)["Parks"] == ((28, 32), (8, 12), (0, 4), (18, 22), (0, 4))
    assert (after.release, after.statement, after.corrected_on, after.correction) == (
        before.release,
        "Vans",
        LATER,
        REASON,
    )
    assert correction_note(after) == f"Corrected on 3 November 2020: {REASON}"


def test_corrected_release_keeps_what_it_published_before(room, practice):
    before = released(practice, room, Hubs=(30, 0, 2, 0), Parks=(28, 0, 2, 0))
    said, published, digest = headline(before), ranges(before), before.digest
    turn(practice, "Parks", Choice.KEEP, Choice.DISCARD, 20)
    correct(before, REASON)
    before.refresh_from_db()
    assert (before.is_current, before.corrected_on, before.digest) == (False, None, digest)
    assert (headline(before), ranges(before)) == (said, published)
    assert before.release.practices.count() == 2


def test_replaced_result_is_sealed_again_and_the_turnout_counted_anew(programme, room, practice):
    before = released(practice, room, Hubs=(30, 0, 2, 0))
    take_away(practice, "Hubs", Choice.KEEP, 8)
    correct(before, REASON)
    sealed = ExactCounts.objects.get(result=current(practice))
    assert sealed.table == {"Hubs": [22, 0, 2, 0, 0]}
    assert current(practice).digest == digest_of(current(practice), sealed.table, sealed.salt) != before.digest
    assert Turnout.objects.get().voters == 24
    votes_on(practice, room, Hubs=(9, 0, 0, 0))
    assert [outcome.newcomers for outcome in prepare(programme)] == [9]


@pytest.mark.parametrize("count", [1, 4])
def test_correction_of_fewer_than_five_votes_takes_the_result_back(count, room, practice):
    before = released(practice, room, Hubs=(30, 0, 2, 0), Parks=(28, 0, 2, 0))
    turn(practice, "Parks", Choice.KEEP, Choice.DISCARD, count)
    found = correct(before, REASON, on=LATER)
    after = current(practice)
    assert (found.changed, found.takes_back, after.is_taken_back) == (count, True, True)
    assert headline(after) == f"Taken back on 3 November 2020: {REASON}"
    assert (ranges(after), after.voters_low, after.voters_high, after.least_share, after.gap) == (
        {},
        None,
        None,
        None,
        None,
    )
    assert (after.direction, after.share, after.verdict, after.less, after.joined, after.silent) == (
        "",
        "",
        "",
        [],
        [],
        [],
    )
    assert not ExactCounts.objects.filter(result=after).exists()
    assert not ReleasedGroup.objects.published().exists()


def test_result_that_was_taken_back_returns_with_ten_newcomers(programme, room, practice):
    before = released(practice, room, Hubs=(30, 0, 2, 0))
    turn(practice, "Hubs", Choice.KEEP, Choice.DISCARD, 4)
    correct(before, REASON)
    assert Turnout.objects.get().voters == 32
    votes_on(practice, room, Hubs=(9, 0, 0, 0))
    (outcome,) = release(programme)
    assert (
        outcome.held_back == "Stays taken back: 9 people have voted for the first time since its release, and 10 must."
    )
    assert current(practice).is_taken_back
    votes_on(practice, room, Hubs=(1, 0, 0, 0))
    release(programme)
    assert (current(practice).is_taken_back, current(practice).voters_low) == (False, 38)


def test_vote_that_moves_to_another_service_is_one_changed_vote(room, practice):
    before = released(practice, room, Hubs=(30, 0, 2, 0), Parks=(28, 0, 2, 0))
    person = Vote.objects.filter(participant__service_area__name="Hubs")[0].participant
    person.service_area = ServiceArea.objects.get(name="Parks")
    person.save()
    assert prepare_correction(before).changed == 1


def test_correction_of_votes_that_are_all_gone_shows_no_numbers(room, practice):
    before = released(practice, room, Hubs=(30, 0, 2, 0))
    Vote.objects.all().delete()
    assert correct(before, REASON).changed == 32
    after = current(practice)
    assert headline(after).startswith("Fewer than 10 people with a recorded service voted")
    assert (ranges(after), after.is_taken_back, Turnout.objects.get().voters) == ({}, False, 0)


def test_correction_of_one_programme_leaves_the_other_alone(room, practice):
    other = a_workshop(programme=a_programme())
    votes_on(practice, other, Hubs=(0, 0, 40, 0))
    release(other.phase.programme)
    elsewhere = ReleasedPractice.objects.get()
    votes_on(practice, room, Hubs=(30, 0, 2, 0))
    release(room.phase.programme)
    mine = ReleasedPractice.objects.current().get(programme=room.phase.programme)
    turn_here = Vote.objects.filter(workshop=room, choice=Choice.KEEP)
    turn_here.filter(pk__in=list(turn_here.values_list("pk", flat=True)[:20])).update(choice=Choice.DISCARD)
    assert correct(mine, REASON).changed == 20
    elsewhere.refresh_from_db()
    assert (elsewhere.is_current, elsewhere.direction) == (True, "discard")
    assert Turnout.objects.count() == 2


def test_tally_that_was_typed_twice_is_corrected(room, practice):
    hubs = ServiceArea.objects.create(slug="hubs", name="Hubs")
    tally = a_tally(practice=practice, workshop=room, service_area=hubs, keep=44)
    release(room.phase.programme, on=DAY)
    tally.keep = 22
    tally.save()
    assert correct(current(practice), REASON).changed == 22
    assert ranges(current(practice)) == {"Hubs": ((18, 22), (14, 22), (0, 4), (0, 4), (0, 4))}


def refused(result, reason=REASON, **options):
    """The sentence of a refusal, after which nothing has changed."""
    before = list(ReleasedPractice.objects.order_by("pk").values())
    with pytest.raises(ValidationError) as refusal:
        correct(result, reason, **options)
    assert list(ReleasedPractice.objects.order_by("pk").values()) == before
    return " ".join(refusal.value.messages)


@pytest.mark.parametrize("reason", ["", " \n "])
def test_correction_without_a_reason_is_refused(reason, room, practice):
    before = released(practice, room, Hubs=(30, 0, 2, 0))
    take_away(practice, "Hubs", Choice.KEEP, 8)
    assert refused(before, reason) == "Say in a sentence what was wrong. Everyone reads it beside the result."


def test_correction_where_no_vote_changed_is_refused(room, practice):
    before = released(practice, room, Hubs=(30, 0, 2, 0))
    assert refused(before) == (
        "The votes are what they were when this was released, so there is nothing to correct. Mend them first."
    )


def test_second_correction_of_a_release_is_refused(room, practice):
    before = released(practice, room, Hubs=(30, 0, 2, 0))
    take_away(practice, "Hubs", Choice.KEEP, 8)
    correct(before, REASON, on=LATER)
    take_away(practice, "Hubs", Choice.KEEP, 8)
    assert refused(current(practice)) == (
        "This result was corrected on 3 November 2020. A release is corrected once; the next one may change it again."
    )
    assert refused(before) == "This result has been replaced. Only what is published now can be corrected."


def test_result_is_corrected_again_after_its_next_release(programme, room, practice):
    before = released(practice, room, Hubs=(30, 0, 2, 0))
    take_away(practice, "Hubs", Choice.KEEP, 8)
    correct(before, REASON)
    votes_on(practice, room, Hubs=(10, 0, 0, 0))
    release(programme)
    take_away(practice, "Hubs", Choice.KEEP, 6)
    assert correct(current(practice), REASON).changed == 6


def test_result_that_was_taken_back_is_not_corrected(room, practice):
    before = released(practice, room, Hubs=(30, 0, 2, 0))
    take_away(practice, "Hubs", Choice.KEEP, 1)
    correct(before, REASON, on=LATER)
    assert refused(current(practice)).startswith("This result was taken back on 3 November 2020.")


def test_result_without_numbers_is_not_corrected(room, practice):
    before = released(practice, room, Hubs=(4, 0, 0, 0))
    take_away(practice, "Hubs", Choice.KEEP, 4)
    assert refused(before).startswith("No numbers of this practice were released")


def test_result_of_the_first_rule_is_taken_back(room, practice):
    votes_on(practice, room, Hubs=(30, 0, 2, 0))
    before = a_release_of_first_rule(practice, room.phase.programme, Hubs=(30, 0, 0, 0))
    found = correct(before, REASON)
    assert (found.changed, found.takes_back, current(practice).is_taken_back) == (None, True, True)


def test_correction_of_what_nobody_saw_is_refused(room, practice):
    before = released(practice, room, Hubs=(30, 0, 2, 0))
    take_away(practice, "Hubs", Choice.KEEP, 8)
    seen = prepare_correction(before).fingerprint
    take_away(practice, "Hubs", Choice.KEEP, 1)
    assert refused(before, seen=seen) == "Votes have changed since you looked. Look at the correction again."
    assert correct(before, REASON, seen=prepare_correction(before).fingerprint).changed == 9


def test_correction_while_votes_come_in_writes_nothing_half(room, practice, monkeypatch):
    before = released(practice, room, Hubs=(30, 0, 2, 0))
    take_away(practice, "Hubs", Choice.KEEP, 8)
    counted = prepare_correction

    def and_another_vote(result):
        found = counted(result)
        votes_on(practice, room, Hubs=(1, 0, 0, 0))
        return found

    monkeypatch.setattr(corrections, "prepare_correction", and_another_vote)
    assert refused(before) == "Votes keep changing while they are counted. Try again when the ballots are closed."
    assert Practice.objects.get().results.count() == 1
