"""Persons with their age, and persons of whom there is one."""

import pytest

from workshops.personal_data import find_personal_data


def marked(mark, text):
    return [hit.text for hit in find_personal_data(text) if hit.mark == mark]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("her son (6) slept", "son (6)"),
        ("a 14-year-old daughter", "a 14-year-old daughter"),
        ("my nan, 82", "nan, 82"),
        ("his two-year-old slept", "two-year-old"),
        ("The girl was nine.", "girl was nine"),
        ("a mother of two, aged 23, came", "mother of two, aged 23,"),
        ("a woman of ninety-one", "a woman of ninety-one"),
        ("a man in his eighties", "a man in his eighties"),
        ("Karen (34) rang", "Karen (34)"),
        ("She is 82 and deaf.", "She is 82"),
        ("the baby was six weeks old", "baby was six weeks old"),
    ],
)
def test_person_with_an_age_is_found(text, found):
    assert marked("relation", text) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "Children aged 5 to 11 had a pack.",
        "The two-year-old offer, a 3-year-old strategy",
        "sessions for 11- to 16-year-olds",
        "The manager is one of four.",
        "A mother of three rang.",
        "The driver was two doors down.",
        "In 2019 there were 22 of us.",
        "the lad, 3 times",
        "Form 12 (6)",
        "I was two years in that room and he was 5 minutes late.",
    ],
)
def test_other_figures_are_no_age_of_a_person(text):
    assert marked("relation", text) == []


def test_name_with_an_age_is_a_name_as_well():
    hits = find_personal_data("Karen (34) rang")
    assert [(hit.mark.value, hit.text) for hit in hits] == [("name", "Karen"), ("relation", "Karen (34)")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the only midwife in Bury", "the only midwife"),
        ("Our one speech therapist left.", "Our one speech therapist"),
        ("the first Somali headteacher", "the first Somali headteacher"),
        ("our only male nursery worker", "our only male nursery worker"),
        ("the sole carer", "the sole carer"),
    ],
)
def test_only_one_of_its_kind_is_found(text, found):
    assert marked("only", text) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "The only thing was a name.",
        "for the first time a nurse came",
        "The first responder scheme ended.",
        "Our one regret is the van.",
        "the only team with a nurse",
        "the first of many nurses",
    ],
)
def test_only_thing_is_no_person(text):
    assert marked("only", text) == []
