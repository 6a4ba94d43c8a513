"""The passages beside a form: replaced, judged and carried along, with nothing but HTML."""

import pytest
from django.urls import reverse

from tests.desk import act, filled, messages, page
from tests.factories import a_participant, a_practice, a_story, a_user, a_workshop, may_stand
from workshops.choices import Consent, Status
from workshops.judgements import passages
from workshops.judgements.judging import note_unjudged
from workshops.models import Identity, Judgement, Practice, Story, Workshop
from workshops.personal_data import Mark, PersonalDataHit

pytestmark = pytest.mark.django_db


@pytest.fixture
def room():
    return a_workshop([a_user("facilitator", username="fay", first_name="Fay")], title="The room")


@pytest.fixture
def facilitator(client, room):
    user = room.facilitators.get()
    client.force_login(user)
    return user


@pytest.fixture
def _finds_nurses(monkeypatch):
    """A detector that finds one passage and knows what could stand there."""

    def find(text, names=(), known=()):
        start = text.find("Nurse Annie")
        return [PersonalDataHit(Mark.NAME, "Nurse Annie", start, text, "a nurse")] if start >= 0 else []

    monkeypatch.setattr(passages, "find_personal_data", find)


def a_draft(room, **fields):
    words = {"title": "How they rang", "published_text": "Nurse Annie rang. Nurse Annie wrote."}
    return a_story(workshop=room, status=Status.DRAFT, **words | fields)


def press(client, row, button, value="1", **changes):
    address = page(row, "change", row.pk)
    return client.post(address, filled(client.get(address)) | changes | {button: value}, follow=True)


@pytest.mark.usefixtures("_finds_nurses", "facilitator")
def test_suggestion_is_put_in_place_in_what_was_typed_and_nothing_is_saved(client, room):
    story = a_draft(room)
    typed = "At noon Nurse Annie rang."
    response = press(client, story, "_replace", "name:nurse annie", published_text=typed, location="Leeds")
    form = response.context["adminform"].form
    assert form["published_text"].value() == "At noon a nurse rang."
    assert form["location"].value() == "Leeds"
    assert response.context["refusals"] == ["“a nurse” stands in the place of “Nurse Annie” now. It is not saved yet."]
    assert response.context["passages"] == []
    story.refresh_from_db()
    assert (story.published_text, story.location) == ("Nurse Annie rang. Nurse Annie wrote.", "")


@pytest.mark.usefixtures("_finds_nurses", "facilitator")
def test_button_that_the_page_does_not_have_changes_nothing(client, room):
    story = a_draft(room)
    press(client, story, "_replace", "name:somebody else")
    story.refresh_from_db()
    assert story.published_text == "Nurse Annie rang. Nurse Annie wrote."
    assert not Judgement.objects.exists()


@pytest.mark.usefixtures("_finds_nurses")
def test_tick_is_kept_when_the_form_is_saved_and_shown_to_an_editor(client, room, facilitator):
    story = a_draft(room)
    press(client, story, "_save", may_stand=["name:nurse annie"], may_stand_why="A character of the play")
    judgement = Judgement.objects.get()
    assert (judgement.workshop, judgement.word, judgement.judged_by) == (room, "nurse annie", facilitator)
    client.force_login(a_user("editor"))
    content = client.get(page(Story, "change", story.pk)).content.decode()
    assert "Fay said on" in content
    assert "A character of the play" in content


@pytest.mark.usefixtures("_finds_nurses", "facilitator")
def test_submission_asks_and_keeps_what_may_stand(client, room):
    story = a_draft(room, consent=Consent.PUBLIC)
    response = press(client, story, "_submit")
    assert response.redirect_chain[-1][0] == page(Story, "submit", story.pk)
    ticked = {"version": Story.objects.get(pk=story.pk).version, "may_stand": ["name:nurse annie"]}
    client.post(page(Story, "submit", story.pk), ticked)
    story.refresh_from_db()
    assert story.status == Status.IN_REVIEW
    assert Judgement.objects.get().word == "nurse annie"


@pytest.mark.usefixtures("_finds_nurses", "facilitator")
def test_submission_never_blocks(client, room):
    story = a_draft(room, consent=Consent.PUBLIC)
    client.post(page(Story, "submit", story.pk), {"version": story.version})
    story.refresh_from_db()
    assert (story.status, Judgement.objects.count()) == (Status.IN_REVIEW, 0)


