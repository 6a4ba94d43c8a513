import re
from html import unescape

import pytest
from django.contrib.auth.models import AnonymousUser

from insights.browsing import matrix
from insights.choices import NoStory
from tests.factories import (
    a_phase,
    a_place,
    a_programme,
    a_service_area,
    a_story,
    a_theme,
    a_user,
    a_workshop,
    an_insight,
)
from workshops.choices import Consent, Status
from workshops.roles import ANALYST, EDITOR, FACILITATOR, NOTHING

pytestmark = pytest.mark.django_db


def numbers(matrix):
    return {
        (cell.service_area.name, cell.theme.name): (cell.stories, cell.workshops, cell.places, cell.insights)
        for cell in matrix.cells
        if cell.stories
    }


def empties(matrix):
    return {(cell.service_area.name, cell.theme.name): cell.empty for cell in matrix.cells if cell.empty}


@pytest.fixture
def heard():
    """Two workshops of early help in two phases and places, one of hubs; homelessness was never asked."""
    early_help, hubs = a_service_area("Early help"), a_service_area("Hubs")
    a_service_area("Homelessness")
    people, rules = a_theme("People"), a_theme("Rules")
    bolton, wigan = a_place("Bolton"), a_place("Wigan")
    programme = a_programme(slug="gm")
    first, last = a_phase(programme=programme, number=1), a_phase(programme=programme, number=3)
    spring = a_workshop(phase=first, service_areas=[early_help], places=[bolton, wigan])
    autumn = a_workshop(phase=last, service_areas=[early_help], places=[bolton])
    hub = a_workshop(phase=first, service_areas=[hubs], places=[bolton])

    both = a_story(workshop=spring, service_area=early_help, place=bolton, themes=[people, rules])
    again = a_story(workshop=spring, service_area=early_help, place=bolton, themes=[people])
    later = a_story(workshop=autumn, service_area=early_help, place=wigan, themes=[people])
    lone = a_story(workshop=hub, service_area=hubs, place=bolton, themes=[people])
    a_story(workshop=hub, service_area=hubs, place=bolton, themes=[rules], status=Status.DRAFT)
    a_story(workshop=hub, service_area=hubs, place=bolton, themes=[rules], consent=Consent.TEAM, status=Status.DRAFT)
    a_story(workshop=hub, place=bolton, themes=[people])
    a_story(workshop=hub, service_area=hubs, place=bolton)

    an_insight(supports=[both, again], programme=programme)
    an_insight(supports=[later], contradicts=[lone], programme=programme)
    an_insight(supports=[both, lone], programme=programme, status=Status.DRAFT)
    return programme, bolton, wigan


def test_matrix_counts_published_stories_their_workshops_places_and_insights(heard):
    assert numbers(matrix.build_matrix()) == {
        ("Early help", "People"): (3, 2, 2, 2),
        ("Early help", "Rules"): (1, 1, 1, 1),
        ("Hubs", "People"): (1, 1, 1, 0),
    }


def test_matrix_tells_what_was_not_asked_from_what_is_not_published(heard):
    assert empties(matrix.build_matrix()) == {
        ("Homelessness", "People"): NoStory.NOT_ASKED,
        ("Homelessness", "Rules"): NoStory.NOT_ASKED,
        ("Hubs", "Rules"): NoStory.NOTHING_PUBLISHED,
    }


def test_matrix_of_a_phase_counts_that_phase_and_asks_who_was_asked_then(heard):
    last = matrix.build_matrix(phase="3")
    assert numbers(last) == {("Early help", "People"): (1, 1, 1, 1)}
    assert empties(last)["Early help", "Rules"] == NoStory.NOTHING_PUBLISHED
    assert empties(last)["Hubs", "People"] == NoStory.NOT_ASKED


def test_matrix_of_a_place_counts_its_stories_and_asks_who_was_asked_there(heard):
    _, _, wigan = heard
    there = matrix.build_matrix(place=wigan)
    assert numbers(there) == {("Early help", "People"): (1, 1, 1, 1)}
    assert empties(there)["Early help", "Rules"] == NoStory.NOTHING_PUBLISHED
    assert empties(there)["Hubs", "Rules"] == NoStory.NOT_ASKED


def test_matrix_of_a_programme_has_only_the_services_and_themes_it_used(heard):
    programme, _, _ = heard
    other = a_programme()
    a_story(workshop=a_workshop(programme=other), service_area=a_service_area("Parks"), themes=[a_theme("Grass")])
    built = matrix.build_matrix(programme=programme)
    assert [area.name for area, _ in built.rows] == ["Early help", "Hubs"]
    assert [theme.name for theme in built.themes] == ["People", "Rules"]
    assert numbers(matrix.build_matrix(programme=other)) == {("Parks", "Grass"): (1, 1, 0, 0)}
    assert matrix.build_matrix(reach=NOTHING).cells == []


def test_matrix_of_a_programme_does_not_count_another_programme_of_the_same_services(heard):
    programme, bolton, _ = heard
    before = numbers(matrix.build_matrix(programme=programme))
    cell = matrix.build_matrix(programme=programme).cells[0]
    a_story(workshop=a_workshop(), service_area=cell.service_area, place=bolton, themes=[cell.theme])
    assert numbers(matrix.build_matrix(programme=programme)) == before


