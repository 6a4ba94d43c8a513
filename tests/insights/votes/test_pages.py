"""The pages that speak of votes: what they say of each case, in which order, and what they ask of the database.

That each number and word is right is tried in test_recomputed_pages.py.
"""

import datetime
import re
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from insights.choices import Direction, Share, Verdict
from insights.models import ReleasedPractice
from insights.votes import sentences
from insights.votes.pictures import out_of_a_hundred
from insights.votes.ranges import ChoiceCounts, ranges_of_group
from insights.votes.release import release
from insights.votes.results import Summary
from insights.votes.shares import ShareRange, edges_of_bar, share_range
from tests.factories import (
    a_practice,
    a_programme,
    a_result,
    a_service_area,
    a_story,
    a_tally,
    a_theme,
    a_vote,
    a_workshop,
    votes_on,
)
from workshops.choices import Status
from workshops.models import Practice

pytestmark = pytest.mark.django_db

DAY = datetime.date(2020, 10, 13)


@pytest.fixture
def room():
    areas = [a_service_area(name) for name in ("Hubs", "Parks", "Schools")]
    return a_workshop(programme=a_programme(slug="gm"), service_areas=areas)


@pytest.fixture
def released(room):
    """A round: most agree, one service stands apart on one practice, one is torn, one small, one not released."""
    agreed = a_practice(ref="P-agreed", statement="A call every week")
    votes_on(agreed, room, Hubs=(14, 7, 2, 1), Parks=(9, 8, 0, 3), Schools=(12, 9, 3, 0), unknown=(0, 1, 11, 0))
    hall = a_workshop(phase=room.phase)
    a_tally(practice=agreed, workshop=hall, service_area=a_service_area("Aid"), keep=13, amplify=4, create=3)
    apart = a_practice(ref="P-apart", statement="Ward by ward")
    votes_on(apart, room, Hubs=(10, 6, 2, 2), Parks=(10, 6, 2, 2), Schools=(1, 1, 16, 2))
    torn = a_practice(ref="P-torn", statement="Counts sent upwards")
    votes_on(torn, room, Hubs=(7, 1, 9, 4), Parks=(5, 5, 8, 3))
    merged = a_practice(ref="P-merged", statement="Street volunteers")
    votes_on(merged, room, Hubs=(40, 0, 0, 0), Parks=(0, 4, 0, 0), Schools=(0, 0, 3, 0))
    small = a_practice(ref="P-small", statement="A van")
    first = votes_on(small, room, Hubs=(9, 0, 0, 0))[0]
    release(room.phase.programme, on=DAY)
    a_vote(practice=a_practice(ref="P-later", statement="A letter"), participant=first.participant, workshop=room)


def text_of(client, address):
    """What a reader reads between <main> and </main>."""
    response = client.get(address)
    assert response.status_code == 200
    html = re.sub(r"<[^>]+>", " ", response.content.decode().split("<main")[1].split("</main>")[0])
    return " ".join(html.split())


def refs_at(client, query=""):
    return [practice.ref for practice in client.get(f"/votes/{query}").context["practice_list"]]


def row_of(client, ref, query=""):
    """The text of a practice's row in the picture."""
    html = client.get(f"/votes/{query}").content.decode()
    table = re.search(r'<table class="picture">.*?</table>', html, re.DOTALL)[0]
    row = next(row for row in re.findall(r"<tr>.*?</tr>", table, re.DOTALL) if f"/practices/{ref}/" in row)
    return " ".join(re.sub(r"<[^>]+>", " ", row).split())


# What a practice's page says.


