import pytest

from insights.choices import InsightKind
from workshops.counted import COUNTED, counted


@pytest.mark.parametrize(
    ("noun", "one", "many"),
    [("story", "1 story", "99 stories"), ("big idea", "1 big idea", "99 big ideas"), ("place", "1 place", "99 places")],
)
def test_count_is_said_with_its_noun(noun, one, many):
    assert (counted(1, noun), counted(99, noun)) == (one, many)


def test_insights_of_each_kind_are_counted_by_its_name():
    assert [counted(1, kind) for kind in InsightKind] == ["1 finding", "1 big idea", "1 recommendation"]


def test_no_two_things_are_counted_by_one_name():
    assert len({counted(2, noun) for noun in COUNTED}) == len(COUNTED)
