"""What in a wording may tell who somebody is."""

import pytest

from workshops.personal_data import Mark, find_personal_data


def found(text, **options):
    return [(finding.mark.name, finding.text) for finding in find_personal_data(text, **options)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Write to ann.field@example.org.", "ann.field@example.org"),
        ("Ask <a+b@c-d.co.uk>", "a+b@c-d.co.uk"),
    ],
)
def test_email_is_found(text, said):
    assert found(text) == [("EMAIL", said)]


@pytest.mark.parametrize(
    "number",
    [
        "0161 496 0123",
        "(0161) 496 0123",
        "0161-496-0123",
        "07700 900123",
        "07700900123",
        "+44 7700 900 123",
        "+44 (0)7700 900123",
        "0044 7700 900123",
    ],
)
def test_british_phone_number_is_found(number):
    assert found(f"We rang {number} twice.") == [("PHONE", number)]


@pytest.mark.parametrize(
    "text", ["in 2020 and 2021", "on 01-06-2020", "we printed 1234567890123", "call 999 or 111", "0 to 5"]
)
def test_other_figures_are_no_phone_number(text):
    assert found(text) == []


@pytest.mark.parametrize("code", ["M1 1AE", "OL11 1LR", "bl1 2ab", "SW1A 1AA", "m601qd", "W1A 0AX"])
def test_postcode_is_found(code):
    assert found(f"near {code}.") == [("POSTCODE", code)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ring 0161\u00a0496\u00a00123", ("PHONE", "0161 496 0123")),
        ("ring 0161\u2009496\u202f0123", ("PHONE", "0161 496 0123")),
        ("ring ０１６１ ４９６ ０１２３", ("PHONE", "0161 496 0123")),
        ("near M1\u00a01AE", ("POSTCODE", "M1 1AE")),
        ("write to ann＠example.org", ("EMAIL", "ann@example.org")),
    ],
)
def test_passage_is_found_whatever_the_spaces_and_signs_of_a_word_processor(text, said):
    assert found(text) == [said]


@pytest.mark.parametrize("text", ["the M60", "A56 to B6226", "90 of 100", "H1N1 in 2009", "1st 2nd"])
def test_roads_and_counts_are_no_postcodes(text):
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    ["Then Ann Field came", "then ann field came", "ANN FIELD came", "then Ann came", "then ann came", "Ann’s van"],
)
def test_participant_is_found_by_whole_name_or_part(text):
    marks = {mark for mark, said in found(text, names=["Ann Field"])}
    assert marks == {"PARTICIPANT"}


def test_participant_is_found_whatever_the_accents():
    assert found("so zoe rang zoë", names=["Zoë Núñez"]) == [("PARTICIPANT", "zoe"), ("PARTICIPANT", "zoë")]


def test_participant_whose_name_is_a_word_needs_a_capital():
    names = ["Will Young", "Grace Hill"]
    assert found("we will mark it with grace, up the hill", names=names) == []
    assert found("so Will rang", names=names) == [("PARTICIPANT", "Will")]


def test_participants_name_is_not_found_inside_a_word():
    assert found("the annual planning", names=["Ann Plan"]) == []


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("so o'hara kept it", "Sinead O’Hara", "o'hara"),
        ("so OHARA kept it", "Sinead O’Hara", "OHARA"),
        ("it was jean paul", "Jean-Paul Mbeki", "jean paul"),
        ("then shah came", "Bilqis Rahman-Shah", "shah"),
        ("ask mrs nwosu", "Chidinma Nwosu", "mrs nwosu"),
        ("so NÚÑEZ rang", "Zoe Nunez", "NÚÑEZ"),
    ],
)
def test_participant_is_found_however_written(text, name, said):
    assert found(text, names=[name]) == [("PARTICIPANT", said)]