def test_matrix_shades_a_cell_by_its_own_stories_whatever_others_have():
    area, workshop = a_service_area(), a_workshop()
    for name, stories in [("Four", 4), ("Ten", 10), ("Twelve", 12), ("Twenty", 20)]:
        theme = a_theme(name)
        for _ in range(stories):
            a_story(workshop=workshop, service_area=area, themes=[theme])
    a_theme("None")
    assert {cell.theme.name: cell.depth for cell in matrix.build_matrix().cells} == {
        "None": 0, "Four": 1, "Ten": 2, "Twelve": 2, "Twenty": 3,
    }  # fmt: skip


def totals(matrix):
    found = matrix.totals
    by_area = {area.name: total.stories for area, _, total in found.rows}
    return by_area, {total.of.name: total.stories for total in found.themes}, found.in_all.stories


def test_matrix_totals_count_each_story_once(heard):
    built = matrix.build_matrix()
    assert totals(built) == ({"Early help": 3, "Homelessness": 0, "Hubs": 2}, {"People": 5, "Rules": 1}, 6)
    assert (built.totals.sum_of_cells, built.totals.in_several, built.totals.in_none) == (5, 1, 2)


def test_matrix_totals_are_of_what_it_is_narrowed_to(heard):
    programme, _, wigan = heard
    assert totals(matrix.build_matrix(phase="3"))[2] == 1
    assert totals(matrix.build_matrix(place=wigan)) == (
        {"Early help": 1, "Homelessness": 0, "Hubs": 0}, {"People": 1, "Rules": 0}, 1,
    )  # fmt: skip
    a_story(service_area=a_service_area("Parks"), themes=[a_theme("Grass")])
    assert totals(matrix.build_matrix(programme=programme))[2] == 6
    assert totals(matrix.build_matrix())[2] == 7


@pytest.mark.parametrize("address", ["/", "/matrix/"])
def test_page_says_why_the_cells_add_up_to_more_than_the_stories(address, heard, client):
    words = " ".join(re.sub("<[^>]+>", "", client.get(address).content.decode()).split())
    assert (
        "1 of these 6 stories has more than one theme and stands in the cell of each, so the cells add up to 5. Every "
        "total counts a story once. 2 stories have no service area or no theme, and stand in no cell."
    ) in words


def test_page_says_nothing_of_sums_where_each_story_stands_in_one_cell(client):
    a_story(service_area=a_service_area(), themes=[a_theme()])
    html = client.get("/matrix/").content.decode()
    assert "add up" not in html
    assert "stands in no cell" not in html


@pytest.mark.parametrize("address", ["/", "/matrix/"])
def test_page_says_which_shade_stands_for_how_many(address, heard, client):
    html = client.get(address).content.decode()
    legend = html.partition('aria-labelledby="shades-of-matrix"')[2].partition("</ul>")[0]
    assert re.findall(r'<i class="depth-(\d)"></i>([^<]+)', legend) == [
        ("1", "1–4"), ("2", "5–19"), ("3", "20–99"), ("4", "100–499"), ("5", "500 or more"),
    ]  # fmt: skip


def test_matrix_of_an_empty_archive_has_no_cell():
    assert matrix.build_matrix().cells == []


def test_matrix_takes_five_queries(heard, django_assert_num_queries):
    with django_assert_num_queries(5):
        built = matrix.build_matrix()
    with django_assert_num_queries(1):
        assert totals(built)[2] == 6


def test_matrix_tells_an_editor_what_was_withheld_and_nobody_else(heard, client):
    for user in (None, AnonymousUser(), a_user(FACILITATOR), a_user(ANALYST)):
        assert empties(matrix.build_matrix(user=user))["Hubs", "Rules"] == NoStory.NOTHING_PUBLISHED
    editor = a_user(EDITOR)
    assert empties(matrix.build_matrix(user=editor))["Hubs", "Rules"] == NoStory.WITHHELD
    assert empties(matrix.build_matrix(user=editor, phase="3"))["Hubs", "Rules"] == NoStory.NOT_ASKED
    client.force_login(editor)
    assert "withheld" in client.get("/matrix/").content.decode()
    assert "withheld" not in b"".join(client.get("/matrix/?format=csv")).decode()


def test_matrix_does_not_call_withheld_what_an_editor_may_not_see():
    area, theme = a_service_area(), a_theme()
    workshop = a_workshop(service_areas=[area])
    a_story(workshop=workshop, service_area=area, themes=[theme], consent=Consent.FACILITATORS, status=Status.DRAFT)
    assert matrix.build_matrix(user=a_user(EDITOR)).cells[0].empty == NoStory.NOTHING_PUBLISHED


@pytest.mark.parametrize(
    "query", ["", "phase=1", "phase=1&place=P", "programme=gm&phase=3", "kind=message&q=none&page=2"]
)
@pytest.mark.parametrize("address", ["/", "/matrix/"])
def test_cell_leads_to_the_stories_it_counts_and_to_no_others(address, query, heard, client):
    _, bolton, _ = heard
    type(bolton).objects.filter(pk=bolton.pk).update(code="P")
    html = client.get(f"{address}?{query}").content.decode()
    cells = re.findall(r'href="(/stories/(?:\?[^"]+)?)"><b>(\d+)</b>', html)
    assert cells
    for link, stories in cells:
        assert client.get(unescape(link)).context["paginator"].count == int(stories)
