import doctest

from workshops.stories import diff
from workshops.stories.diff import MAX_DIFF_LENGTH, DiffPiece, diff_words


def test_examples_in_the_docstring_hold():
    assert doctest.testmod(diff).failed == 0


def test_compare_marks_what_differs_on_each_side():
    before, after = diff_words("Ann had a van.", "She had a red van.")
    assert before == [DiffPiece("Ann", True), DiffPiece(" had a ", False), DiffPiece("van.", False)]
    assert after == [
        DiffPiece("She", True),
        DiffPiece(" had a ", False),
        DiffPiece("red ", True),
        DiffPiece("van.", False),
    ]


def test_compare_of_the_same_text_marks_nothing():
    assert diff_words("A van.", "A van.") == ([DiffPiece("A van.", False)], [DiffPiece("A van.", False)])


def test_compare_of_nothing_has_no_pieces():
    assert diff_words("", "A van") == ([], [DiffPiece("A van", True)])


def test_compare_keeps_line_ends():
    before, after = diff_words("One.\n\nTwo.", "One.\nTwo.")
    assert ("".join(piece.text for piece in before), "".join(piece.text for piece in after)) == (
        "One.\n\nTwo.",
        "One.\nTwo.",
    )


def test_compare_of_long_texts_is_not_worked_out():
    long = "word " * MAX_DIFF_LENGTH
    assert diff_words(long, f"{long}more") == ([DiffPiece(long, True)], [DiffPiece(f"{long}more", True)])
