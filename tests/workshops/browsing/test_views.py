import datetime
import re
from html import unescape

import pytest
from django.utils.http import urlencode

from tests.factories import (
    a_participant,
    a_phase,
    a_place,
    a_practice,
    a_programme,
    a_service_area,
    a_story,
    a_theme,
    a_user,
    a_workshop,
    an_insight,
)
from workshops.choices import Consent, Kind, Status
from workshops.roles import EDITOR, FACILITATOR

pytestmark = pytest.mark.django_db


def titles(client, query=""):
    return [story.title for story in client.get(f"/stories/?{query}").context["story_list"]]


@pytest.fixture
def stories():
    """Three stories that differ in all by which a list can be narrowed."""
    early_help, hubs = a_service_area("Early help"), a_service_area("Hubs")
    people, rules = a_theme("People"), a_theme("Rules")
    bolton, bury = a_place("Bolton", code="E08000001"), a_place("Bury", code="E08000002")
    first, last = a_phase(number=1), a_phase(number=3)
    spring = a_workshop(slug="spring.2020", phase=first, held_on=datetime.date(2020, 5, 1))
    autumn = a_workshop(slug="autumn", phase=last, held_on=datetime.date(2020, 9, 1))
    undated = a_workshop(slug="undated", phase=last, held_on=None)
    a_story(
        title="Beds", published_text="A hotel opened its doors.", workshop=spring, service_area=early_help,
        place=bolton, themes=[people, rules], tags=["mental health", "Café"],
    )  # fmt: skip
    a_story(
        title="Calls", published_text="Somebody rang every family.", workshop=autumn, service_area=hubs, place=bury,
        themes=[people], tags=["trust"], kind=Kind.MESSAGE,
    )  # fmt: skip
    a_story(title="Apples", published_text="Doors, again.", workshop=undated, kind=Kind.ELSEWHERE, location="Utrecht")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Calls", "Beds", "Apples"]),
        ("sort=newest", ["Calls", "Beds", "Apples"]),
        ("sort=oldest", ["Beds", "Calls", "Apples"]),
        ("sort=title", ["Apples", "Beds", "Calls"]),
        ("service_area=hubs", ["Calls"]),
        ("theme=people", ["Calls", "Beds"]),
        ("theme=rules", ["Beds"]),
        ("place=E08000001", ["Beds"]),
        ("phase=3", ["Calls", "Apples"]),
        ("kind=elsewhere", ["Apples"]),
        ("tag=mental-health", ["Beds"]),
        ("tag=caf%C3%A9", ["Beds"]),
        ("workshop=spring.2020", ["Beds"]),
        ("theme=people&phase=3", ["Calls"]),
        ("theme=rules&phase=3", []),
        ("q=doors&sort=newest", ["Beds", "Apples"]),
        ("q=door&sort=oldest", ["Beds", "Apples"]),
        ("q=DOORS+hotel", ["Beds"]),
        ("q=doors+rang", []),
        ("q=beds", ["Beds"]),
        ("q=mental", ["Beds"]),
        ("q=CAF%C3%89", ["Beds"]),
        ("q=100%25", []),
        ("theme=people&theme=rules", ["Beds"]),
        ("unknown=1", ["Calls", "Beds", "Apples"]),
        ("place=&theme=&q=&sort=", ["Calls", "Beds", "Apples"]),
    ],
)
def test_story_list_shows_what_its_filters_choose(query, found, stories, client):
    assert titles(client, query) == found


