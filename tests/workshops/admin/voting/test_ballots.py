"""A ballot at the desk: opened, shown, watched, voided in part, closed; and its votes shown to nobody meanwhile."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.desk import filled, listed, messages, page
from tests.factories import a_ballot, a_participant, a_practice, a_user, a_vote, a_workshop
from workshops.choices import Status
from workshops.models import Ballot, BallotPaper, Vote
from workshops.roles import ANALYST, EDITOR, FACILITATOR
from workshops.voting import ballots, casting

pytestmark = pytest.mark.django_db


@pytest.fixture
def facilitator():
    return a_user(FACILITATOR)


@pytest.fixture
def workshop(facilitator):
    return a_workshop(facilitators=[facilitator], title="Our room")


@pytest.fixture
def ballot(workshop):
    practices = [a_practice(ref=f"P-{letter}", statement=f"Practice {letter.upper()}") for letter in "abc"]
    return a_ballot(practices, workshop=workshop, join_code="ab2c3d", seats=20)


def at(name, ballot):
    return reverse(f"admin:workshops_ballot_{name}", args=[ballot.pk])


def voted(ballot, phone="phone", choice="discard"):
    paper = ballots.join_ballot(ballot, phone, "192.0.2.1")
    casting.cast_votes(paper, {"P-a": choice})
    return paper


def text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_facilitator_opens_a_ballot_on_their_workshop(client, facilitator, workshop):
    practice = a_practice()
    client.force_login(facilitator)
    add = client.get(page(Ballot, "add"), {"workshop": workshop.pk})
    response = client.post(page(Ballot, "add"), filled(add, practices=[practice.pk], seats=12), follow=True)
    ballot = Ballot.objects.get()
    assert (ballot.workshop, list(ballot.practices.all()), ballot.seats) == (workshop, [practice], 12)
    assert (ballot.opened_by, ballot.is_open) == (facilitator, True)
    assert messages(response) == [f"The ballot is open. Its code is {ballot.join_code}."]
    assert response.redirect_chain[-1][0] == page(Ballot, "change", ballot.pk)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"practices": []}, "practices"),
        ({"seats": 0}, "seats"),
        ({"seats": 100_000}, "seats"),
        ({"seats": ""}, "seats"),
    ],
)
def test_ballot_that_asks_nothing_or_nobody_is_not_opened(client, facilitator, workshop, change, field):
    practice = a_practice()
    client.force_login(facilitator)
    form = filled(client.get(page(Ballot, "add")), workshop=workshop.pk, practices=[practice.pk], seats=12) | change
    response = client.post(page(Ballot, "add"), form)
    assert list(response.context["adminform"].form.errors) == [field]
    assert Ballot.objects.count() == 0


def test_ballot_asks_only_what_its_facilitator_may_know_of(client, facilitator, workshop):
    client.force_login(facilitator)
    form = {"workshop": workshop.pk, "practices": [a_practice(status="draft").pk], "seats": 12}
    assert list(client.post(page(Ballot, "add"), form).context["adminform"].form.errors) == ["practices"]
    form = {"workshop": a_workshop().pk, "practices": [a_practice().pk], "seats": 12}
    assert list(client.post(page(Ballot, "add"), form).context["adminform"].form.errors) == ["workshop"]
    assert Ballot.objects.count() == 0


def test_ballot_of_another_workshop_is_not_there(client, ballot):
    paper = voted(ballot)
    client.force_login(a_user(FACILITATOR))
    assert listed(client.get(page(Ballot))) == []
    asked = [client.get(page(Ballot, "change", ballot.pk))]
    asked += [client.get(at(name, ballot)) for name in ("screen", "count")]
    asked += [client.post(at("close", ballot)), client.post(at("void", ballot), {"paper": paper.pk, "because": "No"})]
    assert [response.status_code for response in asked] == [404] * 5
    assert (Ballot.objects.get().is_open, Vote.objects.count()) == (True, 1)


@pytest.mark.parametrize(("role", "seen"), [(EDITOR, 200), (ANALYST, 403)])
def test_editor_sees_a_ballot_but_runs_it_not(client, ballot, role, seen):
    paper = voted(ballot)
    client.force_login(a_user(role))
    response = client.get(page(Ballot, "change", ballot.pk))
    assert response.status_code == seen
    assert at("close", ballot) not in response.content.decode()
    assert 'type="checkbox"' not in response.content.decode()
    asked = [client.get(at("screen", ballot)), client.get(at("count", ballot)), client.post(at("close", ballot))]
    asked += [client.post(at("void", ballot), {"paper": paper.pk, "because": "No"})]
    assert {response.status_code for response in asked} <= {403, 404}
    assert (Ballot.objects.get().is_open, Vote.objects.count()) == (True, 1)


def test_screen_shows_the_code_and_how_many_but_not_what(client, facilitator, ballot):
    voted(ballot)
    ballots.join_ballot(ballot, "another phone", "192.0.2.1")
    client.force_login(facilitator)
    screen = client.get(at("screen", ballot))
    assert "http://testserver/join/ and type ab2c3d" in text(screen)
    assert "1 voted, 2 joined" in text(screen)
    assert "<svg" in screen.content.decode()
    assert client.get(at("count", ballot)).json() == {"joined": 2, "seats": 20, "voted": 1, "open": True}
    said = [screen, client.get(page(Ballot, "change", ballot.pk)), client.get(page(Ballot))]
    assert [response for response in said if "discard" in response.content.decode().lower()] == []


def test_qr_code_leads_to_the_public_address(client, facilitator, ballot, settings):
    client.force_login(facilitator)
    here = client.get(at("screen", ballot)).content.decode()
    settings.SITE_URL = "https://archive.example.org"
    public = client.get(at("screen", ballot)).content.decode()
    assert "https://archive.example.org/join/" in public
    assert re.search(r"<svg.*</svg>", here).group() != re.search(r"<svg.*</svg>", public).group()


def test_ballot_has_nothing_to_save_once_it_is_closed(client, facilitator, ballot):
    client.force_login(facilitator)
    assert 'name="_save"' in client.get(page(Ballot, "change", ballot.pk)).content.decode()
    ballots.close_ballot(ballot)
    closed = client.get(page(Ballot, "change", ballot.pk)).content.decode()
    assert 'class="submit-row"' not in closed
    assert "Closed at" in closed


@pytest.mark.parametrize(
    ("times", "said"),
    [
        ({"expires_at": "2100-06-03T09:05Z"}, "Closes by itself at 10:05 on 3 June."),
        ({"closed_at": "2020-09-03T09:05Z", "salt": ""}, "Closed at 10:05 on 3 September 2020."),
    ],
)
def test_list_says_in_words_when_a_ballot_closes_and_when_it_was_closed(times, said, client, facilitator, ballot):
    Ballot.objects.update(opened_at="2020-09-01T00:00Z", **times)
    client.force_login(facilitator)
    assert said in client.get(page(Ballot)).content.decode()


def test_screen_of_a_closed_ballot_invites_nobody(client, facilitator, ballot):
    ballots.close_ballot(ballot)
    client.force_login(facilitator)
    screen = client.get(at("screen", ballot))
    assert "The ballot is closed." in text(screen)
    assert "ab2c3d" not in text(screen).replace("Vote with code ab2c3d", "")


def test_votes_from_phones_are_in_no_list_of_the_desk(client, facilitator, ballot):
    voted(ballot)
    by_hand = a_vote(practice=a_practice(), participant=a_participant(), workshop=ballot.workshop)
    lists = {}
    for user in (facilitator, a_user(EDITOR), a_user(ANALYST)):
        client.force_login(user)
        lists[user] = listed(client.get(page(Vote)))
    assert set(map(tuple, lists.values())) == {(str(by_hand),)}
    hidden = Vote.objects.exclude(pk=by_hand.pk).get()
    assert client.get(page(Vote, "change", hidden.pk)).status_code == 404
    ballots.close_ballot(ballot)
    assert listed(client.get(page(Vote))) == [str(by_hand)]
    assert client.get(page(Vote, "change", hidden.pk)).status_code == 404


def test_facilitator_lets_more_in(client, facilitator, ballot):
    client.force_login(facilitator)
    form = filled(client.get(page(Ballot, "change", ballot.pk)), seats=25)
    client.post(page(Ballot, "change", ballot.pk), form)
    assert Ballot.objects.get().seats == 25


def test_practices_of_an_open_ballot_stay(client, facilitator, ballot):
    client.force_login(facilitator)
    client.post(page(Ballot, "change", ballot.pk), {"seats": 20, "practices": [a_practice().pk], "workshop": 1})
    assert sorted(ballot.practices.values_list("ref", flat=True)) == ["P-a", "P-b", "P-c"]


def test_facilitator_closes_once(client, facilitator, ballot):
    voted(ballot)
    client.force_login(facilitator)
    said = [messages(client.post(at("close", ballot), follow=True)) for _ in range(2)]
    assert said == [
        ["The ballot is closed. Its votes are with the workshop’s."],
        ["This ballot was closed before."],
    ]
    assert Ballot.objects.get().is_open is False
    response = client.get(page(Ballot, "change", ballot.pk))
    assert "seats" not in response.context["adminform"].form.fields
    assert at("close", ballot) not in response.content.decode()
    assert client.get(at("close", ballot)).status_code == 405


def test_papers_show_their_network_and_what_is_odd_while_open(client, facilitator, ballot):
    for number in range(5):
        ballots.join_ballot(ballot, f"phone {number}", "192.0.2.1")
    ballots.join_ballot(ballot, "far away", "198.51.100.7")
    BallotPaper.objects.update(joined_at=timezone.now())
    client.force_login(facilitator)
    shown = client.get(page(Ballot, "change", ballot.pk)).context["papers"]
    assert [paper.network for paper in shown] == ["A", "A", "A", "A", "A", "B"]
    assert [bool(paper.oddity) for paper in shown] == [True] * 5 + [False]
    ballots.close_ballot(ballot)
    shown = client.get(page(Ballot, "change", ballot.pk)).context["papers"]
    assert [paper.network for paper in shown] == [""] * 6
    assert [bool(paper.oddity) for paper in shown] == [True] * 5 + [False]


def test_facilitator_voids_papers_after_giving_a_reason(client, facilitator, ballot):
    bad, good = voted(ballot, "bad"), voted(ballot, "good", "keep")
    client.force_login(facilitator)
    ask = client.post(at("void", ballot), {"paper": bad.pk})
    assert (ask.status_code, Vote.objects.count()) == (200, 2)
    assert "1 ballot paper and its votes are taken out for good." in text(ask)
    without = client.post(at("void", ballot), {"paper": bad.pk, "because": " "})
    assert (without.status_code, Vote.objects.count()) == (400, 2)
    assert "Say why, so that the person whose votes are gone knows." in text(without)
    assert f'value="{bad.pk}"' in without.content.decode()
    done = client.post(at("void", ballot), {"paper": bad.pk, "because": "Not in the room"}, follow=True)
    assert messages(done) == ["1 ballot paper voided."]
    assert "Voided: Not in the room" in text(done)
    assert list(Vote.objects.values_list("participant", flat=True)) == [good.participant_id]
    history = client.get(page(Ballot, "history", ballot.pk))
    assert "1 ballot paper voided. The reason: Not in the room" in text(history)


def test_several_papers_are_counted_and_voided_together(client, facilitator, ballot):
    papers = [voted(ballot, "one"), voted(ballot, "two", "keep")]
    ballots.join_ballot(ballot, "three", "192.0.2.1")
    client.force_login(facilitator)
    shown = text(client.get(page(Ballot, "change", ballot.pk)))
    assert "2 have voted, 3 have joined, 20 may. Nobody sees results before the ballot is closed." in shown
    chosen = {"paper": [paper.pk for paper in papers]}
    ask = client.post(at("void", ballot), chosen)
    assert "2 ballot papers and their votes are taken out for good. The phone is told why" in text(ask)
    assert 'value="Void them"' in ask.content.decode()
    done = client.post(at("void", ballot), chosen | {"because": "Not in the room"}, follow=True)
    assert messages(done) == ["2 ballot papers voided."]
    assert "0 have voted, 1 has joined, 20 may." in text(done)


def test_facilitator_voids_a_crowd_without_votes_in_one_go(client, facilitator, ballot):
    client.force_login(facilitator)
    good = voted(ballot, "good", "keep")
    assert "that joined at once" not in text(client.get(page(Ballot, "change", ballot.pk)))
    crowd = [ballots.join_ballot(ballot, f"script {number}", "192.0.2.1") for number in range(6)]
    shown = text(client.get(page(Ballot, "change", ballot.pk)))
    assert "Void the 6 that joined at once and have not voted …" in shown
    ask = client.post(at("void", ballot), {"crowd": "1"})
    assert [paper.pk for paper in ask.context["chosen"]] == [paper.pk for paper in crowd]
    done = client.post(at("void", ballot), {"paper": [paper.pk for paper in crowd], "because": "A script"}, follow=True)
    assert messages(done) == ["6 ballot papers voided."]
    assert list(ballot.papers.counted()) == [good]


def test_nothing_is_voided_that_is_not_of_this_ballot(client, facilitator, ballot):
    other = a_ballot([a_practice(ref="P-x")])
    paper = ballots.join_ballot(other, "phone", "192.0.2.1")
    casting.cast_votes(paper, {"P-x": "keep"})
    client.force_login(facilitator)
    for data in ({}, {"paper": paper.pk, "because": "Test"}, {"paper": "x", "because": "Test"}):
        response = client.post(at("void", ballot), data, follow=True)
        assert len(messages(response)) == 1
    assert (Vote.objects.count(), BallotPaper.objects.counted().count()) == (1, 1)


def test_workshop_leads_to_its_ballots(client, facilitator, ballot):
    a_ballot([a_practice()], workshop=a_workshop(facilitators=[facilitator]))
    client.force_login(facilitator)
    workshop = client.get(page(type(ballot.workshop), "change", ballot.workshop_id)).content.decode()
    address = f"{page(Ballot)}?workshop__id__exact={ballot.workshop_id}"
    assert address in workshop
    assert f"{page(Ballot, 'add')}?workshop={ballot.workshop_id}" in workshop
    assert listed(client.get(address)) == ["Ballot ab2c3d"]


def test_ballots_page_takes_the_same_queries_for_two_papers_and_forty(
    client, facilitator, ballot, django_assert_max_num_queries
):
    client.force_login(facilitator)
    for count in (2, 40):
        Ballot.objects.update(seats=count)
        for number in range(ballot.papers.count(), count):
            voted(ballot, f"phone {number}")
        with django_assert_max_num_queries(20):
            client.get(page(Ballot, "change", ballot.pk))


def test_near_doubles_are_pointed_out_before_a_ballot_opens(client, facilitator, workshop):
    asked = [
        a_practice(ref="P-1", statement="Ring back the same day"),
        a_practice(ref="P-2", statement="Ring back on the same day"),
        a_practice(ref="P-3", statement="Meet on the street"),
    ]
    a_practice(ref="P-4", statement="Meet on the streets")
    a_practice(ref="P-5", statement="Meet on the street!", status=Status.DRAFT)
    client.force_login(facilitator)
    add = client.get(page(Ballot, "add"), {"workshop": workshop.pk})
    assert 'type="checkbox" name="all_the_same"' not in add.content.decode()
    fields = filled(add, practices=[practice.pk for practice in asked], seats=12)
    refused = client.post(page(Ballot, "add"), fields)
    assert refused.context["adminform"].form.errors["practices"] == [
        "“Ring back the same day” (P-1) and “Ring back on the same day” (P-2) say nearly the same, and votes would be "
        "split between them. Choose one.",
        "“Meet on the street” (P-3) says nearly the same as “Meet on the streets” (P-4), which is in the archive. "
        "Choose that one if it is the same practice, so that its votes are counted together.",
    ]
    assert 'type="checkbox" name="all_the_same"' in refused.content.decode()
    assert not Ballot.objects.exists()
    client.post(page(Ballot, "add"), fields | {"all_the_same": "on"})
    assert Ballot.objects.get().practices.count() == 3
