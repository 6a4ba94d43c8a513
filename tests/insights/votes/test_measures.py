"""Measures worked by hand, and what must hold of any counts."""

import json
from itertools import permutations
from math import log2, sqrt
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.votes.measures import (
    NOT_RECORDED,
    ChoiceCounts,
    Measures,
    agreement,
    consensus,
    counts_in_row,
    divergence,
    headline,
    lean,
    measure,
    measure_released,
    nearest,
    read_in_the_middle,
    stability,
    stability_by_workshop,
    verdict,
)
from tests.shared import shared

counts = st.tuples(*[st.integers(0, 200)] * 4)
voted = counts.filter(any)
groups = st.dictionaries(st.sampled_from("ABCDEFGH"), voted, min_size=2, max_size=6)


def a_row(group, base, *shown):
    return SimpleNamespace(group=group, base=base, **dict(zip(ChoiceCounts._fields, shown, strict=True)))


@pytest.mark.parametrize(
    ("said", "p"),
    [
        ((10, 6, 2, 2), 16.5 / 19),
        ((1, 1, 16, 2), 2.5 / 19),
        ((0, 0, 0, 0), 0.5),
        ((0, 0, 0, 30), 0.5),
        ((9, 0, 0, 0), 0.95),
        ((0, 0, 9, 0), 0.05),
    ],
)
def test_lean_is_the_share_who_want_it_of_those_who_spoke_of_it(said, p):
    assert lean(said) == p


def test_agreement_is_the_geometric_mean_of_the_groups():
    said = {"A": (9, 0, 0, 0), "B": (4, 0, 5, 0)}
    assert agreement(said, "retain") == pytest.approx(sqrt(0.95 * 0.45))
    assert agreement(said, "discard") == pytest.approx(sqrt(0.05 * 0.55))
    assert agreement({"A": (0, 0, 0, 9), "B": (1, 1, 1, 1)}, "create") == pytest.approx(sqrt(0.95 * 0.3))


@pytest.mark.parametrize(
    ("said", "direction"),
    [
        ({"A": (9, 5, 1, 0), "B": (5, 5, 2, 1)}, "retain"),
        ({"A": (1, 0, 9, 0), "B": (2, 0, 7, 1)}, "discard"),
        ({"A": (1, 0, 1, 20), "B": (0, 1, 1, 15)}, "create"),
        ({"A": (5, 0, 5, 0), "B": (0, 7, 7, 0)}, "split"),
        ({"A": (9, 0, 2, 0), "B": (2, 0, 9, 0)}, "split"),
    ],
)
def test_consensus_names_the_direction_of_the_largest_agreement(said, direction):
    assert consensus(said)[1] == direction


def test_divergence_meets_the_check_values():
    alike, other = (10, 6, 2, 2), (1, 1, 16, 2)
    value, furthest = divergence({"A": alike, "B": alike, "C": alike, "D": other})
    assert (round(value, 10), furthest) == (0.1430434811, "D")
    value, furthest = divergence({"A": alike, "B": other, "C": (40, 20, 10, 10)})
    assert (round(value, 10), furthest) == (0.2043054287, "B")


def test_divergence_of_equal_contributions_names_the_first_by_name():
    assert divergence({"Z": (9, 0, 0, 0), "B": (0, 0, 9, 0)})[1] == "B"


def test_stability_is_the_smallest_agreement_without_one_group():
    said = {"A": (9, 0, 0, 0), "B": (9, 0, 0, 0), "C": (4, 0, 5, 0)}
    assert stability(said, "retain") == pytest.approx(sqrt(0.95 * 0.45))
    assert stability({"A": (9, 0, 0, 0)}, "retain") is None
    assert stability({"A": (9, 0, 2, 0), "B": (2, 0, 9, 0)}, "split") == pytest.approx(9.5 / 12)


def test_stability_by_workshop_leaves_out_each_workshop_whole():
    first = {"A": ChoiceCounts(9, 0, 0, 0), "B": ChoiceCounts(0, 0, 9, 0)}
    second = {"A": ChoiceCounts(0, 0, 9, 0), "B": ChoiceCounts(9, 0, 0, 0), NOT_RECORDED: ChoiceCounts(50, 0, 0, 0)}
    third = {"A": ChoiceCounts(10, 0, 0, 0)}
    found = stability_by_workshop({"first": first, "second": second, "third": third}, "retain")
    assert found == {
        "first": pytest.approx(sqrt(10.5 / 20 * 0.95)),
        "second": pytest.approx(sqrt(19.5 / 20 * 0.05)),
        "third": pytest.approx(sqrt(9.5 / 19 * 9.5 / 19)),
    }
    assert stability_by_workshop({"only": first, "other": third}, "retain")["only"] is None


@pytest.mark.parametrize(
    ("agreed", "differed", "word"),
    [
        (0.75, 0.0999, "strong"),
        (0.7499, 0, "mixed"),
        (0.99, 0.1, "apart"),
        (0.1, 0.1, "apart"),
        (0.5, None, "not enough service areas to compare"),
        (None, None, "not enough service areas to compare"),
    ],
)
def test_verdict_keeps_its_limits(agreed, differed, word):
    assert verdict(agreed, differed) == word


