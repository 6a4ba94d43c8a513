import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from innovation_archive.exchange.cells import guarded, join_items, split_items, unguarded

AWKWARD = st.text(alphabet="=+-@\t\r＝＋－＠' |\\ab\n", max_size=12) | st.text(max_size=30)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+44 161",
        "-5",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "  =1",
        "'=1",
        " ' =1",
        "=cmd|' /C calc'!A0",
    ],
)
def test_guarded_puts_an_apostrophe_before_what_a_spreadsheet_would_run(text):
    assert guarded(text) == "'" + text


@pytest.mark.parametrize("text", ["", "a=1", "'tis", "1-2", "£5", "(=1)", "\n=1", "’=1"])
def test_guarded_leaves_other_text_alone(text):
    assert guarded(text) == text


@pytest.mark.parametrize(("cell", "text"), [("'=1", "=1"), ("''=1", "'=1"), ("=1", "=1"), ("'tis", "'tis"), ("'", "'")])
def test_unguarded_takes_one_apostrophe_only_where_a_guard_stands(cell, text):
    assert unguarded(cell) == text


@given(AWKWARD)
def test_unguarded_is_the_inverse_of_guarded(text):
    assert unguarded(guarded(text)) == text


@given(AWKWARD)
def test_guarded_never_lets_a_formula_sign_stand_first(text):
    assert guarded(text).lstrip(" ")[:1] not in set("=+-@\t\r＝＋－＠")


@pytest.mark.parametrize(
    ("items", "cell"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b c"], "a|b c"),
        (["a|b", "c"], r"a\|b|c"),
        (["c:\\", "d"], r"c:\\|d"),
        (["c:\\"], "c:\\"),
        ([r"a\|b"], r"a\\\|b"),
    ],
)
def test_join_items_escapes_what_would_part_an_item(items, cell):
    assert join_items(items) == cell
    assert split_items(cell) == items


def test_split_items_drops_spaces_and_empty_items():
    assert split_items(" a || b |") == ["a", "b"]


@given(st.lists(AWKWARD.map(str.strip).filter(bool), max_size=5))
@example(["\\", "|", "\\|", "\\\\"])
def test_split_items_is_the_inverse_of_join_items(items):
    assert split_items(join_items(items)) == items
