"""Names, and words as told to others, are shown by a step that is written down."""

import datetime

import pytest
from django.utils import timezone

from tests.desk import page
from tests.factories import a_participant, a_story, a_user, a_user_for, a_workshop
from workshops.choices import Consent
from workshops.models import Identity, Participant, PrivateReading, Story
from workshops.models.readings import forget_readings, record_private_reading
from workshops.roles import ADMINISTRATOR, ANALYST, EDITOR, FACILITATOR

pytestmark = pytest.mark.django_db


@pytest.fixture
def facilitator():
    return a_user(FACILITATOR, username="fay")


@pytest.fixture
def room(facilitator):
    return a_workshop([facilitator])


@pytest.fixture
def teller(room):
    teller = a_participant([room], code="p-ann")
    Identity.objects.create(participant=teller, name="Ann Field", contact="ann@example.org")
    return teller


def shown(client, row):
    return client.get(page(type(row), "change", row.pk)).content.decode()


def ask_for(client, name, row):
    return client.post(page(type(row), name, row.pk))


def test_name_is_shown_once_asked_for_and_the_reading_is_written(client, facilitator, room, teller):
    client.force_login(facilitator)
    assert "Ann Field" not in shown(client, teller)
    assert "Show name and contact" in shown(client, teller)
    assert PrivateReading.objects.count() == 0
    ask_for(client, "identity", teller)
    assert "Ann Field" in shown(client, teller)
    (reading,) = PrivateReading.objects.all()
    assert (reading.by, reading.participant, reading.workshop, reading.story_ref) == (facilitator, teller, room, "")


def test_opening_the_address_shows_and_writes_nothing(client, facilitator, teller):
    client.force_login(facilitator)
    assert client.get(page(Participant, "identity", teller.pk)).status_code == 302
    assert "Ann Field" not in shown(client, teller)
    assert PrivateReading.objects.count() == 0


def test_name_is_shown_for_the_day(client, facilitator, teller):
    client.force_login(facilitator)
    ask_for(client, "identity", teller)
    session = client.session
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    session["shown"] = {f"identity {teller.pk}": yesterday.isoformat()}
    session.save()
    assert "Ann Field" not in shown(client, teller)


def test_saving_a_person_whose_name_is_not_shown_keeps_it(client, facilitator, room, teller):
    client.force_login(facilitator)
    fields = {"code": "p-ann", "role": "Resident", "workshops": [room.pk], "consent": Consent.TEAM}
    forged = {"identity-TOTAL_FORMS": 1, "identity-INITIAL_FORMS": 1, "identity-0-participant": teller.pk}
    client.post(page(Participant, "change", teller.pk), fields | forged | {"identity-0-name": "Forged"})
    teller.refresh_from_db()
    assert (teller.role, teller.identity.name) == ("Resident", "Ann Field")


@pytest.mark.parametrize("role", [FACILITATOR, EDITOR, ANALYST, ADMINISTRATOR])
def test_name_is_shown_to_no_other_role(client, teller, role):
    client.force_login(a_user(role))
    assert ask_for(client, "identity", teller).status_code in (403, 404)
    assert PrivateReading.objects.count() == 0


def test_words_are_shown_to_an_editor_once_asked_for(client, room):
    story, editor = a_story(workshop=room, text="Told by Ann"), a_user(EDITOR)
    client.force_login(editor)
    assert "Told by Ann" not in shown(client, story)
    ask_for(client, "words", story)
    assert "Told by Ann" in shown(client, story)
    (reading,) = PrivateReading.objects.all()
    assert (reading.by, reading.story, reading.story_ref, reading.workshop) == (editor, story, story.ref, room)


def test_words_are_no_reading_of_those_who_wrote_them_down(client, facilitator, room):
    story = a_story(workshop=room, text="Told by Ann")
    client.force_login(facilitator)
    assert "Told by Ann" in shown(client, story)
    assert ask_for(client, "words", story).status_code == 403
    assert PrivateReading.objects.count() == 0


def test_log_shows_codes_to_those_who_may_know_them(client, facilitator, room, teller):
    record_private_reading(facilitator, participant=teller, workshop=room)
    for role, told in ((EDITOR, "p-ann"), (ADMINISTRATOR, "a participant")):
        client.force_login(a_user(role))
        response = client.get(page(PrivateReading))
        assert [response.context["cl"].model_admin.whose(row) for row in response.context["cl"].result_list] == [told]


def test_log_is_found_by_person_and_by_whose(client, facilitator, room, teller):
    story = a_story(workshop=room, ref="s-vans")
    of_name = record_private_reading(facilitator, participant=teller, workshop=room)
    of_words = record_private_reading(a_user(EDITOR, username="ed"), story=story, workshop=room)
    client.force_login(a_user(EDITOR))
    for asked, found in (("fay", of_name), ("ed", of_words), ("P-ANN", of_name), ("s-vans", of_words)):
        assert list(client.get(page(PrivateReading), {"q": asked}).context["cl"].result_list) == [found]
    client.force_login(a_user(ADMINISTRATOR))
    assert list(client.get(page(PrivateReading), {"q": "p-ann"}).context["cl"].result_list) == []


def test_log_is_of_the_editors_programme(facilitator, room, teller):
    reading = record_private_reading(facilitator, participant=teller, workshop=room)
    elsewhere = a_workshop().phase.programme
    assert list(PrivateReading.objects.visible_to(a_user_for(room.phase.programme, EDITOR))) == [reading]
    assert list(PrivateReading.objects.visible_to(a_user_for(elsewhere, EDITOR))) == []
    assert list(PrivateReading.objects.visible_to(a_user(ANALYST))) == []


def test_nobody_changes_or_deletes_a_line(client, facilitator, room, teller):
    reading = record_private_reading(facilitator, participant=teller, workshop=room)
    client.force_login(a_user(is_superuser=True))
    for name in ("change", "delete"):
        assert client.post(page(PrivateReading, name, reading.pk), {"post": "yes"}).status_code == 403
    assert PrivateReading.objects.filter(pk=reading.pk).exists()


def test_erased_person_leaves_who_read_and_when(facilitator, room, teller):
    other = a_participant([room], code="p-bea")
    readings = [record_private_reading(facilitator, participant=each, workshop=room) for each in (teller, other)]
    assert forget_readings([other.pk]) == 1
    teller.delete()
    assert list(PrivateReading.objects.order_by("pk").values_list("by", "participant", "workshop")) == [
        (facilitator.pk, None, room.pk)
    ] * len(readings)


def test_story_that_is_no_more_leaves_its_ref(room):
    story = a_story(workshop=room, ref="s-vans")
    record_private_reading(a_user(EDITOR), story=story, workshop=room)
    Story.objects.filter(pk=story.pk).delete()
    assert list(PrivateReading.objects.values_list("story", "story_ref")) == [(None, "s-vans")]
