"""People in analysts' files: under a code for each purpose, described no closer than at least three of them share."""

import csv
import io
import json

import pytest

from innovation_archive.datasets import DATASETS, Audience
from innovation_archive.datasets.people import UNTOLD, Described, coarsened, code_for, left_out_of_files
from innovation_archive.exchange.exports import CsvFile, JsonFile, export_archive
from tests import factories as make
from workshops.choices import Consent
from workshops.contribution.erasure_requests import ask_to_erase, call_back_erasure

pytestmark = pytest.mark.django_db


def rows(dataset, purpose="A test", audience=Audience.ANALYST):
    text = "".join(CsvFile(DATASETS[dataset]().for_purpose(purpose), audience))
    return list(csv.DictReader(io.StringIO(text)))


def json_rows(dataset, purpose="A test"):
    return json.loads("".join(JsonFile(DATASETS[dataset]().for_purpose(purpose), Audience.ANALYST)))


def people(number, **fields):
    return [make.a_participant(**fields) for _ in range(number)]


# Codes


def test_code_is_the_same_in_all_files_of_one_purpose_and_another_for_another():
    workshop = make.a_workshop()
    person = make.a_participant([workshop], code="p-ann")
    make.a_vote(practice=make.a_practice(), participant=person, workshop=workshop)
    make.a_story(told_by=person, workshop=workshop)
    code = code_for("A test", person.pseudonym)
    for told in (rows, json_rows):
        assert [row["code"] for row in told("participants")] == [code]
        assert [row["participant"] for row in told("votes")] == [code]
        assert [row["told_by"] for row in told("stories")] == [code]
    assert rows("votes", " a  TEST ")[0]["participant"] == code
    assert code not in {
        rows("votes", "Another")[0]["participant"],
        person.pseudonym,
        rows("votes", "")[0]["participant"],
    }


def test_code_cannot_be_made_without_the_secret_key(settings):
    code = code_for("A test", "v-1")
    settings.SECRET_KEY = "another"
    assert code_for("A test", "v-1") != code
    assert len(code) == 18


def test_story_without_a_teller_names_nobody():
    make.a_story()
    assert rows("stories")[0]["told_by"] == ""
    assert json_rows("stories")[0]["told_by"] is None


def test_download_names_people_by_the_code_of_its_purpose(client):
    make.a_vote(practice=make.a_practice(), participant=make.a_participant(pseudonym="v-1"))
    client.force_login(make.a_user("analyst"))
    seen = {}
    for purpose in ("Board in March", "Board in April"):
        content = b"".join(client.post("/data/votes.csv", {"purpose": purpose}).streaming_content).decode()
        seen[purpose] = next(csv.DictReader(io.StringIO(content)))["participant"]
    assert seen == {purpose: code_for(purpose, "v-1") for purpose in seen}


# Who is in no file


@pytest.fixture
def somebody_left_out():
    workshop, practice = make.a_workshop(), make.a_practice()
    people = [
        make.a_participant([workshop], consent=consent, role=f"role {consent.word}")
        for consent in Consent
        for _ in "abc"
    ]
    for person in people:
        make.a_vote(practice=practice, participant=person, workshop=workshop)
        make.a_story(told_by=person, workshop=workshop, status="draft", title=f"Of {person.role}")
    return people


def test_people_whose_consent_is_facilitators_are_in_no_analysts_file(somebody_left_out, tmp_path):
    for told in (rows, json_rows):
        assert sorted({row["role"] for row in told("participants")}) == ["role credited", "role public", "role team"]
        assert [len(told(name)) for name in ("participants", "votes", "stories")] == [9, 9, 9]
    export_archive(tmp_path, Audience.ANALYST, "A test")
    text = "\n".join(path.read_text() for path in tmp_path.iterdir())
    assert "role team" in text
    assert "role facilitators" not in text
    for person in somebody_left_out[:3]:
        assert code_for("A test", person.pseudonym) not in text


def test_people_whose_erasure_waits_are_in_no_analysts_file(somebody_left_out):
    """Their stories, row and votes are hidden in the day during which they can call it back, and stand again if they do."""
    waiting = somebody_left_out[-1]
    ask_to_erase(waiting)
    for told in (rows, json_rows):
        assert [len(told(name)) for name in ("participants", "votes", "stories")] == [8, 8, 8]
    assert [row["voters"] for row in rows("vote_shares") if row["among"] == "all"] == ["8"]
    assert left_out_of_files().startswith("4 participants whose consent is “facilitators”, or who asked to be erased,")
    assert len(rows("votes", audience=Audience.FULL)) == 12
    call_back_erasure(waiting)
    assert [len(rows(name)) for name in ("participants", "votes", "stories")] == [9, 9, 9]


