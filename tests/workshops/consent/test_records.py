import datetime

import pytest

from tests.factories import a_participant, a_story
from workshops.choices import Consent, ConsentWay, Status
from workshops.consent.records import ConsentGiven
from workshops.consent.withdrawal import lower_consent, withdraw_stories
from workshops.consent.wordings import CURRENT, read_wording, wording_of
from workshops.models import ConsentRecord, Participant, Story

pytestmark = pytest.mark.django_db
SPOKEN = ConsentGiven(ConsentWay.SPOKEN, datetime.date(2026, 3, 1), "Ann", 2, "en-gb")


def levels(giver):
    return [Consent(record.level).word for record in giver.consent_records.all()]


def test_each_level_a_story_gets_has_a_record():
    story = a_story(status=Status.DRAFT, consent=Consent.FACILITATORS)
    story.consent, story.consent_given = Consent.PUBLIC, SPOKEN
    story.save()
    assert levels(story) == ["facilitators", "public"]
    record = story.consent_records.last()
    assert (record.way, record.given_on, record.spoken_to, record.wording, record.language) == tuple(SPOKEN)


def test_saving_something_else_makes_no_record():
    story = Story.objects.get(pk=a_story().pk)
    story.title = "Another"
    story.save()
    assert levels(story) == ["public"]


def test_rows_written_in_bulk_have_records():
    workshop = a_story().workshop
    Story.objects.bulk_create([Story(workshop=workshop, title="A", consent=Consent.TEAM)])
    Participant.objects.bulk_create([Participant(code="bulk", consent=Consent.PUBLIC)])
    assert levels(Story.objects.get(title="A")) == ["team"]
    person = Participant.objects.get(code="bulk")
    assert levels(person) == ["public"]
    person.consent = Consent.TEAM
    Participant.objects.bulk_update([person], ["consent"])
    assert levels(person) == ["public", "team"]


def test_lowering_a_person_records_how_on_them_and_on_all_they_told():
    person = a_participant(consent=Consent.CREDITED)
    story = a_story(told_by=person)
    lower_consent(person, Consent.TEAM, ConsentGiven(ConsentWay.SLIP))
    for giver in (person, story):
        assert levels(giver)[-1] == "team"
        assert giver.consent_records.last().way == "slip"


def test_withdrawal_deletes_the_records_of_the_story():
    story = a_story()
    withdraw_stories([story])
    assert ConsentRecord.objects.count() == 0


def test_wordings_are_kept_as_they_were_read():
    assert wording_of(Consent.CREDITED, 1) == "Public, with the credit I choose"
    assert wording_of(Consent.FACILITATORS, CURRENT) == (
        "Facilitators only: it stays with those who ran this workshop, unless the law or someone’s safety requires it; "
        "the people who run the computer could technically read it"
    )


@pytest.mark.parametrize("text", ["0", "3 en", "two", "-1"])
def test_file_names_no_wording_that_never_was(text):
    with pytest.raises(ValueError, match=text):
        read_wording(text)


def test_file_names_a_wording_by_version_and_language():
    assert str(read_wording(" 2 EN-GB ")) == "2 en-gb"
    assert str(read_wording("1")) == "1"
    assert read_wording("") is None
