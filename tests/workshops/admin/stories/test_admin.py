"""What facilitators and editors do with stories at the desk."""

import pytest
from django.contrib.admin.models import LogEntry

from tests.desk import act, filled, messages, page
from tests.factories import a_participant, a_story, a_theme, a_user, a_workshop
from workshops import changes
from workshops.choices import Consent, Status
from workshops.consent import withdrawal
from workshops.models import Forgotten, Story
from workshops.roles import ANALYST, EDITOR, FACILITATOR

pytestmark = pytest.mark.django_db


@pytest.fixture
def facilitator():
    return a_user(FACILITATOR)


@pytest.fixture
def workshop(facilitator):
    return a_workshop(facilitators=[facilitator])


def words_shown(response):
    return "Told by Ann" in response.content.decode()


def status(story):
    story.refresh_from_db()
    return story.status


def test_facilitator_enters_a_story_in_one_form(client, facilitator, workshop):
    theme, teller = a_theme(), a_participant([workshop])
    client.force_login(facilitator)
    response = client.post(
        page(Story, "add"),
        filled(client.get(page(Story, "add")))
        | {
            "title": "The van",
            "workshop": workshop.pk,
            "told_by": teller.pk,
            "themes": [theme.pk],
            "tags": 'mental health, "food, drink"',
            "consent": Consent.PUBLIC,
            "text": "Ann bought a van.\r\nIt ran.",
        },
    )
    assert response.status_code == 302
    story = Story.objects.get()
    assert (story.title, story.status, story.workshop, story.told_by) == ("The van", "draft", workshop, teller)
    assert (story.original_text.text, story.published_text) == ("Ann bought a van.\nIt ran.",) * 2
    assert list(story.themes.all()) == [theme]
    assert sorted(story.tags.names()) == ["food, drink", "mental health"]
    assert (story.consent, story.effective_consent) == (Consent.PUBLIC, Consent.PUBLIC)


def test_published_wording_that_is_there_stays(client, facilitator, workshop):
    story = a_story(workshop=workshop, status=Status.DRAFT, published_text="Edited.", text="Raw.")
    client.force_login(facilitator)
    address = page(Story, "change", story.pk)
    client.post(address, filled(client.get(address), text="Rawer."))
    story.refresh_from_db()
    assert (story.published_text, story.original_text.text) == ("Edited.", "Rawer.")


def test_editor_who_empties_the_wording_does_not_bring_back_the_words_as_told(client):
    story = a_story(status=Status.IN_REVIEW, text="Raw.")
    client.force_login(a_user(EDITOR))
    address = page(Story, "change", story.pk)
    client.post(address, filled(client.get(address), published_text=""))
    story.refresh_from_db()
    assert story.published_text == ""


def test_editor_cannot_empty_the_wording_of_a_published_story(client):
    story = a_story()
    client.force_login(a_user(EDITOR))
    address = page(Story, "change", story.pk)
    response = client.post(address, filled(client.get(address), published_text=""))
    assert response.context["adminform"].form.errors == {
        "published_text": ["It has no published wording. Write what readers are to see."]
    }


def test_form_says_what_a_story_from_elsewhere_lacks(client, facilitator, workshop):
    story = a_story(workshop=workshop, status=Status.DRAFT)
    client.force_login(facilitator)
    address = page(Story, "change", story.pk)
    response = client.post(address, filled(client.get(address), kind="elsewhere"))
    assert response.context["adminform"].form.errors == {
        "location": ["A story from elsewhere says where it happened. Fill in the location."]
    }


def test_form_says_that_consent_was_lowered(client, facilitator, workshop):
    story = a_story(workshop=workshop, status=Status.DRAFT)
    withdrawal.lower_consent(story, Consent.TEAM)
    client.force_login(facilitator)
    address = page(Story, "change", story.pk)
    response = client.post(address, filled(client.get(address), consent=Consent.PUBLIC))
    assert response.context["adminform"].form.errors == {
        "consent": ["Its giver lowered the consent to “team”; it cannot be raised again here."]
    }


def test_status_is_not_a_field(client, facilitator, workshop):
    story = a_story(workshop=workshop, status=Status.DRAFT)
    for person in (facilitator, a_user(EDITOR)):
        client.force_login(person)
        address = page(Story, "change", story.pk)
        client.post(address, filled(client.get(address), status="published", effective_consent=3, ref="mine"))
        assert status(story) == "draft"
    assert (story.effective_consent, story.ref == "mine") == (Consent.PUBLIC, False)


def test_editor_sets_wording_but_not_who_told_it_where_and_on_what_terms(client):
    story, teller, other = a_story(status=Status.DRAFT), a_participant(), a_workshop()
    client.force_login(a_user(EDITOR))
    address = page(Story, "change", story.pk)
    forged = {"told_by": teller.pk, "workshop": other.pk, "consent": Consent.CREDITED}
    client.post(address, filled(client.get(address), published_text="Better.", **forged))
    before = (story.workshop_id, None, Consent.PUBLIC)
    story.refresh_from_db()
    assert story.published_text == "Better."
    assert (story.workshop_id, story.told_by_id, story.consent) == before


