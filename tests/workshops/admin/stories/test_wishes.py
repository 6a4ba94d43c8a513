"""What a participant asks for, recorded at the desk: withdrawals and erasures, from lists and from a person's page."""

import pytest

from insights.models import Evidence
from insights.publications.publishing import publish_insight
from tests.desk import filled, messages, page
from tests.factories import a_participant, a_practice, a_story, a_user, a_vote, a_workshop, an_insight
from workshops.choices import Consent, Status
from workshops.models import Forgotten, Participant, Story
from workshops.roles import EDITOR, FACILITATOR

pytestmark = pytest.mark.django_db


@pytest.fixture
def room():
    facilitator = a_user(FACILITATOR, username="fay")
    return a_workshop(facilitators=[facilitator])


@pytest.fixture
def person(room):
    person = a_participant(code="ann", workshops=[room])
    a_story(workshop=room, told_by=person, title="Soup", ref="soup23")
    a_story(workshop=room, told_by=person, title="Bread", ref="bread2", status=Status.DRAFT)
    return person


def do(client, action, person, **fields):
    rows = {"action": action, "_selected_action": [person.pk]}
    return client.post(page(Participant, "changelist"), rows | fields, follow="confirmed" in fields)


def test_erasure_is_asked_for_once_more_and_says_what_quotes(client, room, person):
    insight = an_insight(supports=[Story.objects.get(ref="soup23")], title="Food first")
    client.force_login(room.facilitators.get())
    html = do(client, "erase", person).content.decode()
    assert "Soup" in html
    assert "Bread" in html
    assert "The insight “Food first” rests on it and does not quote it." in html
    assert "The insight “Food first” is unpublished with it" in html
    assert Participant.objects.filter(pk=person.pk).exists()
    insight.refresh_from_db()
    assert insight.status == Status.PUBLISHED


def test_erasure_is_recorded_by_a_facilitator_of_the_room(client, room, person):
    client.force_login(room.facilitators.get())
    response = do(client, "erase", person, confirmed="1")
    reference = Forgotten.objects.filter(kind="erasure").get().reference
    assert messages(response) == [f"“ann” is erased. Reference: {reference}"]
    assert not Participant.objects.exists()
    assert set(Story.objects.values_list("status", "title")) == {("withdrawn", "")}
    assert set(Story.objects.values_list("withdrawn_by__username", "withdrawn_by_role")) == {("fay", "facilitator")}


def test_all_that_a_person_told_is_withdrawn_by_an_editor(client, person):
    client.force_login(a_user(EDITOR))
    response = do(client, "withdraw_all", person, confirmed="1")
    reference = Forgotten.objects.values_list("reference", flat=True).distinct().get()
    assert messages(response) == [f"2 stories were withdrawn. Reference: {reference}"]
    assert Participant.objects.get() == person


def test_facilitator_of_another_room_records_nothing(client, person):
    other = a_user(FACILITATOR)
    a_workshop(facilitators=[other])
    client.force_login(other)
    do(client, "erase", person, confirmed="1")
    assert Participant.objects.filter(pk=person.pk).exists()


def test_page_of_a_person_offers_both_to_who_may(client, room, person):
    client.force_login(room.facilitators.get())
    html = client.get(page(Participant, "change", person.pk)).content.decode()
    assert 'value="withdraw_all"' in html
    assert 'value="erase"' in html


def test_facilitator_says_how_consent_was_given(client, room, person):
    client.force_login(room.facilitators.get())
    story = Story.objects.get(ref="bread2")
    address = page(Story, "change", story.pk)
    fields = filled(
        client.get(address), consent="3", consent_way="spoken", consent_spoken_to="Fay", consent_given_on="2020-05-03"
    )
    assert client.post(address, fields).status_code == 302
    record = story.consent_records.last()
    assert (record.level, record.way, record.spoken_to, str(record.given_on)) == (3, "spoken", "Fay", "2020-05-03")
    assert (record.wording, record.language, record.recorded_by.username) == (2, "en-gb", "fay")
    shown = " ".join(client.get(address).content.decode().split())
    assert (
        "Public, with the credit I choose. Said to Fay. Given on 3 May 2020. In wording 2 (en-gb). Recorded on" in shown
    )


def test_consent_of_which_nobody_knows_how_it_was_given_is_told_in_sentences(client, room, person):
    client.force_login(room.facilitators.get())
    person.consent_records.update(recorded_at="2020-05-03T12:00:00Z")
    shown = " ".join(client.get(page(Participant, "change", person.pk)).content.decode().split())
    assert (
        "Public, with the credit I choose. How it was given is not recorded. "
        "Recorded on 3 May 2020, not by an account of the desk."
    ) in shown


def test_people_are_narrowed_by_the_short_name_of_their_consent(client, room, person):
    a_participant(code="bob", workshops=[room], consent=Consent.TEAM)
    client.force_login(room.facilitators.get())
    listed = client.get(page(Participant, "changelist"), {"consent": "1"})
    assert [each.code for each in listed.context["cl"].result_list] == ["bob"]
    assert [str(name) for _level, name in listed.context["cl"].filter_specs[-1].lookup_choices] == [
        "Facilitators only", "Project team", "Public, without my name", "Public, with the credit I choose"
    ]  # fmt: skip


def test_consent_given_anew_at_the_same_level_has_a_record_of_its_own(client, room, person):
    client.force_login(room.facilitators.get())
    address = page(Participant, "change", person.pk)
    client.post(address, filled(client.get(address), role="resident"))
    assert person.consent_records.count() == 1
    client.post(address, filled(client.get(address), consent_way="slip"))
    assert [record.way for record in person.consent_records.all()] == ["unknown", "slip"]


def test_consent_is_not_given_tomorrow(client, room, person):
    client.force_login(room.facilitators.get())
    address = page(Participant, "change", person.pk)
    response = client.post(address, filled(client.get(address), consent_given_on="2999-01-01"))
    assert "This day is still to come. Give the day on which they agreed." in response.content.decode()


def test_person_who_voted_is_erased_and_not_just_deleted(client, room):
    client.force_login(room.facilitators.get())
    voter = a_participant(code="bob", workshops=[room])
    assert client.get(page(Participant, "delete", voter.pk)).status_code == 200
    a_vote(participant=voter, practice=a_practice(), workshop=room)
    assert client.post(page(Participant, "delete", voter.pk), {"post": "yes"}).status_code == 403
    assert Participant.objects.filter(code="bob").exists()
    assert "Record an erasure" in client.get(page(Participant, "change", voter.pk)).content.decode()


def test_version_that_quotes_two_stories_of_somebody_is_named_once(client, person):
    told = Story.objects.get(ref="soup23")
    other = a_story(told_by=person, title="Cake", published_text="Cake for all.", workshop=told.workshop)
    insight = an_insight(title="Food first", none_found="We asked.", status=Status.DRAFT)
    for story in (told, other):
        Evidence.objects.create(insight=insight, role="supports", story=story, excerpt=story.published_text)
    publish_insight(insight)
    client.force_login(a_user(EDITOR))
    html = do(client, "withdraw_all", person).content.decode()
    assert "The insight “Food first” quotes it, in version 1." in html
