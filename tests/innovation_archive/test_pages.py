"""Every public page: that it answers, what it costs, and that it holds nothing that is not public."""

import datetime
import io
import re
from html import unescape
from zipfile import ZipFile

import pytest
from defusedxml import ElementTree
from django.contrib.sitemaps import Sitemap
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from insights.choices import Reason
from insights.models import Article, Evidence, Publication, Review, SetAside
from insights.votes.release import release
from tests.factories import (
    a_ballot,
    a_commitment,
    a_correction,
    a_participant,
    a_phase,
    a_place,
    a_practice,
    a_programme,
    a_service_area,
    a_story,
    a_tally,
    a_theme,
    a_user,
    a_workshop,
    an_article,
    an_insight,
    votes_on,
)
from workshops.choices import Consent, Status
from workshops.models import Identity, Practice, Story

DISCLOSURE = "Illustrative sample: people, stories and votes are invented."
SOME = "Some of what is shown here is an illustrative sample: its people, stories and votes are invented."

# What each public address may ask of the database, however much the archive holds.
QUERIES = {
    "/": 26,
    "/programmes/gm/": 20,
    "/insights/": 11,
    "/insights/finding/": 24,
    "/insights/finding/v1/": 6,
    "/matrix/": 10,
    "/votes/": 11,
    "/practices/P-1/": 11,
    "/stories/": 18,
    "/stories/?service_area=hubs&theme=people&place=B1&phase=1&kind=innovation&tag=trust&q=wording": 33,
    "/stories/s1/": 6,
    "/workshops/": 9,
    "/workshops/first/": 15,
    "/service-areas/hubs/": 31,
    "/themes/people/": 27,
    "/places/": 3,
    "/places/B1/": 30,
    "/tags/trust/": 27,
    "/articles/": 3,
    "/articles/opening/": 9,
    "/commitments/": 6,
    "/data/": 25,
    "/about/method/": 7,
    "/accessibility/": 1,
    "/privacy/": 3,
    "/complaints/": 2,
    "/complaints/story/s1/": 3,
    "/complaints/insight/finding/": 3,
    "/complaints/article/opening/": 3,
    "/feeds/insights.atom": 1,
    "/sitemap.xml": 30,
    "/robots.txt": 0,
    "/healthz": 0,
}
PAGES = [
    address for address in QUERIES if address not in {"/feeds/insights.atom", "/sitemap.xml", "/robots.txt", "/healthz"}
]


def fill(stories, **programme):
    """A small archive with one of everything, and so many published stories."""
    programme = a_programme(slug="gm", title="Greater Manchester", **programme)
    phase = a_phase(programme=programme)
    hubs, people = a_service_area("Hubs"), a_theme("People")
    place = a_place("Bolton", code="B1")
    workshops = [
        a_workshop(slug=slug, phase=phase, service_areas=[hubs], places=[place]) for slug in ("first", "second")
    ]
    told = [
        a_story(
            ref=f"s{number}",
            workshop=workshops[number % 2],
            service_area=hubs,
            place=place,
            themes=[people],
            tags=["trust", f"tag {number}"],
        )
        for number in range(1, stories + 1)
    ]
    practices = [
        a_practice(ref=f"P-{number}", stories=told, themes=[people], service_areas=[hubs], tags=["trust"])
        for number in (1, 2)
    ]
    finding = an_insight(
        slug="finding", supports=told[:-1], contradicts=told[-1:], programme=programme, themes=[people], summary=""
    )
    Evidence.objects.create(insight=finding, practice=practices[0], order=stories + 1)
    Evidence.objects.update(excerpt="Wording")
    Publication.objects.create(
        insight=finding, version=1, published_on=datetime.date(2020, 11, 1), text={"title": "Finding"}, hash="0" * 64
    )
    idea = an_insight(slug="idea", kind="big idea", builds_on=[finding], supports=told[:2], programme=programme)
    SetAside.objects.create(insight=idea, story=told[2], reason=Reason.OUTLIER)
    an_article(slug="opening", insights=[finding, idea], programme=programme)
    commitment = a_commitment(insight=finding, place=place)
    Review.objects.create(commitment=commitment, due_on=datetime.date(2021, 2, 1))
    return finding


@pytest.mark.parametrize("stories", [10, 200])
def test_public_address_answers_with_the_same_queries_however_many_stories(stories, db, client):
    fill(stories)
    b"".join(client.get("/data/archive.zip").streaming_content)  # all measured, so that /data/ measures none
    taken = {}
    for address in QUERIES:
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
        taken[address] = len(queries)
        assert response.status_code == 200, address
    assert taken == QUERIES


