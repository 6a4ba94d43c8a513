"""The map of places and the list beside it."""

import json

import pytest

from tests.factories import a_place, a_story, a_workshop
from workshops.browsing.place_map import HEXAGONS, hexagons, places_with_story_counts
from workshops.choices import Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def places():
    """Bolton told two stories, Wigan one, Bury none though it was asked; Northbrook has no hexagon."""
    bolton, bury = a_place("Bolton", code="E08000001"), a_place("Bury", code="E08000002")
    wigan, northbrook = a_place("Wigan", code="E08000010"), a_place("Northbrook", code="N1")
    a_place("Oldham", code="E08000004")
    workshop = a_workshop(places=[bolton, bury])
    for place in (bolton, bolton, wigan, northbrook):
        a_story(workshop=workshop, place=place)
    a_story(workshop=workshop, place=bolton, status=Status.DRAFT)
    a_story(workshop=workshop)
    return workshop


def test_places_are_those_asked_or_heard_with_their_published_stories(places):
    counted = [(place.name, place.story_count) for place in places_with_story_counts()]
    assert counted == [("Bolton", 2), ("Bury", 0), ("Northbrook", 1), ("Wigan", 1)]


def test_wide_place_that_stands_in_for_another_is_not_listed_beside_those_it_holds(places):
    wide, county = a_place("Greater Manchester", code="E47000001"), a_place("Kent", code="E10000016")
    for place in (wide, county):
        a_story(workshop=places, place=place)
    places.places.add(county)
    listed = [(place.name, place.story_count) for place in places_with_story_counts()]
    assert listed == [("Bolton", 2), ("Bury", 0), ("Kent", 1), ("Northbrook", 1), ("Wigan", 1)]


def test_places_of_a_programme_count_its_own_stories(places):
    bolton = places.places.get(name="Bolton")
    a_story(workshop=a_workshop(), place=bolton)
    counted = {place.name: place.story_count for place in places_with_story_counts(places.phase.programme)}
    assert counted == {"Bolton": 2, "Bury": 0, "Northbrook": 1, "Wigan": 1}


def test_map_draws_places_that_have_a_hexagon_in_the_shade_of_what_they_told(places):
    for _ in range(3):
        a_story(workshop=places, place=places.places.get(name="Bolton"))
    drawn = [
        (hexagon.place.name, hexagon.x, hexagon.y, hexagon.depth) for hexagon in hexagons(places_with_story_counts())
    ]
    assert drawn == [("Bolton", 200, 0, 2), ("Bury", 300, 0, 0), ("Wigan", 150, 87, 1)]


def test_no_two_places_share_a_hexagon():
    assert len(set(HEXAGONS.values())) == len(HEXAGONS) == 10


@pytest.mark.parametrize("address", ["/", "/places/"])
def test_map_and_list_lead_to_each_place_and_say_its_number(address, places, client):
    html = " ".join(client.get(address).content.decode().split())
    assert 'href="/places/E08000001/" aria-label="Bolton 2 stories"' in html
    assert 'href="/places/E08000010/" aria-label="Wigan 1 story"' in html
    assert '<li><a href="/places/N1/">Northbrook</a> <span class="meta">1 story</span></li>' in html
    assert "Oldham" not in html


def test_list_of_places_holds_those_of_its_page_as_a_file(places, client):
    a_story(workshop=a_workshop(), place=a_place("Leeds", code="E08000035"))
    of_all = ["Bolton", "Bury", "Leeds", "Northbrook", "Wigan"]
    of_one = ["Bolton", "Bury", "Northbrook", "Wigan"]
    slug = places.phase.programme.slug
    for query, names in [({}, of_all), ({"programme": slug}, of_one), ({"programme": "none"}, [])]:
        page = client.get("/places/", query)
        file = client.get("/places/", query | {"format": "json"})
        assert [place.name for place in page.context["places"]] == names
        assert sorted(row["name"] for row in json.loads(file.getvalue())) == names
        assert f"<h2>{len(names)} places</h2>" in page.content.decode()


def test_map_of_a_programme_stands_on_its_page(places, client):
    html = client.get(places.phase.programme.get_absolute_url()).content.decode()
    assert 'aria-label="Bolton 2 stories"' in html


def test_places_without_a_hexagon_have_a_list_and_no_map(client):
    a_story(place=a_place("Northbrook", code="N1"))
    html = client.get("/places/").content.decode()
    assert "Northbrook" in html
    assert "<svg" not in html
