"""A ballot's rules: who may join and cast, what holds under a crowd, what closing forgets and voiding takes out."""

import datetime
from collections import Counter

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import RequestFactory
from django.utils import timezone

from tests.crowd import all_at_once
from tests.factories import a_ballot, a_participant, a_practice, a_story, a_user, a_vote, a_workshop
from workshops import slips, throttle
from workshops.choices import Consent
from workshops.contribution.slip_codes import issue_slips
from workshops.models import Ballot, BallotPaper, FailedAttempt, Identity, Participant, Slip, Vote
from workshops.roles import ANALYST, EDITOR, FACILITATOR
from workshops.voting import ballots, casting

pytestmark = pytest.mark.django_db

HERE = "192.0.2.1"
ELSEWHERE = "198.51.100.7"


@pytest.fixture
def practices():
    return [a_practice(ref=f"P-{letter}") for letter in "abc"]


@pytest.fixture
def ballot(practices):
    return a_ballot(practices)


def refused(work, *arguments, **fields):
    """The status and the sentence of a refusal."""
    with pytest.raises(ballots.BallotError) as refusal:
        work(*arguments, **fields)
    return refusal.value.status, str(refusal.value)


def joined(ballot, count, address=HERE, seconds_apart=0):
    """Papers of this many new people, each so long after the one before."""
    papers = [ballots.join_ballot(ballot, f"{address} {number}", address) for number in range(count)]
    for number, paper in enumerate(papers):
        paper.joined_at = ballot.opened_at + number * datetime.timedelta(seconds=seconds_apart)
        paper.save()
    return papers


def cast_votes():
    return sorted(Vote.objects.values_list("practice__ref", "participant", "choice"))


def expire(ballot):
    Ballot.objects.filter(pk=ballot.pk).update(
        opened_at=timezone.now() - datetime.timedelta(hours=13), expires_at=timezone.now() - datetime.timedelta(hours=1)
    )


# Codes


def test_ballot_is_found_by_its_code_however_it_is_typed(ballot):
    ballot.join_code = "ab2c3d"
    ballot.save()
    assert ballots.find_open_ballot(" AB2-c3d ", HERE) == ballot


def test_wrong_code_finds_nothing(ballot):
    assert refused(ballots.find_open_ballot, "zzzzzz", HERE) == (
        404,
        "No ballot has this code. Look at the screen in the room again: it has six letters and digits.",
    )
    assert refused(ballots.find_open_ballot, "", HERE)[0] == 404


def test_code_of_a_closed_ballot_says_so(ballot):
    ballots.close_ballot(ballot)
    assert refused(ballots.find_open_ballot, ballot.join_code, HERE) == (
        410,
        "This ballot is closed. No vote can be cast or changed any more.",
    )


def test_code_expires_with_its_ballot(ballot):
    expire(ballot)
    assert refused(ballots.find_open_ballot, ballot.join_code, HERE)[0] == 410


def test_guesses_are_refused_unread_but_a_right_code_opens_at_any_time(ballot, monkeypatch):
    monkeypatch.setattr(ballots, "MAX_WRONG_CODES_PER_ADDRESS", 3)
    for code in ("aaaaaa", "bbbbbb", "dddddd"):
        assert refused(ballots.find_open_ballot, code, HERE)[0] == 404
    assert refused(ballots.find_open_ballot, "eeeeee", HERE) == (
        429,
        "No ballot has this code, and many wrong codes came from this network. Look at the screen in the room again: "
        "a right code opens at any time.",
    )
    assert FailedAttempt.objects.count() == 3  # a flood of guesses writes nothing more
    assert ballots.find_open_ballot(ballot.join_code, HERE) == ballot
    assert refused(ballots.holder_of_slip, "7kfr-w2mn-8zqp", HERE)[0] == 404  # slips are counted apart
    assert refused(ballots.find_open_ballot, "eeeeee", ELSEWHERE)[0] == 404
    FailedAttempt.objects.update(typed_at=timezone.now() - datetime.timedelta(minutes=11))
    assert refused(ballots.find_open_ballot, "cccccc", HERE)[0] == 404
    assert FailedAttempt.objects.count() == 1  # those of before are forgotten