def test_data_page_measures_one_file_a_visit_so_that_none_takes_long(db, client):
    fill(10)
    for visit in range(1, 17):
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/data/").content.decode()
        assert len(queries) <= 33
        assert page.count(", the same since") == visit


LEAKS = {
    "draft": {"status": Status.DRAFT},
    "reviewed": {"status": Status.IN_REVIEW},
    "lowered": {"status": Status.UNPUBLISHED, "consent": Consent.TEAM},
    "unpublished": {"status": Status.UNPUBLISHED},
    "withdrawn": {"status": Status.WITHDRAWN, "withdrawn_at": datetime.datetime(2021, 1, 1, tzinfo=datetime.UTC)},
}


@pytest.fixture
def leaky(db):
    """An archive in which each story that is not public says so in its title, wording and tag, and is evidence."""
    finding = fill(3)
    practice = finding.evidence.get(practice__isnull=False).practice
    like = Story.objects.get(ref="s1")
    for order, (word, fields) in enumerate(LEAKS.items(), 10):
        story = a_story(
            ref=word,
            title=f"Secret{word} title",
            published_text=f"Secret{word} wording",
            text=f"Secret{word} as told",
            tags=[f"Secret{word} tag"],
            themes=like.themes.all(),
            workshop=like.workshop,
            service_area=like.service_area,
            place=like.place,
            **fields,
        )
        Evidence.objects.create(insight=finding, story=story, order=order, excerpt=f"Secret{word}")
        SetAside.objects.create(insight=finding.built_on_by.get(), story=story, reason=Reason.OUTLIER)
        practice.stories.add(story)
    like.workshop.notes = "Secretnotes"
    like.workshop.save()
    like.workshop.facilitators.set([a_user(username="Secretfacilitator")])
    like.original_text.text = "Secret as told"
    like.original_text.save()
    hidden = an_insight(slug="hidden", title="Secretinsight", supports=[like], status=Status.DRAFT, builds_on=[finding])
    a_commitment(insight=hidden, text="Secretcommitment", place=like.place)
    an_article(slug="later", title="Secretarticle", published_on=None, insights=[finding])
    a_practice(
        ref="P-draft", statement="Secretpractice", status=Status.DRAFT, stories=[like], tags=["Secretpractice tag"]
    )
    return like


def addresses_linked_from(client):
    """Every address of this site that a reader can come to from the home page, with what it shows.

    Of filters two at a time: each narrows the list that the others leave, and all together they are thousands.
    """
    shown, found = {}, ["/", "/sitemap.xml"]
    while found:
        address = found.pop()
        if address in shown or "/admin/" in address or address.count("&") > 1:
            continue
        response = client.get(address)
        assert response.status_code == 200, address
        shown[address] = taken(response)
        links = re.findall(r'href="([^"#]+)', shown[address].decode()) if "html" in response["Content-Type"] else []
        for href in map(unescape, links):
            link = address.split("?")[0] + href if href.startswith("?") else href
            if link.startswith("/") and not link.startswith("/static/"):
                found.append(link)
    return shown


@pytest.mark.any_database
def test_nothing_that_is_not_public_stands_on_any_page_or_file(leaky, client):
    shown = addresses_linked_from(client)
    assert {"/stories/s1/", "/insights/finding/", "/tags/trust/", "/stories/?format=csv", "/matrix/"} <= set(shown)
    assert {address: text for address, text in shown.items() if b"secret" in text.lower()} == {}


