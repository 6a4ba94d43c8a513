"""Voting from phones: finding a ballot by its code, joining it, voiding suspicious papers and closing it.

Casting the votes themselves is in `casting.py`. What cannot be done raises a `BallotError`, which says why in a
sentence for the person and carries the HTTP status of the page; nothing has been written then.
"""

import datetime
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby
from typing import TypedDict, Unpack

from django.db import transaction
from django.db.models import CharField, Count, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workshops import slips, throttle
from workshops.chunks import do_each
from workshops.contribution.slip_codes import WrongSlipAgainError, WrongSlipError, find_slip
from workshops.judgements.judging import UnjudgedPassagesError
from workshops.judgements.passages import FoundPassage, JudgedIn, PassageReader, practice_passages, practices_judged_in
from workshops.models import Ballot, BallotPaper, Participant, Place, Practice, ServiceArea, Slip, Vote, Workshop
from workshops.models.stories import new_ref
from workshops.stories.doubles import near_doubles

# A whole room shares one address with whoever sits in it to disturb. So nobody's wrong codes count against a right one,
# and what a script has joined is voided at the desk in one go, while slips that were handed out get a seat at any time.
MAX_JOINS_PER_ADDRESS = 300
MAX_WRONG_CODES_PER_ADDRESS = 100

# Odd: this many people joining from one address within this time …
CROWD_SIZE = 5
CROWD_WINDOW = datetime.timedelta(seconds=2)
# … or at least this many votes, cast in less time than it takes to read each practice.
MIN_VOTES_TO_JUDGE = 5
READING_TIME_PER_VOTE = datetime.timedelta(seconds=1)


class About(TypedDict, total=False):
    """What people say of themselves when they join, as far as they like."""

    role: str
    sector: str
    service_area: ServiceArea | None
    place: Place | None


class BallotError(Exception):
    """Why something was refused, as a sentence for the person who asked; `status` is the page's."""

    status = 403


class WrongCodeError(BallotError):
    status = 404


class NoChoiceError(BallotError):
    status = 400


class NotOnBallotError(BallotError):
    status = 404


class BallotFullError(BallotError):
    status = 409

    def __init__(self, seats: int) -> None:
        sentence = ngettext(
            "This ballot is for %(count)s person, and as many have joined. "
            "Ask the facilitator to let more in, and try again.",
            "This ballot is for %(count)s people, and as many have joined. "
            "Ask the facilitator to let more in, and try again.",
            seats,
        )
        super().__init__(sentence % {"count": seats})


class BallotClosedError(BallotError):
    status = 410

    def __init__(self) -> None:
        super().__init__(_("This ballot is closed. No vote can be cast or changed any more."))


class TooManyAttemptsError(BallotError):
    status = 429


class NotJoinedError(BallotError):
    def __init__(self) -> None:
        super().__init__(_("This phone has not joined the ballot, or its slip votes from another phone now."))


class PaperVoidedError(BallotError):
    def __init__(self, paper: BallotPaper) -> None:
        sentence = _("The facilitator took out what was cast with this phone. The reason: %(reason)s")
        super().__init__(sentence % {"reason": paper.voided_because})


def hashed(salt: str, value: str) -> str:
    return salted_hmac(salt, value, algorithm="sha256").hexdigest()


def ticket_hash(ticket: str) -> str:
    return hashed("ticket of a ballot", ticket)  # not translated: a salt


# What people vote on


def practices_put_twice(asked: Collection[Practice], known: Iterable[Practice]) -> list[tuple[Practice, Practice]]:
    """Pairs of practices that say the same, or nearly: two that are asked, or one of these and a known one."""
    asked = sorted(asked, key=lambda practice: practice.ref)
    statements = {practice: practice.statement for practice in (*asked, *known)}
    pairs: dict[frozenset[Practice], tuple[Practice, Practice]] = {}
    for practice in asked:
        others = {other: statement for other, statement in statements.items() if other != practice}
        for double in near_doubles(practice.statement, others):
            pairs.setdefault(frozenset({practice, double.thing}), (practice, double.thing))
    return list(pairs.values())


def passages_asked(practices: Iterable[Practice], workshop: Workshop) -> list[FoundPassage]:
    """What in the statements that a room is to read on its phones may tell who somebody is."""
    practices, reader = list(practices), PassageReader()
    judged_in = practices_judged_in([practice.pk for practice in practices])
    return [
        passage
        for practice in practices
        for passage in practice_passages(practice, JudgedIn((workshop.pk, *judged_in[practice.pk].workshops)), reader)
    ]


def refuse_unjudged_questions(ballot: Ballot) -> None:
    """The gate of a ballot: raises an UnjudgedPassagesError unless each passage that phones would show is judged."""
    if waiting := [each for each in passages_asked(ballot.practices.all(), ballot.workshop) if each.is_open]:
        raise UnjudgedPassagesError(waiting)