@pytest.mark.parametrize("said", [{}, {"A": (20, 5, 1, 0)}, {"A": (20, 5, 1, 0), "B": (0, 0, 0, 0)}])
def test_one_group_or_none_is_never_agreement(said):
    assert measure(said) == Measures("", None, None, "", None, "not enough service areas to compare")


def test_group_without_a_record_enters_no_measure():
    said = {"A": (10, 6, 2, 2), "B": (9, 5, 1, 0)}
    assert measure({**said, NOT_RECORDED: (0, 0, 50, 0)}) == measure(said)
    assert measure({"A": (10, 6, 2, 2), NOT_RECORDED: (0, 0, 50, 0)}).verdict == "not enough service areas to compare"


@given(groups)
def test_any_order_of_groups_gives_the_same_measures(said):
    expected = measure(said)
    for order in list(permutations(said))[:24]:
        assert measure({name: said[name] for name in order}) == expected


@given(voted, st.integers(2, 8))
def test_identical_groups_do_not_differ(said, number):
    measured = measure({str(n): said for n in range(number)})
    assert measured.divergence == pytest.approx(0, abs=1e-12)
    assert measured.apart == ""
    assert measured.stability == pytest.approx(measured.consensus)


@given(st.integers(2, 4), st.integers(1000, 100_000))
def test_disjoint_groups_differ_nearly_wholly(number, size):
    said = {str(n): tuple(size if place == n else 0 for place in range(4)) for n in range(number)}
    assert 0.98 < measure(said).divergence < 1


@given(groups)
def test_measures_keep_their_ranges(said):
    measured = measure(said)
    assert 0 < measured.stability < 1
    assert 0 < measured.consensus < 1
    assert 0 <= measured.divergence < 1
    assert (measured.apart in said) is (measured.divergence >= 0.1)


@given(groups)
def test_group_without_votes_changes_nothing(said):
    assert measure({**said, "silent": (0, 0, 0, 0)}) == measure(said)


@given(
    st.lists(
        st.tuples(*[st.integers(0, 50)] * 4).filter(
            lambda said: said[0] + said[1] > said[2] and said[3] <= sum(said[:3])
        ),
        min_size=2,
        max_size=6,
    ),
    st.booleans(),
)
def test_doubling_every_count_keeps_the_direction(said, other_way):
    """Where all groups lean one way, and no group mostly wants to create; the ½ may tip what is torn."""
    said = [(d, 0, k + a, c) if other_way else (k, a, d, c) for k, a, d, c in said]
    doubled = [tuple(2 * count for count in each) for each in said]
    expected = "discard" if other_way else "retain"
    assert consensus(dict(enumerate(said)))[1] == consensus(dict(enumerate(doubled)))[1] == expected


@given(groups)
def test_swapping_keep_and_discard_turns_the_direction_round(said):
    turned = {name: (d, 0, k + a, c) for name, (k, a, d, c) in said.items()}
    opposite = {"retain": "discard", "discard": "retain", "create": "create", "split": "split"}
    assert consensus(turned)[1] == opposite[consensus(said)[1]]


@pytest.mark.parametrize(
    ("row", "as_shares", "as_middle"),
    [
        (a_row("A", 25, 10, 10, None, None), (10, 10, 2.5, 2.5), (10, 10, 2, 2)),
        (a_row("A", 20, 5, 5, 5, None), (5, 5, 5, 4), (5, 5, 5, 2)),
        (a_row("A", 15, 10, 10, None, None), (10, 10, 0, 0), (10, 10, 2, 2)),
        (a_row("A", 10, None, None, None, None), (2.5, 2.5, 2.5, 2.5), (2, 2, 2, 2)),
        (a_row("A", 40, 10, 10, 10, 10), (10, 10, 10, 10), (10, 10, 10, 10)),
    ],
)
def test_banded_count_is_read_as_a_share_of_what_the_base_leaves(row, as_shares, as_middle):
    assert counts_in_row(row) == as_shares
    assert read_in_the_middle(row) == as_middle


def test_measures_of_released_rows_read_bands_in_two_ways():
    rows = [a_row("A", 25, 10, 10, None, None), a_row("B", 20, 5, 5, 5, None)]
    measured = measure_released(rows)
    assert measured.consensus == pytest.approx(sqrt(20.5 / 23.5 * 10.5 / 16))
    assert measured.stability == pytest.approx(10.5 / 16)
    assert measured.divergence == divergence({"A": (10, 10, 2, 2), "B": (5, 5, 5, 2)})[0]
    assert measured.verdict == "strong"