@pytest.mark.usefixtures("released")
@pytest.mark.parametrize(
    ("ref", "said"),
    [
        ("agreed", "Of those whose votes are shown here and whose service is recorded, most wanted to keep it or do more of "
                   "it. The services agree."),
        ("agreed", "The votes of about 100 people are shown: those of four services, and people whose service is not "
                   "recorded. What is said above leaves these out."),
        ("agreed", "Hands counted in the room stand in where people did not vote themselves: all but fewer than 5 in aid."),
        ("apart", "Of those whose votes are shown here, more than half wanted to keep it or do more of it. People in schools "
                  "wanted to keep it or do more of it less often than people in the other services."),
        ("torn", "There was a split among those whose votes are shown here: no answer had a majority, and none came clearly "
                 "first. The services do not clearly differ, and do not agree strongly enough to say so."),
        ("torn", "Schools was in these workshops, and nobody recorded as from there voted on this."),
        ("merged", "Of those whose votes are shown here, nearly everyone wanted to keep it or do more of it. There are not "
                   "enough services to compare."),
        ("merged", "Hubs, parks and schools are counted together, since fewer than 10 people of at least one of them voted. "
                   "This does not show what each of them thought."),
        ("small", "Fewer than 10 people with a recorded service voted, so we do not show a breakdown."),
        ("small", "Parks and schools were in these workshops, and nobody recorded as from there voted on this."),
        ("later", "No results are shown: they appear here only once an editor releases them."),
        ("agreed", "keep : keep it amplify : do more of it discard : stop it create : start it: it is not there yet"),
    ],
)  # fmt: skip
def test_practice_page_says_what_was_found(ref, said, client):
    assert said in text_of(client, f"/practices/P-{ref}/")


def test_votes_of_people_without_a_recorded_service_alone_are_compared_with_nobody(client, room):
    practice = a_practice(ref="P-1")
    votes_on(practice, room, Hubs=(3, 0, 0, 0), unknown=(40, 5, 0, 0))
    release(room.phase.programme)
    text = text_of(client, "/practices/P-1/")
    assert "Of those whose votes are shown here, nearly everyone wanted to keep it or do more of it." in text
    assert "The votes of about 45 people are shown, whose service is not recorded." in text
    assert "Fewer than 10 people with a recorded service voted, so we do not show a breakdown." in text


def test_too_few_with_a_service_bring_no_words_however_many_have_none(client, room):
    practice = a_practice(ref="P-1")
    votes_on(practice, room, Hubs=(20, 0, 0, 0), unknown=(0, 0, 40, 0))
    release(room.phase.programme)
    said = "Too few people with a recorded service voted to say more than the rows do."
    assert said in text_of(client, "/practices/P-1/")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"correction": "A flip chart was read twice.", "corrected_on": DAY},
         "Corrected on 13 October 2020: A flip chart was read twice."),
        ({"correction": "The wrong room.", "corrected_on": DAY, "is_taken_back": True},
         "Taken back on 13 October 2020: The wrong room."),
        ({"is_by_first_rule": True}, "Released by the rule until 2026."),
        ({"statement": "A call each week"}, "People voted on these words: “A call each week”"),
    ],
)  # fmt: skip
def test_practice_page_says_what_became_of_a_result(fields, said, client):
    groups = {} if fields.get("is_taken_back") else {"Hubs": (20, 0, 0, 0)}
    result = a_result(a_practice(statement="A call every week"), groups, voters_low=18, voters_high=22, **fields)
    for address in (result.practice.get_absolute_url(), "/votes/"):
        assert said in text_of(client, address)


def test_practice_page_is_silent_about_a_wording_that_is_the_same(client):
    result = a_result(groups={"Hubs": (20, 0, 0, 0)}, voters_low=18, voters_high=22)
    assert "People voted on these words" not in text_of(client, result.practice.get_absolute_url())


def test_practice_of_two_programmes_has_a_result_of_each(client):
    practice = a_practice(ref="P-both")
    for slug, title, keep in [("north", "The north", 45), ("south", "The south", 0)]:
        room = a_workshop(programme=a_programme(slug=slug, title=title))
        votes_on(practice, room, Hubs=(keep, 0, 45 - keep, 0))
        release(room.phase.programme)
    text = text_of(client, "/practices/P-both/")
    north, south = text.split("The north")[1].split("The south")
    assert "nearly everyone wanted to keep it" in north
    assert "nearly everyone wanted to stop it" in south
    assert "There are 2 results on 1 practices" in text_of(client, "/votes/")
    assert "nearly everyone wanted to stop it" in text_of(client, "/votes/?programme=south")
    assert "nearly everyone wanted to keep it" not in text_of(client, "/votes/?programme=south")


