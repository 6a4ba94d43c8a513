"""Files while a ballot is open: readers wait for its votes, the archive's own copy has them, an import reveals none."""

import pytest

from innovation_archive.datasets import DATASETS, Audience
from innovation_archive.exchange.imports import import_file
from tests.factories import a_ballot, a_participant, a_practice, a_user, a_vote, a_workshop
from workshops.choices import Consent
from workshops.models import Participant, Vote
from workshops.roles import FACILITATOR
from workshops.voting import ballots, casting

pytestmark = pytest.mark.django_db


@pytest.fixture
def ballot():
    return a_ballot([a_practice(ref="P-a")], workshop=a_workshop(slug="room"))


@pytest.fixture
def paper(ballot):
    paper = ballots.join_ballot(ballot, "phone", "192.0.2.1")
    casting.cast_votes(paper, {"P-a": "keep"})
    return paper


def rows(audience):
    return sorted(record[2] for record in DATASETS["votes"]().records(audience))


def test_analysts_file_has_votes_of_a_ballot_once_it_is_closed(ballot, paper):
    a_vote(practice=a_practice(), participant=a_participant(), choice="create")
    Participant.objects.update(consent=Consent.TEAM)
    assert rows(Audience.ANALYST) == ["create"]
    assert rows(Audience.FULL) == ["create", "keep"]
    ballots.close_ballot(ballot)
    assert rows(Audience.ANALYST) == ["create", "keep"]


def test_import_over_a_vote_on_a_phone_is_refused_and_tells_nothing(tmp_path, ballot, paper):
    facilitator = a_user(FACILITATOR)
    ballot.workshop.facilitators.add(facilitator)
    file = tmp_path / "votes.csv"
    file.write_text(f"practice,participant,choice,workshop\nP-a,{paper.participant.code},discard,room\n")
    assert import_file("votes", file, user=facilitator).problem_lines() == [
        f"{file.name}, line 2, column practice, “P-a”: This row cannot be written from here. Ask an editor."
    ]
    assert Vote.objects.get().choice == "keep"
    ballots.close_ballot(ballot)
    assert len(import_file("votes", file, user=facilitator).problems) == 1
    assert Vote.objects.get().choice == "keep"
