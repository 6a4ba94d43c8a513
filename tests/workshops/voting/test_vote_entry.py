"""Votes and hands counted as they are typed: only what changed is written, all of it or nothing."""

import doctest

import pytest

from tests.factories import a_participant, a_practice, a_service_area, a_story, a_user, a_vote, a_workshop
from workshops.choices import Choice, Consent, Status
from workshops.contribution.erasure_requests import ask_to_erase
from workshops.models import Ballot, Note, Participant, Practice, Tally, Vote
from workshops.roles import FACILITATOR
from workshops.voting import vote_entry
from workshops.voting.vote_entry import (
    add_people,
    add_practices,
    hands_in,
    participants_of,
    practices_for_entry,
    read_choice,
    read_count,
    save_hands,
    save_votes,
    sort_codes,
    votes_in,
)

pytestmark = pytest.mark.django_db


def test_examples_hold():
    assert doctest.testmod(vote_entry).failed == 0


@pytest.mark.parametrize(
    ("text", "choice"),
    [("k", "keep"), (" A ", "amplify"), ("Discard", "discard"), ("c", "create"), ("", ""), ("  ", "")],
)
def test_choice_is_a_letter_or_word(text, choice):
    assert read_choice(text) == choice


@pytest.mark.parametrize("text", ["x", "kk", "kept", "1", "\0", "к", "<b>"])
def test_other_words_are_no_choice(text):
    with pytest.raises(ValueError, match=r"is no choice\. Type k, a, d or c"):
        read_choice(text)


@pytest.mark.parametrize(("text", "count"), [("0", 0), (" 12 ", 12), ("10000", 10_000), ("", ""), (" ", "")])
def test_count_is_a_whole_number(text, count):
    assert read_count(text) == count


@pytest.mark.parametrize("text", ["-1", "1.5", "10001", "9" * 5000, "x", "½", "²", "\0", "1e3"])
def test_other_texts_are_no_number_of_hands(text):
    with pytest.raises(ValueError, match=r"is no number of hands\. Type a whole number from 0 to 10,000\."):
        read_count(text)


@pytest.fixture
def workshop():
    return a_workshop()


def test_only_changed_cells_are_written(workshop):
    ann, bob = a_participant([workshop]), a_participant([workshop])
    van, list_, calls = a_practice(), a_practice(), a_practice()
    kept = a_vote(participant=ann, practice=van, workshop=workshop, choice=Choice.KEEP)
    a_vote(participant=ann, practice=list_, workshop=workshop, choice=Choice.KEEP)
    a_vote(participant=bob, practice=van, workshop=workshop, choice=Choice.KEEP)
    typed = {
        (ann.pk, van.pk): "k",
        (ann.pk, list_.pk): "D",
        (bob.pk, van.pk): "",
        (bob.pk, list_.pk): "create",
        (bob.pk, calls.pk): "",
    }
    seen = {(ann.pk, van.pk): "keep", (ann.pk, list_.pk): "keep", (bob.pk, van.pk): "keep"}
    changes, problems = save_votes(workshop, typed, seen)
    assert (len(changes), problems) == (3, {})
    assert votes_in(workshop) == {
        (ann.pk, van.pk): "keep",
        (ann.pk, list_.pk): "discard",
        (bob.pk, list_.pk): "create",
    }
    assert Vote.objects.get(participant=ann, practice=van).pk == kept.pk


def test_what_others_changed_in_cells_one_did_not_touch_stays(workshop):
    ann, van, calls = a_participant([workshop]), a_practice(), a_practice()
    a_vote(participant=ann, practice=van, workshop=workshop, choice=Choice.DISCARD)
    changes, problems = save_votes(
        workshop, {(ann.pk, van.pk): "k", (ann.pk, calls.pk): "a"}, {(ann.pk, van.pk): "keep"}
    )
    assert (changes, problems) == ({(ann.pk, calls.pk): "amplify"}, {})
    assert votes_in(workshop) == {(ann.pk, van.pk): "discard", (ann.pk, calls.pk): "amplify"}


