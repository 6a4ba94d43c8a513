"""The words for votes: limits, who stands apart, and Fisher's test against published values and another implementation."""

import sys
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats

from insights.choices import Direction, Share, Verdict
from insights.votes.ranges import ChoiceCounts, merge_small_groups
from insights.votes.verdicts import (
    Words,
    differences_between,
    exact_interval,
    fisher_exact,
    word_for_share,
    words_for,
)
from tests.shared import shared


def said_of(*groups, **named):
    """The words for groups A, B, C … of (keep, amplify, discard, create), or for named ones."""
    counts = dict(zip("ABCDEFGHIJ", groups, strict=False)) | named
    return words_for({name: ChoiceCounts(*each) for name, each in counts.items()})


@pytest.mark.parametrize(
    ("table", "published"),
    [
        ((3, 4, 1, 4), 17 / 70),  # Fisher 1935, The Design of Experiments: the lady tasting tea
        ((4, 4, 0, 4), 1 / 70),
        ((10, 13, 2, 17), 0.000465),  # Fisher 1934, section 21.02: convictions of like-sex twins of criminals
    ],
)
def test_fisher_exact_gives_published_values(table, published):
    assert fisher_exact(*table) == pytest.approx(published, rel=2e-3)


sizes = st.integers(1, 120)


@settings(max_examples=200)
@given(
    sizes.flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    sizes.flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
)
def test_fisher_exact_agrees_with_scipy(one, other):
    (chose, of), (others, of_others) = one, other
    towards = "greater" if chose * of_others >= others * of else "less"
    judged = stats.fisher_exact([[chose, of - chose], [others, of_others - others]], alternative=towards).pvalue
    assert fisher_exact(chose, of, others, of_others) == pytest.approx(judged, rel=1e-9)


