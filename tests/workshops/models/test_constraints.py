"""What the database itself refuses, whoever writes to it and however."""

import pytest
from django.db import IntegrityError
from django.db.models import ProtectedError
from django.utils import timezone

from tests.factories import a_participant, a_phase, a_practice, a_programme, a_service_area, a_story, a_vote, a_workshop
from workshops.choices import Consent, Status
from workshops.consent.withdrawal import EMPTIED
from workshops.models import Participant, Phase, Practice, PracticeTag, Programme, Story, StoryTag, Tag, Tally, Vote

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"effective_consent": Consent.TEAM}, "story_published_only_with_public_consent"),
        ({"effective_consent": Consent.CREDITED}, "story_consent_in_force_is_the_lower"),
        ({"consent_ceiling": Consent.TEAM}, "story_consent_stays_lowered"),
        ({**EMPTIED, "status": Status.WITHDRAWN}, "story_withdrawn_is_never_another_status"),
        (
            {**EMPTIED, "title": "Left", "status": Status.WITHDRAWN, "withdrawn_at": timezone.now()},
            "story_withdrawn_holds_no_words",
        ),
        ({"withdrawn_at": timezone.now()}, "story_withdrawn_is_never_another_status"),
        ({"kind": "elsewhere"}, "story_from_elsewhere_says_where"),
        ({"published_text": ""}, "story_published_has_words"),
    ],
)
def test_story_is_refused(fields, constraint):
    a_story()
    with pytest.raises(IntegrityError, match=constraint):
        Story.objects.update(**fields)


def test_story_is_published_only_with_its_tellers_consent():
    with pytest.raises(IntegrityError, match="story_published_only_with_public_consent"):
        a_story(told_by=a_participant(consent=Consent.TEAM))


def test_story_with_a_location_may_be_from_elsewhere():
    assert a_story(kind="elsewhere", location="Utrecht").pk


def test_teller_is_not_deleted_under_their_stories():
    teller = a_participant()
    a_story(told_by=teller)
    with pytest.raises(ProtectedError):
        teller.delete()


def test_participant_cannot_exceed_a_lowered_consent():
    a_participant(consent=Consent.PUBLIC)
    with pytest.raises(IntegrityError, match="participant_consent_stays_lowered"):
        Participant.objects.update(consent_ceiling=Consent.TEAM)


def test_programme_does_not_end_before_it_starts():
    assert a_programme(started="2020-05-01", ended="2020-05-01").pk
    assert a_programme(ended="2020-05-01").pk
    with pytest.raises(IntegrityError, match="programme_ends_after_it_starts"):
        a_programme(started="2020-05-02", ended="2020-05-01")


def test_phases_count_from_one():
    with pytest.raises(IntegrityError, match="phases_count_from_one"):
        a_phase(number=0)


def test_phase_number_is_once_a_programme():
    phase = a_phase()
    a_phase(number=1)
    with pytest.raises(IntegrityError):
        Phase.objects.create(programme=phase.programme, number=1, question="Again?")


def test_vote_is_one_a_participant_and_practice():
    vote = a_vote(practice=a_practice(), participant=a_participant())
    a_vote(practice=vote.practice, participant=a_participant())
    with pytest.raises(IntegrityError):
        a_vote(practice=vote.practice, participant=vote.participant, choice="discard")


def test_vote_is_one_of_four_choices():
    a_vote(practice=a_practice(), participant=a_participant())
    with pytest.raises(IntegrityError, match="vote_is_one_of_four_choices"):
        Vote.objects.update(choice="like")


def test_practice_is_draft_or_published():
    a_practice()
    with pytest.raises(IntegrityError, match="practice_is_draft_or_published"):
        Practice.objects.update(status=Status.WITHDRAWN)


def test_practice_has_a_statement():
    with pytest.raises(IntegrityError, match="practice_has_a_statement"):
        a_practice(statement="")


def a_tally(**fields):
    defaults = {"practice": a_practice, "workshop": a_workshop, "service_area": a_service_area}
    return Tally.objects.create(**{name: fields.pop(name, None) or make() for name, make in defaults.items()}, **fields)


@pytest.mark.parametrize("choice", ["keep", "amplify", "discard", "create"])
def test_tally_is_not_negative(choice):
    with pytest.raises(IntegrityError, match=f"{choice}|tally_not_negative"):
        a_tally(**{choice: -1})


def test_tally_is_one_a_practice_workshop_and_area():
    tally = a_tally(keep=3)
    a_tally(practice=tally.practice, workshop=tally.workshop)
    with pytest.raises(IntegrityError):
        a_tally(practice=tally.practice, workshop=tally.workshop, service_area=tally.service_area)


def test_tag_has_a_name():
    with pytest.raises(IntegrityError, match="tag_has_a_name"):
        Tag.objects.create(name=" ")


def test_story_has_a_tag_once():
    story = a_story(tags=["trust"])
    with pytest.raises(IntegrityError):
        StoryTag.objects.create(content_object=story, tag=Tag.objects.get())


def test_practice_has_a_tag_once():
    practice = a_practice(tags=["trust"])
    with pytest.raises(IntegrityError):
        PracticeTag.objects.create(content_object=practice, tag=Tag.objects.get())


def text_columns(model):
    return [
        field.name for field in model._meta.concrete_fields if field.get_internal_type() in {"CharField", "TextField"}
    ]


@pytest.mark.parametrize("model", [Programme, Phase, Story, Participant, Practice, Vote, Tag])
def test_text_is_never_null(model):
    assert [name for name in text_columns(model) if model._meta.get_field(name).null] == []
    assert text_columns(model)