# Codes


def find_open_ballot(code: str, address: str) -> Ballot:
    """The open ballot with this join code, as somebody at this address typed it.

    A right code opens however many wrong ones came before, or one guest could lock out the room. There are 729 million
    codes: 300 guesses a second, all that a small server answers, find a ballot that is open for an hour once in 675 times.
    """
    ballot = Ballot.objects.filter(join_code=slips.tidy(code)).select_related("workshop__phase__programme").first()
    if ballot is None:
        refuse_guessing(address)
        throttle.record_failure("code", address)
        raise WrongCodeError(
            _("No ballot has this code. Look at the screen in the room again: it has six letters and digits.")
        )
    if not ballot.is_open:
        raise BallotClosedError
    return ballot


def holder_of_slip(code: str, address: str) -> Participant:
    """The participant whose slip has this code, as somebody at this address typed it."""
    try:
        return find_slip(code, address).participant
    except WrongSlipAgainError as refusal:
        raise TooManyAttemptsError(str(refusal)) from refusal
    except WrongSlipError as refusal:
        raise WrongCodeError(str(refusal)) from refusal


def refuse_guessing(address: str) -> None:
    if throttle.too_many_failures(MAX_WRONG_CODES_PER_ADDRESS, "code", address):
        raise TooManyAttemptsError(
            _(
                "No ballot has this code, and many wrong codes came from this network. Look at the screen in the room "
                "again: a right code opens at any time."
            )
        )


# Joining


@transaction.atomic
def join_ballot(ballot: Ballot, ticket: str, address: str, **about: Unpack[About]) -> BallotPaper:
    """A ballot paper for somebody new, who gets a slip too.

    The ticket is their phone's secret. Joining twice with the same ticket gives the same paper.
    """
    lock_open_ballot(ballot)
    if paper := paper_of(ticket):
        return paper
    refuse_beyond_limits(ballot, address)
    participant = Participant.objects.create(code=f"p-{new_ref()}", **about)
    Slip.objects.create(participant=participant, fingerprint=slips.code_hash(slips.code_from(ticket)))
    return new_paper(ballot, participant, ticket, address, newcomer=True)


@transaction.atomic
def join_with_slip(ballot: Ballot, ticket: str, address: str, participant: Participant) -> BallotPaper:
    """The paper of somebody whose slip is known. A slip votes from one phone: the last one it was typed on.

    Who holds a slip that was handed out by facilitators is in the room, and has a seat though strangers took them all.
    """
    lock_open_ballot(ballot)
    if paper := paper_of(ticket):
        return paper
    if paper := ballot.papers.counted().filter(participant=participant).first():
        paper.ticket = ticket_hash(ticket)
        paper.save(update_fields=["ticket"])
        return paper
    if not holds_handed_out_slip(participant):
        refuse_beyond_limits(ballot, address)
    return new_paper(ballot, participant, ticket, address, newcomer=False)


def holds_handed_out_slip(participant: Participant) -> bool:
    """Whether they have a slip from the desk, and not one that a phone got by joining, as a script could too."""
    by_phone = BallotPaper.objects.filter(participant=participant, newcomer=True)
    return Slip.objects.filter(participant=participant).exists() and not by_phone.exists()


def lock_open_ballot(ballot: Ballot) -> None:
    """Wait until everybody else who is joining or closing the ballot has finished, then keep others out."""
    ballot.refresh_from_db(from_queryset=Ballot.objects.select_for_update())
    if not ballot.is_open:
        raise BallotClosedError


def paper_of(ticket: str) -> BallotPaper | None:
    return BallotPaper.objects.filter(ticket=ticket_hash(ticket)).first()


def refuse_beyond_limits(ballot: Ballot, address: str) -> None:
    if ballot.papers.counted().count() >= ballot.seats:
        raise BallotFullError(ballot.seats)
    if ballot.papers.counted().filter(address=hashed(ballot.salt, address)).count() >= MAX_JOINS_PER_ADDRESS:
        raise TooManyAttemptsError(too_many_joins(MAX_JOINS_PER_ADDRESS))


def too_many_joins(count: int) -> str:
    return ngettext(
        "%(count)s person has joined from this network already. Use another network.",
        "%(count)s people have joined from this network already. Use another network.",
        count,
    ) % {"count": count}


def new_paper(ballot: Ballot, participant: Participant, ticket: str, address: str, newcomer: bool) -> BallotPaper:
    participant.workshops.add(ballot.workshop_id)
    return BallotPaper.objects.create(
        ballot=ballot,
        participant=participant,
        ticket=ticket_hash(ticket),
        newcomer=newcomer,
        address=hashed(ballot.salt, address),
    )


# Watching, voiding, closing


