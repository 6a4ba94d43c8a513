import doctest

import pytest

from workshops.stories import near_duplicate_tags as module
from workshops.stories.near_duplicate_tags import LETTER, PLURAL, SPACING, near_duplicates


def test_examples_hold():
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("keys", "groups"),
    [
        (["co-production", "co production", "coproduction"], [SPACING]),
        (["covid-19", "covid 19"], [SPACING]),
        (["café", "cafe"], [SPACING]),
        (["community hub", "community hubs"], [PLURAL]),
        (["families first", "family first"], [PLURAL]),
        (["carer", "carers"], [PLURAL]),
        (["drop-in", "drop ins"], [PLURAL]),
        (["safeguarding", "safegaurding"], [LETTER]),
        (["befriending", "befrending"], [LETTER]),
        (["befriending", "befriendinng"], [LETTER]),
        (["mental health", "mental heelth"], [LETTER]),
        (["trust", "rust"], []),
        (["care", "cafe"], []),
        (["phase 1", "phase 2"], []),
        (["2020 plan", "2021 plan"], []),
        (["trust", "truth"], []),
        (["access", "acces s"], [SPACING]),
        (["日本", "中国"], []),
        (["c++", "c#"], []),
        (["--", "++"], []),
        ([], []),
    ],
)
def test_near_doubles_are_found_and_others_not(keys, groups):
    expected = [(why, sorted(keys)) for why in groups]
    assert near_duplicates(keys) == expected


def test_one_letter_apart_in_two_spellings_is_one_group():
    assert near_duplicates(["drop-in day", "dropin day", "drop in dax"]) == [
        (SPACING, ["drop-in day", "dropin day"]),
        (LETTER, ["drop in dax", "drop-in day", "dropin day"]),
    ]


def test_every_slip_is_found_among_many():
    many = [f"{word} {other}" for word in ("quiet", "brisk", "plain") for other in ("table", "garden", "morning")]
    groups = near_duplicates([*many, "quiet tabel", "brisk gardn"])
    assert groups == [(LETTER, ["brisk garden", "brisk gardn"]), (LETTER, ["quiet tabel", "quiet table"])]


def test_names_that_follow_a_pattern_are_no_slips():
    """A crowd of names, each a letter from each, stays cheap."""
    keys = [f"borough {chr(0x4E00 + number)}" for number in range(20_000)]
    assert near_duplicates(keys) == []
