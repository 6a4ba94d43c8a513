"""A participant's phone, page by page: joining, voting both ways, and what is refused with which status."""

import re

import pytest
from django.core.files import uploadhandler
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories import (
    a_ballot,
    a_participant,
    a_phase,
    a_place,
    a_practice,
    a_programme,
    a_service_area,
    a_workshop,
)
from workshops import slips
from workshops.addresses import qr_code
from workshops.models import Ballot, BallotPaper, Participant, Slip, Vote
from workshops.voting import ballots

pytestmark = pytest.mark.django_db


@pytest.fixture
def ballot():
    workshop = a_workshop(title="The room", phase=a_phase(programme=a_programme(illustrative=False)))
    return a_ballot([a_practice(ref=f"P-{letter}") for letter in "abc"], workshop=workshop, join_code="ab2c3d")


@pytest.fixture
def phone(ballot):
    """A phone that has joined."""
    phone = Client()
    join(phone)
    return phone


def join(phone, **about):
    phone.get("/join/ab2c3d/")
    return phone.post("/join/ab2c3d/", about)


def text(response):
    """What a page says, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def sentence(response):
    return re.search(r'<p class="(?:notice|wrong)"[^>]*>([^<]*)<', response.content.decode()).group(1)


def votes():
    return sorted(Vote.objects.values_list("practice__ref", "choice"))


def slip_on(response):
    return re.search(r"\b\w{4}-\w{4}-\w{5}\b", text(response)).group()


def test_phone_joins_from_code_to_slip(client, ballot):
    area, place = a_service_area("Homelessness"), a_place("Bolton")
    assert client.post("/join/", {"code": "AB2 C3D"}).url == "/join/ab2c3d/"
    about = client.get("/join/ab2c3d/")
    assert "The room" in text(about)
    answers = {"role": "system leader", "sector": "VCSE", "service_area": area.pk, "place": place.pk}
    response = client.post("/join/ab2c3d/", answers)
    assert (response.status_code, response.url) == (302, "/join/ab2c3d/paper/")
    person = Participant.objects.get()
    assert (person.role, person.sector, person.service_area, person.place) == ("system leader", "VCSE", area, place)
    slip = slip_on(client.get("/join/ab2c3d/paper/"))
    assert Slip.objects.with_code(slip).get().participant == person


def test_slip_on_a_phone_leads_to_the_page_and_holds_no_code_but_its_own(client, phone, settings):
    settings.SITE_URL = "https://archive.example.org"
    page = phone.get("/join/ab2c3d/paper/")
    assert "https://archive.example.org/my-contribution/" in text(page)
    assert str(qr_code("https://archive.example.org/my-contribution/")) in page.content.decode()


def test_phone_that_joined_before_codes_had_thirteen_letters_still_shows_its_slip(client, phone):
    slip = slip_on(phone.get("/join/ab2c3d/paper/"))
    Slip.objects.update(fingerprint=slips.code_hash(slip[:-1]))
    assert f" {slip[:-1]} " in text(phone.get("/join/ab2c3d/paper/"))


def test_phone_may_say_nothing_of_its_owner(client, ballot):
    assert join(client).status_code == 302
    person = Participant.objects.get()
    assert (person.role, person.sector, person.service_area, person.place) == ("", "", None, None)


def test_join_page_needs_no_session_and_is_kept_by_nobody(client, ballot):
    response = client.get("/join/ab2c3d/")
    cookie = response.cookies["ballot_ab2c3d"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/join/ab2c3d/", True, "Lax")
    assert 0 < cookie["max-age"] <= 12 * 3600
    assert "no-store" in response["Cache-Control"]
    join(client)
    assert "sessionid" not in client.cookies


def test_wrong_code_is_told_and_stays_typed(client, ballot):
    response = client.post("/join/", {"code": "zz zzzz"})
    assert response.status_code == 404
    assert sentence(response).startswith("No ballot has this code.")
    assert 'value="zz zzzz"' in response.content.decode()
    assert client.post("/join/", {"code": ""}).status_code == 400
    assert client.post("/join/", {"code": "x" * 10_000}).status_code == 400
    assert client.get("/join/zzzzzz/").status_code == 404
    assert client.post("/join/zzzzzz/", {}).status_code == 404


def test_address_with_a_code_in_capitals_leads_to_the_ballot(client, ballot):
    assert client.get("/join/AB2C3D/").url == "/join/ab2c3d/"


def test_guessing_is_ended(client, ballot, monkeypatch):
    monkeypatch.setattr(ballots, "MAX_WRONG_CODES_PER_ADDRESS", 2)
    codes = ("aaaaaa", "bbbbbb", "dddddd", "ab2c3d")
    assert [client.post("/join/", {"code": code}).status_code for code in codes] == [404, 404, 429, 302]
    assert client.get("/join/dddddd/").status_code == 429


def test_guest_who_guesses_does_not_keep_the_room_out(client, ballot):
    for number in range(150):
        client.post("/join/", {"code": f"zz{number}"})
    assert client.get("/join/ab2c3d/").status_code == 200
    assert join(client).status_code == 302


def test_unknown_service_area_is_refused_and_nobody_joins(client, ballot):
    response = join(client, role="emperor", service_area="999")
    assert response.status_code == 400
    assert Participant.objects.count() == 0


def test_resent_form_joins_once(client, ballot):
    client.get("/join/ab2c3d/")
    cookies = client.cookies.copy()
    first = client.post("/join/ab2c3d/", {"role": "resident"})
    client.cookies = cookies
    again = client.post("/join/ab2c3d/", {"role": "resident"})
    assert (first.url, again.url) == ("/join/ab2c3d/paper/", "/join/ab2c3d/paper/")
    assert (Participant.objects.count(), BallotPaper.objects.count()) == (1, 1)


def test_phone_that_has_joined_is_led_to_its_paper(phone):
    assert phone.get("/join/ab2c3d/").url == "/join/ab2c3d/paper/"
    assert BallotPaper.objects.count() == 1


def test_browser_without_cookies_is_told(client, ballot):
    response = client.post("/join/ab2c3d/", {})
    assert response.status_code == 403
    assert "cookie" in sentence(response)
    assert Participant.objects.count() == 0


def test_cookie_that_somebody_made_up_opens_nothing(client, ballot, phone):
    client.cookies["ballot_ab2c3d"] = phone.cookies["ballot_ab2c3d"].value[:-2] + "xx"
    assert client.get("/join/ab2c3d/paper/").url == "/join/ab2c3d/"
    assert client.post("/join/ab2c3d/all/", {"vote-P-a": "keep"}).status_code == 403
    assert votes() == []


def test_cookie_of_one_ballot_opens_no_other(phone, ballot):
    a_ballot([a_practice(ref="P-x")], join_code="zz2z3z")
    phone.cookies["ballot_zz2z3z"] = phone.cookies["ballot_ab2c3d"].value
    assert phone.post("/join/zz2z3z/practices/P-x/", {"choice": "keep"}).status_code == 403
    assert votes() == []


def test_slip_of_an_earlier_workshop_joins_as_the_same_person(client, phone):
    slip = slip_on(phone.get("/join/ab2c3d/paper/"))
    a_ballot([a_practice(ref="P-x")], join_code="zz2z3z")
    client.get("/join/zz2z3z/")
    response = client.post("/join/zz2z3z/", {"slip": slip.upper().replace("-", " ")})
    assert response.url == "/join/zz2z3z/paper/"
    assert (Participant.objects.count(), BallotPaper.objects.count()) == (1, 2)
    page = client.get("/join/zz2z3z/paper/")
    assert slip not in text(page)  # who typed it has it
    assert "Keep this slip" not in text(page)


def test_slip_typed_on_a_second_phone_takes_the_paper_along(client, phone):
    slip = slip_on(phone.get("/join/ab2c3d/paper/"))
    phone.post("/join/ab2c3d/all/", {"vote-P-a": "keep"})
    client.get("/join/ab2c3d/")
    client.post("/join/ab2c3d/", {"slip": slip})
    assert "You have voted on 1 of 3 practices" in text(client.get("/join/ab2c3d/paper/"))
    assert client.post("/join/ab2c3d/all/", {"vote-P-a": "discard"}).status_code == 302
    late = phone.post("/join/ab2c3d/all/", {"vote-P-a": "amplify"})
    assert (late.status_code, sentence(late)) == (
        403,
        "This phone has not joined the ballot, or its slip votes from another phone now.",
    )
    assert votes() == [("P-a", "discard")]


@pytest.mark.parametrize(("slip", "status"), [("7kfr-w2mn-8zqp", 404), ("", 400), ("p-1", 404)])
def test_wrong_slip_is_told_and_joins_nobody(client, ballot, slip, status):
    a_participant(code="p-1")  # a participant's code is not a slip's
    client.get("/join/ab2c3d/")
    response = client.post("/join/ab2c3d/", {"slip": slip})
    assert response.status_code == status
    assert f'value="{slip}"' in response.content.decode() or not slip
    assert BallotPaper.objects.count() == 0


def test_full_ballot_is_told(client, phone):
    Ballot.objects.update(seats=1)
    response = join(client)
    assert response.status_code == 409
    assert sentence(response).startswith("This ballot is for 1 person, and as many have joined.")
    assert Participant.objects.count() == 1


def test_choice_saves_and_leads_on(phone):
    one = phone.get("/join/ab2c3d/practices/P-a/")
    assert "Practice 1 of 3" in text(one)
    meanings = ["Carry on with it as it is.", "Do more of it, in more places.", "Stop it: it does not help."]
    assert [meaning for meaning in meanings if meaning not in text(one)] == []
    assert phone.post("/join/ab2c3d/practices/P-a/", {"choice": "keep"}).url == "/join/ab2c3d/practices/P-b/"
    assert phone.post("/join/ab2c3d/practices/P-c/", {"choice": "create"}).url == "/join/ab2c3d/paper/"
    assert votes() == [("P-a", "keep"), ("P-c", "create")]
    assert text(phone.get("/join/ab2c3d/practices/P-a/")).count("your vote") == 1
    assert "You have voted on 2 of 3 practices" in text(phone.get("/join/ab2c3d/paper/"))


@pytest.mark.parametrize(
    ("practices", "told", "told_after_a_vote"),
    [
        (1, "There is 1 practice to vote on.", "You have voted on 1 of 1 practice."),
        (2, "There are 2 practices to vote on.", "You have voted on 1 of 2 practices."),
    ],
)
def test_paper_counts_its_practices_in_words(practices, told, told_after_a_vote, client):
    a_ballot([a_practice(ref=f"P-{number}") for number in range(practices)], join_code="ab2c3d")
    join(client)
    assert told in text(client.get("/join/ab2c3d/paper/"))
    client.post("/join/ab2c3d/practices/P-0/", {"choice": "keep"})
    assert told_after_a_vote in text(client.get("/join/ab2c3d/paper/"))


def test_title_of_a_page_is_one_line(phone):
    html = phone.get("/join/ab2c3d/practices/P-b/").content.decode()
    assert "<title>Practice 2 of 3 – Workshop learning archive</title>" in html


def test_double_click_is_one_vote(phone):
    for _ in range(2):
        assert phone.post("/join/ab2c3d/practices/P-a/", {"choice": "keep"}).status_code == 302
    assert votes() == [("P-a", "keep")]


def test_vote_is_changed_and_taken_back(phone):
    for choice, left in (("keep", [("P-a", "keep")]), ("discard", [("P-a", "discard")]), ("", [])):
        phone.post("/join/ab2c3d/practices/P-a/", {"choice": choice})
        assert votes() == left


def test_page_of_all_practices_saves_them_together(phone):
    phone.post("/join/ab2c3d/all/", {"vote-P-a": "keep", "vote-P-b": "", "vote-P-c": "amplify"})
    assert votes() == [("P-a", "keep"), ("P-c", "amplify")]
    ticked = re.findall(
        r'name="vote-(P-\w)"\s+value="(\w*)"\s+checked', phone.get("/join/ab2c3d/all/").content.decode()
    )
    assert ticked == [("P-a", "keep"), ("P-b", ""), ("P-c", "amplify")]


@pytest.mark.parametrize(
    ("path", "data", "status"),
    [
        ("all/", {"vote-P-a": "keep", "vote-P-b": "destroy"}, 400),
        ("all/", {"vote-P-a": "keep", "vote-P-x": "keep"}, 404),
        ("all/", {"vote-P-a": "keep", "vote-P-a\0": "keep"}, 404),
        ("practices/P-a/", {"choice": "destroy"}, 400),
        ("practices/P-a/", {}, 400),
        ("practices/P-x/", {"choice": "keep"}, 404),
    ],
)
def test_vote_that_cannot_be_is_refused_whole(phone, path, data, status):
    a_practice(ref="P-x")
    response = phone.post(f"/join/ab2c3d/{path}", data)
    assert response.status_code == status
    assert "Nothing was saved." in sentence(response) or data == {}
    assert votes() == []


def test_practice_of_another_ballot_is_not_shown(phone):
    hidden = a_practice(ref="P-x", statement="A practice nobody here should read", status="draft")
    response = phone.get("/join/ab2c3d/practices/P-x/")
    assert response.status_code == 404
    assert hidden.statement not in text(response)


def test_closed_ballot_is_told_on_every_page_and_the_slip_stays(client, phone, ballot):
    phone.post("/join/ab2c3d/all/", {"vote-P-a": "keep"})
    slip = slip_on(phone.get("/join/ab2c3d/paper/"))
    ballots.close_ballot(ballot)
    answers = [
        client.get("/join/ab2c3d/"),
        client.post("/join/", {"code": "ab2c3d"}),
        phone.get("/join/ab2c3d/all/"),
        phone.get("/join/ab2c3d/practices/P-a/"),
        phone.post("/join/ab2c3d/all/", {"vote-P-a": "discard"}),
        phone.post("/join/ab2c3d/practices/P-b/", {"choice": "keep"}),
    ]
    assert [response.status_code for response in answers] == [410] * 6
    assert {sentence(response) for response in answers} == {
        "This ballot is closed. No vote can be cast or changed any more."
    }
    assert votes() == [("P-a", "keep")]
    paper = phone.get("/join/ab2c3d/paper/")
    assert "You voted on 1 of 3 practices" in text(paper)
    assert slip_on(paper) == slip


def test_voided_phone_is_told_why_and_may_join_again(phone):
    phone.post("/join/ab2c3d/all/", {"vote-P-a": "keep"})
    ballots.void_paper(list(BallotPaper.objects.all()), "Nobody knows this phone.")
    for response in (
        phone.get("/join/ab2c3d/paper/"),
        phone.post("/join/ab2c3d/all/", {"vote-P-a": "keep"}),
        phone.post("/join/ab2c3d/", {}),
    ):
        assert response.status_code == 403
        assert sentence(response).endswith("The reason: Nobody knows this phone.")
    assert votes() == []
    again = phone.get("/join/ab2c3d/")
    assert "The reason: Nobody knows this phone.</p>" in again.content.decode()
    assert phone.post("/join/ab2c3d/", {}).url == "/join/ab2c3d/paper/"
    assert phone.post("/join/ab2c3d/all/", {"vote-P-a": "keep"}).status_code == 302
    assert votes() == [("P-a", "keep")]


def test_erased_person_may_join_anew(phone):
    Participant.objects.all().delete()
    assert phone.get("/join/ab2c3d/paper/").url == "/join/ab2c3d/"
    assert phone.post("/join/ab2c3d/all/", {"vote-P-a": "keep"}).status_code == 403
    assert phone.post("/join/ab2c3d/", {}).status_code == 403
    assert phone.get("/join/ab2c3d/").status_code == 200
    assert phone.post("/join/ab2c3d/", {}).url == "/join/ab2c3d/paper/"
    assert phone.get("/join/ab2c3d/paper/").status_code == 200


def test_statement_and_reason_are_text_and_not_html(ballot):
    ballot.practices.add(a_practice(ref="P-d", statement="<script>alert(1)</script>"))
    phone = Client()
    join(phone)
    for path in ("all/", "practices/P-d/"):
        assert "<script>alert" not in phone.get(f"/join/ab2c3d/{path}").content.decode()


def test_invented_programme_says_so_on_the_phone(phone):
    said = "Illustrative sample: people, stories and votes are invented."
    assert said not in text(phone.get("/join/ab2c3d/all/"))
    programme = Ballot.objects.get().workshop.phase.programme
    programme.illustrative = True
    programme.save()
    assert said in text(phone.get("/join/ab2c3d/all/"))


def test_casting_takes_few_queries(phone, django_assert_num_queries):
    """The paper, and in the transaction: the lock, what is asked, the votes."""
    begin_and_commit = 2
    with django_assert_num_queries(4 + begin_and_commit):
        phone.post("/join/ab2c3d/all/", {"vote-P-a": "keep", "vote-P-b": "keep", "vote-P-c": "keep"})


def test_form_from_another_site_is_refused(ballot):
    phone = Client(enforce_csrf_checks=True)
    phone.get("/join/ab2c3d/")
    assert phone.post("/join/ab2c3d/", {}).status_code == 403
    assert Participant.objects.count() == 0


def test_large_file_sent_to_a_page_that_takes_none_is_not_written_down(client, monkeypatch):
    def write_down(*args, **kwargs):
        raise AssertionError("a temporary file was made")

    monkeypatch.setattr(uploadhandler, "TemporaryUploadedFile", write_down)
    file = SimpleUploadedFile("large.bin", b"0" * 3_000_000)
    response = client.post("/join/", {"code": "zzzzzz", "file": file})
    assert response.status_code == 404
    assert response.wsgi_request.FILES == {}
