"""Identifiers, each by its form."""

import pytest

from workshops.personal_data import Mark, find_personal_data


def identifiers_in(text, **options):
    return [(hit.mark.value, hit.text) for hit in find_personal_data(text, **options) if hit.mark.is_identifier]


@pytest.mark.parametrize(
    "number", ["9991590838", "999 159 0838", "999-159-0838", "999\u00a0159\u202f0838", "999‑159‑0838"]
)
def test_nhs_number_is_found_whatever_stands_between_its_digits(number):
    ((mark, said),) = identifiers_in(f"It was {number} again.")
    assert (mark, "".join(digit for digit in said if digit.isdigit())) == ("nhs_number", "9991590838")


@pytest.mark.parametrize("number", ["9991590837", "999 159 0839", "1999 159 0838", "999 159 08381", "£999 159 083"])
def test_number_without_the_check_digit_is_no_nhs_number(number):
    assert identifiers_in(f"We printed {number} of them.") == []


def test_number_that_is_called_an_nhs_number_is_one_even_if_mistyped():
    assert identifiers_in("NHS no: 999 159 0839") == [("nhs_number", "NHS no: 999 159 0839")]


@pytest.mark.parametrize("number", ["AB123456C", "ab 12 34 56 c", "JG-10-37-59-A"])
def test_national_insurance_number_is_found(number):
    assert identifiers_in(f"it says {number} there") == [("national_insurance", number)]


@pytest.mark.parametrize("number", ["GB 12 34 56 C", "DA 12 34 56 C", "AO 12 34 56 C", "AB 12 34 56 E", "AB 12 34 5 C"])
def test_prefix_or_suffix_that_is_never_given_makes_no_national_insurance_number(number):
    assert identifiers_in(f"it says {number} there") == []


@pytest.mark.parametrize(
    "said",
    [
        "born 3 May 1987",
        "born on the 3rd of May 1987",
        "DOB 03/05/87",
        "d.o.b. 3.5.1987",
        "Date of birth: 1987-05-03",
        "birthday is 3 May",
        "she was born in 1987",
        "DOB: May 3rd, 1987",
    ],
)
def test_date_of_birth_is_found(said):
    assert identifiers_in(f"It was down as {said}") == [("birth_date", said)]


@pytest.mark.parametrize(
    "text", ["The hub was born in 2015.", "on 3 May 1987", "born of need", "nobody was born to it"]
)
def test_other_dates_are_no_birth_dates(text):
    assert identifiers_in(text) == []


@pytest.mark.parametrize(
    "said",
    [
        "14 Acacia Avenue",
        "Flat 2, 9 High St",
        "Flat 2A, 9 Station Rd",
        "Room 14, Beech House, Canal Street",
        "12-14 St Mary's Road",
        "Flat 3 Beech House",
        "52a victoria terrace",
        "3 the crescent",
    ],
)
def test_street_address_is_found(said):
    assert identifiers_in(f"They live at {said}") == [("address", said)]


@pytest.mark.parametrize(
    "text",
    [
        "There were 14 avenues we did not explore.",
        "We had to 9 high street banks.",
        "In 2020 Moss Lane was shut.",
        "From 9 April Street Angels came.",
        "to 3 close calls",
        "It took 12 People Of Market Street.",
        "£14 Acacia Avenue",
    ],
)
def test_number_beside_a_street_is_not_always_an_address(text):
    assert identifiers_in(text) == []


@pytest.mark.parametrize("plate", ["AB12 CDE", "AB12CDE", "R419 HJM", "YGB 123T", "lr07 xkd"])
def test_plate_is_found(plate):
    assert identifiers_in(f"then {plate} came") == [("plate", plate)]


@pytest.mark.parametrize("plate", ["ABC 123T", "R4 ANN", "bd51 and", "KIZ 4471", "OO 12"])
def test_plate_that_could_be_words_is_found_beside_a_vehicle(plate):
    marks = [mark for mark, said in identifiers_in(f"his car, {plate}, came")]
    assert marks == ([] if plate == "bd51 and" else ["plate"])


@pytest.mark.parametrize(
    "text",
    ["M60 RAN LATE", "THE A56 AND B6226", "H1N1 AND KS2", "KS12 THE", "a van in 2020", "the car took 12", "AGE 12A"],
)
def test_words_and_roads_are_no_plates(text):
    assert identifiers_in(text) == []


@pytest.mark.parametrize(
    "said",
    [
        "case no. 12345",
        "ref AB/1234/20",
        "crime reference 06S/118234/20",
        "Our ref: CT-88012",
        "tenancy reference number 70011828",
        "passport number 533401372",
        "case number: EH 90417",
    ],
)
def test_case_number_is_found(said):
    assert identifiers_in(f"it was {said}") == [("case_number", said)]


@pytest.mark.parametrize(
    "text",
    ["in that case 12 of us", "in this case 2020 was worse", "ref: the above", "reference 12", "case numbers 100"],
)
def test_word_case_alone_makes_no_case_number(text):
    assert identifiers_in(text) == []


@pytest.mark.parametrize("handle", ["@daz_m", "@sal.k.makes", "@Lachlan"])
def test_handle_is_found(handle):
    assert identifiers_in(f"thanks {handle}.") == [("handle", handle)]


def test_what_follows_an_at_sign_is_not_always_a_handle():
    assert identifiers_in("met @ 3pm, @3pm, @home, @Bolton and a@b", known=["Bolton"]) == []


@pytest.mark.parametrize(
    "link",
    [
        "https://www.linkedin.com/in/amara-eze-5b21",
        "facebook.com/denise.holroyd.77",
        "https://m.facebook.com/profile.php?id=1000123",
        "x.com/gorse_hill",
        "twitter.com/wigan_winnie",
        "www.tiktok.com/@lewis",
        "instagram.com/bilal.cuts/",
    ],
)
def test_link_to_a_profile_is_found(link):
    assert identifiers_in(f"see {link}, it is all there") == [("profile", link)]


@pytest.mark.parametrize("link", ["www.example.org/hub", "linkedin.com/company/hub", "box.com/folder", "facebook.com"])
def test_other_links_are_no_profiles(link):
    assert identifiers_in(f"see {link} for more") == []


def test_every_identifier_is_one_by_its_form():
    assert {mark.value for mark in Mark if mark.is_identifier} == {
        "email", "phone", "postcode", "address", "nhs_number", "national_insurance", "birth_date", "plate", "case_number",
        "handle", "profile",
    }  # fmt: skip


def test_two_identifiers_never_share_a_place():
    assert identifiers_in("ref 0161 496 0123 and tiktok.com/@ann") == [
        ("phone", "0161 496 0123"),
        ("profile", "tiktok.com/@ann"),
    ]