def test_cell_that_another_changed_too_is_told_and_nothing_written(workshop):
    ann, van, calls = a_participant([workshop]), a_practice(), a_practice()
    a_vote(participant=ann, practice=van, workshop=workshop, choice=Choice.DISCARD)
    typed = {(ann.pk, van.pk): "k", (ann.pk, calls.pk): "a"}
    changes, problems = save_votes(workshop, typed, {})
    sentence = "Somebody entered “discard” while you typed “keep”. Save again if yours is right, or mend it."
    assert (changes, problems) == ({}, {(ann.pk, van.pk): sentence})
    assert votes_in(workshop) == {(ann.pk, van.pk): "discard"}
    changes, problems = save_votes(workshop, typed, {(ann.pk, van.pk): "discard"})
    assert problems == {}
    assert votes_in(workshop) == {(ann.pk, van.pk): "keep", (ann.pk, calls.pk): "amplify"}


def test_two_who_typed_the_same_agree(workshop):
    ann, van = a_participant([workshop]), a_practice()
    a_vote(participant=ann, practice=van, workshop=workshop, choice=Choice.KEEP)
    assert save_votes(workshop, {(ann.pk, van.pk): "k"}, {}) == ({}, {})


def test_cell_that_another_cleared_is_told(workshop):
    ann, van = a_participant([workshop]), a_practice()
    problems = save_votes(workshop, {(ann.pk, van.pk): "d"}, {(ann.pk, van.pk): "keep"})[1]
    assert list(problems.values()) == [
        "Somebody emptied it while you typed “discard”. Save again if yours is right, or mend it."
    ]


def test_cell_that_one_cleared_while_another_changed_it_is_told(workshop):
    ann, van = a_participant([workshop]), a_practice()
    a_vote(participant=ann, practice=van, workshop=workshop, choice=Choice.DISCARD)
    problems = save_votes(workshop, {(ann.pk, van.pk): ""}, {(ann.pk, van.pk): "keep"})[1]
    assert list(problems.values()) == [
        "Somebody entered “discard” while you emptied it. Save again if yours is right, or mend it."
    ]


def test_one_wrong_letter_stops_all(workshop):
    ann, van, calls = a_participant([workshop]), a_practice(), a_practice()
    changes, problems = save_votes(workshop, {(ann.pk, van.pk): "k", (ann.pk, calls.pk): "x"}, {})
    assert (changes, list(problems)) == ({}, [(ann.pk, calls.pk)])
    assert Vote.objects.count() == 0


def test_vote_replaces_the_one_cast_elsewhere_and_clearing_leaves_it(workshop):
    elsewhere = a_workshop()
    ann, van, calls = a_participant([workshop, elsewhere]), a_practice(), a_practice()
    for practice in (van, calls):
        a_vote(participant=ann, practice=practice, workshop=elsewhere, choice=Choice.KEEP)
    save_votes(workshop, {(ann.pk, van.pk): "d", (ann.pk, calls.pk): ""}, {(ann.pk, calls.pk): "keep"})
    votes = Vote.objects.order_by("practice").values_list("practice", "choice", "workshop")
    assert list(votes) == [(van.pk, "discard", workshop.pk), (calls.pk, "keep", elsewhere.pk)]


def test_votes_of_a_whole_page_take_few_queries(workshop, django_assert_max_num_queries):
    people = [a_participant([workshop]) for _ in range(30)]
    practices = [a_practice() for _ in range(10)]
    typed = {(person.pk, practice.pk): "k" for person in people for practice in practices}
    with django_assert_max_num_queries(8):
        save_votes(workshop, typed, {})
    assert Vote.objects.count() == 300


def test_hands_are_written_row_by_row(workshop):
    area, other = a_service_area(), a_service_area()
    van, calls, list_ = a_practice(), a_practice(), a_practice()
    for service_area in (area, other):
        Tally.objects.create(workshop=workshop, service_area=service_area, practice=van, keep=3, create=1)
        Tally.objects.create(workshop=workshop, service_area=service_area, practice=list_, keep=5)
    seen = hands_in(workshop, area)
    typed = {
        (van.pk, "keep"): "4",
        (van.pk, "amplify"): "",
        (calls.pk, "discard"): "7",
        **{(list_.pk, choice): "" for choice in Choice.values},
    }
    assert save_hands(workshop, area, typed, seen)[1] == {}
    fields = ["practice", "keep", "amplify", "discard", "create"]
    assert list(Tally.objects.filter(service_area=area).order_by("practice").values_list(*fields)) == [
        (van.pk, 4, 0, 0, 1),
        (calls.pk, 0, 0, 7, 0),
    ]
    assert Tally.objects.filter(service_area=other).count() == 2