@pytest.mark.any_database
def test_no_page_or_file_changes_by_what_is_not_public(db, client, monkeypatch):
    """Not by a count, an order or an empty list either: whoever asks twice learns nothing from the difference."""
    moment = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: moment)  # /data/ tells to the minute when each file was written
    finding = fill(3)
    like, practice = Story.objects.get(ref="s1"), Practice.objects.get(ref="P-1")
    votes_on(practice, like.workshop, Hubs=(9, 3, 0, 1), Homes=(12, 0, 0, 0))
    release(finding.programme)
    room = like.workshop
    taken(client.get("/data/archive.zip"))  # which measures the files, so that /data/ has their sizes to show
    before = addresses_linked_from(client)

    teller = a_participant([room], service_area=like.service_area, place=like.place)
    Identity.objects.create(participant=teller, name="Ann Other")
    for status, level in [
        (Status.DRAFT, Consent.TEAM),
        (Status.IN_REVIEW, Consent.CREDITED),
        (Status.UNPUBLISHED, Consent.PUBLIC),
    ]:
        story = a_story(
            workshop=room,
            told_by=teller,
            service_area=like.service_area,
            place=like.place,
            themes=like.themes.all(),
            tags=["trust", f"tag of the {status}"],
            status=status,
            consent=level,
        )
        practice.stories.add(story)
        Evidence.objects.create(insight=finding, story=story, order=90 + story.pk, excerpt="Wording")
        SetAside.objects.create(insight=finding.built_on_by.get(), story=story, reason=Reason.OUTLIER)
    hidden = an_insight(status=Status.DRAFT, supports=[like], builds_on=[finding], programme=finding.programme)
    finding.builds_on.add(hidden)
    a_commitment(insight=hidden, place=like.place)
    an_article(published_on=None, insights=[finding], programme=finding.programme)
    Article.objects.get(slug="opening").insights.add(hidden)
    draft = a_practice(status=Status.DRAFT, stories=[like], tags=["trust"], themes=like.themes.all())
    votes_on(practice, room, Hubs=(0, 0, 9, 0))
    votes_on(draft, room, Hubs=(20, 0, 0, 0))
    a_tally(practice=practice, workshop=room, service_area=like.service_area, keep=40)
    a_ballot([practice, draft], workshop=room)
    a_correction(like, suggested_by=a_user("facilitator"))
    room.facilitators.set([a_user("facilitator")])

    after = addresses_linked_from(client)
    assert {"/votes/", "/practices/P-1/", "/data/vote_results.csv", "/insights/finding/"} <= set(before)
    assert set(after) == set(before)
    assert [each for each in before if timeless(after[each]) != timeless(before[each])] == []


def taken(response):
    return b"".join(response) if response.streaming else response.content


def timeless(content):
    """What was answered without what differs from one request to the next: tokens, and when a file was made."""
    if content.startswith(b"PK"):
        with ZipFile(io.BytesIO(content)) as archive:
            return [(name, timeless(archive.read(name))) for name in archive.namelist()]
    return re.sub(rb'name="(csrfmiddlewaretoken|form_key)" value="\w+"|"created": "[^"]+"|Written [^ ]+', b"", content)


@pytest.mark.parametrize("address", [address for address in QUERIES if "?" not in address])
def test_public_address_holds_nothing_that_is_not_public(address, leaky, client):
    assert b"secret" not in client.get(address).content.lower()


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/stories/draft/", 404),
        ("/stories/reviewed/", 404),
        ("/stories/lowered/", 404),
        ("/stories/unpublished/", 404),
        ("/stories/withdrawn/", 410),
        ("/insights/hidden/", 404),
        ("/articles/later/", 404),
        ("/practices/P-draft/", 404),
        ("/tags/secretdraft-tag/", 404),
        ("/tags/secretpractice-tag/", 404),
        ("/stories/no%00such/", 404),
        ("/stories/none/", 404),
        ("/programmes/none/", 404),
        ("/places/none/", 404),
    ],
)
def test_page_of_what_is_not_public_says_no_more_than_that(address, status, leaky, client):
    response = client.get(address)
    assert response.status_code == status
    assert b"secret" not in response.content.lower()
    assert b"<h1>" in response.content


@pytest.mark.parametrize("query", ["q=secret", "q=secretdraft", "tag=secretdraft-tag", "workshop=first&q=told"])
def test_search_and_filters_find_nothing_that_is_not_public(query, leaky, client):
    response = client.get(f"/stories/?{query}")
    assert response.context["paginator"].count == 0
    assert b"secretdraft title" not in response.content.lower()


def test_numbers_of_the_home_page_count_what_is_public(leaky, client):
    context = client.get("/").context
    assert context["story_count"] == 3
    assert context["finding_count"] == 1
    assert context["practice_count"] == 2


@pytest.mark.parametrize("address", PAGES)
def test_page_has_one_title_one_heading_and_its_landmarks(address, db, client):
    fill(3)
    html = client.get(address).content.decode()
    assert len(re.findall("<h1>", html)) == 1
    assert re.search(r"<title>\S.*</title>", html)
    assert re.search(r'<meta name="description"\s+content="\S', html)
    assert 'href="#content"' in html and '<main id="content"' in html
    assert not re.search(r"<style|style=|<script(?! src=)| on\w+=", html)


def test_titles_of_pages_are_unique(db, client):
    fill(3)
    titles = [
        re.search("<title>(.*)</title>", client.get(address).content.decode())[1]
        for address in PAGES
        if "?" not in address
    ]
    assert sorted(titles) == sorted(set(titles))


EVERYWHERE = [name for name in PAGES if name.count("/") == 2 or name == "/"] + ["/about/method/"]


@pytest.mark.parametrize("address", EVERYWHERE)
def test_page_of_an_empty_archive_answers(address, db, client):
    response = client.get(address)
    assert response.status_code == 200


