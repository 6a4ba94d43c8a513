"""`kill -9` at random moments of what changes many rows: all or nothing, and nothing left.

In the suite each act is killed once; `python -m tests.faults` does it five times.
"""

import random
from collections import Counter

import pytest

from tests.faults.acts import ACTS, Act
from tests.faults.kills import Undisturbed, kill_at, watch
from tests.faults.tally import KILLS, SEED


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ACTS)
def test_killed_server_has_done_all_or_nothing(name, tally, tmp_path, settings):
    settings.LEDGER = tmp_path / "forgotten.ledger"
    undisturbed, moments = watch(ACTS[name](tmp_path)), random.Random(f"{SEED} {name}")
    for number in range(KILLS):
        moment = moments.uniform(0, undisturbed.seconds * 1.2)
        tally += kill_at(moment, undisturbed, tmp_path / str(number))
    assert tally == Counter(kills=KILLS, survived=KILLS, done=tally["done"])


def test_half_of_an_act_and_a_row_that_is_lost_are_seen():
    before, after = {"stories": Counter("ab")}, {"stories": Counter("abcd")}
    undisturbed = Undisturbed(Act(), before, after, 1)
    for rows, is_done, is_half_done, lost in [
        ("ab", False, False, 0),
        ("abxy", True, False, 0),  # what is written has its own day and reference each time
        ("abc", False, True, 0),
        ("acde", False, True, 1),
    ]:
        stored = {"stories": Counter(rows)}
        seen = undisturbed.is_done(stored), undisturbed.is_half_done(stored), undisturbed.lost_from(stored)
        assert seen == (is_done, is_half_done, lost)
