"""Releases at the desk: what an editor sees before releasing, and who may see and release."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from insights.models import Release, ReleasedGroup
from tests.desk import messages, page
from tests.factories import a_practice, a_programme, a_user, a_workshop, votes_on
from workshops.choices import Status
from workshops.models import Practice
from workshops.roles import ADMINISTRATOR, ANALYST, EDITOR, FACILITATOR, SYSTEM_LEADER

pytestmark = pytest.mark.django_db

PREVIEW = "/admin/insights/release/of/gm/"


@pytest.fixture
def room():
    return a_workshop(slug="room-3", programme=a_programme(slug="gm", title="GM"))


@pytest.fixture
def voted(room):
    votes_on(a_practice(statement="Vans", status=Status.DRAFT), room, Hubs=(12, 7, 0, 2), Parks=(9, 8, 4, 1))
    votes_on(a_practice(statement="A letter"), room, Hubs=(3, 0, 0, 0))


@pytest.fixture
def as_editor(client):
    client.force_login(a_user(EDITOR))
    return client


def text(response):
    return " ".join(response.content.decode().split())


def test_address_of_the_preview():
    assert reverse("admin:insights_release_preview", args=["gm"]) == PREVIEW


@pytest.mark.usefixtures("voted")
def test_editor_finds_the_preview_in_the_list_of_releases(as_editor):
    assert f'<a href="{PREVIEW}">Preview votes of GM</a>' in text(as_editor.get(page(Release)))


@pytest.mark.usefixtures("voted")
def test_preview_shows_what_the_public_will_read_and_what_is_held_back(as_editor):
    html = text(as_editor.get(PREVIEW))
    assert "<strong>2 of 2 practices</strong> would be released now." in html
    assert html.count("A draft, to be published") == 1
    assert "Most people who voted wanted to keep or build on this (about 35 of 40)." in html
    assert "<td>about 20</td> <td>about 10</td><td>about 5</td><td>fewer than 5</td><td>fewer than 5</td>" in html
    assert "Fewer than 10 people voted, so we do not show a breakdown." in html
    assert '<th scope="row">Hubs</th> <td>12</td><td>7</td><td>0</td><td>2</td>' in html
    assert "Agreement without each workshop: room-3 nothing left to compare." in html
    assert not Release.objects.exists()


def test_single_practice_is_released_in_the_singular(as_editor, room):
    votes_on(a_practice(statement="Vans"), room, Hubs=(12, 7, 0, 2))
    preview = as_editor.get(PREVIEW)
    assert "<strong>1 of 1 practice</strong> would be released now." in text(preview)
    assert 'value="Release 1 practice"' in text(preview)
    response = as_editor.post(PREVIEW, {"seen": preview.context["seen"]}, follow=True)
    assert messages(response) == ["The votes on 1 practice were released."]
    assert LogEntry.objects.get().change_message == "1 of 1 practice."


@pytest.mark.usefixtures("voted")
def test_editor_releases_what_the_preview_showed(as_editor):
    seen = as_editor.get(PREVIEW).context["seen"]
    response = as_editor.post(PREVIEW, {"seen": seen}, follow=True)
    assert messages(response) == ["The votes on 2 practices were released."]
    assert ReleasedGroup.objects.count() == 2
    assert set(Practice.objects.values_list("status", flat=True)) == {"published"}
    assert LogEntry.objects.get().change_message == "2 of 2 practices."
    again = as_editor.get(PREVIEW)
    assert "To be released" not in text(again)
    assert text(again).count("nobody voted for the first time since, and 10 must.") == 1
    assert messages(as_editor.post(PREVIEW, {"seen": again.context["seen"]})) == [
        "Nothing was released: no practice has enough new voters."
    ]
    assert Release.objects.count() == 1


@pytest.mark.usefixtures("voted")
@pytest.mark.parametrize("seen", [{}, {"seen": ""}, {"seen": "x\0"}])
def test_release_without_the_preview_that_holds_is_refused(seen, as_editor):
    response = as_editor.post(PREVIEW, seen)
    assert messages(response) == ["Votes or statements have changed since you looked. Look at the results again."]
    assert "To be released" in text(response)
    assert not Release.objects.exists()


@pytest.mark.usefixtures("voted")
def test_release_after_another_vote_asks_to_look_again(as_editor, room):
    seen = as_editor.get(PREVIEW).context["seen"]
    votes_on(Practice.objects.get(statement="Vans"), room, Hubs=(0, 0, 9, 0))
    assert "have changed since you looked" in text(as_editor.post(PREVIEW, {"seen": seen}))
    assert not Release.objects.exists()


@pytest.mark.usefixtures("voted")
def test_analyst_sees_the_exact_counts_and_releases_nothing(client):
    client.force_login(a_user(ANALYST))
    response = client.get(PREVIEW)
    assert "<td>12</td><td>7</td><td>0</td><td>2</td>" in text(response)
    assert "Release 2 practices" not in text(response)
    assert client.post(PREVIEW, {"seen": response.context["seen"]}).status_code == 403
    assert not Release.objects.exists()


@pytest.mark.usefixtures("voted")
@pytest.mark.parametrize("role", [FACILITATOR, SYSTEM_LEADER, ADMINISTRATOR])
def test_exact_counts_are_for_editors_and_analysts(role, client):
    assert client.get(PREVIEW).status_code == 302
    client.force_login(a_user(role))
    for address in (PREVIEW, page(Release)):
        assert client.get(address).status_code == 403
    assert client.post(PREVIEW).status_code == 403


def test_preview_of_a_programme_without_votes_says_what_to_do(as_editor, room):
    assert "Nobody has voted in the workshops of GM yet." in text(as_editor.get(PREVIEW))
    assert as_editor.get(PREVIEW.replace("gm", "mg")).status_code == 404
    response = as_editor.post(PREVIEW)
    assert "so there is nothing to release" in messages(response)[0]


@pytest.mark.usefixtures("voted")
def test_release_at_the_desk_is_read_only(as_editor):
    as_editor.post(PREVIEW, {"seen": as_editor.get(PREVIEW).context["seen"]})
    release = Release.objects.get()
    assert as_editor.get(page(Release, "change", release.pk)).status_code == 200
    for name in ("change", "delete"):
        assert as_editor.post(page(Release, name, release.pk), {"post": "yes"}).status_code == 403
    assert as_editor.get(page(Release, "add")).status_code == 403
