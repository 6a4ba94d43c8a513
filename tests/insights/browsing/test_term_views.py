"""The pages of a place, a service area, a theme and a tag: what the archive means for them."""

import re

import pytest

from insights.choices import Direction, Role, Share, Verdict
from insights.models import Evidence
from tests.factories import (
    a_commitment,
    a_place,
    a_practice,
    a_result,
    a_service_area,
    a_story,
    a_theme,
    a_workshop,
    an_insight,
)
from workshops.choices import Status

pytestmark = pytest.mark.django_db

PAGES = {
    "/service-areas/hubs/": "service_area=hubs",
    "/themes/people/": "theme=people",
    "/places/B/": "place=B",
    "/tags/trust/": "tag=trust",
}


@pytest.fixture
def here():
    """The fields of a story that all four pages show."""
    return {
        "service_area": a_service_area("Hubs"),
        "place": a_place("Bolton", code="B"),
        "themes": [a_theme("People")],
        "tags": ["trust"],
    }


def text_of(client, address):
    return " ".join(client.get(address).content.decode().split())


def quoted(insight, story, role, excerpt):
    return Evidence.objects.create(insight=insight, story=story, role=role, excerpt=excerpt, order=9)


@pytest.mark.parametrize("address", PAGES)
def test_page_of_a_word_shows_its_stories_and_the_way_to_all(address, here, client):
    workshop = a_workshop()
    for _ in range(11):
        a_story(workshop=workshop, **here)
    a_story(workshop=workshop, title="Elsewhere")
    response = client.get(address)
    assert len(response.context["stories"]) == 10
    assert f'<a href="/stories/?{PAGES[address]}">All 11 stories</a>' in response.content.decode()
    assert "Elsewhere" not in response.content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_page_of_a_word_says_what_its_own_stories_do_to_each_insight(address, here, client):
    ours, theirs, hidden = a_story(**here), a_story(), a_story(**here, status=Status.DRAFT)
    an_insight(supports=[theirs, hidden], contradicts=[ours], themes=here["themes"])
    name = client.get(address).context["from_here"]
    assert f'<p class="from-here">{name}: 1 story contradicts this</p>' in text_of(client, address)


@pytest.mark.parametrize("address", PAGES)
def test_page_of_a_word_quotes_for_and_against_from_its_own_public_stories(address, here, client):
    insight, draft = an_insight(title="Claim"), an_insight(status=Status.DRAFT)
    told = a_story(published_text="We rang everyone. Nobody rang us. It was late.", **here)
    hidden = a_story(published_text="Secret words.", **here, status=Status.DRAFT)
    supporting = quoted(insight, told, Role.SUPPORTS, "We rang everyone.")
    other = an_insight(title="Other claim")
    against = quoted(other, told, Role.CONTRADICTS, "Nobody rang us.")
    quoted(draft, told, Role.CONTRADICTS, "It was late.")
    quoted(insight, hidden, Role.QUALIFIES, "Secret words.")
    quoted(insight, a_story(published_text="From elsewhere."), Role.CONTRADICTS, "From elsewhere.")
    response = client.get(address)
    assert response.context["voices"] == {"for": [supporting], "against": [against]}
    html = response.content.decode()
    assert "<p>We rang everyone.</p>" in html
    assert "<p>Nobody rang us.</p>" in html
    assert "It was late.</p>" not in html.replace("We rang everyone. Nobody rang us. It was late.", "")
    assert "Secret" not in html


def test_voices_put_a_contradiction_before_a_reservation_and_hear_each_story_once(here, client):
    told = [a_story(published_text="Words.", **here) for _ in range(4)]
    first, second = an_insight(slug="a"), an_insight(slug="b")
    quoted(first, told[0], Role.QUALIFIES, "Words.")
    contradiction = quoted(second, told[1], Role.CONTRADICTS, "Words.")
    quoted(second, told[0], Role.QUALIFIES, "Words.")
    heard = client.get("/places/B/").context["voices"]["against"]
    assert [(piece.story, piece.role) for piece in heard] == [
        (told[1], Role.CONTRADICTS),
        (told[0], Role.QUALIFIES),
    ]
    assert heard[0] == contradiction


def test_voices_hear_another_story_in_favour_than_the_one_that_speaks_against(here, client):
    both, other = (a_story(published_text="Words here. Others.", **here) for _ in range(2))
    quoted(an_insight(slug="a"), both, Role.SUPPORTS, "Words here.")
    quoted(an_insight(slug="b"), both, Role.QUALIFIES, "Others.")
    quoted(an_insight(slug="c"), other, Role.SUPPORTS, "Words here.")
    heard = client.get("/places/B/").context["voices"]
    assert [[piece.story for piece in pieces] for pieces in heard.values()] == [[other], [both]]


