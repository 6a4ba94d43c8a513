"""Exact votes in analysts' files: whose they are, what is left without each, and who is never counted."""

import csv
import io

import pytest

from innovation_archive.datasets import DATASETS, Audience
from innovation_archive.exchange.exports import CsvFile
from insights.models import ErasedVotes
from insights.votes.previews import ProgrammePreview
from insights.votes.release import prepare, release
from tests.factories import (
    a_participant,
    a_phase,
    a_practice,
    a_programme,
    a_service_area,
    a_tally,
    a_vote,
    a_workshop,
    votes_on,
)
from workshops.choices import Consent
from workshops.contribution.erasure_requests import ask_to_erase
from workshops.models import Participant

pytestmark = pytest.mark.django_db

COUNTS = ("voters", "hands", "keep", "amplify", "discard", "create")


def rows():
    text = "".join(CsvFile(DATASETS["vote_shares"](), Audience.ANALYST))
    return list(csv.DictReader(io.StringIO(text)))


def counts_by(found):
    return {(row["among"], row["name"]): tuple(int(row[name]) for name in COUNTS) for row in found}


@pytest.fixture
def programme():
    return a_programme(slug="gm")


@pytest.fixture
def voted(programme):
    """Two rooms; in the second, hands of a service of which nobody voted there."""
    phase = a_phase(programme=programme)
    first, second = a_workshop(slug="w-1", phase=phase), a_workshop(slug="w-2", phase=phase)
    practice = a_practice(ref="P-1")
    votes_on(practice, first, Hubs=(5, 0, 1, 0), unknown=(0, 1, 0, 0))
    votes_on(practice, second, Early_help=(0, 2, 6, 0))
    Participant.objects.update(consent=Consent.TEAM)
    a_tally(practice=practice, workshop=second, service_area=a_service_area("Homelessness"), create=4)
    return practice, first, second


def test_votes_are_counted_together_apart_and_without_each(voted):
    found = rows()
    assert counts_by(found) == {
        ("all", "all"): (19, 4, 5, 3, 7, 4),
        ("service area", "Early help"): (8, 0, 0, 2, 6, 0),
        ("service area", "Homelessness"): (4, 4, 0, 0, 0, 4),
        ("service area", "Hubs"): (6, 0, 5, 0, 1, 0),
        ("service area", "Not recorded"): (1, 0, 0, 1, 0, 0),
        ("without service area", "Early help"): (11, 4, 5, 1, 1, 4),
        ("without service area", "Homelessness"): (15, 0, 5, 3, 7, 0),
        ("without service area", "Hubs"): (13, 4, 0, 3, 6, 4),
        ("without workshop", "w-1"): (12, 4, 0, 2, 6, 4),
        ("without workshop", "w-2"): (7, 0, 5, 1, 1, 0),
    }
    assert len(found) == DATASETS["vote_shares"]().count(Audience.ANALYST) == 10
    assert {(row["practice"], row["programme"]) for row in found} == {("P-1", "gm")}


def test_shares_come_with_their_interval_and_the_way_that_leads(voted):
    hubs = next(row for row in rows() if (row["among"], row["name"]) == ("service area", "Hubs"))
    # 5 of 6 and 1 of 6, with Wilson's interval as worked out by hand: (0.8333 + 0.3201 ± 0.3501) / 1.6402 at z = 1.96.
    assert [hubs[name] for name in ("direction", "retain_share", "retain_low", "retain_high")] == [
        "retain", "0.833", "0.436", "0.970",
    ]  # fmt: skip
    assert [hubs[name] for name in ("discard_share", "discard_low", "discard_high", "create_share")] == [
        "0.167", "0.030", "0.564", "0.000",
    ]  # fmt: skip


def test_totals_are_those_of_the_desk_where_nobody_is_left_out(voted, programme):
    (preview,) = ProgrammePreview(programme, prepare(programme)).all
    desk = {row.service: (row.counts.voters, row.hands, *row.counts) for row in preview.exact_rows}
    ours = {name: counts for (among, name), counts in counts_by(rows()).items() if among == "service area"}
    assert ours == desk
    together = tuple(map(sum, zip(*desk.values(), strict=True)))
    assert counts_by(rows())["all", "all"] == together


def test_totals_are_those_that_analysts_see_at_the_desk_where_some_are_left_out(voted, programme):
    """Of analysts the desk knows no more than their files: who agreed to facilitators alone, waits or was erased."""
    practice, first, second = voted
    release(programme)
    Participant.objects.filter(votes__workshop=second, votes__choice="amplify").first().delete()
    ask_to_erase(Participant.objects.filter(votes__workshop=first, votes__choice="keep").first())
    a_vote(practice=practice, workshop=first, participant=a_participant(consent=Consent.FACILITATORS))
    outcomes = prepare(programme, for_team=True)
    preview = ProgrammePreview(programme, outcomes, for_team=True)
    preview.with_workshops(preview.all)
    (each,) = preview.all
    desk = {row.service: (row.counts.voters, row.hands, *row.counts) for row in each.exact_rows}
    ours = counts_by(rows())
    assert desk == {name: counts for (among, name), counts in ours.items() if among == "service area"}
    assert desk["Hubs"] == (5, 0, 4, 0, 1, 0)
    rooms = {name: sum(counts.voters for counts in groups.values()) for name, groups in each.by_workshop.items()}
    assert rooms == {str(second): ours["without workshop", "w-1"][0], str(first): ours["without workshop", "w-2"][0]}


def test_who_agreed_to_facilitators_alone_is_in_no_total(voted):
    practice, first, _second = voted
    before = counts_by(rows())
    a_vote(practice=practice, workshop=first, participant=a_participant(consent=Consent.FACILITATORS))
    assert counts_by(rows()) == before
    a_vote(practice=practice, workshop=first, participant=a_participant(consent=Consent.TEAM))
    assert counts_by(rows())["all", "all"] == (20, 4, 6, 3, 7, 4)


def test_votes_of_erased_people_are_in_no_total(voted, programme):
    _practice, first, _second = voted
    release(programme)
    gone = Participant.objects.filter(votes__workshop=first, votes__choice="keep").first()
    gone.delete()
    assert ErasedVotes.objects.get().people == 1
    assert counts_by(rows())["all", "all"] == (18, 4, 4, 3, 7, 4)


def test_totals_are_those_of_the_file_of_votes_and_hands(voted):
    votes = "".join(CsvFile(DATASETS["votes"](), Audience.ANALYST))
    kept = [row for row in csv.DictReader(io.StringIO(votes)) if row["choice"] == "keep"]
    assert len(kept) == int(next(row for row in rows() if row["among"] == "all")["keep"])


def test_programmes_and_practices_have_rows_of_their_own(voted):
    practice, *_ = voted
    other = a_workshop(slug="w-3", programme=a_programme(slug="other"))
    a_vote(practice=practice, workshop=other, participant=a_participant())
    a_practice(ref="P-0")
    assert [(row["practice"], row["programme"]) for row in rows() if row["among"] == "all"] == [
        ("P-1", "gm"),
        ("P-1", "other"),
    ]
    assert ("without workshop", "w-3") not in counts_by(row for row in rows() if row["programme"] == "other")


def test_public_files_have_no_exact_votes(client, voted):
    assert client.get("/data/vote_shares.csv").status_code == 403
    assert Audience.PUBLIC not in DATASETS["vote_shares"]().audiences