# Every sentence there is.


def headline_of(direction, share, verdict, **fields):
    """The sentences of a result with these words, of two services."""
    words = {"direction": direction, "share": share, "verdict": verdict}
    result = ReleasedPractice(voters_low=40, voters_high=44, **words, **fields)
    result.unsaved_groups = ["Aid", "Hubs"]
    return sentences.headline(result)


POSSIBLE = [
    (direction, share)
    for direction in Direction
    for share in Share
    if direction != Direction.SPLIT or share in {Share.ABOUT_HALF, Share.NO_MAJORITY}
]


@pytest.mark.parametrize(("direction", "share"), POSSIBLE)
@pytest.mark.parametrize("verdict", Verdict)
def test_every_pair_of_words_makes_a_sentence_of_its_own(direction, share, verdict):
    said = headline_of(direction, share, verdict)
    others = {headline_of(*pair, verdict) for pair in POSSIBLE if pair != (direction, share)}
    assert len(others) == len(POSSIBLE) - 1
    assert said not in others
    assert said.endswith(".")
    assert "%(" not in said


@pytest.mark.parametrize("direction", [Direction.RETAIN, Direction.DISCARD, Direction.CREATE])
def test_nearly_everyone_is_not_said_of_every_service_where_they_differ(direction):
    words = (direction, Share.NEARLY_EVERYONE, Verdict.DIFFER)
    assert ", though not in every service. The services differ." in headline_of(*words)
    assert "though not in every service" not in headline_of(*words[:2], Verdict.MIXED)


@pytest.mark.parametrize(
    ("direction", "fields", "said"),
    [
        ("retain", {"less": ["Early help", "NHS"]},
         "People in early help and in NHS wanted to keep it or do more of it less often than people in the other services."),
        ("discard", {"less": ["Hubs + Parks"], "more": ["Aid"]},
         "People in hubs and parks wanted to stop it less often than people in the other services. "
         "People in aid wanted to stop it more often than people in the other services."),
        ("create", {"more": ["Aid"]}, "People in aid wanted to start it more often than people in the other services."),
        ("split", {"less": ["Hubs"], "more": ["Aid"]},
         "People in aid and in hubs voted otherwise than people in the other services."),
        ("retain", {}, "The services differ. What is said of all together may not hold in each: see the rows."),
        ("retain", {"joined": ["Hubs", "Aid"]}, "The services we can show differ. What is said of all together may not hold in each: see the rows."),
        ("retain", {"silent": ["Hubs"]}, "The services that voted differ. What is said of all together may not hold in each: see the rows."),
    ],
)  # fmt: skip
def test_those_who_stand_apart_are_named_with_what_they_wanted(direction, fields, said):
    assert headline_of(direction, Share.ABOUT_HALF, Verdict.DIFFER, **fields).endswith(said)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "The services agree."),
        ({"joined": ["Hubs", "Aid"], "silent": ["Parks"]}, "The services we can show agree."),
        ({"silent": ["Parks"]}, "The services that voted agree."),
    ],
)
def test_agreement_is_of_those_services_that_are_shown(fields, said):
    assert headline_of(Direction.RETAIN, Share.MOST, Verdict.AGREE, **fields).endswith(said)


@pytest.mark.parametrize(
    ("between", "base", "said"),
    [
        ((0, 4), (18, 22), "fewer than 5"),
        ((5, 7), (18, 22), "about 5"),
        ((13, 17), (18, 22), "about 15"),
        ((14, 22), (18, 22), "all but fewer than 5"),
        ((6, 12), (10, 12), "all but fewer than 5"),
        ((10, 12), None, "about 10"),
    ],
)
def test_count_is_said_as_its_nearest_five(between, base, said):
    assert sentences.count_in_words(between, base) == said


# The picture.


@pytest.mark.parametrize(
    ("share", "between"),
    [((0.5, 0.5), (50, 50)), ((0.291, 0.309), (29, 31)), ((0, 1), (0, 100)), ((0.29, 0.58), (29, 58))],
)
def test_share_of_a_hundred_is_rounded_outwards(share, between):
    assert out_of_a_hundred(ShareRange(*share)) == between


