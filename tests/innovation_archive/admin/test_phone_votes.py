"""A single vote cast on a phone is shown to nobody at the desk: whatever it is, every page says the same."""

import csv
import io
import re

import pytest
from django.utils import timezone

from innovation_archive.datasets import DATASETS, Audience
from innovation_archive.exchange.exports import CsvFile, export_archive
from innovation_archive.exchange.imports import import_file
from tests.databases import for_each_viewer
from tests.desk import page
from tests.factories import a_ballot, a_participant, a_practice, a_user, a_vote, a_workshop
from tests.innovation_archive.admin.test_imports import upload
from tests.innovation_archive.admin.test_walk import AN, AN_OF_IT, ED, ED_OF_IT, VIEWERS, addresses, opened, world
from workshops.choices import Choice
from workshops.contribution.slip_codes import issue_slip, own_votes
from workshops.models import Ballot, BallotPaper, Participant, Practice, Vote, Workshop
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
    return a_vote(practice=practice, participant=person, workshop=workshop, choice=choice, from_phone=True)


def pages(client, rows):
    """What each address of the desk answers, without what is another at each request."""
    found = {}
    for name, pattern in addresses().items():
        for line, address in opened(name, pattern, rows).items():
            response = client.get(address)
            words = b"".join(response) if response.streaming else response.content
            found[line] = (response.status_code, CHANGING.sub(b"", words))
    return found


@for_each_viewer(VIEWERS)
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
    assert vote_entry.votes_in(workshop) == {(person.pk, practice.pk): "discard"}


def test_vote_typed_at_the_desk_by_itself_replaces_a_phone_vote_too(client, room):
    workshop, practice, person = room
    client.force_login(workshop.facilitators.get())
    typed = {"workshop": workshop.pk, "participant": person.pk, "practice": practice.pk, "choice": "create"}
    assert client.post(page(Vote, "add"), typed).status_code == 302
    assert [vote.choice for vote in Vote.objects.not_from_phones()] == ["create"]


@pytest.mark.parametrize("choice", ["keep", "discard"])
def test_import_tells_nothing_of_a_phone_vote(client, room, choice):
    """The same refusal whether the file guesses right or wrong, so that no file finds out."""
    workshop, *_ = room
    client.force_login(workshop.facilitators.get())
    lines = ["practice,participant,choice,workshop", f"P-1,p-ann,{choice},{workshop.slug}"]
    answer = upload(client, "votes", *lines, workshop=workshop.slug).content.decode()
    assert "This row cannot be written from here. Ask an editor." in answer
    assert Vote.objects.get().choice == "keep"


def test_analysts_file_has_a_phone_vote_under_the_code_of_its_purpose(room):
    _workshop, _practice, person = room
    file = CsvFile(DATASETS["votes"]().for_purpose("A test"), Audience.ANALYST)
    (row,) = csv.DictReader(io.StringIO("".join(file)))
    assert row["choice"] == "keep"
    assert row["participant"] not in {person.code, person.pseudonym}
    assert (row["role"], row["sector"], row["place"]) == ("", "", "")


def test_phone_vote_stays_hidden_in_the_archive_that_a_full_export_is_brought_into(room, tmp_path):
    """No ballot paper goes along: the vote itself says how it was cast, and a slip printed there does not show it."""
    workshop, practice, person = room
    a_vote(practice=practice, participant=a_participant([workshop], code="p-bob"), workshop=workshop)
    export_archive(tmp_path, Audience.FULL)
    lines = ["practice,participant,choice,workshop,from_phone"]
    lines += [f"P-1,{code},keep,{workshop.slug},{mark}" for code, mark in (("p-ann", 1), ("p-bob", 0))]
    assert (tmp_path / "votes.csv").read_text().splitlines() == lines
    Vote.objects.all().delete()
    Ballot.objects.all().delete()
    assert str(import_file("votes", tmp_path / "votes.csv")) == "2 added, 0 changed, 0 unchanged"
    assert [vote.participant.code for vote in Vote.objects.visible_to(workshop.facilitators.get())] == ["p-bob"]
    issue_slip(person)
    assert list(own_votes(person.slip)) == []


@pytest.mark.parametrize("mark", ["", "from_phone"])
def test_file_that_does_not_say_leaves_the_mark(room, tmp_path, mark):
    workshop, *_ = room
    header, row = "practice,participant,choice,workshop", f"P-1,p-ann,create,{workshop.slug}"
    path = tmp_path / "votes.csv"
    path.write_text(f"{header},{mark}\n{row},\n" if mark else f"{header}\n{row}\n")
    assert str(import_file("votes", path)) == "0 added, 1 changed, 0 unchanged"
    assert [(vote.choice, vote.from_phone) for vote in Vote.objects.all()] == [("create", True)]


def test_open_vote_of_the_same_world_is_seen(room):
    """The tests above would see a vote that was typed in."""
    workshop, practice, _person = room
    typed = a_vote(practice=practice, participant=Participant.objects.create(code="p-bob"), workshop=workshop)
    assert list(Vote.objects.visible_to(workshop.facilitators.get())) == [typed]
    assert (Practice.objects.count(), Workshop.objects.count()) == (1, 1)
