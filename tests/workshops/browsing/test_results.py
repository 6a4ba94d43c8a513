"""The page of a search: its count, its pages and the numbers beside its filters."""

import datetime
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.factories import a_phase, a_place, a_service_area, a_story, a_theme, a_workshop
from workshops.browsing import ordering, results
from workshops.browsing.filters import StoryListFilter
from workshops.browsing.results import StorySearch
from workshops.choices import Kind, Status
from workshops.models import Story

DAYS = [datetime.date(2020, 5, 1), datetime.date(2020, 9, 1), None]


def fill(number=40):
    """Stories that differ in everything, of which every second holds “kites”, and one draft that holds it all."""
    areas = [a_service_area("Hubs"), a_service_area("Early help"), None]
    themes = [a_theme("People"), a_theme("Rules")]
    places = [a_place("Bolton", code="B1"), a_place("Bury", code="B2")]
    phases = [a_phase(number=n) for n in (1, 2)]
    workshops = [a_workshop(slug=f"w{n}", phase=phases[n % 2], held_on=day) for n, day in enumerate(DAYS)]
    for n in range(number):
        a_story(
            ref=f"s{n * 7 % number}",
            title=["apples", "Beds", "calls"][n % 3],
            published_text="Kites flew." if n % 2 else "Nothing flew.",
            workshop=workshops[n % 3],
            service_area=areas[n % 3],
            place=places[n % 2],
            themes=themes[: n % 3],
            tags=["trust", "pace"][: n % 2 + 1],
            kind=[Kind.INNOVATION, Kind.MESSAGE][n % 5 == 0],
        )
    a_story(
        title="Kites", workshop=workshops[0], service_area=areas[0], place=places[0], themes=themes, tags=["trust"],
        status=Status.DRAFT,
    )  # fmt: skip


def refs(stories):
    return [story.ref for story in stories]


def read_few_at_a_time(monkeypatch):
    """So that a page takes more than one reading also of the few stories of a test."""
    monkeypatch.setattr(results, "FIRST_BATCH_SIZE", 2)
    monkeypatch.setattr(ordering, "FIRST_BATCH_SIZE", 2)


def walk(client, query, step="next"):
    """The refs on every page, from one end of a list to the other."""
    pages = [client.get(f"/stories/?{query}").context]
    while link := getattr(pages[-1]["page_obj"], step):
        asked = "&".join(f"{name}={value}" for name, value in link.items() if value)
        pages.append(client.get(f"/stories/?{query}&{asked}").context)
    return [refs(page["story_list"]) for page in pages], pages[-1]


@pytest.mark.django_db
@pytest.mark.parametrize("sort", ["newest", "oldest", "title", ""])
@pytest.mark.parametrize("query", ["", "q=flew", "theme=people"])
@pytest.mark.parametrize("counted", [2_000, 20, 4])
def test_pages_by_key_hold_every_story_once_in_order(query, sort, counted, client, monkeypatch):
    monkeypatch.setattr(results, "STORIES_PER_PAGE", 7)
    monkeypatch.setattr(results, "MAX_SCORED", counted)
    monkeypatch.setattr(results, "MAX_TITLE_HITS", counted // 3)
    read_few_at_a_time(monkeypatch)
    fill()
    query = f"{query}&sort={sort}".strip("&")
    forth, _ = walk(client, query)
    first = client.get(f"/stories/?{query}").context
    shown = [ref for page in forth for ref in page]
    by_best = first["paginator"].is_by_best
    assert len(shown) == len(set(shown))
    if by_best:
        assert len(shown) == min(40, counted)
    else:
        expected = refs(
            StoryListFilter({"theme": "people", "sort": sort} if "theme" in query else {"sort": sort}).narrow(
                Story.objects.published()
            )
        )
        assert shown == expected
        assert [ref for page in forth for ref in page[:1]] == shown[::7]


@pytest.mark.django_db
@pytest.mark.parametrize("sort", ["newest", "oldest", "title"])
@pytest.mark.parametrize("query", ["", "q=flew&"])
@pytest.mark.parametrize("counted", [2_000, 4])
def test_way_back_leads_over_the_same_pages(sort, query, counted, client, monkeypatch):
    monkeypatch.setattr(results, "STORIES_PER_PAGE", 3)
    monkeypatch.setattr(results, "MAX_SCORED", counted)
    read_few_at_a_time(monkeypatch)
    fill(13)
    forth, last = walk(client, f"{query}sort={sort}")
    back = [refs(last["story_list"])]
    while link := last["page_obj"].previous:
        asked = "&".join(f"{name}={value}" for name, value in link.items() if value)
        last = client.get(f"/stories/?{query}sort={sort}&{asked}").context
        back.append(refs(last["story_list"]))
    assert back[::-1] == forth
    assert last["page_obj"].number == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "is_by_best", "offered"),
    [
        ("q=flew&sort=best", True, ["Best answers first", "Newest first", "Oldest first", "By title"]),
        ("q=flew", True, ["Best answers first", "Newest first", "Oldest first", "By title"]),
        ("q=flew&sort=newest", False, ["Best answers first", "Newest first", "Oldest first", "By title"]),
        ("q=-kites&sort=best", False, ["Best answers first", "Newest first", "Oldest first", "By title"]),
        ("sort=best", False, ["Newest first", "Oldest first", "By title"]),
    ],
)
def test_best_is_an_order_where_words_are_wanted(query, is_by_best, offered, client, monkeypatch):
    monkeypatch.setattr(results, "MAX_SCORED", 4)
    fill(13)
    context = client.get(f"/stories/?{query}").context
    assert context["paginator"].is_by_best == is_by_best
    assert [label for _, label in context["filter"]["sort"].field.widget.choices] == offered
    assert context["filter"]["sort"].field.widget.choices[0][0] == ""


