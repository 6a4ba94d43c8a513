"""What each page says of itself to search engines and to those who share it."""

import re
from html import unescape

import pytest

from tests.factories import a_place, a_programme, a_story, a_workshop, an_insight
from tests.innovation_archive.test_pages import DISCLOSURE, PAGES, fill

pytestmark = pytest.mark.django_db


def head(client, address):
    """{name: content} of a page's meta elements, and its canonical address."""
    html = client.get(address).content.decode()
    found = dict(re.findall(r'<meta (?:name|property)="([^"]+)"\s+content="([^"]*)"', html))
    found["canonical"] = re.search('<link rel="canonical" href="([^"]*)"', html)[1]
    return {name: unescape(content) for name, content in found.items()}


@pytest.mark.parametrize("address", [address for address in PAGES if "?" not in address])
def test_page_has_one_address_and_a_card_that_says_what_the_page_says(address, client):
    fill(3)
    said = head(client, address)
    title = unescape(re.search("<title>(.*)</title>", client.get(address).content.decode())[1])
    assert said["canonical"] == said["og:url"] == f"http://testserver{address}"
    assert (said["og:title"], said["og:description"]) == (title, said["description"])
    assert said["og:image"] == "http://testserver/static/social.png"
    assert said["twitter:card"] == "summary_large_image"


@pytest.mark.parametrize("address", PAGES)
def test_card_of_an_illustrative_archive_says_so_once(address, client):
    fill(3, illustrative=True)
    said = head(client, address)
    assert said["og:description"].count(DISCLOSURE) == said["og:image:alt"].count(DISCLOSURE) == 1
    assert said["og:image"] == "http://testserver/static/social-illustrative.png"


def test_card_of_an_illustrative_programme_says_so_beside_a_real_one(client):
    fill(3)
    invented = an_insight(programme=a_programme(illustrative=True), title="Made up", summary="Words.")
    assert head(client, invented.get_absolute_url())["og:description"] == f"{DISCLOSURE} Words."
    assert DISCLOSURE not in head(client, "/insights/finding/")["og:description"]


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("/stories/?utm_source=mail&place=B&sort=title&theme=&page=1", "/stories/?place=B"),
        ("/workshops/?page=2", "/workshops/?page=2"),
        ("/about/method/?page=2&place=B", "/about/method/"),
        ("/places/B/?utm_source=mail", "/places/B/"),
    ],
)
def test_canonical_address_keeps_what_chooses_the_rows_and_drops_the_rest(asked, canonical, client):
    place = a_place(code="B")
    for _ in range(26):
        a_workshop(places=[place])
    a_story(place=place)
    assert head(client, asked)["canonical"] == f"http://testserver{canonical}"


def test_addresses_in_the_head_are_those_where_readers_find_the_archive(client, settings):
    settings.SITE_URL = "https://archive.example.org"
    said = head(client, "/places/")
    assert said["canonical"] == "https://archive.example.org/places/"
    assert said["og:image"] == "https://archive.example.org/static/social.png"


def test_title_with_quotes_and_brackets_stays_inside_its_attribute(client):
    hostile = an_insight(title='"><script>alert(1)</script>')
    html = client.get(hostile.get_absolute_url()).content.decode()
    assert "<script" not in html
    assert head(client, hostile.get_absolute_url())["og:title"].startswith('"><script>alert(1)</script>')


@pytest.mark.parametrize("address", ["/stories/none/", "/no-such-page/"])
def test_page_that_is_not_there_has_no_address_to_share(address, client):
    html = client.get(address).content.decode()
    assert "There is no such page" in html
    assert "canonical" not in html
    assert "og:" not in html


def test_accessibility_page_says_to_whom_a_barrier_is_reported(client, settings):
    assert "mailto:" not in client.get("/accessibility/").content.decode()
    settings.CONTACT_EMAIL = "help@archive.example.org"
    assert 'href="mailto:help@archive.example.org"' in client.get("/accessibility/").content.decode()