def test_full_export_holds_everybody(somebody_left_out):
    assert [len(rows(name, audience=Audience.FULL)) for name in ("participants", "votes")] == [12, 12]


def test_files_and_page_say_who_is_left_out(somebody_left_out, client, tmp_path):
    said = (
        "3 participants whose consent is “facilitators”, or who asked to be erased, are left out, with 3 of the votes: "
        "totals of these files are lower by that than those of pages."
    )
    export_archive(tmp_path, Audience.ANALYST)
    assert said in (tmp_path / "README.md").read_text()
    assert said in json.loads((tmp_path / "datapackage.json").read_text())["disclosure"]
    export_archive(tmp_path, Audience.PUBLIC)
    assert "are left out, with" not in (tmp_path / "README.md").read_text()
    assert said not in client.get("/data/").content.decode()
    client.force_login(make.a_user("analyst"))
    page = client.get("/data/").content.decode()
    assert said in page
    assert "the place is left empty where fewer than 3 of the people" in page


# What would single somebody out


@pytest.mark.parametrize(
    ("known", "told"),
    [
        # Three share all of it.
        ({("nurse", "health", 1): 3}, {("nurse", "health", 1): ("nurse", "health", 1)}),
        # Without the place three share it; those of the place that has enough keep theirs.
        (
            {("nurse", "health", 1): 3, ("nurse", "health", 2): 2, ("nurse", "health", None): 1},
            {
                ("nurse", "health", 1): ("nurse", "health", 1),
                ("nurse", "health", 2): ("nurse", "health", None),
                ("nurse", "health", None): ("nurse", "health", None),
            },
        ),
        # The sector goes next, then the role.
        (
            {("nurse", "health", 1): 2, ("nurse", "VCSE", 1): 1, ("judge", "law", 1): 1, ("clerk", "law", 1): 2},
            {
                ("nurse", "health", 1): ("nurse", "", None),
                ("nurse", "VCSE", 1): ("nurse", "", None),
                ("judge", "law", 1): ("", "", None),
                ("clerk", "law", 1): ("", "", None),
            },
        ),
        # One alone would be known by what is missing: the smallest group joins them, the first of equal ones.
        (
            {("judge", "law", 1): 1, ("nurse", "health", 1): 4, ("clerk", "health", 2): 3, ("clerk", "health", 1): 3},
            {
                ("judge", "law", 1): ("", "", None),
                ("nurse", "health", 1): ("nurse", "health", 1),
                ("clerk", "health", 2): ("clerk", "health", 2),
                ("clerk", "health", 1): ("", "", None),
            },
        ),
        ({("judge", "law", 1): 1, ("clerk", "law", 2): 1}, {("judge", "law", 1): UNTOLD, ("clerk", "law", 2): UNTOLD}),
        ({}, {}),
    ],
)
def test_combinations_are_coarsened_until_three_share_them(known, told):
    assert coarsened({Described(*each): number for each, number in known.items()}) == told


def test_votes_and_participants_tell_the_same_of_a_person(django_assert_max_num_queries):
    bolton, bury = make.a_place("Bolton", code="B1"), make.a_place("Bury", code="B2")
    workshop, practice = make.a_workshop(), make.a_practice()
    alike = people(3, role="nurse", sector="health, public", place=bolton)
    others = people(2, role="nurse", sector="health, public", place=bury)
    others += people(1, role="=judge", sector="law", place=bury)
    # Of the same words as the judge, but in no analysts' file: they make no combination any larger.
    people(4, role="=judge", sector="law", place=bury, consent=Consent.FACILITATORS)
    for person in [*alike, *others]:
        make.a_vote(practice=practice, participant=person, workshop=workshop)
    with django_assert_max_num_queries(20):
        votes = rows("votes")
    told = {row["participant"]: (row["role"], row["sector"], row["place"]) for row in votes}
    assert {row["code"]: (row["role"], row["sector"], row["place"]) for row in rows("participants")} == told
    assert {row["participant"]: (row["role"], row["sector"], row["place"] or "") for row in json_rows("votes")} == told
    nurses, nowhere = ("nurse", "health, public", "B1"), ("", "", "")
    assert [told[code_for("A test", person.pseudonym)] for person in alike] == [nurses] * 3
    assert [told[code_for("A test", person.pseudonym)] for person in others] == [nowhere] * 3


def test_full_export_is_not_coarsened():
    make.a_participant(role="judge", sector="law", place=make.a_place(code="B1"))
    (row,) = rows("participants", audience=Audience.FULL)
    assert (row["role"], row["sector"], row["place"]) == ("judge", "law", "B1")
