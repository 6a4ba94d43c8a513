"""What was said in confidence, and whose name a credit is, as each person at the desk meets them."""

import pytest

from insights.models import Insight
from tests.desk import act, filled, messages, page
from tests.factories import a_practice, a_story, a_story_in_confidence, a_user, a_workshop, an_insight
from workshops.choices import Consent, Status
from workshops.models import Note, Practice, Story
from workshops.roles import ANALYST, EDITOR, FACILITATOR

pytestmark = pytest.mark.django_db

NO_REASON = (
    "It was said in confidence. Leave it with its facilitators, or say in “Why more people may see it” what its teller "
    "agreed to."
)


@pytest.fixture
def facilitator():
    return a_user(FACILITATOR, username="fay")


@pytest.fixture
def workshop(facilitator):
    return a_workshop(facilitators=[facilitator])


@pytest.fixture
def desk(client, facilitator):
    client.force_login(facilitator)
    return client


def change(client, story, **fields):
    address = page(Story, "change", story.pk)
    return client.post(address, filled(client.get(address), **fields))


def errors(response):
    return response.context["adminform"].form.errors


def text_of(response):
    return " ".join(response.content.decode().split())


# Raising consent


def test_raised_consent_needs_a_reason_which_the_next_person_reads(desk, workshop):
    story = a_story_in_confidence(workshop=workshop)
    response = change(desk, story, consent=Consent.TEAM)
    assert errors(response) == {"consent": [NO_REASON]}
    assert change(desk, story, consent=Consent.TEAM, why_raised="She agreed\nby mail.").status_code == 302
    story.refresh_from_db()
    assert (story.in_confidence, story.consent, story.raised_to) == (True, Consent.TEAM, Consent.TEAM)
    assert (story.raised_why, story.raised_by.username) == ("She agreed\nby mail.", "fay")
    desk.force_login(a_user(EDITOR))
    shown = text_of(desk.get(page(Story, "change", story.pk)))
    assert "She agreed<br>by mail." in shown
    assert "because of what fay wrote" in shown


def test_history_tells_the_mark_and_the_reason(desk, workshop):
    story = a_story_in_confidence(workshop=workshop)
    change(desk, story, consent=Consent.TEAM, why_raised="She agreed by mail.")
    entries = desk.get(page(Story, "history", story.pk)).context["entries"]
    told = {each.label: "".join(piece.text for piece in each.after) for entry in entries for each in entry.changes}
    assert told["why its consent was raised"] == "She agreed by mail."


def test_reason_for_less_is_none_for_more(desk, workshop):
    story = a_story_in_confidence(raised_to=Consent.TEAM, workshop=workshop)
    assert errors(change(desk, story, consent=Consent.PUBLIC)) == {"consent": [NO_REASON]}
    change(desk, story, consent=Consent.PUBLIC, why_raised="She read it.")
    story.refresh_from_db()
    assert (story.consent, story.raised_why) == (Consent.PUBLIC, "She read it.")


def test_reason_without_a_raise_is_not_lost_silently(desk, workshop):
    story = a_story(workshop=workshop, status=Status.DRAFT, consent=Consent.FACILITATORS)
    response = change(desk, story, consent=Consent.TEAM, why_raised="Just so.")
    assert list(errors(response)) == ["why_raised"]


def test_mark_is_set_at_the_desk_and_not_taken_away(desk, workshop):
    story = a_story(workshop=workshop, status=Status.DRAFT, consent=Consent.FACILITATORS)
    practice = a_practice([story])
    assert change(desk, story, in_confidence="on").status_code == 302
    assert practice.stories.count() == 0
    response = desk.get(page(Story, "change", story.pk))
    assert "in_confidence" not in response.context["adminform"].form.fields
    change(desk, story, title="Other", in_confidence="")
    story.refresh_from_db()
    assert (story.in_confidence, story.title) == (True, "Other")


def test_story_that_more_people_see_is_marked_only_with_a_reason(desk, workshop):
    story = a_story(workshop=workshop, status=Status.DRAFT, consent=Consent.TEAM)
    assert errors(change(desk, story, in_confidence="on")) == {"consent": [NO_REASON]}
    change(desk, story, in_confidence="on", why_raised="She knows.")
    story.refresh_from_db()
    assert (story.in_confidence, story.raised_to) == (True, Consent.TEAM)