@pytest.mark.django_db
def test_old_numbers_of_pages_still_answer(client, monkeypatch):
    monkeypatch.setattr(results, "STORIES_PER_PAGE", 3)
    fill(13)
    forth, _ = walk(client, "sort=title")
    by_number = [refs(client.get(f"/stories/?sort=title&page={n}").context["story_list"]) for n in range(1, 6)]
    assert by_number == forth


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["", "q=flew", "q=flew&kind=message", "theme=people&tag=trust", "workshop=w1&phase=2"]
)
def test_many_stories_are_counted_exactly_as_few_are(query, client, monkeypatch):
    fill()
    few = client.get(f"/stories/?{query}").context["paginator"]
    few = few.count, few.facets
    monkeypatch.setattr(results, "MAX_SCORED", 3)
    monkeypatch.setattr("workshops.browsing.facets.VALUES_PER_QUERY", 1)
    response = client.get(f"/stories/?{query}")
    many = response.context["paginator"]
    assert many.has_more
    assert (many.count, many.facets) == few
    assert f"<h2>{many.count} stories</h2>" in response.content.decode()


@pytest.mark.django_db
def test_best_answers_of_many_say_how_many_they_are(client, monkeypatch):
    monkeypatch.setattr(results, "MAX_SCORED", 10)
    fill()
    words = " ".join(client.get("/stories/?q=flew").content.decode().split())
    assert "<h2>40 stories</h2>" in words
    assert "Here are the best 10, those with the words in the title first." in words


def facets(response):
    return {facet.name: facet for facet in response.context["paginator"].facets}


@pytest.mark.django_db
def test_filters_show_how_many_stories_each_would_leave(client):
    fill(12)
    response = client.get("/stories/?q=kites&place=B2")
    counts = {name: [(v.label, v.count, v.is_chosen) for v in facet.values] for name, facet in facets(response).items()}
    assert counts == {
        "service_area": [("Early help", 2, False), ("Hubs", 2, False)],
        "theme": [("People", 4, False), ("Rules", 2, False)],
        "place": [("Bury", 6, True)],
        "phase": [(1, 4, False), (2, 2, False)],
        "kind": [("Innovation here", 5, False), ("Message for the future", 1, False)],
        "tag": [("pace", 6, False), ("trust", 6, False)],
    }
    assert 'href="?q=kites&amp;place=B2&amp;theme=people"' in response.content.decode()


class TestCounts(TestCase):
    @classmethod
    def setUpTestData(cls):
        fill(30)

    @given(
        st.fixed_dictionaries(
            {},
            optional={
                "q": st.sampled_from(["kites", "flew", "beds", "-kites", "nowhere", '"kites flew"', "fle"]),
                "service_area": st.sampled_from(["hubs", "early-help"]),
                "theme": st.sampled_from(["people", "rules"]),
                "place": st.sampled_from(["B1", "B2"]),
                "phase": st.sampled_from(["1", "2"]),
                "kind": st.sampled_from(["innovation", "message", "elsewhere"]),
                "tag": st.sampled_from(["trust", "pace"]),
                "sort": st.sampled_from(["best", "newest", "oldest", "title", ""]),
            },
        )
    )
    def test_page_and_files_agree_and_each_number_beside_a_filter_is_what_it_leaves(self, chosen):
        page = self.client.get("/stories/", chosen)
        found = page.context["paginator"]
        csv = b"".join(self.client.get("/stories/", chosen | {"format": "csv"})).decode()
        file = self.client.get("/stories/", chosen | {"format": "json"})
        rows = len(json.loads(b"".join(file)))
        assert (found.count, csv.count("\n") - 1) == (rows, rows)
        for facet in found.facets:
            for value in facet.values:
                form = StoryListFilter(
                    dict(pair.split("=") for pair in value.link[1:].split("&")) | {"q": chosen.get("q", "")}
                )
                assert StorySearch(form).count == value.count
