"""An action on all rows that match a list says first how many they are."""

import re

import pytest

from tests.desk import act, messages, page
from tests.factories import a_practice, a_story, a_user
from workshops.admin.base import select_all
from workshops.choices import Consent, Status
from workshops.models import Practice, Story
from workshops.roles import EDITOR

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    client.force_login(a_user(EDITOR))


def of_all(client, action, ticked, query=""):
    data = {"action": action, "_selected_action": [ticked.pk], "select_across": "1"}
    return client.post(f"{page(Story)}{query}", data)


def pressed(client, response, query=""):
    """Press the button of the page that says how many: with the fields it holds."""
    rows = re.findall(r'name="_selected_action" value="(\d+)"', response.content.decode())
    action = re.search(r'name="action" value="(\w+)"', response.content.decode())[1]
    return client.post(f"{page(Story)}{query}", {"action": action, "_selected_action": rows}, follow=True)


def test_all_that_match_are_counted_before_they_are_published(client, editor):
    waiting = [a_story(title=f"Story {number}", status=Status.IN_REVIEW) for number in range(3)]
    draft = a_story(title="Still a draft", status=Status.DRAFT)
    hidden = a_story(title="Told in confidence", status=Status.IN_REVIEW, consent=Consent.FACILITATORS)
    query = "?status__exact=in+review"
    asked = of_all(client, "publish", waiting[0], query)
    content = asked.content.decode()
    assert "<b>3</b> stories match the list’s search and filters." in content
    assert "Publish: 3 stories</button>" in content
    assert "Still a draft" not in content
    assert "Told in confidence" not in content
    assert set(Story.objects.values_list("status", flat=True)) == {"in review", "draft"}

    late = a_story(title="Submitted meanwhile", status=Status.IN_REVIEW)
    said = messages(pressed(client, asked, query))
    assert sorted(said) == [f"“Story {number}” was published." for number in range(3)]
    assert set(Story.objects.filter(status=Status.PUBLISHED)) == set(waiting)
    assert {story.status for story in Story.objects.filter(pk__in=[draft.pk, hidden.pk, late.pk])} == {
        "draft",
        "in review",
    }


@pytest.mark.parametrize(
    "action",
    ["submit", "publish", "unpublish", "return_to_draft", "lower_to_team", "lower_to_facilitators", "withdraw"],
)
def test_every_action_on_all_stories_asks_first(client, editor, action):
    story = a_story(status=Status.PUBLISHED)
    response = of_all(client, action, story)
    assert "<b>1</b> story matches the list’s search and filters." in response.content.decode()
    story.refresh_from_db()
    assert (story.status, story.effective_consent) == (Status.PUBLISHED, Consent.PUBLIC)


def test_those_ticked_are_taken_at_once(client, editor):
    story = a_story(title="Ready", status=Status.IN_REVIEW)
    assert messages(act(client, Story, "publish", story, select_across="0")) == ["“Ready” was published."]


def test_more_than_fit_are_refused(client, editor, monkeypatch):
    monkeypatch.setattr(select_all, "MAX_ROWS_PER_ACTION", 2)
    stories = [a_story(status=Status.IN_REVIEW) for _ in range(3)]
    response = act(client, Story, "publish", stories[0], select_across="1")
    assert messages(response) == [
        "More than 2 stories match. Narrow the list by its search or filters first. Nothing was changed."
    ]
    assert set(Story.objects.values_list("status", flat=True)) == {"in review"}


def test_very_many_are_told_of_in_one_sentence(client, editor):
    ready = [a_story(status=Status.IN_REVIEW) for _ in range(21)]
    unready = [a_story(status=Status.IN_REVIEW, consent=Consent.TEAM) for _ in range(22)]
    said = messages(act(client, Story, "publish", *ready, *unready))
    assert said[-2:] == ["2 more were not published.", "21 stories were published."]
    assert len(said) == 22


def test_very_many_practices_are_told_of_in_one_sentence(client, editor):
    practices = [a_practice(statement=f"Practice {number}", status=Status.DRAFT) for number in range(21)]
    assert messages(act(client, Practice, "publish", *practices)) == ["21 practices were published."]
