"""A single vote cast on a phone is shown to nobody at the desk: whatever it is, every page says the same."""

import csv
import io
import re

import pytest
from django.utils import timezone

from innovation_archive.datasets import DATASETS, Audience
from innovation_archive.exchange.exports import CsvFile
from tests.factories import a_ballot, a_participant, a_practice, a_user, a_vote, a_workshop
from tests.innovation_archive.admin.test_imports import upload
from tests.innovation_archive.admin.test_walk import AN, AN_OF_IT, ED, ED_OF_IT, VIEWERS, addresses, opened, world
from workshops.choices import Choice
from workshops.models import BallotPaper, Participant, Practice, Vote, Workshop
from workshops.roles import FACILITATOR
from workshops.voting import merging, vote_entry

__all__ = ["world"]

pytestmark = pytest.mark.django_db

CHANGING = re.compile(
    rb'(name="csrfmiddlewaretoken" value|nonce)="[^"]*"|\d\d:\d\d|\bP-\w{6}\b|\bexample-\w{6}\b|An example \w{6}\b'
)
"""What is another at each request: tokens, times, and random refs that a form proposes."""
COUNTED = {"insights_release_preview"}
"""Where editors and analysts see how many chose what, all voters of a service area together."""


def a_phone_vote(workshop, practice, person, choice="keep"):
    ballot = a_ballot([practice], workshop=workshop, closed_at=timezone.now(), salt="")
    BallotPaper.objects.create(ballot=ballot, participant=person, ticket=f"t{ballot.pk}", newcomer=False)
    return a_vote(practice=practice, participant=person, workshop=workshop, choice=choice)


def pages(client, rows):
    """What each address of the desk answers, without what is another at each request."""
    found = {}
    for name, pattern in addresses().items():
        for line, address in opened(name, pattern, rows).items():
            response = client.get(address)
            words = b"".join(response) if response.streaming else response.content
            found[line] = (response.status_code, CHANGING.sub(b"", words))
    return found


@pytest.mark.parametrize("viewer", VIEWERS)
def test_no_page_of_the_desk_tells_how_somebody_voted_on_their_phone(client, world, viewer):
    people, rows = world
    workshop, person = rows["workshops.workshop"][""], rows["workshops.participant"][""]
    vote = a_phone_vote(workshop, rows["workshops.practice"]["published"], person)
    rows = rows | {"workshops.vote": {"": vote}}
    client.force_login(people[viewer])
    before = pages(client, rows)
    assert len(before) > 150
    Vote.objects.filter(pk=vote.pk).update(choice="discard")
    after = pages(client, rows)
    told = {line for line in before if before[line] != after[line]}
    assert told == (COUNTED if viewer in (ED, AN, ED_OF_IT, AN_OF_IT) else set())


@pytest.fixture
def room():
    """A facilitator's workshop with a practice and a person who voted on it by phone."""
    workshop, person = a_workshop([a_user(FACILITATOR)]), a_participant(code="p-ann")
    person.workshops.add(workshop)
    practice = a_practice(ref="P-1")
    a_phone_vote(workshop, practice, person)
    return workshop, practice, person


def test_merge_and_its_undo_keep_phone_votes_hidden(room):
    _workshop, practice, _person = room
    merge = merging.merge_practices(practice, a_practice(), None)
    assert (Vote.objects.count(), Vote.objects.not_from_phones().count()) == (1, 0)
    merging.undo_merge(merge)
    assert (Vote.objects.count(), Vote.objects.not_from_phones().count()) == (1, 0)


def test_sheet_does_not_show_a_phone_vote_and_a_typed_one_replaces_it_unseen(room):
    workshop, practice, person = room
    assert vote_entry.votes_in(workshop) == {}
    saved = vote_entry.save_votes(workshop, {(person.pk, practice.pk): "d"}, {})
    assert saved.problems == {}
    assert Vote.objects.get().choice == Choice.DISCARD


@pytest.mark.parametrize("choice", ["keep", "discard"])
def test_import_tells_nothing_of_a_phone_vote(client, room, choice):
    """The same refusal whether the file guesses right or wrong, so that no file finds out."""
    workshop, *_ = room
    client.force_login(workshop.facilitators.get())
    lines = ["practice,participant,choice,workshop", f"P-1,p-ann,{choice},{workshop.slug}"]
    page = upload(client, "votes", *lines, workshop=workshop.slug).content.decode()
    assert "This row cannot be written from here. Ask an editor." in page
    assert Vote.objects.get().choice == "keep"


def test_analysts_file_has_a_phone_vote_under_the_code_of_its_purpose(room):
    _workshop, _practice, person = room
    file = CsvFile(DATASETS["votes"]().for_purpose("A test"), Audience.ANALYST)
    (row,) = csv.DictReader(io.StringIO("".join(file)))
    assert row["choice"] == "keep"
    assert row["participant"] not in {person.code, person.pseudonym}
    assert (row["role"], row["sector"], row["place"]) == ("", "", "")


def test_open_vote_of_the_same_world_is_seen(room):
    """The tests above would see a vote that was typed in."""
    workshop, practice, _person = room
    typed = a_vote(practice=practice, participant=Participant.objects.create(code="p-bob"), workshop=workshop)
    assert list(Vote.objects.visible_to(workshop.facilitators.get())) == [typed]
    assert (Practice.objects.count(), Workshop.objects.count()) == (1, 1)
