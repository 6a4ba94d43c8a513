"""Typing a workshop's votes and flip charts in at the desk."""

import json
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from tests.desk import messages, page
from tests.factories import a_participant, a_practice, a_service_area, a_story, a_user, a_vote, a_workshop
from workshops.choices import Choice, Status
from workshops.models import Ballot, Participant, Practice, Tally, Vote, Workshop
from workshops.roles import ADMINISTRATOR, ANALYST, EDITOR, FACILITATOR, SYSTEM_LEADER

pytestmark = pytest.mark.django_db


@pytest.fixture
def facilitator(client):
    facilitator = a_user(FACILITATOR)
    client.force_login(facilitator)
    return facilitator


@pytest.fixture
def workshop(facilitator):
    return a_workshop([facilitator])


@pytest.fixture
def ann(workshop):
    return a_participant([workshop], code="ann")


@pytest.fixture
def van(workshop):
    return a_practice(statement="A van", stories=[a_story(workshop=workshop)])


def votes_page(workshop, **query):
    return reverse("admin:workshops_workshop_votes", args=[workshop.pk], query=query)


def tally_page(workshop, area=None):
    query = {"service_area": area.slug} if area else {}
    return reverse("admin:workshops_workshop_tally", args=[workshop.pk], query=query)


def content(response):
    return " ".join(response.content.decode().split())


def boxes(response):
    """What the boxes of the page show, by name."""
    inputs = re.findall(r'<input name="([vt]-[^"]+)"[^>]*?value="([^"]*)"', response.content.decode())
    return dict(inputs)


def save(client, address, follow=True, **changes):
    """Open the page, change some boxes, and send all of it as a browser does."""
    response = client.get(address)
    sheet = response.context["sheet"]
    data = boxes(response) | {"seen": sheet.seen_as_text()} | changes
    return client.post(address, data, follow=follow)


def name(*rows):
    return "-".join(["v", *(str(row.pk) for row in rows)])


def votes():
    return sorted(Vote.objects.values_list("participant__code", "practice__statement", "choice"))


ROLES = [EDITOR, ANALYST, FACILITATOR]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("address", [votes_page, tally_page])
def test_sheet_of_a_workshop_not_ones_own_is_not_there(client, ann, van, role, address):
    workshop = ann.workshops.get()
    client.force_login(a_user(role))
    assert client.get(address(workshop)).status_code == 404
    assert client.post(address(workshop), {name(ann, van): "k"}).status_code == 404
    assert Vote.objects.count() == 0


@pytest.mark.parametrize("role", [SYSTEM_LEADER, ADMINISTRATOR])
def test_sheet_is_not_there_for_who_has_no_workshops(client, ann, role):
    client.force_login(a_user(role))
    assert client.get(votes_page(ann.workshops.get())).status_code == 404


def test_facilitator_who_lost_the_role_may_not_enter_votes(client, facilitator, workshop):
    facilitator.groups.clear()
    assert client.get(votes_page(workshop)).status_code == 403


def test_workshop_leads_to_its_votes(client, workshop):
    said = content(client.get(page(Workshop, "change", workshop.pk)))
    assert f'href="{votes_page(workshop)}"' in said
    assert f'href="{tally_page(workshop)}"' in said


def test_grid_shows_what_was_cast_here_and_nothing_from_elsewhere(client, workshop, ann, van):
    calls = a_practice(statement="Calls", stories=[a_story(workshop=workshop)])
    a_vote(participant=ann, practice=van, workshop=workshop, choice=Choice.DISCARD)
    a_vote(participant=ann, practice=calls, workshop=a_workshop(), choice=Choice.KEEP)
    a_vote(participant=a_participant(code="stranger"), practice=van, workshop=a_workshop())
    response = client.get(votes_page(workshop))
    assert boxes(response) == {name(ann, van): "d", name(ann, calls): ""}
    assert "stranger" not in content(response)


def test_votes_are_typed_saved_and_cleared(client, workshop, ann, van):
    response = save(client, votes_page(workshop), **{name(ann, van): "K"})
    assert messages(response) == ["1 vote was saved."]
    assert votes() == [("ann", "A van", "keep")]
    assert boxes(response) == {name(ann, van): "k"}
    save(client, votes_page(workshop), **{name(ann, van): "discard"})
    assert votes() == [("ann", "A van", "discard")]
    response = save(client, votes_page(workshop), **{name(ann, van): " "})
    assert votes() == []
    entries = LogEntry.objects.order_by("pk")
    assert [entry.get_change_message() for entry in entries] == ["Enter votes: 1 vote was saved."] * 3