def test_story_list_of_a_programme_shows_that_programme(client):
    mine, other = a_story(title="Mine"), a_story(title="Other")
    assert titles(client, f"programme={mine.workshop.phase.programme.slug}") == ["Mine"]
    assert titles(client, f"programme={other.workshop.phase.programme.slug}") == ["Other"]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("place=E99", "There is no place “E99”."),
        ("service_area=E08000001", "There is no service area “E08000001”."),
        ("theme=x", "There is no theme “x”."),
        ("programme=x", "There is no programme “x”."),
        ("workshop=x", "There is no workshop “x”."),
        ("tag=x", "There is no tag “x”."),
        ("phase=2", "There is no phase “2”."),
        ("phase=01", "There is no phase “01”."),
        ("kind=draft", "There is no kind “draft”."),
        ("sort=ref", "There is no order “ref”."),
        ("theme=people&theme=x", "There is no theme “x”."),
        ("place=%00", "Null characters are not allowed."),
        ("place=<script>", "There is no place “&lt;script&gt;”."),
    ],
)
def test_story_list_narrowed_by_something_unknown_says_so_and_shows_nothing(query, sentence, stories, client):
    response = client.get(f"/stories/?{query}")
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert list(response.context["story_list"]) == []


def test_story_list_keeps_its_sentence_short_whatever_the_value(stories, client):
    html = client.get("/stories/", {"place": "x" * 5000}).content.decode()
    [sentence] = re.findall('<p class="notice" role="status">(.*?)</p>', html)
    assert sentence == f"There is no place “{'x' * 100}… So nothing is shown."