@pytest.mark.parametrize(
    "counts", [(8, 3, 1, 0), (0, 0, 0, 12), (30, 12, 5, 3), (5, 5, 5, 5), (100, 0, 0, 0), (4, 4, 1, 1)]
)
def test_edges_of_a_bar_hold_the_truth_between_them(counts):
    exact = ChoiceCounts(*counts)
    for place, edge in enumerate(edges_of_bar(ranges_of_group(exact)), start=1):
        assert edge.low <= sum(counts[:place]) / exact.voters <= edge.high
    retain = share_range(ranges_of_group(exact), Direction.RETAIN)
    assert retain == edges_of_bar(ranges_of_group(exact))[1]


@pytest.mark.usefixtures("released")
def test_picture_names_who_stands_apart_and_tells_each_range(client):
    assert row_of(client, "P-apart") == (
        "Ward by ward keep it or do more of it Hubs 61 to 100; Parks 61 to 100; Schools 0 to 37 they differ "
        "schools: less often"
    )
    assert row_of(client, "P-small").endswith("so we do not show a breakdown.")
    assert row_of(client, "P-later") == "A letter not released yet"


def test_picture_of_a_split_says_so_and_not_who_wanted_more(client):
    a_result(
        a_practice(ref="P-1", statement="Form"), {"Hubs": (20, 0, 5, 0), "Parks": (5, 0, 20, 0), "Aid": (13, 0, 12, 0)},
        voters_low=69, voters_high=81, direction="split", share="about half", verdict="differ", less=["Parks"],
    )  # fmt: skip
    row = row_of(client, "P-1")
    assert "split; drawn: keep it or do more of it" in row
    assert "parks: otherwise" in row


def test_picture_of_ten_services_has_a_lane_for_each(client):
    a_result(groups={f"S{number}": (20, 0, 5, 0) for number in range(10)}, voters_low=230, voters_high=270)
    html = client.get("/votes/").content.decode()
    assert html.count("<rect x=") == 10
    assert "From top to bottom: S0, S1, S2, S3, S4, S5, S6, S7, S8, S9." in html


def test_picture_of_many_practices_says_how_many_it_shows(client):
    Practice.objects.bulk_create(
        Practice(ref=f"P-{number}", statement=f"Practice {number}", status=Status.PUBLISHED) for number in range(70)
    )
    words = {"direction": "retain", "share": "most", "verdict": "agree", "voters_low": 18, "voters_high": 22}
    a_result(Practice.objects.get(ref="P-69"), {"Hubs": (20, 0, 0, 0)}, **words)
    response = client.get("/votes/")
    assert len(response.context["pictured"]) == 40
    assert response.context["pictured"][0].ref == "P-69"
    assert "The picture shows the first 40 of 70 practices" in response.content.decode()
    assert "pictured" not in client.get("/votes/?page=2").context


# Which practices, in which order.


@pytest.fixture
def four():
    """One of each direction, with gaps and sizes that no other order repeats."""
    programme = a_programme(slug="gm")
    for ref, direction, verdict, gap, least, voters in [
        ("P-a", "retain", "agree", 0.05, 0.9, 40),
        ("P-b", "discard", "differ", 0.3, 0.4, 90),
        ("P-c", "retain", "mixed", 0.4, 0.5, 60),
        ("P-d", "create", "agree", 0.1, 0.8, 70),
    ]:
        a_result(
            a_practice(ref=ref, statement=ref), {"Hubs": (20, 0, 0, 0)}, programme=programme, direction=direction,
            share="most", verdict=verdict, gap=gap, least_share=least, voters_low=voters - 4, voters_high=voters,
        )  # fmt: skip
    a_practice(ref="P-e", statement="P-e")