def test_address_is_kept_only_in_a_form_that_tells_nothing(ballot):
    refused(ballots.find_open_ballot, "zzzzzz", HERE)
    joined(ballot, 1)
    kept = {FailedAttempt.objects.get().address, BallotPaper.objects.get().address}
    assert {len(address) for address in kept} == {64}
    other = a_ballot()
    ballots.join_ballot(other, "ticket", HERE)
    assert other.papers.get().address not in kept  # the same address is another in each ballot


def everything_stored():
    """The rows of all tables, as one text."""
    rows = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - names of our tables
            rows += cursor.fetchall()
    return "\n".join(str(value) for row in rows for value in row)


def test_no_table_holds_a_ticket_or_the_code_of_a_slip_as_it_was_handed_out(ballot):
    first, second = "ticket-of-the-first-phone", "ticket-of-the-second-phone"
    code = slips.code_from(first)
    ballots.join_ballot(ballot, first, HERE)
    stored = everything_stored()
    ballots.join_with_slip(ballot, second, HERE, ballots.holder_of_slip(code, HERE))
    stored += everything_stored()
    hashes = [ballots.ticket_hash(first), ballots.ticket_hash(second), slips.code_hash(code)]
    assert [each for each in hashes if each not in stored] == []  # the rows that could give them away are there
    assert [each for each in (first, second, code, slips.tidy(code)) if each in stored] == []


