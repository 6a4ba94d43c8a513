"""What is said of a person's health and the like, and what is not said of a person."""

import pytest

from workshops.personal_data import find_personal_data


def said_of_persons(text, **options):
    hits = find_personal_data(text, **options)
    return [(hit.mark.value, hit.text) for hit in hits if not hit.mark.is_identifier and hit.mark.value != "name"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Her autism was news.", ("health", "autism")),
        ("The boy’s epilepsy was not on the form.", ("health", "epilepsy")),
        ("A woman with early dementia rang.", ("health", "dementia")),
        ("He’d had a bad stroke.", ("health", "stroke")),
        ("I’ve got MS.", ("health", "MS")),
        ("She is seven months pregnant.", ("health", "seven months pregnant")),
        ("They met a deaf man.", ("health", "a deaf man")),
        ("She was on methadone.", ("health", "on methadone")),
        ("Karen has diabetes.", ("health", "diabetes")),
        ("He has a diagnosis of autism.", ("health", "diagnosis of autism")),
        ("an asylum seeker from Eritrea", ("immigration", "an asylum seeker")),
        ("Her visa ran out.", ("immigration", "visa")),
        ("he had been in prison", ("offence", "in prison")),
        ("My son was convicted.", ("offence", "convicted")),
        ("She met a Somali lad.", ("ethnicity", "a Somali lad")),
        ("My mum is Chinese.", ("ethnicity", "Chinese")),
        ("A man from Syria cooked.", ("ethnicity", "from Syria")),
        ("Her dad, a practising Catholic, came.", ("religion", "Catholic")),
        ("She wears a hijab.", ("religion", "wears a hijab")),
        ("He is gay.", ("orientation", "gay")),
        ("She came out as trans.", ("orientation", "came out as trans")),
        ("He is our Unison rep.", ("union", "our Unison rep")),
        ("My colleague was on strike.", ("union", "on strike")),
        ("He voted Labour.", ("politics", "voted Labour")),
    ],
)
def test_special_category_of_a_person_is_found(text, found):
    assert said_of_persons(text) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "The mental health team shares her autism lead.",
        "The prison in-reach service came.",
        "We ran autism-friendly sessions.",
        "A refugee charity lent the hall.",
        "An asylum seeker project began.",
        "The disabled toilet was shut.",
        "We were blind to it, and he was deaf to complaints.",
        "She was depressed by the minutes.",
        "It had a stroke of luck.",
        "She has a record of each visit.",
        "He was released from the rota.",
        "The Polish leaflets came.",
        "A Catholic school lent us the hall.",
        "She came out to the car park.",
        "They voted for the second option.",
        "The strike rate was low.",
        "The union of the teams took a year.",
        "Union Street was shut.",
    ],
)
def test_what_is_said_of_no_person_is_not_found(text):
    assert said_of_persons(text) == []


def test_name_makes_what_is_said_that_of_a_person():
    assert said_of_persons("Bury has cancer.", known=["Bury"]) == []
    assert said_of_persons("Priya has cancer.") == [("health", "cancer")]


def test_age_between_a_person_and_what_is_said_hides_nothing():
    assert said_of_persons("Her son, 9, is autistic.") == [("relation", "son, 9,"), ("health", "autistic")]
    assert said_of_persons("Her son (9) is autistic.") == [("relation", "son (9)"), ("health", "autistic")]


def test_name_within_what_is_said_is_not_told_twice():
    hits = find_personal_data("He was released from Altcourse.")
    assert [(hit.mark.value, hit.text) for hit in hits] == [("offence", "released from Altcourse")]