@pytest.mark.parametrize(
    "address", ["/", "/insights/", "/matrix/", "/votes/", "/stories/", "/workshops/", "/articles/", "/commitments/"]
)
def test_list_of_an_empty_archive_says_what_to_do_first(address, db, client):
    assert b"python manage.py import_data" in client.get(address).content


@pytest.mark.parametrize("address", PAGES)
def test_page_of_an_illustrative_archive_says_so(address, db, client):
    fill(3, illustrative=True)
    assert client.get(address).content.count(f'<span class="width">{DISCLOSURE}</span>'.encode()) == 1


@pytest.mark.parametrize("address", PAGES)
def test_page_of_a_real_archive_does_not_call_itself_illustrative(address, db, client):
    fill(3)
    assert b"llustrative sample" not in client.get(address).content


def test_illustrative_archive_says_so_where_nothing_is_found(db, client):
    fill(3, illustrative=True)
    assert DISCLOSURE.encode() in client.get("/stories/none/").content


def test_illustrative_feed_says_so_in_every_entry(db, client):
    fill(3, illustrative=True)
    summaries = ElementTree.fromstring(client.get("/feeds/insights.atom").content).findall(".//{*}summary")
    assert [summary.text for summary in summaries] == [DISCLOSURE]


@pytest.fixture
def mixed(db):
    """A real programme, and beside it an illustrative one with a story, an insight, a practice and more."""
    fill(3)
    invented = a_programme(slug="invented", illustrative=True)
    workshop = a_workshop(slug="made-up", programme=invented, held_on=datetime.date(2022, 1, 1))
    story = a_story(ref="made-up", workshop=workshop)
    insight = an_insight(slug="made-up", supports=[story], programme=invented)
    a_practice(ref="P-made-up", stories=[story])
    an_article(slug="made-up", programme=invented)
    a_commitment(insight=insight)


@pytest.mark.parametrize(
    "address", ["/", "/insights/", "/votes/", "/stories/", "/workshops/", "/articles/", "/commitments/"]
)
def test_list_of_a_partly_illustrative_archive_marks_each_item(address, mixed, client):
    html = client.get(address).content.decode()
    assert SOME in html
    assert html.count('<span class="mark">Illustrative sample</span>') == 1


@pytest.mark.parametrize(
    ("address", "disclosure"),
    [
        ("/programmes/invented/", DISCLOSURE),
        ("/stories/made-up/", DISCLOSURE),
        ("/insights/made-up/", DISCLOSURE),
        ("/articles/made-up/", DISCLOSURE),
        ("/workshops/made-up/", DISCLOSURE),
        ("/stories/?programme=invented", DISCLOSURE),
        ("/stories/s1/", None),
        ("/insights/finding/", None),
        ("/stories/?programme=gm", None),
        ("/stories/", SOME),
    ],
)
def test_page_of_one_programme_speaks_for_that_programme(address, disclosure, mixed, client):
    bars = re.findall('<p class="disclosure"><span class="width">(.*?)</span>', client.get(address).content.decode())
    assert bars == ([disclosure] if disclosure else [])


def test_sitemap_lists_every_public_page_and_no_other(leaky, client):
    paths = set(locations_of(client, "/sitemap.xml"))
    assert {"/", "/data/", "/stories/s1/", "/insights/finding/", "/tags/trust/", "/places/B1/"} <= paths
    assert [path for path in paths if client.get(path).status_code != 200] == []


def test_sitemap_of_more_addresses_than_a_file_may_hold_is_an_index_of_files(leaky, client, monkeypatch):
    whole = locations_of(client, "/sitemap.xml")
    monkeypatch.setattr(Sitemap, "limit", 2)
    files = locations_of(client, "/sitemap.xml")
    assert {"/sitemap-pages.xml", "/sitemap-pages.xml?p=2", "/sitemap-stories.xml"} <= set(files)
    parts = [locations_of(client, file) for file in files]
    assert max(map(len, parts)) == 2
    assert sorted(path for part in parts for path in part) == sorted(whole)
    assert client.get("/sitemap-nothing.xml").status_code == 404


def locations_of(client, sitemap):
    locations = ElementTree.fromstring(client.get(sitemap).content).findall(".//{*}loc")
    return [location.text.removeprefix("http://testserver") for location in locations]


def test_robots_are_kept_from_the_desk_and_shown_the_sitemap(client):
    assert client.get("/robots.txt").content.decode() == (
        "User-agent: *\nDisallow: /admin/\nSitemap: http://testserver/sitemap.xml\n"
    )