def test_lists_and_pages_show_the_mark(desk, workshop):
    a_story_in_confidence(workshop=workshop)
    a_story(workshop=workshop, title="Plain")
    note = Note.objects.create(workshop=workshop, text="One left", in_confidence=True)
    assert text_of(desk.get(page(Story))).count("Said in confidence") == 1
    assert text_of(desk.get(page(Story), {"in_confidence__exact": "1"})).count("Plain") == 0
    assert text_of(desk.get(page(Note))).count("Said in confidence") == 1
    assert "Said in confidence" in text_of(desk.get(f"/admin/workshops/workshop/{workshop.pk}/notes/"))
    change(desk, Story.objects.get(in_confidence=True), title="Other")
    address = page(Note, "change", note.pk)
    desk.post(address, filled(desk.get(address), text="Two left", in_confidence=""))
    note.refresh_from_db()
    assert (note.text, note.in_confidence) == ("Two left", True)


def test_note_with_a_practice_is_not_marked(desk, workshop):
    note = Note.objects.create(workshop=workshop, text="One left", practice=a_practice())
    address = page(Note, "change", note.pk)
    response = desk.post(address, filled(desk.get(address), in_confidence="on"))
    assert errors(response)["in_confidence"] == [
        "A practice was made of it, which editors see. Have that practice deleted first, then mark the note."
    ]


def test_practice_form_refuses_and_does_not_offer_a_story_in_confidence(client):
    client.force_login(a_user(EDITOR))
    story = a_story_in_confidence(raised_to=Consent.PUBLIC, ref="s-1", title="The hidden van", status=Status.PUBLISHED)
    a_story(title="The open van")
    add = page(Practice, "add")
    response = client.post(add, filled(client.get(add), statement="Vans", stories=[story.pk]))
    assert errors(response)["stories"] == ["The story “s-1” was said in confidence, so no practice is drawn from it."]
    query = {"app_label": "workshops", "model_name": "practice", "field_name": "stories", "term": "van"}
    offered = client.get("/admin/autocomplete/", query).json()["results"]
    assert [each["text"] for each in offered] == ["The open van"]


def test_editor_publishes_what_was_raised(client):
    client.force_login(a_user(EDITOR))
    raised = a_story_in_confidence(raised_to=Consent.PUBLIC, status=Status.IN_REVIEW)
    kept = a_story_in_confidence(raised_to=Consent.TEAM, status=Status.IN_REVIEW, title="Kept")
    said = messages(act(client, Story, "publish", raised, kept))
    assert (
        said[0]
        == "“Kept” was not published. Publishing needs consent “public” or “credited”; that of the story is “team”."
    )
    assert {story.title: story.status for story in Story.objects.all()} == {
        raised.title: Status.PUBLISHED,
        "Kept": Status.IN_REVIEW,
    }


def test_evidence_of_an_insight_shows_the_mark(client):
    client.force_login(a_user(EDITOR))
    plain, raised = a_story(), a_story_in_confidence(raised_to=Consent.TEAM)
    insight = an_insight([plain, raised], status=Status.DRAFT)
    shown = text_of(client.get(page(Insight, "change", insight.pk)))
    assert shown.count("Said in confidence") == 2  # among the evidence, and among the stories to find


# Credit


@pytest.mark.parametrize("role", [EDITOR, ANALYST])
def test_credit_is_for_those_who_ran_the_workshop_until_its_teller_is_credited(client, facilitator, workshop, role):
    hidden = a_story(workshop=workshop, consent=Consent.PUBLIC, credit="Ann Field", status=Status.IN_REVIEW)
    shown = a_story(workshop=workshop, consent=Consent.CREDITED, credit="Bob Hill", status=Status.IN_REVIEW)
    client.force_login(facilitator)
    assert "Ann Field" in text_of(client.get(page(Story, "change", hidden.pk)))
    client.force_login(a_user(role))
    assert "Ann Field" not in text_of(client.get(page(Story, "change", hidden.pk)))
    assert "Bob Hill" in text_of(client.get(page(Story, "change", shown.pk)))


def test_editor_who_may_not_see_a_credit_does_not_overwrite_it(client):
    story = a_story(consent=Consent.PUBLIC, credit="Ann Field", status=Status.IN_REVIEW)
    client.force_login(a_user(EDITOR))
    assert change(client, story, title="Other", credit="").status_code == 302
    assert change(client, story, title="Third", credit="Eve").status_code == 302
    story.refresh_from_db()
    assert (story.title, story.credit) == ("Third", "Ann Field")


def test_credit_is_not_searched_at_the_desk(client, facilitator, workshop):
    a_story(workshop=workshop, consent=Consent.CREDITED, credit="Ann Field", title="The van")
    client.force_login(facilitator)
    assert "The van" not in text_of(client.get(page(Story), {"q": "Field"}))
