"""The pages that speak of votes: each number on them comes from /data/vote_results.csv, and each sentence is plain."""

import csv
import datetime
import re
from collections import Counter
from html import unescape
from io import StringIO
from math import exp, log, log2

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from insights.templatetags.votes import worked_example
from insights.votes.release import release
from insights.votes.results import Summary
from tests.factories import (
    a_practice,
    a_programme,
    a_service_area,
    a_story,
    a_tally,
    a_theme,
    a_vote,
    a_workshop,
    votes_on,
)
from tests.shared import shared
from workshops.choices import Status
from workshops.models import Practice, Programme

pytestmark = pytest.mark.django_db

DAY = datetime.date(2020, 10, 13)
CHOICES = ["keep", "amplify", "discard", "create"]


@pytest.fixture
def room():
    return a_workshop(programme=a_programme(slug="gm"))


@pytest.fixture
def released(room):
    """A round: most agree, one service stands apart on one practice, one is torn, one small, one not released."""
    agreed = a_practice(ref="P-agreed", statement="A call every week")
    votes_on(agreed, room, Hubs=(14, 7, 2, 1), Parks=(9, 6, 0, 1), Schools=(12, 9, 3, 0), unknown=(0, 1, 11, 0))
    a_tally(
        practice=agreed, workshop=a_workshop(phase=room.phase), service_area=a_service_area("Aid"), keep=13, create=3
    )
    apart = a_practice(ref="P-apart", statement="Ward by ward")
    votes_on(apart, room, Hubs=(10, 6, 2, 2), Parks=(10, 6, 2, 2), Schools=(1, 1, 16, 2))
    torn = a_practice(ref="P-torn", statement="Counts sent upwards")
    votes_on(torn, room, Hubs=(7, 1, 9, 4), Parks=(5, 5, 8, 3))
    merged = a_practice(ref="P-merged", statement="Street volunteers")
    votes_on(merged, room, Hubs=(15, 0, 0, 0), Parks=(0, 4, 0, 0), Schools=(0, 0, 3, 0))
    small = a_practice(ref="P-small", statement="A van")
    votes_on(small, room, Hubs=(9, 0, 0, 0))
    release(room.phase.programme, on=DAY)
    a_vote(practice=a_practice(ref="P-later", statement="A letter"), participant=votes_on(
        small, room, Hubs=(1, 0, 0, 0))[0].participant, workshop=room)  # fmt: skip


def html_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def main_of(html):
    return html[html.index("<main") : html.index("</main>")]


