"""What the migration of votes from phones marks among the votes that an archive has already."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from tests.factories import a_ballot, a_participant, a_practice, a_vote, a_workshop
from workshops.models import BallotPaper, MergedVote, PracticeMerge, Vote

pytestmark = pytest.mark.django_db

marking = import_module("workshops.migrations.0023_votes_from_phones")


@pytest.fixture
def ballot():
    return a_ballot([a_practice()], workshop=a_workshop(), closed_at=timezone.now(), salt="")


def a_paper(ballot, **fields):
    person = a_participant()
    BallotPaper.objects.create(ballot=ballot, participant=person, ticket=person.code, newcomer=True, **fields)
    return person


def test_votes_of_whoever_holds_a_paper_for_them_are_marked(ballot):
    practice, workshop = ballot.practices.get(), ballot.workshop
    holder, voided = a_paper(ballot), a_paper(ballot, voided_at=timezone.now(), voided_because="Twice.")
    on_phone = a_vote(practice=practice, participant=holder, workshop=workshop)
    for other in (
        {"practice": practice, "participant": voided, "workshop": workshop},
        {"practice": practice, "participant": a_participant(), "workshop": workshop},
        {"practice": a_practice(), "participant": holder, "workshop": workshop},
        {"practice": practice, "participant": a_paper(ballot), "workshop": a_workshop()},
    ):
        a_vote(**other)
    marking.mark_votes(apps, connection.schema_editor())
    assert list(Vote.objects.filter(from_phone=True)) == [on_phone]


def test_votes_kept_for_the_undo_of_a_merge_are_marked(ballot):
    merge = PracticeMerge.objects.create(ref="P-1", statement="Vans.", into=ballot.practices.get(), remembered={})
    holder, other = a_paper(ballot), a_participant()
    for person in (holder, other):
        merge.votes.create(participant=person, workshop=ballot.workshop, choice="keep", vote=1, is_of_kept=False)
    marking.mark_votes(apps, connection.schema_editor())
    assert list(MergedVote.objects.filter(from_phone=True).values_list("participant", flat=True)) == [holder.pk]
