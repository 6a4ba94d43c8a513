"""Voting from phones: find a ballot by its code, join it, close it, and void what came in oddly. `casting.py` votes.

Whatever cannot be done raises a `Refused` that says why and carries its HTTP status; nothing is then written.
"""

import datetime
from collections import Counter
from itertools import groupby

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.crypto import salted_hmac

from workshops import slips, throttle
from workshops.models import Ballot, BallotPaper, Participant, Slip, Vote
from workshops.models.stories import new_ref

# A room shares one address, so these bound machines and not rooms. What lies below them, but is odd, is shown to
# the facilitator instead.
MAX_JOINS_PER_ADDRESS = 300
MAX_WRONG_CODES_PER_ADDRESS = 100

# Odd: as many as this joining from one address within this time, or voting faster than people read.
JOINED_AT_ONCE = 5
AT_ONCE = datetime.timedelta(seconds=2)
VOTES_TO_JUDGE_BY = 5
READING = datetime.timedelta(seconds=1)


class BallotError(Exception):
    status = 403


class WrongCodeError(BallotError):
    status = 404


class NoChoiceError(BallotError):
    status = 400


class NotOnBallotError(BallotError):
    status = 404


class BallotFullError(BallotError):
    status = 409


class BallotClosedError(BallotError):
    status = 410

    def __init__(self):
        super().__init__("This ballot is closed. No vote can be cast or changed any more.")


class TooManyAttemptsError(BallotError):
    status = 429


class NotJoinedError(BallotError):
    def __init__(self):
        super().__init__("This phone has not joined the ballot, or its slip votes from another phone now.")


class PaperVoidedError(BallotError):
    def __init__(self, paper):
        super().__init__(f"The facilitator took out what was cast with this phone. The reason: {paper.voided_because}")


def hashed(salt, value):
    return salted_hmac(salt, value, algorithm="sha256").hexdigest()


def ticket_hash(ticket):
    return hashed("ticket of a ballot", ticket)


# Codes


def find_open_ballot(code, address):
    """The open ballot with this join code, as somebody at this address typed it."""
    refuse_guessing(address)
    ballot = Ballot.objects.filter(join_code=slips.tidy(code)).select_related("workshop__phase__programme").first()
    if ballot is None:
        throttle.record_failure("code", address)
        raise WrongCodeError(
            "No ballot has this code. Look at the screen in the room again: it has six letters and digits."
        )
    if not ballot.is_open:
        raise BallotClosedError
    return ballot


def holder_of_slip(code, address):
    refuse_guessing(address)
    slip = Slip.objects.with_code(code).select_related("participant").first()
    if slip is None:
        throttle.record_failure("code", address)
        raise WrongCodeError(
            "No slip has this code. Type its twelve letters and digits again, or go on without a slip."
        )
    return slip.participant


def refuse_guessing(address):
    if throttle.too_many_failures(MAX_WRONG_CODES_PER_ADDRESS, "code", address):
        raise TooManyAttemptsError(
            "Too many wrong codes came from this network. Wait ten minutes, or use another network."
        )


# Joining


@transaction.atomic
def join_ballot(ballot, ticket, address, **about):
    """A paper for somebody new, who gets a slip. `about`: role, sector, service_area, place, as far as they said.

    The ticket is their phone's secret. Joining twice with one gives the same paper.
    """
    lock_open_ballot(ballot)
    if paper := paper_of(ticket):
        return paper
    refuse_beyond_limits(ballot, address)
    participant = Participant.objects.create(code=f"p-{new_ref()}", **about)
    Slip.objects.create(participant=participant, fingerprint=slips.code_hash(slips.code_from(ticket)))
    return new_paper(ballot, participant, ticket, address, newcomer=True)


@transaction.atomic
def join_with_slip(ballot, ticket, address, participant):
    """The paper of somebody whose slip is known. A slip votes from one phone: the last it was typed on."""
    lock_open_ballot(ballot)
    if paper := paper_of(ticket):
        return paper
    if paper := ballot.papers.counted().filter(participant=participant).first():
        paper.ticket = ticket_hash(ticket)
        paper.save(update_fields=["ticket"])
        return paper
    refuse_beyond_limits(ballot, address)
    return new_paper(ballot, participant, ticket, address, newcomer=False)


def lock_open_ballot(ballot):
    """Once whoever else joins or closes it has finished."""
    ballot.refresh_from_db(from_queryset=Ballot.objects.select_for_update())
    if not ballot.is_open:
        raise BallotClosedError


def paper_of(ticket):
    return BallotPaper.objects.filter(ticket=ticket_hash(ticket)).first()