@pytest.mark.parametrize(
    ("chosen", "voters", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_exact_interval_gives_published_values(chosen, voters, low, high):
    """R. G. Newcombe 1998, Statistics in Medicine 17:857, table I, method 3."""
    assert exact_interval(chosen, voters) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("percent", "word"),
    [
        (100, Share.NEARLY_EVERYONE), (90, Share.NEARLY_EVERYONE), (89, Share.MOST), (70, Share.MOST),
        (69, Share.MORE_THAN_HALF), (56, Share.MORE_THAN_HALF), (55, Share.ABOUT_HALF), (45, Share.ABOUT_HALF),
        (44, Share.NO_MAJORITY), (34, Share.NO_MAJORITY),
    ],
)  # fmt: skip
def test_word_for_a_share_keeps_its_limits(percent, word):
    assert word_for_share(Fraction(percent, 100)) == word


@pytest.mark.parametrize(
    ("groups", "direction"),
    [
        ([(20, 0, 20, 0), (20, 0, 20, 0)], Direction.SPLIT),
        ([(21, 0, 19, 0), (21, 0, 19, 0)], Direction.RETAIN),
        ([(103, 0, 97, 0)], Direction.SPLIT),
        ([(105, 0, 95, 0)], Direction.RETAIN),
        ([(0, 0, 30, 20)], Direction.DISCARD),
        ([(10, 5, 5, 20)], Direction.CREATE),
    ],
)
def test_direction_needs_a_lead_of_five_points(groups, direction):
    assert said_of(*groups).direction == direction


def test_words_need_forty_voters_and_twenty_in_a_group_on_average():
    assert said_of((39, 0, 0, 0)) == Words()
    assert said_of((40, 0, 0, 0)).share == Share.NEARLY_EVERYONE
    assert said_of((20, 0, 0, 0), (20, 0, 0, 0), (19, 0, 0, 0)) == Words()
    assert said_of((20, 0, 0, 0), (20, 0, 0, 0), (20, 0, 0, 0)).verdict == Verdict.AGREE


def test_two_thirds_are_neither_nearly_everyone_nor_agreement():
    """The rounded numbers of the first rule made "about 20 of 20" of this."""
    assert said_of((16, 0, 8, 0), (16, 0, 8, 0)) == Words("retain", "more than half", "mixed", [], [])


def test_large_service_that_disagrees_cannot_be_outvoted_by_small_ones():
    said = said_of((0, 0, 95, 0), (20, 0, 0, 0), (20, 0, 0, 0), (20, 0, 0, 0))
    assert said == Words("discard", "more than half", "differ", [], [])


@pytest.mark.parametrize(
    ("groups", "less", "more"),
    [
        ([(30, 0, 0, 0), (30, 0, 0, 0), (10, 0, 20, 0)], ["C"], []),
        ([(30, 0, 0, 0), (14, 0, 14, 0), (15, 0, 14, 0)], [], ["A"]),
        ([(40, 0, 5, 0), (40, 0, 5, 0), (40, 0, 5, 0), (8, 0, 37, 0), (9, 0, 36, 0)], ["D", "E"], []),
        ([(80, 0, 20, 0), (20, 0, 80, 0)], [], []),  # which of two stands apart cannot be said
        ([(45, 0, 5, 0), (45, 0, 5, 0), (5, 0, 45, 0), (5, 0, 45, 0)], [], []),  # nor of two against two
        ([(30, 0, 0, 0), (30, 0, 0, 0), (10, 0, 20, 0), (10, 0, 20, 0)], [], []),  # half of the services
        ([(60, 0, 0, 0), (5, 0, 25, 0), (30, 0, 0, 0)], ["B"], []),
    ],
)
def test_services_that_stand_apart_are_named_where_it_can_be_said(groups, less, more):
    said = said_of(*groups)
    assert (said.verdict, said.less, said.more) == (Verdict.DIFFER, less, more)


def test_difference_is_twenty_points_or_more():
    services = {"A": ChoiceCounts(400, 0, 100, 0), "B": ChoiceCounts(301, 0, 199, 0)}
    assert differences_between(services, Direction.RETAIN) == []
    services["B"] = ChoiceCounts(300, 0, 200, 0)
    assert [each.service for each in differences_between(services, Direction.RETAIN)] == ["A", "B"]


def test_difference_is_more_than_chance_brings():
    assert said_of((20, 0, 4, 0), (14, 0, 10, 0)).verdict == Verdict.MIXED  # 25 points, p = 0.057
    assert said_of((23, 0, 1, 0), (17, 0, 7, 0)).verdict == Verdict.DIFFER  # 25 points, p = 0.024


def test_agreement_needs_every_service_above_half():
    assert said_of((40, 0, 0, 0), (40, 0, 0, 0), (10, 0, 10, 0)).verdict == Verdict.DIFFER
    assert said_of((36, 0, 12, 0), (36, 0, 12, 0)).verdict == Verdict.AGREE
    assert said_of((35, 0, 13, 0), (36, 0, 12, 0)).verdict == Verdict.MIXED


def test_unknown_voters_speak_only_where_no_service_is_shown():
    unknown = {"Not recorded": (0, 0, 60, 0)}
    assert said_of((30, 0, 0, 0), (30, 0, 0, 0), **unknown).direction == Direction.RETAIN
    assert said_of(**unknown) == Words("discard", "nearly everyone", "not compared", [], [])


counts = st.tuples(*[st.integers(0, 40) | st.integers(0, 4)] * 4)
tables = st.dictionaries(st.sampled_from([*"ABCDEFGHIJ", "Not recorded"]), counts, min_size=1)


@settings(max_examples=300, deadline=None)
@given(tables)
@example({"A": (18, 0, 2, 0), "B": (27, 0, 3, 0), "C": (36, 0, 4, 0)})
@example({"A": (11, 0, 9, 0), "B": (33, 0, 27, 0)})
def test_words_agree_with_the_rule_as_written_elsewhere(groups):
    sys.path.append(str(shared("polis").parents[1] / "check"))
    import expected_release as rule

    shown = merge_small_groups({name: ChoiceCounts(*each) for name, each in groups.items()})
    expected = rule.words(groups) or {"direction": "", "share": "", "verdict": "", "less": [], "more": []}
    assert vars(words_for(shown)) == expected