def test_saving_nothing_says_so(client, workshop, ann, van):
    a_vote(participant=ann, practice=van, workshop=workshop)
    assert messages(save(client, votes_page(workshop))) == ["Nothing was changed, so nothing was saved."]
    assert LogEntry.objects.count() == 0


def test_wrong_letter_is_named_and_everything_typed_stays(client, workshop, ann, van):
    bob = a_participant([workshop], code="bob")
    response = save(client, votes_page(workshop), **{name(ann, van): "k", name(bob, van): "<x>"})
    assert "Nothing is saved yet. What you typed is still here." in content(response)
    where = f'<a href="#{name(bob, van)}">bob, “A van”</a>: “&lt;x&gt;” is no choice.'
    assert where in content(response)
    assert boxes(response) == {name(ann, van): "k", name(bob, van): "&lt;x&gt;"}
    assert votes() == []


def test_vote_that_another_changed_meanwhile_is_told_once(client, workshop, ann, van):
    opened = client.get(votes_page(workshop))
    a_vote(participant=ann, practice=van, workshop=workshop, choice=Choice.DISCARD)
    data = {name(ann, van): "k", "seen": opened.context["sheet"].seen_as_text()}
    response = client.post(votes_page(workshop), data)
    assert "ann, “A van”</a>: Somebody entered “discard” while you typed “k”." in content(response).replace(
        "“keep”", "“k”"
    )
    assert boxes(response) == {name(ann, van): "k"}
    assert votes() == [("ann", "A van", "discard")]
    data["seen"] = response.context["sheet"].seen_as_text()
    client.post(votes_page(workshop), data)
    assert votes() == [("ann", "A van", "keep")]


def test_wrong_letter_does_not_hide_what_another_entered(client, workshop, ann, van):
    opened = client.get(votes_page(workshop))
    a_vote(participant=ann, practice=van, workshop=workshop, choice=Choice.DISCARD)
    data = {name(ann, van): "x", "seen": opened.context["sheet"].seen_as_text()}
    response = client.post(votes_page(workshop), data)
    data = {name(ann, van): "k", "seen": response.context["sheet"].seen_as_text()}
    response = client.post(votes_page(workshop), data)
    assert "Somebody entered “discard” while you typed “keep”." in content(response)


@pytest.mark.parametrize("seen", ["", "{", "[]", "null", '{"v-1-1": {"a": 1}}', '"k"', "\0"])
def test_page_that_was_tampered_with_harms_nothing(client, workshop, ann, van, seen):
    a_vote(participant=ann, practice=van, workshop=workshop, choice=Choice.DISCARD)
    response = client.post(votes_page(workshop), {name(ann, van): "k", "seen": seen})
    assert response.status_code == 200
    assert votes() == [("ann", "A van", "discard")]


def test_boxes_of_others_rows_are_not_read(client, workshop, ann, van):
    stranger, foreign = a_participant(code="stranger"), a_practice(statement="Foreign")
    data = {name(stranger, van): "k", name(ann, foreign): "k", name(ann, van): "k", "seen": "{}"}
    response = client.post(votes_page(workshop), data)
    assert "are no longer on this page" in content(response)
    assert boxes(response) == {name(ann, van): "k"}
    assert votes() == []


def test_ballot_opened_meanwhile_keeps_its_votes(client, workshop, ann, van):
    calls = a_practice(statement="Calls", stories=[a_story(workshop=workshop)])
    opened = client.get(votes_page(workshop))
    Ballot.objects.create(workshop=workshop, seats=5).practices.add(van)
    data = {name(ann, van): "k", name(ann, calls): "a", "seen": opened.context["sheet"].seen_as_text()}
    response = client.post(votes_page(workshop), data)
    assert "Being voted on from phones, and here once the ballot is closed: “A van”." in content(response)
    assert boxes(response) == {name(ann, calls): "a"}
    assert votes() == []


