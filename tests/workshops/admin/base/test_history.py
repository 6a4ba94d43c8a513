"""Who reads what of a story's history at the desk."""

import pytest

from tests.desk import filled, page
from tests.factories import a_place, a_practice, a_story, a_theme, a_user, a_workshop, an_insight
from workshops.choices import Consent, Status
from workshops.consent import withdrawal
from workshops.models import Practice, Story, Tag
from workshops.roles import ANALYST, EDITOR, FACILITATOR
from workshops.stories import review

pytestmark = pytest.mark.django_db


@pytest.fixture
def facilitator():
    return a_user(FACILITATOR, username="fay")


@pytest.fixture
def editor():
    return a_user(EDITOR, username="ed")


@pytest.fixture
def workshop(facilitator):
    return a_workshop(facilitators=[facilitator])


def told(client, person, story):
    """The changes a person reads in a story's history, newest first: (label, before, after)."""
    client.force_login(person)
    response = client.get(page(Story, "history", story.pk))
    return [
        (change.label, "".join(p.text for p in change.before), "".join(p.text for p in change.after))
        for entry in response.context["entries"]
        for change in entry.changes
    ]


def test_history_says_who_changed_what(client, facilitator, workshop):
    story = a_story(workshop=workshop, status=Status.IN_REVIEW, published_text="A van.", tags=["vans"])
    culture, bolton = a_theme("Culture"), a_place("Bolton")
    client.force_login(facilitator)
    address = page(Story, "change", story.pk)
    changes = {"published_text": "A bus.", "themes": [culture.pk], "tags": "buses", "place": bolton.pk}
    client.post(address, filled(client.get(address), **changes))

    entries = client.get(page(Story, "history", story.pk)).context["entries"]

    assert (str(entries[0].user), entries[0].is_first) == ("fay", False)
    assert sorted(told(client, facilitator, story)[:5]) == [
        ("place", "", "Bolton"),
        ("published wording", "A van.", "A bus."),
        ("tag added", "", "buses"),
        ("tag removed", "vans", ""),
        ("themes", "", "Culture"),
    ]


def test_history_tells_nothing_of_how_a_draft_was_worded(client, facilitator, editor, workshop):
    story = a_story(workshop=workshop, status=Status.DRAFT, title="Ann’s van", published_text="Ann drove.")
    story.title, story.published_text = "The van", "Somebody drove."
    story.save()
    review.submit_story(story)
    for person in (facilitator, editor):
        assert told(client, person, story) == [
            ("title", "", "The van"),
            ("published wording", "", "Somebody drove."),
            ("status", "Draft", "In review"),
        ]


def test_history_of_a_published_story_is_not_for_others(client, facilitator, editor, workshop):
    story = a_story(workshop=workshop, status=Status.IN_REVIEW)
    review.publish_story(story)
    seen = {}
    for name, person in {
        "facilitator": facilitator,
        "editor": editor,
        "other": a_user(FACILITATOR),
        "analyst": a_user(ANALYST),
    }.items():
        seen[name] = told(client, person, story)
    step = [("status", "In review", "Published")]
    assert seen == {"facilitator": step, "editor": step, "other": [], "analyst": []}


def test_editor_reads_nothing_of_the_time_when_a_story_was_not_theirs(client, facilitator, editor, workshop):
    story = a_story(
        workshop=workshop, status=Status.IN_REVIEW, consent=Consent.FACILITATORS, published_text="Ann drove."
    )
    story.tags.add("ann")
    story.published_text = "Somebody drove."
    story.tags.remove("ann")
    story.save()
    story.consent = Consent.TEAM
    story.save()
    story.published_text = "They drove."
    story.save()
    assert told(client, editor, story) == [("published wording", "Somebody drove.", "They drove.")]
    mine = told(client, facilitator, story)
    assert ("published wording", "Ann drove.", "Somebody drove.") in mine
    assert ("tag removed", "ann", "") in mine

    withdrawal.lower_consent(story, Consent.FACILITATORS)
    client.force_login(editor)
    assert client.get(page(Story, "history", story.pk)).status_code == 404


def test_tag_that_is_no_more_is_named_as_such(client, facilitator, workshop):
    story = a_story(workshop=workshop, status=Status.DRAFT, tags=["vans"])
    Tag.objects.all().delete()
    assert told(client, facilitator, story) == [
        ("tag added", "", "a tag that is no more"),
        ("tag removed", "a tag that is no more", ""),
    ]


def test_history_takes_the_same_queries_however_long(client, facilitator, workshop, django_assert_max_num_queries):
    story = a_story(workshop=workshop, status=Status.IN_REVIEW, themes=[a_theme()], tags=["vans"])
    for number in range(12):
        story.published_text = f"Wording {number}."
        story.save()
    client.force_login(facilitator)
    with django_assert_max_num_queries(16):
        client.get(page(Story, "history", story.pk))


def test_history_of_an_insight_is_for_editors(client, editor):
    insight = an_insight(title="It holds")
    insight.title = "It held"
    insight.save()
    client.force_login(editor)
    response = client.get(page(type(insight), "history", insight.pk))
    change = response.context["entries"][0].changes[0]
    assert [p.text for p in change.after if p.differs] == ["held"]


def test_history_of_a_practice_is_for_who_may_change_it(client, editor):
    practice = a_practice(statement="Calls")
    practice.statement = "Calls first"
    practice.save()
    found = {}
    for role in (EDITOR, FACILITATOR, ANALYST):
        client.force_login(a_user(role))
        found[role] = len(client.get(page(Practice, "history", practice.pk)).context["entries"])
    assert found == {EDITOR: 1, FACILITATOR: 0, ANALYST: 0}
