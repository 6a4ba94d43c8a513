"""The short form of the attack on released votes; `python -m tests.benchmarks.disclosure` is the long one.

Of 600 practices at most 6 may give something away to readers of the files, and 41 to whoever knows how many of each
service voted. The short form takes some of them and shorter walks, which overstate.
"""

import random

import pytest

from tests.benchmarks import disclosure
from tests.benchmarks.disclosure import Secret, is_anything_certain, publish_once

STEPS = 1500


def test_readers_of_the_files_learn_next_to_nothing():
    assert disclosure.attack(40, 1, keeps_sizes=False, steps=STEPS) <= 1


def test_whoever_knows_how_many_voted_learns_little():
    assert disclosure.attack(40, 1, keeps_sizes=True, steps=STEPS) <= 4


@pytest.mark.parametrize("pair", disclosure.PAIRS)
def test_two_outputs_of_the_same_votes_give_next_to_nothing_away(pair):
    assert disclosure.attack_pair(pair, 20, 1, steps=2 * STEPS) <= 1


def test_attack_finds_what_exact_numbers_give_away():
    secret = Secret({"Hubs": [12, 3, 0, 1], "Parks": [20, 0, 0, 0]})
    rng = random.Random(1)  # noqa: S311
    assert is_anything_certain(secret, lambda secret: secret.before, rng, keeps_sizes=False, steps=STEPS)
    assert not is_anything_certain(secret, publish_once, rng, keeps_sizes=False)