def test_title_of_a_name_is_no_name():
    assert found("the dr was in", names=["Dr Ann Field"]) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("We asked Ann Field about it.", "Ann Field"),
        ("We asked Dr. Patel about it.", "Dr. Patel"),
        ("Margaret’s van broke down.", "Margaret’s"),
        ("Olusegun said yes.", "Olusegun"),
        ("I rang Mrs O’Brien.", "Mrs O’Brien"),
        ("then McDonald drove", "McDonald"),
        ("In June Sarah rang.", "Sarah"),
        ("“Sue drives,” said her son.", "Sue"),
        ("• Tom drove", "Tom"),
        ("so Łukasz drove", "Łukasz"),
        ("spoke to karen from housing", "karen"),
        ("KAREN RANG BACK", "KAREN"),
        ("then jo-anne came", "jo-anne"),
        ("we asked mrs okafor", "mrs okafor"),
        ("so dave smith drove", "dave smith"),
        ("Then Rhys ap Gwilym wrote", "Rhys ap Gwilym"),
        ("so Mr and Mrs Oyelaran came", "Mr and Mrs Oyelaran"),
        ("it was folasade", "folasade"),
    ],
)
def test_likely_name_is_found(text, said):
    assert found(text) == [("NAME", said)]


@pytest.mark.parametrize(
    "text",
    [
        "The van came on Mondays in May.",
        "Residents said so. Everyone felt fine. Two knew.",
        "We met in Bolton and in Greater Manchester.",
        "The NHS and the DWP use WhatsApp and Microsoft Teams.",
        "the Early Help Team at Bolton Council",
        "She spoke English and Urdu.",
        "Rang Again The Whole Street",
        "First: we drove.\nThen we rang.",
        "STAFF WILL MARK IT IN MAY",
        "Hope was short. Dawn deliveries were the worst. Will it mark the end?",
        "The Alexandra team met in the Wellington building, Room 12.",
        "we hope to frank it with grace and a bill",
        "The Polish and Urdu leaflets came from Jamaica.",
        "",
    ],
)
def test_capital_letter_alone_is_no_name(text):
    assert found(text, known=["Bolton", "Greater Manchester"]) == []


def test_findings_stand_in_order_and_once():
    text = "Sarah rang Ann Field on 0161 496 0123 near M1 1AE."
    assert found(text, names=["Ann Field"]) == [
        ("NAME", "Sarah"),
        ("PARTICIPANT", "Ann Field"),
        ("PHONE", "0161 496 0123"),
        ("POSTCODE", "M1 1AE"),
    ]


def test_finding_says_where_it_stands():
    text = "We had a van. It was Ann Field’s! She drove."
    (finding,) = find_personal_data(text, names=["Ann Field"])
    assert (finding.mark, finding.start, finding.sentence) == (Mark.PARTICIPANT, 21, "It was Ann Field’s!")
    assert text[finding.start :].startswith(finding.text)


def test_sentence_of_a_text_without_full_stops_is_cut():
    (finding,) = find_personal_data("word " * 1000 + "Ann Field " + "word " * 1000)
    assert "Ann Field" in finding.sentence
    assert len(finding.sentence) < 500


def test_hit_is_named_in_words_wherever_it_is_shown():
    hits = find_personal_data("Ann Field, ann@example.org, 0161 496 0000, M1 1AE, told Priya.", names=["Ann Field"])
    assert [f"{hit.mark}: {hit.text}" for hit in hits] == [
        "the name of somebody who was there: Ann Field",
        "an e-mail address: ann@example.org",
        "the name of somebody who was there: ann",
        "a phone number: 0161 496 0000",
        "a postcode: M1 1AE",
        "perhaps a name: Priya",
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("the manager JOHN BAKER was late", "JOHN BAKER"),
        ("KAREN PORTER rang", "KAREN PORTER"),
        ("SHE TOLD KAREN AGAIN TODAY", "KAREN"),
        ("we asked KAREN CPN or not", "KAREN"),
    ],
)
def test_word_in_capitals_after_a_first_name_is_its_surname(text, name):
    assert [hit.text for hit in find_personal_data(text)] == [name]
