import doctest

from workshops.stories import diff
from workshops.stories.diff import LONGEST, Piece, compare


def test_examples_in_the_docstring_hold():
    assert doctest.testmod(diff).failed == 0


def test_compare_marks_what_differs_on_each_side():
    before, after = compare("Ann had a van.", "She had a red van.")
    assert before == [Piece("Ann", True), Piece(" had a ", False), Piece("van.", False)]
    assert after == [Piece("She", True), Piece(" had a ", False), Piece("red ", True), Piece("van.", False)]


def test_compare_of_the_same_text_marks_nothing():
    assert compare("A van.", "A van.") == ([Piece("A van.", False)], [Piece("A van.", False)])


def test_compare_of_nothing_has_no_pieces():
    assert compare("", "A van") == ([], [Piece("A van", True)])


def test_compare_keeps_line_ends():
    before, after = compare("One.\n\nTwo.", "One.\nTwo.")
    assert ("".join(piece.text for piece in before), "".join(piece.text for piece in after)) == (
        "One.\n\nTwo.",
        "One.\nTwo.",
    )


def test_compare_of_long_texts_is_not_worked_out():
    long = "word " * LONGEST
    assert compare(long, f"{long}more") == ([Piece(long, True)], [Piece(f"{long}more", True)])
