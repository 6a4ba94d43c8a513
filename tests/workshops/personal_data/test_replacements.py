"""Words for the place of what was found."""

import pytest

from workshops.personal_data import find_personal_data


def with_suggestions(text):
    """The text as it is once every suggestion is taken, from the back."""
    for hit in reversed(find_personal_data(text)):
        if hit.suggestion:
            text = text[: hit.start] + hit.suggestion + text[hit.start + len(hit.text) :]
    return text


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("spoke to karen from housing", "spoke to somebody from housing"),
        ("Priya’s van broke down.", "Somebody’s van broke down."),
        ("We asked Dr Patel twice.", "We asked a doctor twice."),
        ("Mrs Begum rang.", "A woman rang."),
        ("the midwife, Tolu, had a key", "the midwife, [name], had a key"),
        ("We met near Ramsbottom.", "We met near a town."),
        ("Ring 0161 496 0123.", "Ring [phone number]."),
        ("It was 999 159 0838.", "It was [NHS number]."),
        ("They live at 14 Acacia Avenue.", "They live at [address]."),
        ("She was born 3 May 1987.", "She was born in the 1980s."),
        ("her son (6) slept", "her young son slept"),
        ("a 14-year-old daughter", "a teenage daughter"),
        ("an 11-year-old boy", "a young boy"),
        ("a two-year-old", "a small child"),
        ("a woman of ninety-one", "an older woman"),
        ("my nan, 82, rang", "my nan rang"),
        ("She has diabetes.", "She has a long-term condition."),
        ("Her autism was news.", "Her long-term condition was news."),
        ("Karen’s asthma got bad.", "Somebody’s long-term condition got bad."),
        ("She’s got asthma.", "She’s got a long-term condition."),
        ("He had a stroke.", "He had a health problem."),
        ("She met a Somali lad.", "She met a lad."),
        ("An asylum seeker rang.", "A newcomer rang."),
        ("She is Muslim.", "She is a person of faith."),
        ("the only midwife in town", "a midwife in town"),
    ],
)
def test_suggestion_fits_where_it_stands(text, after):
    assert with_suggestions(text) == after


@pytest.mark.parametrize("text", ["She is pregnant.", "He voted Labour.", "The girl was nine."])
def test_where_nothing_fits_there_is_no_suggestion(text):
    assert [hit.suggestion for hit in find_personal_data(text)] == [""]
