"""Codes of slips: a right one always opens, whatever was typed wrong beside it; who may print which."""

import datetime

import pytest
from django.utils import timezone

from tests.factories import a_ballot, a_participant, a_practice, a_story, a_user, a_vote, a_workshop
from workshops import slips
from workshops.contribution import slip_codes
from workshops.contribution.slip_codes import (
    WrongSlipAgainError,
    WrongSlipError,
    find_slip,
    issuable,
    issuable_by_rooms,
    issue_slip,
    issue_slips,
    own_votes,
)
from workshops.models import FailedAttempt, Participant, Slip
from workshops.roles import FACILITATOR
from workshops.visibility import own_workshops
from workshops.voting import ballots, casting

pytestmark = pytest.mark.django_db

HERE = "192.0.2.1"


def refused(code, address=HERE):
    with pytest.raises(WrongSlipError) as refusal:
        find_slip(code, address)
    return refusal.value.status


def test_right_code_opens_however_many_wrong_ones_came_from_the_room(monkeypatch):
    monkeypatch.setattr(slip_codes, "WRONG_CODES_BEFORE_WAITING", 3)
    person = a_participant()
    code = issue_slip(person)
    assert [refused(f"wrong-{number}") for number in range(5)] == [404, 404, 404, 429, 429]
    assert find_slip(code.upper().replace("-", " "), HERE).participant == person
    assert refused("wrong-5", "192.0.2.2") == 404


def test_wrong_codes_are_forgotten_after_ten_minutes_and_no_more_are_kept_than_count(monkeypatch):
    monkeypatch.setattr(slip_codes, "WRONG_CODES_BEFORE_WAITING", 2)
    for number in range(6):
        refused(f"wrong-{number}")
    assert FailedAttempt.objects.count() == 2
    FailedAttempt.objects.update(typed_at=timezone.now() - datetime.timedelta(minutes=11))
    assert refused("wrong") == 404
    assert FailedAttempt.objects.count() == 1


def test_room_that_mistypes_is_not_kept_from_joining_a_ballot(monkeypatch):
    monkeypatch.setattr(ballots, "MAX_WRONG_CODES_PER_ADDRESS", 2)
    ballot = a_ballot([a_practice()])
    for number in range(5):
        refused(f"wrong-{number}")
    assert ballots.find_open_ballot(ballot.join_code, HERE) == ballot


def test_code_of_twelve_letters_still_opens():
    person = a_participant()
    Slip.objects.create(participant=person, fingerprint=slips.code_hash("7kfr-w2mn-8zqp"))
    assert find_slip("7KFR w2mn-8zqp", HERE).participant == person


def test_many_wrong_codes_ask_to_wait_and_say_that_a_right_one_opens(monkeypatch):
    monkeypatch.setattr(slip_codes, "WRONG_CODES_BEFORE_WAITING", 0)
    with pytest.raises(WrongSlipAgainError, match="a right code opens at any time"):
        find_slip("wrong", HERE)


def test_new_slip_ends_the_old_one_and_its_word():
    person = a_participant()
    old = issue_slip(person)
    Slip.objects.update(word="hashed", word_chosen_at=timezone.now())
    new = issue_slip(person)
    assert refused(old) == 404
    slip = find_slip(new, HERE)
    assert (slip.participant, slip.word, slip.word_chosen_at) == (person, "", None)
    assert slips.tidy(new) not in str(Slip.objects.values())


def test_blank_slips_make_people_of_the_workshop():
    room = a_workshop()
    known = a_participant(workshops=[room])
    issued = issue_slips([known], room, blank=2)
    assert issued[0].participant == known
    assert (room.participants.count(), Slip.objects.count(), len({slip.code for slip in issued})) == (3, 3, 3)
    assert sorted(Participant.objects.exclude(pk=known.pk).values_list("consent", flat=True)) == [0, 0]


def test_facilitators_print_no_slip_that_opens_what_was_told_to_others():
    fay = a_user(FACILITATOR)
    room, other = a_workshop([fay]), a_workshop([a_user(FACILITATOR)])
    there, told_both, only_attended = (a_participant(workshops=[room, other]) for _ in range(3))
    a_story(workshop=room, told_by=there)
    a_story(workshop=room, told_by=told_both)
    a_story(workshop=other, told_by=told_both)
    people = issuable_by_rooms(room, own_workshops(fay))
    assert set(issuable(people)) == {there, only_attended}
    assert list(people.filter(told_elsewhere=True)) == [told_both]


def test_nobody_gets_a_new_slip_while_they_vote():
    fay = a_user(FACILITATOR)
    room = a_workshop([fay])
    ballot = a_ballot([a_practice()], workshop=room)
    paper = ballots.join_ballot(ballot, "phone", HERE)
    assert list(issuable(issuable_by_rooms(room, own_workshops(fay)))) == []
    ballots.close_ballot(ballot)
    assert list(issuable(issuable_by_rooms(room, own_workshops(fay)))) == [paper.participant]


def test_slip_printed_later_shows_no_vote_that_a_phone_cast_before():
    room = a_workshop()
    by_phone, by_hand = a_practice(ref="P-phone"), a_practice(ref="P-hand")
    ballot = a_ballot([by_phone], workshop=room)
    paper = ballots.join_ballot(ballot, "phone", HERE)
    casting.cast_votes(paper, {"P-phone": "discard"})
    a_vote(practice=by_hand, participant=paper.participant, workshop=room)
    ballots.close_ballot(ballot)
    of_phone = find_slip(slips.code_from("phone"), HERE)
    assert [vote.practice.ref for vote in own_votes(of_phone)] == ["P-hand", "P-phone"]
    printed = find_slip(issue_slip(paper.participant), HERE)
    assert [vote.practice.ref for vote in own_votes(printed)] == ["P-hand"]
