"""Withdrawals and erasures at the same moment as what makes public: however it ends, nothing withdrawn is public.

Each is run a few times here; `RACES=50 python -m pytest tests/workshops/consent/test_races.py` runs it as often as one likes.
"""

import contextlib
import os
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError

from innovation_archive.exchange.imports import import_file
from insights.evidence.editing import attach_evidence
from insights.models import ErasedVotes, Evidence, Insight, PublishedEvidence, Turnout
from insights.publications.publishing import publish_insight
from insights.votes.release import release
from tests.crowd import all_at_once
from tests.factories import a_participant, a_practice, a_story, a_vote, a_workshop, an_insight
from workshops.choices import Consent, Status
from workshops.consent.erasure import erase_participant
from workshops.consent.withdrawal import lower_consent, withdraw_stories
from workshops.models import OriginalText, Participant, Story, Vote
from workshops.stories.review import publish_story

RACES = range(int(os.environ.get("RACES", "4")))
pytestmark = pytest.mark.django_db(transaction=True)


def race(*acts):
    """Run these at the same moment. One may be refused, or lose a deadlock that the database ends, and be tried again."""

    def run(number):
        for _attempt in range(3):
            with contextlib.suppress(OperationalError):
                with contextlib.suppress(ValidationError, Story.DoesNotExist, Participant.DoesNotExist):
                    acts[number]()
                return
        raise AssertionError

    all_at_once(run, len(acts))


def assert_gone(story):
    row = Story.objects.get(pk=story.pk)
    assert (row.status, row.title, row.published_text) == (Status.WITHDRAWN, "", "")
    assert not OriginalText.objects.filter(story=row).exists()
    assert not Evidence.with_working_copies.exclude(excerpt="").filter(story=row).exists()
    assert not PublishedEvidence.objects.exclude(excerpt="").filter(story_ref=row.ref).exists()


def two_workshops():
    return a_story(published_text="We cooked for all."), a_story()


@pytest.mark.parametrize("number", RACES)
def test_withdrawal_against_publishing_the_story(number):
    story = a_story(status=Status.IN_REVIEW)
    race(partial(withdraw_stories, [story]), partial(publish_story, Story.objects.get()))
    assert_gone(story)


@pytest.mark.parametrize("number", RACES)
def test_withdrawal_against_quoting_it(number):
    story, other = two_workshops()
    insight = an_insight(supports=[other], status=Status.DRAFT)
    quote = partial(attach_evidence, insight, Story.objects.get(pk=story.pk), "supports", "cooked for all")
    race(partial(withdraw_stories, [story]), quote)
    assert_gone(story)


@pytest.mark.parametrize("number", RACES)
def test_lowering_against_publishing_the_story(number):
    story = a_story(status=Status.IN_REVIEW)
    race(partial(lower_consent, story, Consent.TEAM), partial(publish_story, Story.objects.get()))
    assert not Story.objects.published().exists()


@pytest.mark.parametrize("number", RACES)
def test_withdrawal_against_publishing_an_insight_that_quotes_it(number):
    story, other = two_workshops()
    insight = an_insight(supports=[other], status=Status.DRAFT, none_found="We looked everywhere.")
    attach_evidence(insight, story, "supports", "cooked for all")
    race(partial(withdraw_stories, [story]), partial(publish_insight, Insight.objects.get()))
    assert_gone(story)


@pytest.mark.parametrize("number", RACES)
def test_withdrawal_against_an_import_of_it(number, tmp_path):
    story = a_story(ref="told23")
    file = tmp_path / "stories.csv"
    file.write_text("ref,title,text,published_text\ntold23,Told anew,Words anew,Wording anew\n")
    race(partial(withdraw_stories, [story]), partial(import_file, "stories", file))
    assert_gone(story)


@pytest.mark.parametrize("number", RACES)
def test_erasure_against_a_release_that_counts_the_vote(number):
    workshop = a_workshop()
    practice = a_practice()
    people = [a_participant() for _ in range(12)]
    for person in people:
        a_vote(participant=person, practice=practice, workshop=workshop)
    leaving, their_pk = people[0], people[0].pk
    race(partial(erase_participant, leaving), partial(release, workshop.phase.programme))
    assert not Vote.objects.filter(participant=their_pk).exists()
    counted = Turnout.objects.get().participants
    kept = sum(ErasedVotes.objects.values_list("people", flat=True))
    assert kept == (1 if their_pk in counted else 0)