STRONG = [a_row("Early help", 25, 20, 5, None, None), a_row("Homelessness", 25, 15, 10, None, None)]
UNSURE = a_row("Community hubs", 25, 10, 5, 10, None)
AGAINST = a_row("Early years (high needs)", 20, None, None, 20, None)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([], ""),
        (
            STRONG,
            "Nearly everyone who voted wanted to keep or build on this (about 50 of 50). "
            "Both services leaned the same way.",
        ),
        (
            [*STRONG, UNSURE],
            "Most people who voted wanted to keep or build on this (about 65 of 75). "
            "All three services leaned the same way; community hubs was less sure.",
        ),
        (
            [*STRONG, UNSURE, AGAINST],
            "More than half of those who voted wanted to keep or build on this (about 65 of 95). "
            "Three of the four services leaned the same way; early years (high needs) did not; "
            "community hubs was less sure.",
        ),
        (
            [a_row("A", 20, 10, None, 10, None), a_row("B", 20, 10, None, 10, None)],
            "Those who voted were split: about 20 of 40 wanted to keep or build on this, "
            "about 20 wanted to discard it.",
        ),
        (
            [a_row("Hubs", 30, 5, 5, 15, 5), a_row("NHS", 30, 5, 5, 15, 5)],
            "Those who voted were split: about 30 of 60 wanted to discard this, "
            "about 20 wanted to keep or build on it, about 10 wanted to create it. "
            "Both services leaned towards discarding it.",
        ),
        (
            [a_row("Hubs", 30, None, None, None, 25), a_row("Parks", 30, None, None, 5, 20)],
            "Most people who voted wanted to create this (about 45 of 60). "
            "Both services leaned the same way; parks was less sure.",
        ),
        (
            [a_row("Hubs", 30, 5, 5, None, 20), a_row("Parks", 30, 5, 5, 5, 20)],
            "More than half of those who voted wanted to create this (about 35 of 60). "
            "Both services leaned towards keeping or building on it; parks was less sure.",
        ),
        (
            [a_row("Early help + Hubs", 25, 20, 5, None, None), a_row("NHS", 25, 5, 5, 15, None)],
            "Most people who voted wanted to keep or build on this (about 35 of 50). "
            "One of the two groups of services leaned the same way; NHS did not.",
        ),
        (
            [a_row("Early help + Hubs", 15, 15, None, None, None)],
            "Nearly everyone who voted wanted to keep or build on this (about 15 of 15). "
            "There are not enough service areas to compare.",
        ),
        (
            [*STRONG, a_row(NOT_RECORDED, 20, None, None, 20, None)],
            "Most people who voted wanted to keep or build on this (about 50 of 70). "
            "Both services leaned the same way.",
        ),
        (
            [a_row("Hubs", 30, 5, 5, 10, 10), a_row("Parks", 30, 5, 5, 10, 10)],
            "No answer had a majority: about 20 of 60 wanted to keep or build on this, "
            "about 20 wanted to discard it, about 20 wanted to create it.",
        ),
        (
            [a_row("Hubs", 40, 5, 5, 15, 15), a_row("Parks", 35, 5, 5, 5, 15)],
            "No answer had a majority: about 30 of 75 wanted to create this, "
            "about 20 wanted to keep or build on it, about 20 wanted to discard it. "
            "One of the two services leaned towards keeping or building on it; hubs did not.",
        ),
    ],
)
def test_headline_says_what_may_be_quoted(rows, sentence):
    assert headline(rows) == sentence
    assert headline(rows[::-1]) == sentence


@pytest.mark.parametrize(("number", "rounded"), [(0, 0), (2, 0), (2.5, 5), (7, 5), (8, 10), (12, 10), (13, 15)])
def test_nearest_rounds_to_five_and_a_half_upwards(number, rounded):
    assert nearest(number) == rounded


@pytest.mark.parametrize("folder", ["15-per-hour-seattle", "brexit-consensus", "london.youth.policing"])
def test_measures_of_real_conversations_agree_with_entropies(folder):
    """The divergence once more, from entropies: H(mean of shares) − mean of H(shares)."""

    def entropy(shares):
        return -sum(share * log2(share) for share in shares)

    checked = 0
    for tallies in json.loads(shared("polis", folder, "oracle.json").read_text(encoding="utf-8")).values():
        said = {name: tuple(tally) for name, tally in tallies.items() if name and any(tally)}
        measured = measure(said)
        if len(said) < 2:
            assert measured.verdict == "not enough service areas to compare"
            continue
        shares = [[(count + 0.5) / (sum(tally) + 2) for count in tally] for tally in said.values()]
        middle = [sum(column) / len(shares) for column in zip(*shares, strict=True)]
        gain = entropy(middle) - sum(map(entropy, shares)) / len(shares)
        assert measured.divergence == pytest.approx(gain / log2(len(shares)), abs=1e-12)
        leans = [(tally[0] + tally[1] + 0.5) / (sum(tally[:3]) + 1) for tally in said.values()]
        if measured.direction == "retain":
            product = 1
            for p in leans:
                product *= p
            assert measured.consensus == pytest.approx(product ** (1 / len(leans)))
        checked += 1
    assert checked > 5
