"""The tags that a story's form offers while one is typed."""

import pytest
from django.urls import reverse

from tests.factories import a_practice, a_story, a_user, a_workshop
from workshops.choices import Consent, Status
from workshops.models import Tag
from workshops.roles import ADMINISTRATOR, ANALYST, EDITOR, FACILITATOR, SYSTEM_LEADER

pytestmark = pytest.mark.django_db


def offered(client, text=""):
    response = client.get(reverse("admin:workshops_story_tags"), {"q": text})
    return [(tag["name"], tag["count"]) for tag in response.json()["tags"]]


def test_tags_are_offered_with_the_number_of_their_stories(client):
    for tags in (["trust"], ["trust", "vans"], ["mistrust"], ["mistrust"], ["mistrust"], ["Trusted"]):
        a_story(tags=tags)
    client.force_login(a_user(EDITOR))
    assert offered(client, "TRUST") == [("trust", 2), ("Trusted", 1), ("mistrust", 3)]
    assert offered(client) == [("mistrust", 3), ("trust", 2), ("Trusted", 1), ("vans", 1)]
    assert offered(client, "no such") == []


def test_tags_of_hidden_stories_are_told_to_nobody_else(client):
    facilitator = a_user(FACILITATOR)
    workshop = a_workshop(facilitators=[facilitator])
    a_story(workshop=workshop, status=Status.DRAFT, tags=["draft", "shared"])
    a_story(workshop=workshop, status=Status.DRAFT, consent=Consent.FACILITATORS, tags=["secret", "shared"])
    a_story(tags=["shared"])
    a_practice(tags=["of a practice"])
    Tag.objects.create(name="of nothing")
    seen = {}
    for name, person in {
        "its facilitator": facilitator,
        "another": a_user(FACILITATOR),
        "editor": a_user(EDITOR),
        "analyst": a_user(ANALYST),
    }.items():
        client.force_login(person)
        seen[name] = offered(client)
    assert seen == {
        "its facilitator": [("shared", 3), ("draft", 1), ("secret", 1)],
        "another": [("shared", 1)],
        "editor": [("shared", 2), ("draft", 1)],
        "analyst": [("shared", 2), ("draft", 1)],
    }


def test_tag_with_a_comma_is_offered_as_the_field_reads_it(client):
    a_story(tags=["food, drink"])
    client.force_login(a_user(EDITOR))
    assert offered(client, "foo") == [('"food, drink"', 1)]


@pytest.mark.parametrize("text", ["\0", "%", "_", "x" * 5000, "ﷺ" * 500, "'\"\\"])
def test_anything_may_be_typed(client, text):
    a_story(tags=["trust"])
    client.force_login(a_user(EDITOR))
    assert offered(client, text) == ([("trust", 1)] if text == "\0" else [])


@pytest.mark.parametrize("role", [SYSTEM_LEADER, ADMINISTRATOR])
def test_tags_are_not_offered_to_who_sees_no_stories_at_the_desk(client, role):
    client.force_login(a_user(role))
    assert client.get(reverse("admin:workshops_story_tags")).status_code == 403


def test_only_so_many_are_offered(client):
    for number in range(15):
        a_story(tags=[f"tag {number}"])
    client.force_login(a_user(EDITOR))
    assert len(offered(client, "tag")) == 12
