import pytest

from insights.choices import Role
from insights.models import Evidence
from insights.votes.release import release
from tests.factories import a_place, a_practice, a_service_area, a_story, a_workshop, an_insight, votes_on
from workshops.choices import Status

pytestmark = pytest.mark.django_db


def stories_at(client, address):
    return [story.title for story in client.get(address).context["story_list"]]


@pytest.fixture
def insight():
    """It rests on one story from Hubs in Bolton and one from Parks; others are near, and do not support it."""
    hubs, parks, bolton = a_service_area("Hubs"), a_service_area("Parks"), a_place("Bolton", code="B")
    workshop = a_workshop(service_areas=[hubs, parks], places=[bolton])
    common = {"workshop": workshop}
    insight = an_insight(
        slug="vans",
        programme=workshop.phase.programme,
        supports=[
            a_story(title="Van", service_area=hubs, place=bolton, **common),
            a_story(title="Tram", service_area=parks, **common),
            a_story(title="Draft", service_area=hubs, place=bolton, status=Status.DRAFT, **common),
        ],
        contradicts=[a_story(title="Bill", service_area=hubs, place=bolton, **common)],
    )
    a_story(title="Elsewhere", service_area=hubs, place=bolton, **common)
    return insight


def test_insight_page_leads_from_each_number_to_the_stories_it_counts(insight, client):
    html = client.get("/insights/vans/").content.decode()
    for words in ("stories", "2 of 2 services", "1 of 1 place", "1 of 1 workshop"):
        assert f'<a href="/stories/?insight=vans">{words}</a>' in html
    assert sorted(stories_at(client, "/stories/?insight=vans")) == ["Tram", "Van"]


def test_insight_page_leads_from_each_service_and_place_to_its_supporting_stories(insight, client):
    html = client.get("/insights/vans/").content.decode()
    assert '<a href="/stories/?insight=vans&amp;service_area=hubs">Hubs</a>' in html
    assert '<a href="/stories/?insight=vans&amp;place=B">Bolton</a>' in html
    assert stories_at(client, "/stories/?insight=vans&service_area=hubs") == ["Van"]
    assert stories_at(client, "/stories/?insight=vans&place=B") == ["Van"]


def test_stories_of_an_insight_that_is_not_published_are_none(insight, client):
    an_insight(slug="draft", title="Secret", supports=[a_story()], status=Status.DRAFT)
    response = client.get("/stories/?insight=draft")
    assert list(response.context["story_list"]) == []
    assert "Secret" not in response.content.decode()


def test_stories_of_an_insight_come_as_a_file_too(insight, client):
    lines = b"".join(client.get("/stories/?insight=vans&format=csv")).decode().splitlines()
    assert len(lines) == 3


def test_insight_page_shows_released_votes_on_the_practices_it_rests_on(insight, client):
    practice, other = a_practice(statement="A call a week"), a_practice(statement="A form a day")
    draft = a_practice(statement="Secret practice", status=Status.DRAFT)
    Evidence.objects.create(insight=insight, practice=practice, role=Role.QUALIFIES)
    Evidence.objects.create(insight=insight, practice=draft)
    room = insight.evidence.first().story.workshop
    for each in (practice, other):
        votes_on(each, room, Hubs=(9, 5, 1, 0), Parks=(3, 12, 0, 0))
    release(insight.programme)
    html = client.get("/insights/vans/").content.decode()
    assert "How people voted on what it rests on" in html
    assert "Released votes on “A call a week”" in html
    assert "A form a day" not in html
    assert "Secret practice" not in html