@pytest.mark.parametrize(
    ("behind_proxy", "forwarded", "address"),
    [
        (False, "203.0.113.9", "192.0.2.1"),
        (True, "10.0.0.1, 203.0.113.9", "203.0.113.9"),
        (True, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (True, "::ffff:203.0.113.9", "203.0.113.9"),
        (True, "nonsense", "nonsense"),
    ],
)
def test_address_is_the_one_that_nobody_can_make_up(settings, behind_proxy, forwarded, address):
    settings.BEHIND_PROXY = behind_proxy
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", headers={"x-forwarded-for": forwarded})
    assert throttle.address_of(request) == address


# Joining


def test_newcomer_is_in_the_room_with_a_slip_and_for_facilitators_only(ballot):
    paper = ballots.join_ballot(ballot, "ticket", HERE, role="resident", sector="", service_area=None, place=None)
    person = paper.participant
    assert (person.role, person.consent, list(person.workshops.all())) == ("resident", 0, [ballot.workshop])
    assert Slip.objects.with_code(slips.code_from("ticket")).get().participant == person
    assert slips.code_from("ticket") not in (person.code, person.pseudonym)


def test_joining_twice_with_one_phone_is_joining_once(ballot):
    assert ballots.join_ballot(ballot, "ticket", HERE) == ballots.join_ballot(ballot, "ticket", HERE)
    assert (Participant.objects.count(), BallotPaper.objects.count()) == (1, 1)


def test_holder_of_a_slip_stays_who_they_are(ballot):
    last_month = a_ballot()
    person = ballots.join_ballot(last_month, "last month", HERE).participant
    assert ballots.holder_of_slip(slips.code_from("last month").upper(), HERE) == person
    paper = ballots.join_with_slip(ballot, "today", HERE, person)
    assert (paper.participant, paper.newcomer, Participant.objects.count()) == (person, False, 1)
    assert set(person.workshops.all()) == {last_month.workshop, ballot.workshop}


def test_slip_votes_from_the_phone_it_was_typed_on_last(ballot, practices):
    first = ballots.join_ballot(ballot, "first phone", HERE)
    casting.cast_votes(first, {"P-a": "keep"})
    second = ballots.join_with_slip(ballot, "second phone", HERE, first.participant)
    assert (second, BallotPaper.objects.count()) == (first, 1)
    assert ballots.paper_of("first phone") is None
    assert ballots.paper_of("second phone") == first


def test_ballot_seats_as_many_as_are_in_the_room(practices):
    ballot = a_ballot(practices, seats=2)
    joined(ballot, 2)
    late = (ballots.join_ballot, ballot, "late", HERE)
    assert refused(*late) == (
        409,
        "This ballot is for 2 people, and as many have joined. Ask the facilitator to let more in, and try again.",
    )
    assert refused(ballots.join_with_slip, ballot, "late", HERE, a_participant())[0] == 409
    assert Participant.objects.filter(workshops=ballot.workshop).count() == 2
    Ballot.objects.update(seats=3)
    assert ballots.join_ballot(ballot, "late", HERE).ballot == ballot


def test_room_may_share_one_address_but_a_machine_ends_somewhere(ballot, monkeypatch):
    monkeypatch.setattr(ballots, "MAX_JOINS_PER_ADDRESS", 3)
    joined(ballot, 3)
    assert refused(ballots.join_ballot, ballot, "one more", HERE) == (
        429,
        "3 people have joined from this network already. Use another network.",
    )
    assert ballots.join_ballot(ballot, "one more", ELSEWHERE).ballot == ballot


def test_script_that_took_all_seats_keeps_out_nobody_with_a_slip_from_the_desk(ballot, monkeypatch):
    monkeypatch.setattr(ballots, "MAX_JOINS_PER_ADDRESS", 3)
    Ballot.objects.update(seats=3)
    joined(ballot, 3)
    (slip,) = issue_slips([], ballot.workshop, blank=1)
    person = ballots.holder_of_slip(slip.code, HERE)
    assert ballots.join_with_slip(ballot, "phone", HERE, person).participant == person


def test_slip_that_a_script_got_by_joining_elsewhere_has_no_seat_of_its_own(ballot):
    Ballot.objects.update(seats=1)
    stranger = ballots.join_ballot(a_ballot(), "elsewhere", HERE).participant
    joined(ballot, 1)
    assert refused(ballots.join_with_slip, ballot, "phone", HERE, stranger)[0] == 409


def test_seats_of_a_script_are_free_again_once_it_is_voided(ballot, monkeypatch):
    monkeypatch.setattr(ballots, "MAX_JOINS_PER_ADDRESS", 5)
    Ballot.objects.update(seats=5)
    first, *others = joined(ballot, 5)
    casting.cast_votes(first, {"P-a": "keep"})
    assert refused(ballots.join_ballot, ballot, "late", HERE)[0] == 409
    crowd = ballots.crowd_without_votes(ballot)
    assert crowd == others
    assert ballots.void_paper(crowd, "A script") == 4
    assert ballots.join_ballot(ballot, "late", HERE).ballot == ballot


def test_people_who_joined_one_after_the_other_are_no_crowd(ballot):
    joined(ballot, 5, seconds_apart=1)
    assert ballots.crowd_without_votes(ballot) == []


def test_nobody_joins_a_ballot_that_closed_meanwhile(ballot):
    ballots.close_ballot(Ballot.objects.get(pk=ballot.pk))
    assert refused(ballots.join_ballot, ballot, "late", HERE)[0] == 410
    assert refused(ballots.join_with_slip, ballot, "late", HERE, a_participant())[0] == 410
    assert BallotPaper.objects.count() == 0


# Voting


def test_votes_are_cast_once_changed_and_taken_back(ballot, practices):
    paper = ballots.join_ballot(ballot, "ticket", HERE)
    person = paper.participant_id
    casting.cast_votes(paper, {"P-a": "keep", "P-b": "create", "P-c": ""})
    casting.cast_votes(paper, {"P-a": "keep", "P-b": "create", "P-c": ""})
    assert cast_votes() == [("P-a", person, "keep"), ("P-b", person, "create")]
    casting.cast_votes(paper, {"P-a": "discard"})
    assert cast_votes() == [("P-a", person, "discard"), ("P-b", person, "create")]
    casting.cast_votes(paper, {"P-b": ""})
    assert cast_votes() == [("P-a", person, "discard")]


def test_later_vote_replaces_one_of_an_earlier_workshop_and_skipping_keeps_it(ballot, practices):
    person, earlier = a_participant(), a_workshop()
    for practice in practices:
        a_vote(practice=practice, participant=person, choice="keep", workshop=earlier)
    paper = ballots.join_with_slip(ballot, "ticket", HERE, person)
    casting.cast_votes(paper, {"P-a": "amplify", "P-b": ""})
    assert sorted(Vote.objects.values_list("practice__ref", "choice", "workshop")) == [
        ("P-a", "amplify", ballot.workshop_id),
        ("P-b", "keep", earlier.pk),
        ("P-c", "keep", earlier.pk),
    ]


@pytest.mark.parametrize(
    ("choices", "status", "sentence"),
    [
        (
            {"P-a": "keep", "P-b": "scrap"},
            400,
            "“scrap” is none of keep, amplify, discard and create. Nothing was saved.",
        ),
        (
            {"P-a": "keep", "P-b": "KEEP"},
            400,
            "“KEEP” is none of keep, amplify, discard and create. Nothing was saved.",
        ),
        ({"P-a": "keep", "P-other": "keep"}, 404, "This practice is not on the ballot. Nothing was saved."),
        ({"P-a": "keep", "P-other": ""}, 404, "This practice is not on the ballot. Nothing was saved."),
    ],
)
def test_vote_that_cannot_be_leaves_nothing(ballot, choices, status, sentence):
    a_practice(ref="P-other")
    paper = ballots.join_ballot(ballot, "ticket", HERE)
    assert refused(casting.cast_votes, paper, choices) == (status, sentence)
    assert cast_votes() == []
    assert BallotPaper.objects.get().cast_at is None


@pytest.mark.parametrize("end", [ballots.close_ballot, expire])
def test_closed_ballot_takes_no_vote(ballot, end):
    paper = ballots.join_ballot(ballot, "ticket", HERE)
    casting.cast_votes(paper, {"P-a": "keep"})
    end(Ballot.objects.get(pk=ballot.pk))
    assert refused(casting.cast_votes, paper, {"P-a": "discard", "P-b": "keep"})[0] == 410
    assert cast_votes() == [("P-a", paper.participant_id, "keep")]


# Who sees votes


@pytest.mark.parametrize("end", [ballots.close_ballot, expire])
def test_single_votes_from_phones_are_shown_to_nobody_and_count_once_their_ballot_is_closed(ballot, end):
    facilitator = a_user(FACILITATOR)
    ballot.workshop.facilitators.add(facilitator)
    paper = ballots.join_ballot(ballot, "ticket", HERE)
    casting.cast_votes(paper, {"P-a": "keep", "P-b": "keep"})
    Participant.objects.update(consent=Consent.TEAM)  # so that analysts may see what others see
    by_hand = a_vote(practice=a_practice(), participant=paper.participant, workshop=ballot.workshop)
    readers = [facilitator, a_user(EDITOR), a_user(ANALYST), a_user(is_superuser=True)]
    assert [list(Vote.objects.visible_to(user)) for user in readers] == [[by_hand]] * 4
    assert list(Vote.objects.from_closed_ballots()) == [by_hand]
    end(Ballot.objects.get(pk=ballot.pk))
    assert [list(Vote.objects.visible_to(user)) for user in readers] == [[by_hand]] * 4
    assert Vote.objects.from_closed_ballots().count() == 3


def test_votes_on_the_same_practice_elsewhere_stay_seen(ballot, practices):
    elsewhere = a_vote(practice=practices[0], participant=a_participant())
    assert list(Vote.objects.from_closed_ballots()) == [elsewhere]


def test_how_many_voted_counts_people_with_a_vote(ballot):
    papers = joined(ballot, 4)
    casting.cast_votes(papers[0], {"P-a": "keep", "P-b": "keep"})
    casting.cast_votes(papers[1], {"P-a": "keep"})
    casting.cast_votes(papers[1], {"P-a": ""})
    casting.cast_votes(papers[2], {"P-a": "discard"})
    assert ballots.how_many_voted(ballot) == 2
    ballots.void_paper([papers[0]], "Test")
    assert ballots.how_many_voted(ballot) == 1


# What looks odd


def test_crowd_that_joins_at_once_from_one_address_is_odd(ballot):
    crowd = joined(ballot, 5, HERE, seconds_apart=0.5)
    joined(ballot, 4, ELSEWHERE, seconds_apart=0.1)
    assert ballots.oddities(ballot) == {paper.pk: "5 or more joined from one network at once." for paper in crowd}


def test_room_that_joins_at_its_pace_is_not_odd(ballot):
    joined(ballot, 40, HERE, seconds_apart=0.6)
    assert ballots.oddities(ballot) == {}


@pytest.mark.parametrize(
    ("votes", "seconds", "found"),
    [
        (6, 2, ["Cast 6 votes within 3 seconds of joining."]),
        (6, 0, ["Cast 6 votes within 1 second of joining."]),
        (6, 6, []),
        (4, 1, []),
    ],
)
def test_voting_faster_than_people_read_is_odd(votes, seconds, found):
    ballot = a_ballot([a_practice(ref=f"P-{number}") for number in range(6)])
    paper = ballots.join_ballot(ballot, "ticket", HERE)
    casting.cast_votes(paper, {f"P-{number}": "keep" for number in range(votes)})
    BallotPaper.objects.update(cast_at=paper.joined_at + datetime.timedelta(seconds=seconds))
    assert list(ballots.oddities(ballot).values()) == found


# Voiding


def test_voided_paper_takes_its_votes_and_its_newcomer_with_it(ballot):
    bad, good = joined(ballot, 2)
    for paper in (bad, good):
        casting.cast_votes(paper, {"P-a": "keep"})
    assert ballots.void_paper([bad], "Nobody in the room knows this phone.") == 1
    assert cast_votes() == [("P-a", good.participant_id, "keep")]
    assert list(Participant.objects.all()) == [good.participant]
    bad.refresh_from_db()
    assert (bad.participant, bad.voided_because) == (None, "Nobody in the room knows this phone.")
    assert ballots.void_paper([bad], "Again") == 0
    assert refused(casting.cast_votes, BallotPaper.objects.get(pk=bad.pk), {"P-a": "keep"}) == (
        403,
        "The facilitator took out what was cast with this phone. The reason: Nobody in the room knows this phone.",
    )


def test_voiding_spares_what_the_person_left_elsewhere(ballot, practices):
    papers = [ballots.join_with_slip(ballot, "a", HERE, a_participant()), *joined(ballot, 3)]
    a_story(told_by=papers[1].participant, status="draft")
    Identity.objects.create(participant=papers[2].participant, name="Ann")
    kept = a_vote(practice=practices[0], participant=papers[3].participant)
    for paper in papers:
        casting.cast_votes(paper, {"P-b": "keep"})
    people = [paper.participant for paper in papers]
    assert ballots.void_paper(papers, "Test") == 4
    assert list(Vote.objects.all()) == [kept]
    assert Participant.objects.filter(pk__in=[person.pk for person in people]).count() == 4


def test_voided_paper_frees_its_seat_and_its_person_may_join_again(practices):
    ballot = a_ballot(practices, seats=1)
    person = a_participant()
    paper = ballots.join_with_slip(ballot, "ticket", HERE, person)
    ballots.void_paper([paper], "By mistake")
    again = ballots.join_with_slip(ballot, "new ticket", HERE, person)
    casting.cast_votes(again, {"P-a": "keep"})
    assert cast_votes() == [("P-a", person.pk, "keep")]


# Closing


def test_closing_forgets_addresses_and_keeps_what_looked_odd(ballot):
    crowd = joined(ballot, 5)
    calm = joined(ballot, 1, ELSEWHERE)[0]
    ballots.close_ballot(ballot)
    ballot.refresh_from_db()
    assert (ballot.is_open, ballot.salt) == (False, "")
    assert set(BallotPaper.objects.values_list("address", flat=True)) == {""}
    assert Counter(BallotPaper.objects.values_list("oddity", flat=True)) == {
        "5 or more joined from one network at once.": len(crowd),
        "": 1,
    }
    assert BallotPaper.objects.get(pk=calm.pk).oddity == ""


def test_closing_twice_is_closing_once(ballot):
    joined(ballot, 5)
    ballots.close_ballot(ballot)
    closed_at = Ballot.objects.get().closed_at
    ballots.close_ballot(Ballot.objects.get())
    assert Ballot.objects.get().closed_at == closed_at
    assert BallotPaper.objects.exclude(oddity="").count() == 5


def test_ballot_that_ended_by_itself_is_closed_by_housekeeping(ballot):
    still_open = a_ballot()
    joined(ballot, 1)
    expire(ballot)
    assert ballots.close_expired_ballots() == 1
    assert ballots.close_expired_ballots() == 0
    assert set(BallotPaper.objects.values_list("address", flat=True)) == {""}
    assert list(Ballot.objects.filter(closed_at=None)) == [still_open]


# The database keeps the rules too


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (Ballot, {"seats": 0}),
        (Ballot, {"closed_at": timezone.now()}),
        (Ballot, {"expires_at": timezone.now() - datetime.timedelta(days=1)}),
        (BallotPaper, {"voided_at": timezone.now()}),
        (BallotPaper, {"voided_because": "No time"}),
    ],
)
def test_database_refuses(ballot, model, fields):
    joined(ballot, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(**fields)


def test_database_refuses_two_papers_of_one_person(ballot):
    paper = ballots.join_ballot(ballot, "ticket", HERE)
    with pytest.raises(IntegrityError), transaction.atomic():
        BallotPaper.objects.create(ballot=ballot, participant=paper.participant, ticket="x", newcomer=False)


# A crowd at once


@pytest.mark.django_db(transaction=True)
def test_impatient_thumb_joins_once():
    ballot = a_ballot([a_practice()])
    papers = all_at_once(lambda number: ballots.join_ballot(Ballot.objects.get(), "one phone", HERE).pk, 8)
    assert len(set(papers)) == 1
    assert (BallotPaper.objects.count(), Participant.objects.count()) == (1, 1)
    assert ballot.papers.count() == 1


@pytest.mark.django_db(transaction=True)
def test_last_seat_goes_to_one():
    a_ballot([a_practice()], seats=3)

    def work(number):
        try:
            return ballots.join_ballot(Ballot.objects.get(), f"phone {number}", HERE).ballot_id > 0
        except ballots.BallotFullError:
            return False

    assert Counter(all_at_once(work, 8)) == {True: 3, False: 5}
    assert (BallotPaper.objects.count(), Participant.objects.count()) == (3, 3)


@pytest.mark.django_db(transaction=True)
def test_no_vote_lands_after_closing():
    """What a vote was told, saved or closed, is what the archive holds; and closing waits for votes on their way."""
    ballot = a_ballot([a_practice(ref=f"P-{number}") for number in range(10)])
    papers = [ballots.join_ballot(ballot, f"phone {number}", HERE) for number in range(7)]
    held_at_closing = []

    def work(number):
        if number == 7:
            ballots.close_ballot(Ballot.objects.get())
            held_at_closing.append(Vote.objects.count())
            return 0
        saved = 0
        for question in range(10):
            try:
                casting.cast_votes(
                    BallotPaper.objects.select_related("ballot").get(pk=papers[number].pk), {f"P-{question}": "keep"}
                )
            except ballots.BallotClosedError:
                continue
            saved += 1
        return saved

    saved = all_at_once(work, 8)
    assert Vote.objects.count() == sum(saved) == held_at_closing[0]