@pytest.mark.parametrize("level", [Consent.FACILITATORS, Consent.TEAM, Consent.PUBLIC])
def test_words_as_told_are_for_facilitators_and_editors(client, facilitator, workshop, level):
    story = a_story(workshop=workshop, status=Status.DRAFT, consent=level, text="Told by Ann", published_text="Told.")
    seen = {}
    for name, person in {
        "facilitator": facilitator,
        "editor": a_user(EDITOR),
        "analyst": a_user(ANALYST),
        "superuser": a_user(is_superuser=True),
    }.items():
        client.force_login(person)
        client.post(page(Story, "words", story.pk))
        response = client.get(page(Story, "change", story.pk))
        seen[name] = response.status_code == 200 and words_shown(response)
    to_the_team = level >= Consent.TEAM
    assert seen == {"facilitator": True, "editor": to_the_team, "analyst": False, "superuser": to_the_team}


def test_words_as_told_of_a_published_story_are_not_for_other_facilitators(client, facilitator):
    story = a_story(text="Told by Ann", published_text="Told.", told_by=a_participant(code="p-ann"))
    client.force_login(facilitator)
    response = client.get(page(Story, "change", story.pk))
    assert response.status_code == 200
    assert not words_shown(response)
    assert "p-ann" not in response.content.decode()
    assert {"told_by", "consent", "effective_consent"} & {
        field for fieldset in response.context["adminform"].fieldsets for field in fieldset[1]["fields"]
    } == set()


def test_words_as_told_are_not_the_editors_to_change(client):
    story = a_story(status=Status.IN_REVIEW, text="Told.")
    client.force_login(a_user(EDITOR))
    address = page(Story, "change", story.pk)
    client.post(address, filled(client.get(address), text="Forged."))
    story.original_text.refresh_from_db()
    assert story.original_text.text == "Told."


def test_analyst_does_not_learn_who_told_a_story(client):
    story = a_story(consent=Consent.TEAM, status=Status.DRAFT, told_by=a_participant(code="p-ann"))
    client.force_login(a_user(ANALYST))
    response = client.get(page(Story, "change", story.pk))
    assert story.title in response.content.decode()
    assert "p-ann" not in response.content.decode()


def test_tags_survive_the_form(client, facilitator, workshop):
    story = a_story(workshop=workshop, status=Status.DRAFT, tags=["food, drink", 'the "new" normal', "trust"])
    client.force_login(facilitator)
    address = page(Story, "change", story.pk)
    response = client.get(address)
    assert filled(response)["tags"] == '"food, drink", "the ""new"" normal", trust'
    client.post(address, filled(response))
    assert sorted(story.tags.names()) == ["food, drink", 'the "new" normal', "trust"]
    assert LogEntry.objects.get().get_change_message() == "No fields changed."


def test_form_refuses_a_tag_that_is_too_long(client, facilitator, workshop):
    story = a_story(workshop=workshop, status=Status.DRAFT)
    client.force_login(facilitator)
    address = page(Story, "change", story.pk)
    response = client.post(address, filled(client.get(address), tags="x" * 101))
    assert response.context["adminform"].form.errors == {
        "tags": [f"“{'x' * 40}…” is too long for a tag: at most 100 letters."]
    }


def test_facilitator_submits_own_drafts(client, facilitator, workshop):
    own, published = a_story(workshop=workshop, status=Status.DRAFT), a_story(title="The hub")
    hidden = a_story(status=Status.DRAFT)
    client.force_login(facilitator)
    response = act(client, Story, "submit", own, published, hidden)
    assert [status(story) for story in (own, published, hidden)] == ["in review", "published", "draft"]
    assert sorted(messages(response)) == [f"“{own}” was submitted for review.", "“The hub” is not yours to change."]


@pytest.mark.parametrize("action", ["publish", "unpublish", "return_to_draft"])
@pytest.mark.parametrize("role", [FACILITATOR, ANALYST])
def test_review_is_for_editors(client, workshop, action, role):
    stories = [a_story(workshop=workshop, status=state) for state in (Status.IN_REVIEW, Status.PUBLISHED)]
    person = a_user(role)
    workshop.facilitators.add(person)
    client.force_login(person)
    act(client, Story, action, *stories)
    assert [status(story) for story in stories] == ["in review", "published"]


def test_editor_publishes_and_hears_why_others_were_not(client):
    ready = a_story(title="Ready", status=Status.IN_REVIEW)
    team = a_story(title="Told to the team", status=Status.IN_REVIEW, consent=Consent.TEAM, published_text="")
    hidden = a_story(status=Status.IN_REVIEW, consent=Consent.FACILITATORS)
    client.force_login(a_user(EDITOR))
    response = act(client, Story, "publish", ready, team, hidden)
    assert [status(story) for story in (ready, team, hidden)] == ["published", "in review", "in review"]
    assert sorted(messages(response)) == [
        "“Ready” was published.",
        "“Told to the team” was not published. It has no published wording. Write what readers are to see. "
        "Publishing needs consent “public” or “credited”; that of the story is “team”.",
    ]
    assert LogEntry.objects.get().get_change_message() == "It was published."