def test_box_that_was_not_sent_stays_as_it_is(client, workshop, ann, van):
    a_vote(participant=ann, practice=van, workshop=workshop)
    client.post(votes_page(workshop), {"seen": json.dumps({name(ann, van): "k"})})
    assert votes() == [("ann", "A van", "keep")]


def test_empty_grid_says_what_to_do_first(client, workshop):
    said = content(client.get(votes_page(workshop)))
    assert "Nobody is in this workshop yet. There is no practice to vote on yet." in said
    assert '<details class="sheet-add" open>' in said


def test_people_and_practices_are_added_with_what_was_typed(client, workshop, ann, van):
    known = a_practice(statement="Known", stories=[a_story(workshop=a_workshop(phase=workshop.phase))])
    fields = {"add": "1", "codes": "bob\n\nbob", "known": [known.pk], "new": "  A  new way \n"}
    response = save(client, votes_page(workshop), **fields, **{name(ann, van): "k"})
    new = Practice.objects.get(statement="A new way")
    bob = Participant.objects.get(code="bob")
    assert (new.status, new.entered_by) == (Status.DRAFT, workshop.facilitators.get())
    expected = {name(row, column): "" for row in (ann, bob) for column in (van, known, new)} | {name(ann, van): "k"}
    assert boxes(response) == expected
    assert votes() == [("ann", "A van", "keep")]
    assert messages(response) == ["Added: 1 person and 2 practices.", "1 vote was saved."]
    address = response.redirect_chain[-1][0]
    response = save(client, address, **{name(bob, new): "c"})
    assert response.redirect_chain[-1][0] == f"{votes_page(workshop)}?practice={known.pk}"
    assert name(ann, new) in boxes(response)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Say whom or what to add first."),
        ({"codes": "foreign"}, "foreign: This code is somebody’s who was in none of your workshops."),
        ({"codes": "a b"}, "a b: A code holds only letters without accents, digits"),
        ({"codes": "a\0b"}, "Null characters are not allowed."),
        ({"new": "x" * 1001}, "is too long: at most 1000 letters a line."),
        ({"codes": "x\n" * 20_000}, "Ensure this value has at most 20000 characters"),
    ],
)
def test_what_cannot_be_added_is_refused_and_nothing_is_saved(client, workshop, ann, van, fields, sentence):
    a_participant([a_workshop()], code="foreign")
    response = save(client, votes_page(workshop), **{"add": "1", name(ann, van): "k"}, **fields)
    assert sentence in content(response)
    assert boxes(response) == {name(ann, van): "k"}
    assert (votes(), Practice.objects.count(), workshop.participants.count()) == ([], 1, 1)


def test_drafts_of_others_are_not_offered_nor_taken(client, workshop, ann, van):
    hidden = a_practice(
        statement="Hidden", status=Status.DRAFT, stories=[a_story(workshop=a_workshop(phase=workshop.phase))]
    )
    assert "Hidden" not in content(client.get(votes_page(workshop)))
    assert "Hidden" not in content(client.get(votes_page(workshop, practice=hidden.pk)))
    response = save(client, votes_page(workshop), add="1", known=[hidden.pk])
    assert "Hidden" not in content(response)


@pytest.mark.parametrize(
    "query",
    [{"p": "x"}, {"p": "99999999999"}, {"c": "-1"}, {"practice": "x"}, {"practice": "9" * 19}, {"practice": "\0"}],
)
def test_odd_address_shows_the_grid(client, workshop, ann, van, query):
    response = client.get(votes_page(workshop, **query))
    assert (response.status_code, boxes(response)) == (200, {name(ann, van): ""})


def test_sixty_people_and_forty_practices_are_paged(client, workshop, django_assert_max_num_queries):
    story = a_story(workshop=workshop)
    people = [a_participant([workshop], code=f"p{number:02}") for number in range(60)]
    practices = [a_practice(stories=[story]) for _ in range(40)]
    with django_assert_max_num_queries(25):
        first = client.get(votes_page(workshop))
    assert len(boxes(first)) == 22 * 40
    assert "People 1 to 22 of 60." in content(first)
    changed = {name(person, practice): "k" for person in people[:22] for practice in practices}
    response = save(client, votes_page(workshop), next="1", **changed)
    assert messages(response) == ["880 votes were saved."]
    assert response.redirect_chain[-1][0] == f"{votes_page(workshop)}?p=2"
    assert next(iter(boxes(response))) == name(people[22], practices[0])