def refuse_beyond_limits(ballot, address):
    if ballot.papers.counted().count() >= ballot.seats:
        raise BallotFullError(
            f"This ballot is for {ballot.seats} people, and as many have joined. "
            "Ask the facilitator to let more in, and try again."
        )
    if ballot.papers.filter(address=hashed(ballot.salt, address)).count() >= MAX_JOINS_PER_ADDRESS:
        raise TooManyAttemptsError(
            f"{MAX_JOINS_PER_ADDRESS} people have joined from this network already. Use another network."
        )


def new_paper(ballot, participant, ticket, address, newcomer):
    participant.workshops.add(ballot.workshop_id)
    return BallotPaper.objects.create(
        ballot=ballot,
        participant=participant,
        ticket=ticket_hash(ticket),
        newcomer=newcomer,
        address=hashed(ballot.salt, address),
    )


# Watching, voiding, closing


def votes_on(papers):
    """The votes that these papers of one ballot hold."""
    ballot = papers[0].ballot
    return Vote.objects.filter(
        participant__in=[paper.participant_id for paper in papers if paper.participant_id],
        workshop=ballot.workshop_id,
        practice__in=ballot.practice_keys.values(),
    )


def oddities(ballot):
    """What looks odd about the papers of an open ballot, in words, as {primary key: sentence}."""
    papers = list(ballot.papers.counted())
    return too_many_at_once(papers) | faster_than_reading(papers, vote_counts(ballot))


def how_many_voted(ballot):
    counts = vote_counts(ballot)
    return sum(1 for person in ballot.papers.counted().values_list("participant", flat=True) if counts[person])


def vote_counts(ballot):
    """How many votes each participant has cast on it, as a Counter."""
    votes = Vote.objects.filter(workshop=ballot.workshop_id, practice__in=ballot.practice_keys.values())
    return Counter(dict(votes.order_by().values_list("participant").annotate(Count("pk"))))


def too_many_at_once(papers):
    found = {}
    for _, group in groupby(sorted(papers, key=lambda paper: (paper.address, paper.joined_at)), lambda p: p.address):
        joined = list(group)
        for first, last in zip(joined, joined[JOINED_AT_ONCE - 1 :], strict=False):
            if last.joined_at - first.joined_at <= AT_ONCE:
                crowd = joined[joined.index(first) : joined.index(last) + 1]
                found |= dict.fromkeys((paper.pk for paper in crowd), "5 or more joined from one network at once.")
    return found


def faster_than_reading(papers, counts):
    found = {}
    for paper in papers:
        votes = counts[paper.participant_id] if paper.newcomer and paper.cast_at else 0
        if votes >= VOTES_TO_JUDGE_BY and paper.cast_at - paper.joined_at < votes * READING:
            seconds = (paper.cast_at - paper.joined_at).seconds
            found[paper.pk] = f"Cast {votes} votes within {seconds + 1} seconds of joining."
    return found


@transaction.atomic
def void_paper(papers, because):
    """Take out these papers of one ballot and their votes, for good. Returns how many were taken out now.

    Who came with such a paper and left nothing else is forgotten; the phone may join anew.
    """
    papers = list(BallotPaper.objects.counted().filter(pk__in=[paper.pk for paper in papers]).select_for_update())
    if not papers:
        return 0
    votes_on(papers).delete()
    voided = BallotPaper.objects.filter(pk__in=[paper.pk for paper in papers])
    voided.update(voided_at=timezone.now(), voided_because=because)
    newcomers = Participant.objects.filter(pk__in=[paper.participant_id for paper in papers if paper.newcomer])
    elsewhere = BallotPaper.objects.exclude(pk__in=voided.values("pk")).filter(participant__in=newcomers)
    newcomers.filter(votes=None, stories=None, identity=None).exclude(
        pk__in=list(elsewhere.values_list("participant", flat=True))
    ).delete()
    return len(papers)


@transaction.atomic
def close_ballot(ballot):
    """Take no more votes, and forget where they came from; what looked odd stays in words. Twice is once."""
    ballot.refresh_from_db(from_queryset=Ballot.objects.select_for_update())  # waits for who joins
    if ballot.closed_at:
        return
    papers = {paper.pk: paper for paper in ballot.papers.select_for_update()}  # waits for votes on their way
    for pk, sentence in oddities(ballot).items():
        papers[pk].oddity = sentence
    for paper in papers.values():
        paper.address = ""
    BallotPaper.objects.bulk_update(papers.values(), ["address", "oddity"], batch_size=200)
    ballot.closed_at, ballot.salt = timezone.now(), ""
    ballot.save(update_fields=["closed_at", "salt"])
    throttle.forget_old_failures()


def close_expired_ballots():
    """Close what ended by itself, so that no address is kept beyond."""
    for ballot in Ballot.objects.filter(closed_at=None, expires_at__lte=timezone.now()):
        close_ballot(ballot)