@pytest.mark.parametrize(
    "query",
    [
        {"q": "a\0b"},
        {"q": "%_\\'\";--"},
        {"q": " ".join(chr(97 + n % 26) * (1 + n // 26) for n in range(100))},
        {"q": "\ud7ff\U0010ffff\u202e"},
        {"phase": "9" * 5000},
        {"sort": "-told_by__identity__name"},
        {"kind": "\0"},
        {"tag": "\0"},
        {"workshop": "[]"},
        {"place[]": ["a", "b"], "q": ["a", "b"]},
        {"page": "1"},
    ],
)
def test_story_list_answers_whatever_it_is_asked(query, stories, client):
    assert client.get(f"/stories/?{urlencode(query, doseq=True)}").status_code == 200


@pytest.mark.parametrize("page", ["2", "99999"])
def test_story_list_has_ended_before_that_page(page, stories, client):
    assert client.get("/stories/", {"page": page}).status_code == 404
    assert client.get("/stories/", {"page": page, "q": "doors"}).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        *({"page": page} for page in ["-1", "0", "abc", "last", "1.5", "9" * 5000, "\0", "²"]),
        *({"after": place} for place in ["s1", "~", "yesterday~s1", "2020-13-01~s1", "\0~s1", "~" * 401]),
        {"before": "s1", "sort": "title"},
    ],
)
def test_story_list_says_that_there_is_no_such_page(query, stories, client):
    response = client.get("/stories/", {"theme": "people"} | query)
    assert response.status_code == 400
    assert "<h1>This list has no such page</h1>" in response.content.decode()
    assert 'href="?theme=people' in response.content.decode()


def test_story_list_says_that_a_long_search_was_cut(stories, client):
    response = client.get("/stories/", {"q": "doors " * 40})
    assert "We looked for the first 200 characters of your words only." in response.content.decode()
    assert titles(client, urlencode({"q": "doors" + " " * 195 + "nothing", "sort": "newest"})) == ["Beds", "Apples"]


def test_story_list_pages_by_twenty_five_and_keeps_its_filters(client):
    area, workshop = a_service_area("Hubs"), a_workshop()
    for _ in range(26):
        a_story(workshop=workshop, service_area=area)
    a_story(workshop=workshop)
    first = client.get("/stories/?service_area=hubs")
    assert len(first.context["story_list"]) == 25
    assert "26 stories" in first.content.decode()
    [following] = re.findall('rel="next"\\s+href="([^"]+)"', first.content.decode())
    assert following.startswith("?service_area=hubs&amp;after=2020-06-01~")
    assert len(client.get(f"/stories/{unescape(following)}").context["story_list"]) == 1
    assert len(client.get("/stories/?service_area=hubs&page=2").context["story_list"]) == 1


def test_story_list_offers_its_rows_as_files_from_any_page(stories, client):
    html = client.get("/stories/?theme=people&page=1").content.decode()
    assert 'href="?theme=people&amp;format=csv"' in html
    assert 'href="?theme=people&amp;format=json"' in html


def test_story_list_names_each_filter_and_the_way_without_it(stories, client):
    chosen = client.get("/stories/?theme=people&tag=trust&q=rang&page=1").context["filter"].chosen
    assert [(choice["label"], str(choice["value"]), choice["without"]) for choice in chosen] == [
        ("Search", "rang", "theme=people&tag=trust"),
        ("Theme", "People", "tag=trust&q=rang"),
        ("Tag", "trust", "theme=people&q=rang"),
    ]


def test_story_list_shows_the_public_record_to_editors_too(client):
    a_story(title="Public")
    a_story(title="Draft", status=Status.DRAFT)
    client.force_login(a_user(EDITOR))
    assert titles(client) == ["Public"]


def test_story_page_shows_the_published_wording_and_where_it_was_told(client):
    teller = a_participant(code="p-secret", role="Midwife", sector="Health")
    story = a_story(
        ref="bed.s-1", title="Beds & rooms", published_text="One.\n\nTwo <b>.", text="As told", told_by=teller,
        kind=Kind.ELSEWHERE, location="Utrecht", source_url="https://example.org/beds", tags=["trust"],
        consent=Consent.PUBLIC, credit="Ada",
    )  # fmt: skip
    html = client.get(story.get_absolute_url()).content.decode()
    assert "<h1>Beds &amp; rooms</h1>" in html
    assert "<p>One.</p>\n\n<p>Two &lt;b&gt;.</p>" in html
    assert 'href="https://example.org/beds"' in html
    assert "Utrecht" in html
    assert [word for word in ("As told", "p-secret", "Midwife", "Health", "Ada") if word in html] == []


def test_story_page_shows_the_credit_that_its_teller_chose(client):
    story = a_story(consent=Consent.CREDITED, credit="Ada, Bolton")
    assert "Told by Ada, Bolton" in client.get(story.get_absolute_url()).content.decode()


def test_story_page_shows_what_became_of_the_story(client):
    story = a_story()
    an_insight(title="Used", supports=[story])
    an_insight(title="Disputed", contradicts=[story])
    an_insight(title="Unpublished", supports=[story], status=Status.DRAFT)
    left_out = an_insight(title="Left out")
    left_out.set_aside.create(story=story, reason="too old")
    a_practice(statement="A practice", stories=[story])
    a_practice(statement="Not yet", stories=[story], status=Status.DRAFT)
    text = " ".join(client.get(story.get_absolute_url()).content.decode().split())
    assert f'It supports <a href="{story.evidence.first().insight.get_absolute_url()}">Used</a>' in text
    assert "Disputed" in text
    assert f'It was set aside for <a href="{left_out.get_absolute_url()}">Left out</a>: too old to speak' in text
    assert "A practice" in text
    assert "Unpublished" not in text
    assert "Not yet" not in text


@pytest.mark.parametrize("status", [Status.DRAFT, Status.IN_REVIEW, Status.UNPUBLISHED])
def test_story_page_of_what_is_not_public_is_for_those_who_may_see_it(status, client):
    facilitator, other, editor = a_user(FACILITATOR), a_user(FACILITATOR), a_user(EDITOR)
    workshop = a_workshop(facilitators=[facilitator])
    story = a_story(workshop=workshop, status=status, consent=Consent.FACILITATORS, published_text="Not yet.")
    seen = {}
    for name, user in {"facilitator": facilitator, "other": other, "editor": editor}.items():
        client.force_login(user)
        response = client.get(story.get_absolute_url())
        seen[name] = response.status_code
        assert (b"Not public." in response.content) == (name == "facilitator")
        assert (b"Not yet." in response.content) == (name == "facilitator")
    assert seen == {"facilitator": 200, "other": 404, "editor": 404}


def test_story_page_of_a_public_story_bears_no_banner(client):
    assert b"Not public." not in client.get(a_story().get_absolute_url()).content


def test_story_page_of_a_withdrawn_story_says_so_to_everyone(client):
    facilitator = a_user(FACILITATOR)
    story = a_story(
        workshop=a_workshop(facilitators=[facilitator]),
        title="Gone",
        status=Status.WITHDRAWN,
        withdrawn_at=datetime.datetime(2021, 1, 1, tzinfo=datetime.UTC),
    )
    for user in (None, facilitator):
        if user:
            client.force_login(user)
        response = client.get(story.get_absolute_url())
        assert response.status_code == 410
        assert b"This story was withdrawn" in response.content
        assert b"Gone" not in response.content


def test_workshop_list_counts_the_published_stories(client):
    workshop = a_workshop(
        service_areas=[a_service_area("Hubs"), a_service_area("Parks")], places=[a_place(), a_place()]
    )
    for _ in range(3):
        a_story(workshop=workshop)
    a_story(workshop=workshop, status=Status.DRAFT)
    a_workshop(held_on=None)
    first, last = client.get("/workshops/").context["workshop_list"]
    assert (first, first.story_count, last.story_count) == (workshop, 3, 0)


def test_workshop_list_shows_what_its_filters_choose(client):
    hubs, bolton = a_service_area("Hubs"), a_place("Bolton", code="B")
    chosen = a_workshop(service_areas=[hubs], places=[bolton], phase=a_phase(number=2))
    a_workshop(service_areas=[a_service_area("Parks")], places=[a_place()])
    programme = chosen.phase.programme.slug
    for query in ("service_area=hubs", "place=B", "phase=2", f"programme={programme}"):
        assert list(client.get(f"/workshops/?{query}").context["workshop_list"]) == [chosen], query
    assert list(client.get("/workshops/?place=x").context["workshop_list"]) == []


def test_workshop_page_shows_neither_notes_nor_facilitators(client):
    workshop = a_workshop(title="Open", notes="Secret notes", facilitators=[a_user(username="secret-person")])
    html = client.get(workshop.get_absolute_url()).content.decode()
    assert "<h1>Open</h1>" in html
    assert "ecret" not in html


def test_programme_page_shows_its_phases_with_their_workshops(client):
    phase = a_phase(question="What inspired you?")
    workshop, other = a_workshop(phase=phase), a_workshop()
    html = client.get(phase.programme.get_absolute_url()).content.decode()
    assert "Phase 1: What inspired you?" in html
    assert workshop.get_absolute_url() in html
    assert other.get_absolute_url() not in html


def test_links_of_a_list_repeat_its_filters_and_nothing_else(stories, client):
    html = client.get("/stories/?theme=people&place=E08000001&colour=red&page=1&theme=rules&q=").content.decode()
    links = re.findall(r'href="\?([^"]*)"', html)
    assert "place=E08000001&amp;q=" in links  # drops the theme
    assert not [link for link in links if "colour=" in link and "format=" not in link]


@pytest.mark.parametrize(
    ("stories", "said"),
    [
        (1, "The room: a workshop of Better care, and the 1 story from it that is public."),
        (2, "The room: a workshop of Better care, and the 2 stories from it that are public."),
    ],
)
def test_description_of_a_workshop_counts_its_public_stories(stories, said, client):
    programme = a_programme(title="Better care", illustrative=False)
    workshop = a_workshop(title="The room", phase=a_phase(programme=programme))
    for _ in range(stories):
        a_story(workshop=workshop)
    html = client.get(workshop.get_absolute_url()).content.decode()
    assert f'<meta name="description" content="{said}">' in html


@pytest.mark.parametrize(
    ("months", "said"),
    [
        ({}, "Programme"),
        ({"started": datetime.date(2020, 5, 1)}, "Programme, May 2020"),
        (
            {"started": datetime.date(2020, 5, 1), "ended": datetime.date(2021, 9, 1)},
            "Programme, May 2020 to September 2021",
        ),
    ],
)
def test_programme_says_when_it_ran(months, said, client):
    html = client.get(a_programme(**months).get_absolute_url()).content.decode()
    assert " ".join(re.search(r'<p class="kicker">(.*?)</p>', html, re.DOTALL)[1].split()) == said