def votes_on(papers: Sequence[BallotPaper]) -> QuerySet[Vote]:
    """The votes cast with these papers, which are all of one ballot."""
    ballot = papers[0].ballot
    return Vote.objects.filter(
        participant__in=[paper.participant_id for paper in papers if paper.participant_id],
        workshop=ballot.workshop_id,
        practice__in=ballot.practice_keys.values(),
    )


def oddities(ballot: Ballot) -> dict[int, str]:
    """What looks odd about the papers of an open ballot: a sentence by the paper's primary key."""
    papers = list(ballot.papers.counted())
    return too_many_at_once(papers) | faster_than_reading(papers, vote_counts(ballot))


def crowd_without_votes(ballot: Ballot) -> list[BallotPaper]:
    """The papers of an open ballot that joined as a script would, and of which no vote was cast yet."""
    papers = list(ballot.papers.counted())
    crowd = too_many_at_once(papers)
    return [paper for paper in papers if paper.pk in crowd and paper.cast_at is None]


def how_many_voted(ballot: Ballot) -> int:
    counts = vote_counts(ballot)
    return sum(1 for person in ballot.papers.counted().values_list("participant", flat=True) if counts[person])


def vote_counts(ballot: Ballot) -> Counter[int]:
    """How many votes each participant has cast on the ballot, by primary key."""
    votes = Vote.objects.filter(workshop=ballot.workshop_id, practice__in=ballot.practice_keys.values())
    return Counter(dict(votes.order_by().values_list("participant").annotate(Count("pk"))))


def too_many_at_once(papers: Iterable[BallotPaper]) -> dict[int, str]:
    sentence = _("%(count)s or more joined from one network at once.") % {"count": CROWD_SIZE}
    found: dict[int, str] = {}
    for _address, group in groupby(sorted(papers, key=lambda p: (p.address, p.joined_at)), lambda p: p.address):
        joined = list(group)
        for first, last in zip(joined, joined[CROWD_SIZE - 1 :], strict=False):
            if last.joined_at - first.joined_at <= CROWD_WINDOW:
                crowd = joined[joined.index(first) : joined.index(last) + 1]
                found |= dict.fromkeys((paper.pk for paper in crowd), sentence)
    return found


def faster_than_reading(papers: Iterable[BallotPaper], counts: Mapping[int, int]) -> dict[int, str]:
    """People with a slip are not judged: they may have voted in this workshop before they joined."""
    found = {}
    for paper in papers:
        if not (paper.newcomer and paper.cast_at and paper.participant_id):
            continue
        votes, taken = counts[paper.participant_id], paper.cast_at - paper.joined_at
        if votes >= MIN_VOTES_TO_JUDGE and taken < votes * READING_TIME_PER_VOTE:
            found[paper.pk] = cast_within(votes, taken.seconds + 1)
    return found


def cast_within(votes: int, seconds: int) -> str:
    return ngettext(
        "Cast %(votes)s votes within %(seconds)s second of joining.",
        "Cast %(votes)s votes within %(seconds)s seconds of joining.",
        seconds,
    ) % {"votes": votes, "seconds": seconds}


@transaction.atomic
def void_paper(papers: Iterable[BallotPaper], because: str) -> int:
    """Take out these papers of one ballot and their votes, for good. Returns how many were taken out now.

    Participants who were made by such a paper and left nothing else are deleted; their phones may join again.
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
def close_ballot(ballot: Ballot) -> None:
    """Take no more votes and forget the addresses they came from. Closing again changes nothing.

    What looked odd is kept as sentences, in the language of the person who closes the ballot.
    """
    ballot.refresh_from_db(from_queryset=Ballot.objects.select_for_update())  # waits for people who are joining
    if ballot.closed_at:
        return
    papers = {paper.pk: paper for paper in ballot.papers.select_for_update()}  # waits for votes being cast
    for pk, sentence in oddities(ballot).items():
        papers[pk].oddity = sentence
    for paper in papers.values():
        paper.address = ""
    BallotPaper.objects.bulk_update(papers.values(), ["address", "oddity"], batch_size=200)
    ballot.closed_at, ballot.salt = timezone.now(), ""
    ballot.save(update_fields=["closed_at", "salt"])
    throttle.forget_old_failures()


def forget_voters(papers: QuerySet[BallotPaper]) -> None:
    """Leave of these ballot papers that there was one, and when: neither whose it was nor what was said of it."""
    gone = Concat(Value("gone "), Cast("pk", CharField()))  # the ticket of each is its own, and no hash is like this
    papers.exclude(voided_because="").update(voided_because=_("Its period has ended."))
    papers.update(participant=None, ticket=gone, address="", oddity="")


def close_expired_ballots() -> int:
    """Close the ballots whose time is up, so that no address is kept longer. Returns how many."""
    return do_each(Ballot.objects.filter(closed_at=None, expires_at__lte=timezone.now()), close_ballot)