def test_quotation_for_one_insight_and_against_another_stands_once(here, client):
    story = a_story(published_text="It was late. Nobody rang us.", **here)
    quoted(an_insight(title="Claim"), story, Role.SUPPORTS, "Nobody rang us.")
    quoted(an_insight(title="Other claim"), story, Role.QUALIFIES, "Nobody rang us.")
    html = text_of(client, "/places/B/")
    assert html.count("Nobody rang us.") == 1
    assert re.findall(r"(Supports|Qualifies) “<a[^>]*>(.*?)</a>”", html) == [
        ("Supports", "Claim"), ("Qualifies", "Other claim"),
    ]  # fmt: skip


def test_list_of_stories_shows_the_words_of_those_that_are_not_quoted_above(here, client):
    story, _other = (a_story(title=title, published_text=f"{title} rang.", **here) for title in ("Ann", "Bob"))
    quoted(an_insight(), story, Role.SUPPORTS, "Ann rang.")
    html = text_of(client, "/places/B/")
    listed = html.partition("<h2> Stories </h2>")[2].partition("</section>")[0]
    shown = dict(re.findall(r"<h3><a[^>]*>(.*?)</a></h3>.*?</p> <p[^>]*>(.*?)</p>", listed))
    assert shown == {"Ann": "Quoted above", "Bob": "Bob rang."}


@pytest.mark.parametrize("word", ["less", "more"])
@pytest.mark.parametrize(
    ("group", "shown"), [("Hubs", True), ("Early help + Hubs", True), ("Youth Hubs", False), ("", False)]
)
def test_page_of_a_service_area_shows_where_its_released_votes_stand_apart(word, group, shown, here, client):
    practice = a_practice(statement="A call every week")
    apart = {"verdict": Verdict.DIFFER, word: [group]} if group else {"verdict": Verdict.MIXED}
    a_result(practice, direction=Direction.RETAIN, share=Share.MOST, **apart)
    response = client.get("/service-areas/hubs/")
    assert response.context["apart"] == ([practice] if shown else [])
    none = "On none of the 1 practice with released votes does Hubs stand apart"
    assert (none in text_of(client, "/service-areas/hubs/")) is not shown


def test_practice_taken_back_after_its_release_stands_apart_nowhere(here, client):
    practice = a_practice(statement="Taken back", status=Status.DRAFT)
    a_result(practice, direction=Direction.RETAIN, share=Share.MOST, verdict=Verdict.DIFFER, less=["Hubs"])
    assert client.get("/service-areas/hubs/").context["apart"] == []
    assert "Taken back" not in text_of(client, "/service-areas/hubs/")


def test_page_of_a_place_shows_practices_drawn_from_its_public_stories(here, client):
    chosen = a_practice(stories=[a_story(**here), a_story(**here)])
    a_practice(stories=[a_story(**here, status=Status.DRAFT)])
    a_practice(stories=[a_story()])
    assert list(client.get("/places/B/").context["practices"]) == [chosen]
    assert list(client.get("/votes/?place=B").context["practice_list"]) == [chosen]
    assert "With a story from: Bolton" in text_of(client, "/votes/?place=B")


def test_page_of_a_place_shows_what_it_undertook_and_no_other(here, client):
    a_commitment(place=here["place"], text="Keep the call")
    a_commitment(text="Somebody else’s promise")
    a_commitment(place=here["place"], text="Unsaid", insight=an_insight(status=Status.DRAFT))
    html = text_of(client, "/places/B/")
    assert "Keep the call" in html
    assert "Somebody else’s promise" not in html
    assert "Unsaid" not in html


@pytest.mark.parametrize("address", ["/service-areas/hubs/", "/themes/people/", "/tags/trust/"])
def test_page_of_a_word_shows_commitments_on_insights_that_draw_on_it(address, here, client):
    story = a_story(**here)
    a_commitment(insight=an_insight(supports=[story], themes=here["themes"]), text="Keep the call")
    a_commitment(text="On something else")
    html = text_of(client, address)
    assert "Keep the call" in html
    assert "On something else" not in html


@pytest.mark.parametrize("address", PAGES)
def test_downloads_of_a_word_hold_as_many_rows_as_the_page_says(address, here, client):
    story = a_story(**here)
    a_story(), a_story(**here, status=Status.DRAFT)
    an_insight(supports=[story], themes=here["themes"]), an_insight(supports=[a_story()])
    a_practice(stories=[story], themes=here["themes"], service_areas=[here["service_area"]], tags=["trust"])
    a_practice()
    html = client.get(address).content.decode()
    for name in ("stories", "insights", "votes"):
        link = f"/{name}/?{PAGES[address]}&amp;format=csv"
        assert f'href="{link}"' in html
        lines = b"".join(client.get(link.replace("&amp;", "&"))).decode().splitlines()
        assert len(lines) == 2, link