def text_of(html):
    """What a reader reads, without pictures."""
    html = re.sub(r"<svg.*?</svg>", "", html, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def numbers_in(html):
    return re.findall(r"\d+(?:\.\d+)?", text_of(html))


def rows_by_practice(client):
    """/data/vote_results.csv as {ref: [row]}, a count None where it is "fewer than 5"."""
    found = {}
    for row in csv.DictReader(StringIO(b"".join(client.get("/data/vote_results.csv")).decode())):
        for column in ["base", *CHOICES, "hands"]:
            row[column] = None if row[column] == "fewer than 5" else int(row[column])
        found.setdefault(row["practice"], []).append(row)
    return found


def read(row):
    left = row["base"] - sum(row[choice] or 0 for choice in CHOICES)
    few = [choice for choice in CHOICES if row[choice] is None]
    return [min(4, max(0, left / len(few))) if row[choice] is None else row[choice] for choice in CHOICES]


def to_five(number):
    return int((number + 2.5) // 5 * 5)


def measured(rows):
    """The measures of one practice's rows, worked out here from the formulas on /about/method/."""
    rows = [row for row in rows if row["group"] != "Not recorded"]
    if len(rows) < 2:
        return {"verdict": "not enough service areas to compare"}
    said = [read(row) for row in rows]
    leans = [(k + a + 0.5) / (k + a + d + 1) for k, a, d, _ in said]
    pulls = {
        "keep or build on": leans,
        "discard": [1 - p for p in leans],
        "create": [(each[3] + 0.5) / (sum(each) + 1) for each in said],
    }

    def mean(values):
        return exp(sum(map(log, values)) / len(values))

    direction = max(pulls, key=lambda way: mean(pulls[way]))
    shares = [[(2 if row[choice] is None else row[choice]) + 0.5 for choice in CHOICES] for row in rows]
    shares = [[count / sum(row) for count in row] for row in shares]
    middle = [sum(column) / len(shares) for column in zip(*shares, strict=True)]
    parts = [sum(q * log2(q / m) for q, m in zip(row, middle, strict=True)) for row in shares]
    differ = sum(parts) / len(parts) / log2(len(parts))
    chosen = pulls[direction]
    steady = min(mean(chosen[:place] + chosen[place + 1 :]) for place in range(len(chosen)))
    agreed = mean(chosen)
    verdict = "apart" if differ >= 0.1 else "strong" if agreed >= 0.75 else "mixed"
    return {
        "direction": direction,
        "agreement": agreed,
        "difference": differ,
        "steadiness": steady,
        "apart": rows[parts.index(max(parts))]["group"] if verdict == "apart" else "",
        "verdict": verdict,
    }


def expected_numbers(rows, headline):
    """Every number that a practice's results show, in order."""

    def counts(row):
        return [str(row["base"]), *(str(5 if row[choice] is None else row[choice]) for choice in CHOICES)]

    measures = measured(rows)
    hands = [str(5 if row["hands"] is None else row["hands"]) for row in rows if row["hands"] != 0]
    bars = [number for row in rows for number in counts(row)]
    decimals = [f"{measures[name]:.3f}" for name in ("agreement", "difference", "steadiness") if name in measures]
    return [*headline, *bars, *hands, *bars, *decimals, "13", "2020", "5"]


def expected_headline(rows):
    said, base = [read(row) for row in rows], sum(row["base"] for row in rows)
    voted = sum(map(sum, said))
    about = [sum(k + a for k, a, _, _ in said), sum(d for _, _, d, _ in said), sum(c for *_, c in said)]
    about = sorted((to_five(number / voted * base) for number in about), reverse=True)
    shown = about[:1] if about[0] / base > 0.55 else [number for number in about if number]
    return [str(shown[0]), str(base), *map(str, shown[1:])]


REFS = ["P-agreed", "P-apart", "P-merged", "P-torn"]


def by_group(rows):
    return sorted(rows, key=lambda row: (row["group"] == "Not recorded", row["group"]))


def articles_of(client, address="/votes/"):
    """{ref: HTML of its part of the list}, in the list's order."""
    parts = re.findall(r'<article class="practice">.*?</article>', html_of(client, address), re.DOTALL)
    return {re.search(r"/practices/([^/]+)/", part)[1]: part for part in parts}


@pytest.mark.usefixtures("released")
def test_every_number_on_the_votes_page_comes_from_the_file(client):
    files, articles = rows_by_practice(client), articles_of(client)
    assert sorted(files) == REFS
    for ref in REFS:
        rows = by_group(files[ref])
        assert numbers_in(articles[ref]) == expected_numbers(rows, expected_headline(rows)), ref
    assert numbers_in(articles["P-small"]) == ["10"]
    assert numbers_in(articles["P-later"]) == []


@pytest.mark.usefixtures("released")
def test_every_number_on_a_practice_page_comes_from_the_file(client):
    for ref, released in rows_by_practice(client).items():
        main = main_of(html_of(client, f"/practices/{ref}/"))
        rows = by_group(released)
        assert numbers_in(main) == expected_numbers(rows, expected_headline(rows)), ref


def test_real_votes_of_small_groups_are_shown_merged_and_never_small(client):
    """A real conversation whose groups are of 18, 3 and 3 people: on most statements only the merged one may be shown."""
    path = shared("polis", "london.youth.policing")
    for kind in ["programmes", "service_areas", "themes", "workshops", "participants", "practices", "votes"]:
        call_command("import_data", kind, str(path / f"{kind}.csv"), stdout=StringIO())
    release(Programme.objects.get(), on=DAY)
    files = rows_by_practice(client)
    together = " + ".join(f"london-youth-policing group {number}" for number in range(3))
    assert {row["group"] for rows in files.values() for row in rows} == {together, f"Not recorded + {together}"}
    articles = articles_of(client) | articles_of(client, "/votes/?page=2") | articles_of(client, "/votes/?page=3")
    assert len(articles) == 36
    for ref, article in articles.items():
        rows = files.get(ref, [])
        said = text_of(unescape(article).replace(Practice.objects.get(ref=ref).statement, ""))
        shown = numbers_in(re.sub(r"group \d", "", said))
        assert shown == (expected_numbers(rows, expected_headline(rows)) if rows else ["10"]), ref
    assert len(files) > 20


@pytest.mark.usefixtures("released")
def test_every_bar_is_drawn_from_the_file(client):
    articles = articles_of(client)
    for ref, rows in rows_by_practice(client).items():
        bars = re.findall(r"<svg width=\"100%\".*?</svg>", articles[ref], re.DOTALL)
        assert len(bars) == len(rows)
        for bar, row in zip(bars, by_group(rows), strict=True):
            said = read(row)
            widths = {choice: 49 * count / sum(said) for choice, count in zip(CHOICES, said, strict=True) if count}
            left = {"discard": 50 - widths.get("discard", 0), "keep": 50, "amplify": 50 + widths.get("keep", 0)}
            left["create"] = left["amplify"] + widths.get("amplify", 0) + 1
            drawn = re.findall(r'<rect class="piece (\w+)"\s+x="([\d.]+)%"\s+y="1"\s+width="([\d.]+)%"', bar)
            assert {choice: (float(x), float(width)) for choice, x, width in drawn} == {
                choice: (round(left[choice], 2), round(width, 2)) for choice, width in widths.items()
            }
            shown = {str(row[choice]) for choice in CHOICES if row[choice] is not None}
            assert set(re.findall(r">(?:\s*<tspan[^>]*>\w+ </tspan>)?(\d+)</text>", bar)) <= shown


@pytest.mark.usefixtures("released")
def test_file_of_practices_holds_the_measures_of_the_page(client):
    words = {"keep or build on": "retain", "discard": "discard", "create": "create"}
    file = csv.DictReader(StringIO(b"".join(client.get("/data/practices.csv")).decode()))
    rows = rows_by_practice(client)
    for line in file:
        expected = measured(rows[line["ref"]]) if line["ref"] in rows else {}
        assert line["direction"] == words.get(expected.get("direction"), "")
        for column, name in [("consensus", "agreement"), ("divergence", "difference"), ("stability", "steadiness")]:
            assert line[column] == (f"{expected[name]:.3f}" if name in expected else "")
        assert line["apart"] == expected.get("apart", "")
        unreleased = {"P-small": "not enough service areas to compare"}.get(line["ref"], "")
        assert line["verdict"] == expected.get("verdict", unreleased)


@pytest.mark.usefixtures("released")
def test_votes_page_groups_practices_by_verdict(client):
    html = html_of(client, "/votes/")
    assert re.findall(r"<section class=\"verdict\">\s*<h2>(.*?)</h2>", html) == [
        "Strong agreement across services",
        "Services differ",
        "Neither strong agreement nor a marked difference",
        "Not enough service areas to compare",
        "Not released yet",
    ]
    assert list(articles_of(client)) == ["P-agreed", "P-apart", "P-torn", "P-small", "P-merged", "P-later"]


@pytest.mark.usefixtures("released")
def test_votes_page_answers_whether_services_agree(client):
    text = text_of(main_of(html_of(client, "/votes/")))
    assert (
        "On 1 of 5 practices the service areas strongly agree; on 1 they differ. Schools stands apart there. "
        "On 1 there is neither strong agreement nor a marked difference. "
        "On 2 there were too few voters or service areas to compare."
    ) in text
    assert "They do not test it" not in text


@pytest.mark.parametrize(
    ("apart", "said"),
    [
        ({}, ""),
        ({"Hubs": 1}, "Hubs stands apart there"),
        ({"Hubs": 3}, "Hubs stands apart each time"),
        ({"Parks": 1, "Hubs": 2}, "Hubs stands apart most often, on two of them"),
        ({"Parks": 2, "Hubs": 2, "Schools": 1}, "Hubs and parks stand apart, on two each"),
    ],
)
def test_summary_names_who_stands_apart_most(apart, said):
    assert Summary(Counter(apart=sum(apart.values())), Counter(apart)).furthest == said


@pytest.mark.usefixtures("released")
def test_summary_stays_whatever_the_filters_choose(client):
    Practice.objects.get(ref="P-torn").themes.add(a_theme("People"))
    whole, narrowed = html_of(client, "/votes/"), html_of(client, "/votes/?theme=people")
    lead = re.compile(r'<p class="lead">.*?</p>', re.DOTALL)
    assert lead.search(whole)[0] == lead.search(narrowed)[0]
    assert list(articles_of(client, "/votes/?theme=people")) == ["P-torn"]


@pytest.mark.usefixtures("released")
def test_practice_page_says_what_was_agreed_in_words(client):
    agreed = text_of(main_of(html_of(client, "/practices/P-agreed/")))
    assert "All four services leaned the same way." in agreed
    assert "Agreement: strong Difference between services: small Steady without any one service" in agreed
    assert "Hands counted in the room stand in where people did not vote themselves: about 15 in aid." in agreed
    apart = text_of(main_of(html_of(client, "/practices/P-apart/")))
    assert "Two of the three services leaned the same way; schools did not." in apart
    assert "Agreement: not strong Difference between services: marked Schools stands apart" in apart
    assert "Fewer than 10 people voted, so we do not show a breakdown." in text_of(
        html_of(client, "/practices/P-small/")
    )
    merged = text_of(main_of(html_of(client, "/practices/P-merged/")))
    assert "Hubs + Parks + Schools" in merged
    assert "There are not enough service areas to compare." in merged


def agreement_order(client, sort):
    return [practice.ref for practice in client.get(f"/votes/?sort={sort}").context["practice_list"]]


def test_votes_page_is_ordered_within_a_verdict(client, room):
    for ref, said in [("P-a", (20, 4, 1, 0)), ("P-b", (1, 0, 30, 0)), ("P-c", (30, 0, 0, 0)), ("P-d", (0, 0, 0, 30))]:
        votes_on(a_practice(ref=ref, statement=ref), room, Hubs=said, Parks=(*said[:3], said[3] + 5))
    release(room.phase.programme)
    measures = {p.ref: p.released for p in Practice.objects.all()}
    assert {each.verdict for each in measures.values()} == {"strong"}
    by_agreement = sorted(measures, key=lambda ref: -measures[ref].consensus)
    assert agreement_order(client, "") == agreement_order(client, "agreement") == by_agreement
    assert agreement_order(client, "difference") == sorted(measures, key=lambda ref: -measures[ref].divergence)
    retained = [ref for ref in by_agreement if ref in {"P-a", "P-c"}]
    assert agreement_order(client, "direction") == [*retained, "P-b", "P-d"]
    response = client.get("/votes/?sort=votes")
    assert list(response.context["practice_list"]) == []
    assert "There is no order “votes”." in response.content.decode()


def test_votes_of_an_invented_programme_say_that_they_test_nothing(client):
    room = a_workshop(programme=a_programme(slug="sample", illustrative=True))
    practice = a_practice()
    votes_on(practice, room, Hubs=(12, 0, 0, 0))
    votes_on(a_practice(), a_workshop(programme=a_programme(slug="real")), Hubs=(12, 0, 0, 0))
    release(room.phase.programme)
    sentence = "These votes were written to illustrate the published account. They do not test it."
    for address in ("/votes/", "/votes/?programme=sample", practice.get_absolute_url(), "/"):
        assert sentence in text_of(html_of(client, address)), address
    assert sentence not in text_of(html_of(client, "/votes/?programme=real"))


@pytest.mark.usefixtures("released")
def test_home_page_shows_the_practice_most_agreed_on(client):
    html = main_of(html_of(client, "/"))
    section = html[html.index("What people would keep or change") : html.index('id="places"')]
    assert "They agree most on this: A call every week" in text_of(section)
    rows = by_group(rows_by_practice(client)["P-agreed"])
    shown = expected_numbers(rows, expected_headline(rows))
    assert " ".join(shown) in " ".join(numbers_in(section))


@pytest.mark.usefixtures("released")
def test_draft_practice_is_in_no_count(client):
    Practice.objects.filter(ref="P-apart").update(status=Status.DRAFT)
    assert "On 1 of 4 practices the service areas strongly agree; on 0 they differ." in text_of(
        html_of(client, "/votes/")
    )
    assert client.get("/practices/P-apart/").status_code == 404


def test_method_page_works_its_example_out(client):
    html = text_of(html_of(client, "/about/method/"))
    example = worked_example()
    lean = [(10 + 10 + 0.5) / (10 + 10 + 2.5 + 1), (5 + 5 + 0.5) / (5 + 5 + 5 + 1)]
    assert "Read as 10, 10, 2.5 and 2.5" in html
    assert "Read as 5, 5, 5 and 4" in html
    assert f"the square root of {lean[0]:.3f} × {lean[1]:.3f}, which is {(lean[0] * lean[1]) ** 0.5:.3f}" in html
    assert f"Without early help, agreement would be {lean[1]:.3f}" in html
    assert f"“{example['headline']}”" in html


def test_votes_page_makes_a_bounded_number_of_queries(client, room, django_assert_max_num_queries):
    for _ in range(30):
        votes_on(a_practice(stories=[a_story(workshop=room)]), room, Hubs=(12, 0, 0, 0), Parks=(0, 0, 12, 0))
    release(room.phase.programme)
    with django_assert_max_num_queries(12):
        client.get("/votes/")


def test_pages_of_votes_ask_for_no_vote(client, room):
    """The tables of votes are not so much as read for a reader."""
    practice = a_practice(stories=[a_story(workshop=room)])
    votes_on(practice, room, Hubs=(12, 0, 0, 0))
    release(room.phase.programme)
    addresses = ["/", "/votes/", "/votes/?programme=gm&sort=difference", "/votes/?format=csv", "/votes/?format=json"]
    addresses += [
        practice.get_absolute_url(),
        "/data/",
        "/data/vote_results.csv",
        "/data/practices.json",
        "/sitemap.xml",
    ]
    for address in addresses:
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
            b"".join(response)
        asked = " ".join(query["sql"] for query in queries.captured_queries)
        # /data/ measures another file each time; COPY, by which PostgreSQL writes a file, is not among the queries.
        if not address.startswith("/data/"):
            assert "workshops_practice" in asked or "insights_releasedgroup" in asked, address
        for table in ("workshops_vote", "workshops_tally", "insights_turnout"):
            assert table not in asked, (address, table)