@pytest.mark.usefixtures("four")
@pytest.mark.parametrize(
    ("query", "refs"),
    [
        ("", "a d c b e"),
        ("?sort=agreement", "a d c b e"),
        ("?sort=difference", "c b d a e"),
        ("?sort=direction", "a c b d e"),
        ("?sort=voters", "b d c a e"),
        ("?programme=gm", "a d c b"),
    ],
)
def test_votes_page_orders_all_practices_alike_in_picture_and_list(query, refs, client):
    response = client.get(f"/votes/{query}")
    expected = [f"P-{letter}" for letter in refs.split()]
    assert [practice.ref for practice in response.context["practice_list"]] == expected
    assert re.findall(r'<th scope="row"><a href="/practices/([^/]+)/', response.content.decode()) == expected


@pytest.mark.usefixtures("four")
def test_order_or_filter_that_does_not_exist_is_said_and_shows_nothing(client):
    for query, said in [
        ("sort=votes", "There is no order “votes”. So nothing is shown."),
        ("service_area=x", "There is no service area “x”. So nothing is shown."),
        ("theme=x", "There is no theme “x”. So nothing is shown."),
        ("programme=x", "There is no programme “x”. So nothing is shown."),
    ]:
        assert said in text_of(client, f"/votes/?{query}")
        assert refs_at(client, f"?{query}") == []


@pytest.mark.usefixtures("four")
def test_practice_most_agreed_on_is_the_first_of_the_order_on_every_page(client):
    assert "They agree most on this: P-a" in text_of(client, "/")
    Practice.objects.filter(ref="P-a").update(status=Status.DRAFT)
    assert "They agree most on this: P-d" in text_of(client, "/")
    Practice.objects.filter(ref="P-d").update(status=Status.DRAFT)
    assert "They agree most" not in text_of(client, "/")


@pytest.mark.usefixtures("released")
@pytest.mark.parametrize(
    ("ref", "said"),
    [
        ("P-apart", ""),
        ("P-merged", "Parks is shown together with hubs and schools; this does not show what it thought."),
        ("P-small", "Parks: nobody recorded as from there voted on this."),
    ],
)
def test_votes_page_of_a_service_says_what_it_said_or_why_not(ref, said, client):
    html = client.get("/votes/?service_area=parks").content.decode()
    article = next(each for each in html.split('<article class="practice">')[1:] if f"/practices/{ref}/" in each)
    text = " ".join(re.sub(r"<[^>]+>", " ", article).split())
    assert said in text
    if not said:
        assert "Parks" not in re.search(r'<p class="notice">.*?</p>|$', article, re.DOTALL)[0]
    rows = re.findall(r'<tr class="chosen">\s*<th scope="row">(.*?)</th>', article)
    assert rows == {"P-apart": ["Parks"], "P-merged": ["Hubs + Parks + Schools"], "P-small": []}[ref]


@pytest.mark.usefixtures("released")
def test_votes_page_of_a_service_puts_its_own_row_first(client):
    assert row_of(client, "P-apart", "?service_area=schools").startswith(
        "Ward by ward keep it or do more of it Schools 0 to 37; Hubs"
    )


@pytest.mark.usefixtures("released")
def test_votes_page_of_a_service_where_nobody_is_shown_says_so(client):
    Practice.objects.get(ref="P-small").service_areas.add(a_service_area("Baths"))
    assert "Baths: too few people voted to show any service alone." in text_of(client, "/votes/?service_area=baths")


@pytest.mark.usefixtures("released")
def test_service_chooses_practices_it_was_asked_about_by_its_whole_name(client):
    a_service_area("Hub")
    assert sorted(refs_at(client, "?service_area=hubs")) == ["P-agreed", "P-apart", "P-merged", "P-torn"]
    assert "P-small" in refs_at(client, "?service_area=parks")
    assert sorted(refs_at(client, "?service_area=aid")) == ["P-agreed"]
    assert refs_at(client, "?service_area=hub") == []


# Counts of verdicts.


@pytest.mark.usefixtures("released")
def test_votes_page_answers_whether_services_agree(client):
    said = (
        "On 1 of 5 practices the services agree; on 1 they differ. Schools stands apart there. "
        "On 1 there is no clear agreement and no clear difference. "
        "On 2 there were too few voters or services to compare."
    )
    for address in ("/votes/", "/"):
        assert said in text_of(client, address)
    text = text_of(client, "/votes/")
    assert "Those who voted were in the room; they are not a sample of anybody else." in text
    assert "By chance alone at most about 1 in 20 practices compared would seem to differ." in text
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
    assert Summary(Counter(differ=sum(apart.values())), Counter(apart)).furthest == said


