"""`release_votes PROGRAMME`, from the shell."""

import csv
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import dateformat

from innovation_archive.datasets.datapackage import describe
from innovation_archive.datasets.votes import Practices, VoteResults, VoteVerdicts
from innovation_archive.exchange.exports import CsvFile
from insights.models import Release
from tests.factories import a_practice, a_programme, a_tally, a_workshop, votes_on
from workshops.models import ServiceArea

pytestmark = pytest.mark.django_db


@pytest.fixture
def room():
    return a_workshop(programme=a_programme(slug="gm"))


def released(programme):
    said = StringIO()
    call_command("release_votes", programme, stdout=said)
    return said.getvalue().splitlines()


def rows(dataset):
    return list(csv.DictReader(StringIO("".join(CsvFile(dataset())))))


def test_command_says_what_it_did_with_each_practice(room):
    votes_on(a_practice(ref="P-a"), room, Hubs=(12, 0, 0, 0))
    votes_on(a_practice(ref="P-b"), room, Hubs=(2, 0, 0, 0))
    assert released("gm") == [
        "P-a: released.",
        "P-b: released. Fewer than 10 people with a recorded service voted, so we do not show a breakdown.",
        "gm: 2 of 2 practices released.",
    ]
    day = dateformat.format(Release.objects.get().released_on, "j F Y")
    assert released("gm") == [
        f"P-a: not changed. Stays as released on {day}: nobody voted for the first time since, and 10 must.",
        "P-b: not changed. Fewer than 10 people with a recorded service voted, so we do not show a breakdown.",
        "gm: 0 of 2 practices released.",
    ]
    assert Release.objects.count() == 1


def test_command_names_the_programmes_there_are(room):
    with pytest.raises(CommandError, match=r"There is no programme “mg”\. Known are: gm\."):
        released("mg")


def test_command_refuses_a_programme_without_votes(room):
    with pytest.raises(CommandError, match="Nobody has voted in the workshops of"):
        released("gm")


def columns_of(**ranges):
    """The columns of a row of vote_results.csv, from {column: (low, high)}."""
    return {
        f"{column}_{end}": str(number)
        for column, between in ranges.items()
        for end, number in zip(("low", "high"), between, strict=True)
    }


def test_files_hold_the_released_ranges_and_their_words(room):
    practice = a_practice(ref="P-a", statement="Vans")
    votes_on(practice, room, Hubs=(10, 6, 2, 2), Parks=(10, 6, 2, 2))
    a_tally(
        practice=practice,
        workshop=a_workshop(phase=room.phase),
        service_area=ServiceArea.objects.get(name="Parks"),
        keep=3,
    )
    a_practice(ref="P-b")
    released("gm")
    day = str(Release.objects.get().released_on)
    common = {"practice": "P-a", "programme": "gm", "statement": "Vans", "released_on": day}
    few = columns_of(amplify=(5, 7), discard=(0, 4), create=(0, 4), hands=(0, 4))
    assert rows(VoteResults) == [
        common | {"group": "Hubs"} | columns_of(base=(18, 22), keep=(8, 12)) | few,
        common | {"group": "Parks"} | columns_of(base=(23, 27), keep=(13, 17)) | few,
    ]
    # By hand: 16 of 20 and 19 of 23 are 35 of 43, which is 81 in a hundred, and neither service is far from it.
    words = {
        "direction": "retain",
        "share": "most",
        "verdict": "agree",
        "less": "",
        "more": "",
        "joined": "",
        "silent": "",
    }
    uncorrected = {"corrected_on": "", "correction": ""}
    assert rows(VoteVerdicts) == [common | columns_of(voters=(41, 49)) | words | uncorrected]
    assert {"direction", "verdict"}.isdisjoint(rows(Practices)[0])


def test_datapackage_declares_every_range_of_whole_numbers():
    fields = describe(VoteResults(), "public", {"practices"})["schema"]["fields"]
    whole = {field["name"] for field in fields if field["type"] == "integer"}
    assert whole == set(columns_of(**dict.fromkeys(["base", "keep", "amplify", "discard", "create", "hands"], (0, 4))))