@pytest.mark.usefixtures("_finds_nurses", "facilitator")
def test_judged_story_is_submitted_at_once(client, room):
    story = may_stand(a_draft(room, consent=Consent.PUBLIC))
    assert messages(act(client, Story, "submit", story)) == ["“How they rang” was submitted for review."]


def test_editor_is_not_told_that_a_name_is_a_participants(client, room):
    Identity.objects.create(participant=a_participant([room]), name="Ann Field")
    story = a_story(workshop=room, status=Status.IN_REVIEW, title="Told", published_text="Then ann rang.")
    client.force_login(a_user("editor"))
    for address in (page(Story, "change", story.pk), page(Story, "publish", story.pk)):
        content = client.get(address).content.decode()
        assert "perhaps a name" in content
        assert "somebody who was there" not in content
    client.force_login(room.facilitators.get())
    assert "the name of somebody who was there" in client.get(page(Story, "change", story.pk)).content.decode()


def test_gate_belongs_to_editors(client, room, facilitator):
    story = a_story(workshop=room, status=Status.IN_REVIEW)
    assert client.get(page(Story, "publish", story.pk)).status_code == 403
    client.force_login(a_user("facilitator"))
    assert client.get(page(Story, "publish", story.pk)).status_code == 404


@pytest.mark.usefixtures("_finds_nurses")
def test_page_of_a_practice_judges_and_publishes_in_one_step(client):
    client.force_login(a_user("editor"))
    practice = a_practice(statement="Nurse Annie rings.", status=Status.DRAFT)
    response = press(client, practice, "_publish")
    assert response.redirect_chain[-1][0] == page(Practice, "change", practice.pk)
    press(client, practice, "_publish", may_stand=["name:nurse annie"])
    practice.refresh_from_db()
    assert practice.status == Status.PUBLISHED


NOTES = "• Nurse Annie rang every week\n• We wrote"


def preview(client, room):
    return client.post(reverse("admin:workshops_workshop_notes", args=[room.pk]), {"text": NOTES, "read": "1"})


def sent(response, **changes):
    """The preview as a browser sends it."""
    entries = response.context["entries"]
    fields = [field for form in (response.context["bar"], *entries) for field in form]
    data = {
        field.html_name: value for field in fields if (value := field.value()) not in (None, "") and value is not False
    }
    management = {field.html_name: field.value() for field in entries.management_form}
    return data | management | {"text": NOTES} | changes


@pytest.mark.usefixtures("_finds_nurses", "facilitator")
def test_notes_preview_shows_passages_and_saving_keeps_what_may_stand(client, room):
    response = preview(client, room)
    assert [len(entry.passages) for entry in response.context["entries"]] == [1, 0]
    address = reverse("admin:workshops_workshop_notes_preview", args=[room.pk])
    client.post(address, sent(response, do="save", may_stand=["name:nurse annie"]))
    assert list(Judgement.objects.values_list("workshop", "word")) == [(room.pk, "nurse annie")]


@pytest.mark.usefixtures("_finds_nurses", "facilitator")
def test_notes_preview_puts_a_suggestion_in_place_and_keeps_the_ticks(client, room):
    response = preview(client, room)
    address = reverse("admin:workshops_workshop_notes_preview", args=[room.pk])
    changed = client.post(address, sent(response, do="replace:0:name:nurse annie", may_stand=["name:other"]))
    assert changed.context["entries"].forms[0]["text"].value() == "a nurse rang every week"
    assert changed.context["ticked"] == ["name:other"]
    assert not Workshop.objects.get(pk=room.pk).notes


def test_home_lists_what_a_file_published_unjudged(client, room):
    told = a_story(workshop=room, title="Told unjudged", published_text="Ring 0161 496 0000.")
    note_unjudged(told, 2)
    note_unjudged(a_story(workshop=room, title="Taken down", status=Status.UNPUBLISHED), 1)
    client.force_login(a_user("editor"))
    parts = dict(client.get(reverse("admin:index")).context["parts"])
    part = parts["admin/home/editor.html"]["unjudged"]
    assert [(row.title, row.address, row.passages) for row in part["rows"]] == [
        ("Told unjudged", page(Story, "change", told.pk), 2)
    ]