def test_summary_calls_nothing_too_few_that_was_taken_back_or_is_by_the_first_rule(client):
    shown = {"voters_low": 18, "voters_high": 22}
    a_result(groups={"Hubs": (20, 0, 0, 0)}, is_by_first_rule=True, **shown)
    a_result(groups={"Hubs": (20, 0, 0, 0)}, is_taken_back=True, corrected_on=DAY, correction="Twice.", **shown)
    a_result(groups={"Hubs": (20, 0, 0, 0)}, **shown)
    assert (
        "On 0 of 3 practices the services agree; on 0 they differ. On 1 there were too few voters or services to compare. "
        "On 1 only numbers are shown, by the rule until 2026. On 1 the result was taken back."
    ) in text_of(client, "/votes/")


def test_result_that_was_taken_back_shows_no_row(client):
    practice = a_practice(ref="P-1", service_areas=[a_service_area("Hubs")])
    a_result(
        practice, {"Hubs": (20, 0, 0, 0)}, voters_low=18, voters_high=22, silent=["Parks"],
        is_taken_back=True, corrected_on=DAY, correction="The wrong room.",
    )  # fmt: skip
    for address in ("/practices/P-1/", "/votes/?service_area=hubs"):
        text = text_of(client, address)
        assert "Taken back on 13 October 2020: The wrong room." in text
        assert "about 20" not in text
        assert "nobody recorded as from there" not in text


def test_people_without_a_service_that_the_first_rule_joined_are_named_as_such(client):
    result = a_result(
        groups={"Hubs + Not recorded": (20, 0, 0, 0)}, voters_low=18, voters_high=22, is_by_first_rule=True,
    )  # fmt: skip
    text = text_of(client, result.practice.get_absolute_url())
    assert "Hubs and people whose service is not recorded are counted together" in text
    said = "The votes of about 20 people are shown: those of one service, and people whose service is not recorded."
    assert said in text
    assert "What is said above" not in text


@pytest.mark.usefixtures("released")
def test_summary_stays_whatever_the_filters_choose(client):
    Practice.objects.get(ref="P-torn").themes.add(a_theme("People"))
    lead = re.compile(r'<p class="lead">.*?</p>', re.DOTALL)
    whole, narrowed = (client.get(f"/votes/{query}").content.decode() for query in ("", "?theme=people"))
    assert lead.search(whole)[0] == lead.search(narrowed)[0]
    assert refs_at(client, "?theme=people") == ["P-torn"]


@pytest.mark.usefixtures("released")
def test_draft_practice_is_in_no_count(client):
    Practice.objects.filter(ref="P-apart").update(status=Status.DRAFT)
    assert "On 1 of 4 practices the services agree; on 0 they differ." in text_of(client, "/votes/")
    assert client.get("/practices/P-apart/").status_code == 404


def test_votes_of_an_invented_programme_say_that_they_test_nothing(client):
    room = a_workshop(programme=a_programme(slug="sample", illustrative=True))
    practice = a_practice()
    votes_on(practice, room, Hubs=(12, 0, 0, 0))
    votes_on(a_practice(), a_workshop(programme=a_programme(slug="real")), Hubs=(12, 0, 0, 0))
    release(room.phase.programme)
    sentence = "These votes were written to illustrate the published account. They do not test it."
    for address in ("/votes/", "/votes/?programme=sample", practice.get_absolute_url(), "/"):
        assert sentence in text_of(client, address), address
    assert sentence not in text_of(client, "/votes/?programme=real")


# What pages ask of the database.


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
        "/votes/?service_area=hubs",
        practice.get_absolute_url(),
        "/data/",
        "/data/vote_results.csv",
        "/data/vote_verdicts.csv",
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
        for table in ("workshops_vote", "workshops_tally", "insights_turnout", "insights_exactcounts"):
            assert table not in asked, (address, table)
