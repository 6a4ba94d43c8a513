"""Erasing with a slip alone: hidden at once, called back within a day, carried out after it."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests.factories import a_participant, a_practice, a_story, a_user, a_vote, a_workshop
from workshops.choices import Consent, Status
from workshops.consent.withdrawal import lower_consent
from workshops.contribution import erasure_requests
from workshops.contribution.erasure_requests import ask_to_erase, call_back_erasure, carry_out_due_requests
from workshops.models import (
    ConsentRecord,
    ErasureRequest,
    Forgotten,
    Identity,
    Participant,
    Story,
    Vote,
    Workshop,
)
from workshops.roles import EDITOR, FACILITATOR
from workshops.stories.review import publish_story

pytestmark = pytest.mark.django_db


@pytest.fixture
def fay():
    return a_user(FACILITATOR)


@pytest.fixture
def person(fay):
    room = a_workshop([fay])
    person = a_participant(workshops=[room])
    a_story(ref="public", workshop=room, told_by=person)
    a_story(ref="draft", workshop=room, told_by=person, status=Status.DRAFT)
    a_story(ref="of-another", workshop=room, told_by=a_participant(workshops=[room]))
    return person


def make_due():
    day = datetime.timedelta(days=1, minutes=1)
    now = timezone.now()
    ErasureRequest.objects.update(asked_at=now - day, due_at=now - datetime.timedelta(minutes=1))


def seen_by(user):
    return sorted(Story.objects.visible_to(user).values_list("ref", flat=True))


def test_asking_hides_all_at_once_from_everybody_and_nothing_of_others(person, fay):
    editor = a_user(EDITOR)
    assert seen_by(fay) == seen_by(editor) == ["draft", "of-another", "public"]
    ask_to_erase(person)
    assert seen_by(fay) == seen_by(editor) == ["of-another"]
    assert list(Story.objects.published().values_list("ref", flat=True)) == ["of-another"]
    assert list(Story.objects.told_to_team().values_list("ref", flat=True)) == ["of-another"]
    assert Participant.objects.filter(pk=person.pk).exists()


def test_asking_hides_the_person_their_name_and_votes_at_the_desk(person, fay):
    editor, room = a_user(EDITOR), Workshop.objects.get()
    Identity.objects.create(participant=person, name="Anna Brown")
    vote = a_vote(practice=a_practice(), participant=person, workshop=room)
    (other,) = room.participants.exclude(pk=person.pk)

    def shown_to(user):
        people, names = Participant.objects.visible_to(user), Identity.objects.visible_to(user)
        records = ConsentRecord.objects.visible_to(user).filter(participant=person)
        return set(people), names.count(), list(Vote.objects.visible_to(user)), records.exists()

    assert shown_to(fay) == ({person, other}, 1, [vote], True)
    assert shown_to(editor) == ({person, other}, 0, [vote], True)
    ask_to_erase(person)
    assert shown_to(fay) == shown_to(editor) == ({other}, 0, [], False)
    call_back_erasure(person)
    assert shown_to(fay) == ({person, other}, 1, [vote], True)


def test_nobody_publishes_what_waits_to_be_erased(person):
    ask_to_erase(person)
    for ref in ("public", "draft"):
        with pytest.raises(ValidationError, match="asked that it be erased"):
            publish_story(Story.objects.get(ref=ref))


def test_calling_back_publishes_what_was_public_and_no_more(person):
    request = ask_to_erase(person)
    assert call_back_erasure(person).reference == request.reference
    assert dict(Story.objects.values_list("ref", "status")) == {
        "public": Status.PUBLISHED,
        "draft": Status.DRAFT,
        "of-another": Status.PUBLISHED,
    }
    assert call_back_erasure(person) is None
    make_due()
    assert carry_out_due_requests() == 0


def test_story_lowered_meanwhile_is_not_published_again(person):
    ask_to_erase(person)
    lower_consent(Story.objects.get(ref="public"), Consent.TEAM)
    call_back_erasure(person)
    assert Story.objects.get(ref="public").status == Status.UNPUBLISHED


def test_asking_twice_gives_the_first_request(person):
    first, second = ask_to_erase(person), ask_to_erase(person)
    assert (second.reference, second.due_at, second.remembered) == (first.reference, first.due_at, first.remembered)
    assert first.due_at - first.asked_at >= datetime.timedelta(hours=23, minutes=59)


def test_request_is_carried_out_once_its_day_has_passed(person):
    request = ask_to_erase(person)
    assert carry_out_due_requests() == 0
    assert Participant.objects.filter(pk=person.pk).exists()
    make_due()
    assert carry_out_due_requests() == 1
    assert not Participant.objects.filter(pk=person.pk).exists()
    assert dict(Story.objects.values_list("ref", "status")) == {
        "public": Status.WITHDRAWN,
        "draft": Status.WITHDRAWN,
        "of-another": Status.PUBLISHED,
    }
    assert set(Forgotten.objects.values_list("reference", flat=True)) == {request.reference}
    assert (ErasureRequest.objects.count(), carry_out_due_requests()) == (0, 0)


def test_one_that_fails_is_told_and_keeps_no_other_waiting(person, monkeypatch):
    other = a_participant()
    ask_to_erase(person)
    ask_to_erase(other)
    make_due()
    erase = erasure_requests.erase_participant

    def fail_for_one(participant, reference):
        if participant == person:
            raise RuntimeError("no disk")
        return erase(participant, reference=reference)

    monkeypatch.setattr(erasure_requests, "erase_participant", fail_for_one)
    with pytest.raises(RuntimeError, match="no disk"):
        carry_out_due_requests()
    assert [each.participant for each in ErasureRequest.objects.all()] == [person]
