"""Stories and practices with the same words, or nearly."""

import random

import pytest

from tests.factories import a_practice, a_story
from workshops.choices import Status
from workshops.consent import withdrawal
from workshops.models import Practice, Story, WordingTrace
from workshops.search import rebuild
from workshops.search.traces import may_be_alike
from workshops.stories.doubles import near_doubles, stories_told_twice
from workshops.voting.ballots import practices_put_twice

HOTEL = (
    "We put families into a hotel for a night while the heating of the whole block was mended, and a worker of the "
    "council sat in the lobby with a list of phone numbers until everybody had a room and somebody to ring."
)
NEARLY_HOTEL = HOTEL.replace("a worker of the council", "one worker from the council").replace("list", "sheet")
BUSES = "The drivers rang each other at five in the morning, and by six the school run had a bus for every child."


def told_twice(*stories, among=None):
    found = stories_told_twice([story.pk for story in stories], Story.objects.all() if among is None else among)
    return {pk: [(double.thing.ref, double.is_same) for double in doubles] for pk, doubles in found.items()}


@pytest.mark.django_db
def test_same_words_and_nearly_the_same_are_found_and_others_not():
    first = a_story(ref="S-1", published_text=HOTEL)
    same = a_story(ref="S-2", published_text=f"  {HOTEL.upper()}!")
    nearly = a_story(ref="S-3", published_text=NEARLY_HOTEL)
    other = a_story(ref="S-4", published_text=BUSES)
    assert told_twice(first, same, nearly, other) == {
        first.pk: [("S-2", True), ("S-3", False)],
        same.pk: [("S-1", True), ("S-3", False)],
        nearly.pk: [("S-1", False), ("S-2", False)],
    }


@pytest.mark.django_db
def test_run_that_two_stories_share_is_not_enough():
    ends_alike = a_story(published_text=f"{BUSES} Then {HOTEL[:90]}")
    begins = a_story(published_text=f"{HOTEL[:90]} Nobody knows how that went on, for there is no more to tell of it.")
    assert told_twice(ends_alike, begins) == {}


@pytest.mark.django_db
def test_only_stories_that_may_be_seen_are_named():
    first, draft = a_story(published_text=HOTEL), a_story(ref="S-2", published_text=HOTEL, status=Status.DRAFT)
    assert told_twice(first) == {first.pk: [("S-2", True)]}
    assert told_twice(first, among=Story.objects.published()) == {}
    assert draft.pk not in told_twice(first, among=Story.objects.published())


@pytest.mark.django_db
def test_trace_goes_with_the_words_of_a_story():
    story, other = a_story(published_text=HOTEL), a_story(published_text=HOTEL)
    other.published_text = BUSES
    other.save()
    assert told_twice(story) == {}
    before = list(WordingTrace.objects.order_by("pk").values_list())
    WordingTrace.objects.all().delete()
    rebuild()
    assert list(WordingTrace.objects.order_by("pk").values_list()) == before
    withdrawal.withdraw_stories([story])
    other.delete()
    assert not WordingTrace.objects.exists()


@pytest.mark.django_db
def test_story_without_words_is_like_no_other():
    first, second = (a_story(published_text="", status=Status.DRAFT) for _ in range(2))
    assert told_twice(first, second) == {}


@pytest.mark.django_db
def test_many_with_the_same_words_are_compared_with_few(django_assert_num_queries):
    stories = [a_story(published_text=HOTEL) for _ in range(30)]
    pks = [story.pk for story in stories]
    assert may_be_alike([pks[20]]) == {pks[20]: pks[:6]}
    with django_assert_num_queries(4):
        assert len(stories_told_twice(pks, Story.objects.all())) == 30


@pytest.mark.django_db
def test_nineteen_of_twenty_nearly_the_same_are_found():
    draw = random.Random(5)  # noqa: S311 - nothing secret depends on it
    vocabulary = [
        f"{draw.choice('bcdfglmnprst')}{draw.choice('aeiou')}{draw.choice('bcdfglmnprst')}{n}" for n in range(900)
    ]
    pairs = []
    for _ in range(60):
        words = draw.choices(vocabulary, k=80)
        changed = [draw.choice(vocabulary) if draw.random() < 0.04 else word for word in words]
        pairs.append([a_story(published_text=" ".join(text)) for text in (words, changed)])
    found = told_twice(*(one for one, _ in pairs))
    assert sum(found.get(one.pk) is not None for one, _ in pairs) >= 57
    assert all(found[one.pk][0][0] == other.ref for one, other in pairs if one.pk in found)


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("Ring back the same day", "ring back, the same day!", True),
        ("Ring back the same day", "Ring back on the same day", True),
        ("A daily huddle of all teams", "A daily huddle for all teams", True),
        ("Meet on the street, not in the office", "Not in the office: meet on the street", True),
        ("Keep the daily huddle", "Keep the weekly huddle", False),
        ("Practice A", "Practice B", False),
        ("Answer within 10 days of the call", "Answer within 12 days of the call", False),
        ("Drop the referral form", "Share the referral form", False),
    ],
)
def test_statement_that_says_nearly_the_same(one, other, near):
    assert [double.thing for double in near_doubles(one, {"it": other})] == (["it"] if near else [])


@pytest.mark.django_db
def test_practices_of_a_ballot_are_compared_with_each_other_and_with_those_there_are():
    first = a_practice(ref="P-1", statement="Ring back the same day")
    second = a_practice(ref="P-2", statement="Ring back on the same day")
    other = a_practice(ref="P-3", statement="Meet on the street")
    a_practice(ref="P-4", statement="Meet on the streets")
    pairs = practices_put_twice([second, first, other], Practice.objects.all())
    assert [(one.ref, double.ref) for one, double in pairs] == [("P-1", "P-2"), ("P-3", "P-4")]
    assert practices_put_twice([first], Practice.objects.filter(ref="P-3")) == []