def test_editor_unpublishes_and_returns(client):
    first, second = a_story(), a_story(status=Status.IN_REVIEW)
    client.force_login(a_user(EDITOR))
    act(client, Story, "unpublish", first)
    asked = act(client, Story, "return_to_draft", second)
    assert "What should they mend?" in asked.content.decode()
    assert status(second) == "in review"
    act(client, Story, "return_to_draft", second, remark="Who is “they”?")
    assert [status(first), status(second), second.remark] == ["unpublished", "draft", "Who is “they”?"]


@pytest.mark.parametrize("role", [FACILITATOR, EDITOR])
def test_withdrawal_is_asked_for_once_more_and_then_recorded(client, workshop, role):
    story, person = a_story(workshop=workshop), a_user(role)
    if role == FACILITATOR:
        workshop.facilitators.add(person)
    client.force_login(person)

    asked = act(client, Story, "withdraw", story)
    assert "This cannot be undone." in asked.content.decode()
    assert status(story) == "published"

    response = act(client, Story, "withdraw", story, confirmed="Yes")
    assert status(story) == "withdrawn"
    reference = Forgotten.objects.get().reference
    assert messages(response) == [f"1 story was withdrawn. Reference: {reference}"]
    entry = LogEntry.objects.get()
    assert (entry.object_repr, entry.get_change_message()) == (story.ref, "Recorded a withdrawal.")


def break_down(*args, **kwargs):
    raise RuntimeError


@pytest.mark.parametrize(
    ("action", "broken", "name"),
    [
        ("withdraw", changes, "tell"),
        ("withdraw", LogEntry, "save"),
        ("lower_to_team", changes, "tell"),
        ("lower_to_team", LogEntry, "save"),
    ],
)
def test_wish_and_the_line_that_records_it_are_kept_together_or_not_at_all(
    client, facilitator, workshop, monkeypatch, action, broken, name
):
    first, second = a_story(workshop=workshop), a_story(workshop=workshop)
    client.force_login(facilitator)
    monkeypatch.setattr(broken, name, break_down)
    with pytest.raises(RuntimeError):
        act(client, Story, action, first, second, confirmed="Yes")
    assert [status(first), status(second)] == ["published", "published"]
    assert LogEntry.objects.count() == 0


def test_withdrawal_is_not_for_other_facilitators_or_analysts(client, facilitator, workshop):
    story = a_story(title="The hub")
    client.force_login(facilitator)
    response = act(client, Story, "withdraw", story, confirmed="Yes")
    assert messages(response) == ["“The hub” is not of your workshops. Ask its facilitators or an editor."]
    client.force_login(a_user(ANALYST))
    act(client, Story, "withdraw", story, confirmed="Yes")
    assert status(story) == "published"


def test_lowered_consent_is_recorded(client, facilitator, workshop):
    team, facilitators = a_story(workshop=workshop, title="One"), a_story(workshop=workshop)
    client.force_login(facilitator)
    response = act(client, Story, "lower_to_team", team)
    act(client, Story, "lower_to_facilitators", facilitators)
    assert messages(response) == ["Consent of “One” is “team” at most from now on."]
    assert [status(team), status(facilitators)] == ["unpublished", "unpublished"]
    assert [(story.consent, story.consent_ceiling) for story in (team, facilitators)] == [(1, 1), (0, 0)]


def test_stories_are_not_deleted_in_bulk(client, facilitator, workshop):
    story = a_story(workshop=workshop, status=Status.DRAFT)
    client.force_login(facilitator)
    act(client, Story, "delete_selected", story, post="yes")
    assert Story.objects.filter(pk=story.pk).exists()


def test_page_of_a_story_names_those_with_its_words(client, facilitator, workshop):
    wording = "We put families into a hotel for a night while the heating of the whole block was mended."
    story = a_story(ref="S-1", workshop=workshop, published_text=wording, status=Status.IN_REVIEW)
    a_story(ref="S-2", title="Beds", published_text=wording.replace("whole ", ""))
    a_story(ref="S-3", title="Secret", published_text=wording, consent=Consent.FACILITATORS, status=Status.DRAFT)
    client.force_login(a_user(EDITOR))
    shown = " ".join(client.get(page(Story, "change", story.pk)).content.decode().split())
    assert "Nearly the same words as" in shown
    assert ">S-2</a>, “Beds”." in shown
    assert "S-3" not in shown
    alone = a_story(published_text="Nobody else says this at all, and so it stands alone.")
    assert "Told twice?" not in client.get(page(Story, "change", alone.pk)).content.decode()
