import re

import pytest

from insights.choices import Role
from insights.models import Evidence, Insight
from insights.votes.release import release
from tests.factories import a_place, a_practice, a_service_area, a_story, a_workshop, an_insight, votes_on
from workshops.choices import Kind, Status
from workshops.models import Place, ServiceArea

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


def lines_of(client, address):
    """What "Where it was told" says, as {label: [line]}."""
    section = client.get(address).content.decode().partition("Where it was told")[2].partition("</section>")[0]
    found = {}
    for tag, inner in re.findall(r"<(dt|p)>(.*?)</\1>", section, re.DOTALL):
        words = " ".join(re.sub("<[^>]+>", "", inner).split())
        if tag == "dt":
            lines = found[words] = []
        else:
            lines.append(words)
    return found


def test_insight_page_names_places_and_services_that_contradict_beside_those_that_support(insight, client):
    bury, wigan, parks = a_place("Bury", code="U"), a_place("Wigan"), ServiceArea.objects.get(slug="parks")
    workshop = insight.evidence.first().story.workshop
    workshop.places.add(bury, wigan)
    against = a_story(title="Tram bill", workshop=workshop, place=bury, service_area=parks)
    but = a_story(workshop=workshop, place=bury, service_area=parks)
    Evidence.objects.create(insight=insight, story=against, role=Role.CONTRADICTS)
    Evidence.objects.create(insight=insight, story=but, role=Role.QUALIFIES)
    assert lines_of(client, "/insights/vans/") == {
        "Services": ["For it: Hubs, Parks", "Against it: Hubs, Parks", "Yes, but: Parks"],
        "Places": [
            "For it: Bolton", "Against it: Bolton, Bury", "Yes, but: Bury", "No story here from Wigan",
        ],
    }  # fmt: skip
    html = client.get("/insights/vans/").content.decode()
    assert "Contradicted by 2 stories from 2 of 2 services, 2 of 3 places, 1 of 1 workshop." in re.sub(
        "<[^>]+>", "", html
    )
    assert '<a href="/stories/?contradicts=vans&amp;place=U">Bury</a>' in html
    assert stories_at(client, "/stories/?contradicts=vans&place=U") == ["Tram bill"]
    assert sorted(stories_at(client, "/stories/?contradicts=vans")) == ["Bill", "Tram bill"]
    assert stories_at(client, "/stories/?qualifies=vans&place=U") == [but.title]


def test_insight_that_rests_on_examples_from_elsewhere_names_them_in_place_of_places(insight, client):
    workshop, hubs = insight.evidence.first().story.workshop, ServiceArea.objects.get(slug="hubs")
    told = [
        a_story(title="A panel", kind=Kind.ELSEWHERE, location=location, workshop=workshop, service_area=hubs)
        for location in ("Utrecht", "A valley")
    ]
    an_insight(slug="panel", programme=insight.programme, supports=told)
    html = client.get("/insights/panel/").content.decode()
    assert "0 of" not in html
    words = re.sub("<[^>]+>", "", html)
    assert "Supported by 2 examples from elsewhere, told in 1 of 2 services, 1 of 1 workshop." in words
    assert lines_of(client, "/insights/panel/") == {
        "Services": ["For it: Hubs", "No story here from Parks"],
        "Examples from elsewhere": ["Utrecht", "A valley"],
    }
    against = a_story(workshop=workshop, place=Place.objects.get(code="B"))
    Evidence.objects.create(insight=Insight.objects.get(slug="panel"), story=against, role=Role.CONTRADICTS)
    assert lines_of(client, "/insights/panel/")["Places"] == ["Against it: Bolton"]


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