def test_hands_that_another_changed_too_are_told(workshop):
    area, van = a_service_area(), a_practice()
    Tally.objects.create(workshop=workshop, service_area=area, practice=van, keep=3)
    changes, problems = save_hands(workshop, area, {(van.pk, "keep"): "5", (van.pk, "create"): "1"}, {})
    assert (changes, problems) == (
        {},
        {
            (van.pk, "keep"): "Somebody entered “3” while you typed “5”. Save again if yours is right, or mend it.",
            (van.pk, "create"): "Somebody entered “0” while you typed “1”. Save again if yours is right, or mend it.",
        },
    )
    assert hands_in(workshop, area)[van.pk, "keep"] == 3


def test_practices_are_those_voted_on_told_of_and_noted_here(workshop):
    other = a_workshop()
    told = a_practice(stories=[a_story(workshop=workshop)])
    voted, added, elsewhere, noted, counted = (a_practice(statement=name) for name in ("v", "a", "e", "n", "c"))
    a_vote(practice=voted, participant=a_participant(), workshop=workshop)
    a_vote(practice=elsewhere, participant=a_participant(), workshop=other)
    Note.objects.create(workshop=workshop, practice=noted, text="As noted", choice=Choice.KEEP)
    Tally.objects.create(workshop=workshop, practice=counted, service_area=a_service_area())
    assert list(practices_for_entry(workshop, [added])) == [told, voted, added, noted, counted]


def test_practices_on_phones_are_left_out_until_the_ballot_is_closed(workshop):
    practice = a_practice()
    a_vote(practice=practice, participant=a_participant(), workshop=workshop)
    ballot = Ballot.objects.create(workshop=workshop, seats=10)
    ballot.practices.add(practice)
    assert list(practices_for_entry(workshop, [practice])) == []
    Ballot.objects.update(closed_at=ballot.opened_at, salt="")
    Ballot.objects.create(workshop=workshop, seats=10)  # which has no practice yet
    assert list(practices_for_entry(workshop)) == [practice]


def test_people_are_those_who_came_and_those_who_voted(workshop):
    ann, bob = a_participant([workshop], code="b"), a_participant(code="a")
    a_participant([a_workshop()])
    a_vote(practice=a_practice(), participant=bob, workshop=workshop)
    a_vote(practice=a_practice(), participant=bob, workshop=workshop)
    assert list(participants_of(workshop)) == [bob, ann]


def test_people_whose_erasure_waits_and_their_votes_are_not_shown(workshop):
    ann, bob, practice = a_participant([workshop]), a_participant([workshop]), a_practice()
    for person in (ann, bob):
        a_vote(practice=practice, participant=person, workshop=workshop)
    ask_to_erase(ann)
    assert list(participants_of(workshop)) == [bob]
    assert votes_in(workshop) == {(bob.pk, practice.pk): "keep"}


def test_codes_of_others_people_are_refused():
    """Whoever is in one's room shows one their name: nobody is taken in by guessing at codes."""
    facilitator = a_user(FACILITATOR)
    workshop, earlier = a_workshop([facilitator]), a_workshop([facilitator])
    known = a_participant([earlier], code="known")
    a_participant([a_workshop()], code="foreign")
    people, free, refused = sort_codes(["known", "foreign", "new", "new", "a b", "-x", "y" * 101], facilitator)
    assert (people, free) == ([known], ["new"])
    assert list(refused) == ["foreign", "a b", "-x", "y" * 101]
    add_people(workshop, people, free)
    assert [person.code for person in participants_of(workshop)] == ["known", "new"]
    assert Participant.objects.get(code="new").consent == Consent.FACILITATORS


def test_new_practices_are_drafts_and_known_ones_are_taken():
    facilitator = a_user(FACILITATOR)
    known = a_practice(statement="Daily calls")
    foreign = a_practice(statement="Not to be seen", status=Status.DRAFT)
    practices = add_practices(["Daily calls", "Not to be seen", "A van"], facilitator)
    assert practices[0] == known
    assert foreign not in practices
    made = [(practice.statement, practice.status, practice.entered_by) for practice in practices[1:]]
    assert made == [("Not to be seen", "draft", facilitator), ("A van", "draft", facilitator)]
    assert Practice.objects.count() == 4
