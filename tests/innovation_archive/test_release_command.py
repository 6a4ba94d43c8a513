"""`release_votes PROGRAMME`, from the shell."""

import csv
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import dateformat

from innovation_archive.datasets.datapackage import describe
from innovation_archive.datasets.votes import Practices, VoteResults
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
        "P-b: released. Fewer than 10 people voted, so we do not show a breakdown.",
        "gm: 2 of 2 practices released.",
    ]
    day = dateformat.format(Release.objects.get().released_on, "j F Y")
    assert released("gm") == [
        f"P-a: not changed. Stays as released on {day}: nobody voted for the first time since, and 10 must.",
        "P-b: not changed. Fewer than 10 people voted, so we do not show a breakdown.",
        "gm: 0 of 2 practices released.",
    ]
    assert Release.objects.count() == 1


def test_command_names_the_programmes_there_are(room):
    with pytest.raises(CommandError, match=r"There is no programme “mg”\. Known are: gm\."):
        released("mg")


def test_command_refuses_a_programme_without_votes(room):
    with pytest.raises(CommandError, match="Nobody has voted in the workshops of"):
        released("gm")


def test_files_hold_the_released_rows_and_their_measures(room):
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
    common = {"practice": "P-a", "statement": "Vans", "released_on": day, "amplify": "5"}
    few = {"discard": "fewer than 5", "create": "fewer than 5"}
    assert rows(VoteResults) == [
        common | few | {"group": "Hubs", "base": "20", "keep": "10", "hands": "0"},
        common | few | {"group": "Parks", "base": "25", "keep": "15", "hands": "fewer than 5"},
    ]
    # By hand: shares of 2.5 and 2.5 are read into what the base leaves; p = 15.5/18.5 and 20.5/23.5.
    measures = ("direction", "consensus", "divergence", "apart", "stability", "verdict")
    found = {row["ref"]: tuple(row[column] for column in measures) for row in rows(Practices)}
    assert found == {"P-a": ("retain", "0.855", "0.007", "", "0.838", "strong"), "P-b": ("", "", "", "", "", "")}


def test_datapackage_declares_the_band_a_missing_value():
    dataset = VoteResults()
    schema = describe(dataset, "public", {"practices"})["schema"]
    assert schema["missingValues"] == ["", "fewer than 5"]
    assert {field["name"]: field["type"] for field in schema["fields"]}["hands"] == "integer"
