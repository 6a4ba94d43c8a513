"""What a room sees of its own ballot: an order and words, from ten voters on, once the ballot is closed."""

import re

import pytest

from tests.desk import messages
from tests.factories import a_ballot, a_participant, a_practice, a_service_area, a_user, a_vote, a_workshop
from workshops.models import BallotPaper, Vote
from workshops.roles import EDITOR, FACILITATOR
from workshops.voting import ballots

pytestmark = pytest.mark.django_db


@pytest.fixture
def facilitator():
    return a_user(FACILITATOR)


@pytest.fixture
def practices():
    return [a_practice(statement=statement) for statement in ("Vans", "A letter", "Drop-ins", "A poster")]


@pytest.fixture
def ballot(facilitator, practices):
    return a_ballot(practices, workshop=a_workshop([facilitator], title="A room"))


def cast(ballot, number, **choices):
    """Let one person with a paper vote: `cast(ballot, 1, Vans="keep")`."""
    hubs = a_service_area("Hubs") if not number else None
    person = a_participant(service_area=hubs)
    paper = BallotPaper.objects.create(ballot=ballot, participant=person, ticket=f"{number}", newcomer=True)
    for statement, choice in choices.items():
        practice = ballot.practices.get(statement=statement.replace("_", " "))
        a_vote(practice=practice, participant=person, workshop=ballot.workshop, choice=choice, from_phone=True)
    return paper


def vote_as_a_room(ballot):
    for number in range(12):
        letter = {"A_letter": "discard"} if number < 10 else {}
        poster = {"A_poster": "keep"} if number < 9 else {}
        drop_ins = {"Drop-ins": "keep" if number < 6 else "discard"}
        cast(ballot, number, Vans="amplify" if number < 9 else "discard", **letter, **poster, **drop_ins)


def address(ballot):
    return f"/admin/insights/release/room/{ballot.pk}/"


def text(response):
    return " ".join(response.content.decode().split())


def test_room_sees_order_and_words_without_numbers_or_services(ballot, facilitator, client):
    vote_as_a_room(ballot)
    ballots.close_ballot(ballot)
    client.force_login(facilitator)
    html = text(client.get(address(ballot)))
    said = re.findall(r"<strong>(.*?)</strong> <p>(.*?)</p>", html)
    those = "those in this room who voted on it"
    assert said == [
        ("A letter", f"Of {those}, nearly everyone wanted to stop it."),
        ("Vans", f"Of {those}, most wanted to keep it or do more of it."),
        (
            "Drop-ins",
            f"There was a split among {those}: about half for one answer, and as many or nearly as many for another.",
        ),
    ]
    assert "Too few people voted on these to show anything</h2> <ul> <li>A poster</li> </ul>" in html
    main = html[html.index("<main") :]
    assert "Hubs" not in main
    assert re.findall(r"\d", re.sub(r"<[^>]*>", "", main)) == []


def test_room_sees_nothing_of_an_open_ballot(ballot, facilitator, client):
    vote_as_a_room(ballot)
    client.force_login(facilitator)
    response = client.get(address(ballot), follow=True)
    assert messages(response) == ["The ballot is still open. Close it first; then the room may see what it said."]


def test_votes_of_other_rooms_and_voided_papers_are_not_the_rooms(ballot, facilitator, practices, client):
    for number in range(9):
        cast(ballot, number, Vans="keep")
    ballots.void_paper([cast(ballot, 10, Vans="keep")], "A child at play.")
    a_vote(practice=practices[0], participant=a_participant(), workshop=ballot.workshop)
    a_vote(practice=practices[0], participant=a_participant())
    ballots.close_ballot(ballot)
    client.force_login(facilitator)
    assert client.get(address(ballot)).context["order"].said == []


def test_result_of_a_room_is_for_its_facilitators_alone(ballot, client):
    ballots.close_ballot(ballot)
    for user, status in [(a_user(FACILITATOR), 404), (a_user(EDITOR), 403)]:
        client.force_login(user)
        assert client.get(address(ballot)).status_code == status


def test_closed_ballot_leads_to_what_the_room_said(ballot, facilitator, client):
    client.force_login(facilitator)
    assert address(ballot) not in text(client.get(f"/admin/workshops/ballot/{ballot.pk}/change/"))
    ballots.close_ballot(ballot)
    assert address(ballot) in text(client.get(f"/admin/workshops/ballot/{ballot.pk}/change/"))
    assert address(ballot) in text(client.get(f"/admin/workshops/ballot/{ballot.pk}/screen/"))


def test_votes_from_phones_are_shown_to_nobody_one_by_one(ballot, facilitator, practices):
    cast(ballot, 1, Vans="keep")
    typed = a_vote(practice=practices[0], participant=a_participant(), workshop=ballot.workshop)
    ballots.close_ballot(ballot)
    for user in (facilitator, a_user(EDITOR)):
        assert list(Vote.objects.visible_to(user)) == [typed]


def test_phone_says_before_the_first_vote_who_sees_it(ballot, client):
    for page in ("/join/", f"/join/{ballot.join_code}/"):
        said = text(client.get(page))
        assert "Nobody is shown how you voted, the facilitator included." in said
        assert "its analysts get your votes in a file too, under a code that is not your name." in said