# Flip charts


def test_flip_charts_ask_for_the_service_area(client, workshop):
    area, other = a_service_area("Early help"), a_service_area("Housing")
    workshop.service_areas.add(area)
    response = client.get(tally_page(workshop))
    assert (list(response.context["areas"]), list(response.context["others"])) == ([area], [other])
    assert 'href="?service_area=early-help"' in content(response)


def test_flip_chart_of_an_unknown_area_asks_again(client, workshop):
    response = client.get(tally_page(workshop) + "?service_area=nowhere%00")
    assert "Whose hands are on the flip chart?" in content(response)


def hands(practice, **numbers):
    return {f"t-{practice.pk}-{choice}": number for choice, number in numbers.items()}


def test_flip_chart_is_typed_saved_and_emptied(client, workshop, van):
    area = a_service_area("Early help")
    address = tally_page(workshop, area)
    response = save(client, address, **hands(van, keep="12", discard="3"))
    assert messages(response) == ["2 numbers were saved."]
    tally = Tally.objects.get()
    assert (tally.service_area, tally.keep, tally.amplify, tally.discard, tally.create) == (area, 12, 0, 3, 0)
    assert boxes(response) == hands(van, keep="12", amplify="0", discard="3", create="0")
    save(client, address, **hands(van, keep="", amplify="", discard="", create=""))
    assert Tally.objects.count() == 0


@pytest.mark.parametrize("number", ["-1", "1.5", "ten", "99999", "\0"])
def test_wrong_number_is_named_and_everything_typed_stays(client, workshop, van, number):
    address = tally_page(workshop, a_service_area("Early help"))
    response = save(client, address, **hands(van, keep="4", discard=number))
    assert f'<a href="#t-{van.pk}-discard">“A van”, discard</a>: “{number}” is no number of hands.' in content(response)
    assert boxes(response)[f"t-{van.pk}-keep"] == "4"
    assert Tally.objects.count() == 0


def test_flip_chart_that_another_changed_meanwhile_is_told(client, workshop, van):
    area = a_service_area("Early help")
    opened = client.get(tally_page(workshop, area))
    Tally.objects.create(workshop=workshop, service_area=area, practice=van, keep=7)
    data = {"seen": opened.context["sheet"].seen_as_text()} | hands(van, keep="4", amplify="", discard="", create="")
    response = client.post(tally_page(workshop, area), data)
    assert "“A van”, keep</a>: Somebody entered “7” while you typed “4”." in content(response)
    assert Tally.objects.get().keep == 7


def test_practices_are_added_to_a_flip_chart(client, workshop, van):
    area = a_service_area("Early help")
    response = save(client, tally_page(workshop, area), add="1", new="Calls", **hands(van, keep="1"))
    calls = Practice.objects.get(statement="Calls")
    assert response.redirect_chain[-1][0] == f"{tally_page(workshop, area)}&practice={calls.pk}"
    assert f"t-{calls.pk}-keep" in boxes(response)
    assert Tally.objects.get().keep == 1


def test_pages_of_a_sheet_name_what_they_turn(client, workshop, ann, van, monkeypatch):
    a_practice(statement="Calls", stories=[a_story(workshop=workshop)])
    a_participant([workshop], code="ben")
    monkeypatch.setattr("workshops.admin.voting.entry_sheets.PRACTICES_PER_PAGE", 1)
    monkeypatch.setattr("workshops.admin.voting.entry_sheets.MAX_BOXES_PER_PAGE", 10)
    first = content(client.get(votes_page(workshop)))
    assert (
        '<nav aria-label="Pages of people"> People 1 to 1 of 2. <a href="?p=2">Next people</a> </nav> '
        '<nav aria-label="Pages of practices"> Practices 1 to 1 of 2. <a href="?c=2">Next practices</a> </nav>'
    ) in first
    last = content(client.get(votes_page(workshop, p=2, c=2)))
    assert 'People 2 to 2 of 2. <a href="?p=1&amp;c=2">Previous people</a>' in last
    assert 'Practices 2 to 2 of 2. <a href="?p=2&amp;c=1">Previous practices</a>' in last
