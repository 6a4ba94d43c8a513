"""Finding whose slip a code is, and issuing slips.

Wrong codes are counted for ten minutes by the address they came from, and from the thirtieth on each is answered with
the request to wait. A right code opens its page all the same, at any time: people of one room share an address, and
they mistype. That costs no safety. A code has 63 bits, so even a thousand guesses a second at ten thousand slips find
none in fifty thousand years; and an answer that were held back would hold a worker of the site, which is what an
attacker could use.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from workshops import slips, throttle
from workshops.addresses import qr_code
from workshops.choices import Consent
from workshops.models import BallotPaper, Participant, Slip, Story, Vote, Workshop
from workshops.models.stories import new_ref

WRONG_CODES_BEFORE_WAITING = 30
"""From one address within ten minutes."""


class WrongSlipError(Exception):
    """Nobody's slip has this code, as a sentence for who typed it; `status` is the page's."""

    status = 404


class WrongSlipAgainError(WrongSlipError):
    """One of many wrong codes from one address."""

    status = 429


def find_slip(code: str, address: str) -> Slip:
    """The slip with this code, as somebody at this address typed it. Raises a WrongSlipError."""
    slip = Slip.objects.with_code(code).select_related("participant").first()
    if slip:
        return slip
    if throttle.too_many_failures(WRONG_CODES_BEFORE_WAITING, "slip", address):
        raise WrongSlipAgainError(
            _(
                "No slip has this code, and many wrong codes came from this network. Wait a minute, look at your slip "
                "letter by letter, then type it again: a right code opens at any time."
            )
        )
    throttle.record_failure("slip", address)
    raise WrongSlipError(
        _("No slip has this code. Look at your slip letter by letter, and type it again; capitals do not matter.")
    )


class IssuedSlip(NamedTuple):
    """A slip to hand out. The code is known now and never again."""

    participant: Participant
    code: str


def issuable_by_rooms(workshop: Workshop, own_workshops: Iterable[int]) -> QuerySet[Participant]:
    """The people of a workshop, each with `has_slip` and what stands against a new slip from its facilitators.

    Whoever prints a slip could use it. So nobody gets one from facilitators who did not run all the workshops in which
    they told a story (`told_elsewhere`), nor while a ballot is open on which they vote (`is_voting`).
    """
    own = list(own_workshops)
    stories = Story.objects.filter(told_by=OuterRef("pk")).exclude(workshop__in=own)
    papers = BallotPaper.objects.counted().filter(participant=OuterRef("pk"))
    open_papers = papers.filter(ballot__closed_at=None, ballot__expires_at__gt=timezone.now())
    return workshop.participants.select_related("identity").annotate(
        has_slip=Exists(Slip.objects.filter(participant=OuterRef("pk"))),
        told_elsewhere=Exists(stories),
        is_voting=Exists(open_papers),
    )


def issuable(people: QuerySet[Any]) -> QuerySet[Participant]:
    """Those of `issuable_by_rooms` who may get a slip."""
    return people.filter(told_elsewhere=False, is_voting=False)


@transaction.atomic
def issue_slips(participants: Iterable[Participant], workshop: Workshop, blank: int = 0) -> list[IssuedSlip]:
    """New slips for these people, and for so many new ones of the workshop of whom nothing is known yet.

    A slip that somebody had opens nothing any more, and its word is gone with it.
    """
    newcomers = [Participant.objects.create(code=f"p-{new_ref()}") for _number in range(blank)]
    for newcomer in newcomers:
        newcomer.workshops.add(workshop)
    return [IssuedSlip(person, issue_slip(person)) for person in (*participants, *newcomers)]


def issue_slip(participant: Participant) -> str:
    """Give somebody a slip in place of the one they had. Returns its code, which is kept nowhere."""
    code = slips.new_code()
    fresh = {"fingerprint": slips.code_hash(code), "issued_at": timezone.now(), "word": "", "word_chosen_at": None}
    Slip.objects.update_or_create(participant=participant, defaults=fresh)
    return code


def on_every_slip(address: str) -> dict[str, Any]:
    """What a slip says besides its code, for its template: the address of the page, as text and as squares."""
    return {"contribution_address": address, "contribution_qr": qr_code(address), "consents": Consent}


def own_votes(slip: Slip) -> QuerySet[Vote]:
    """The votes that may be shown to whoever holds this slip.

    A slip that was printed later than a phone voted shows none of that phone's votes, nor those of which that cannot be
    told: nobody at the desk learns them by printing a slip.
    """
    votes = slip.participant.votes.select_related("practice", "workshop").order_by("workshop__held_on", "practice__ref")
    papers = BallotPaper.objects.counted().filter(
        participant=OuterRef("participant"),
        ballot__workshop=OuterRef("workshop"),
        ballot__practices=OuterRef("practice"),
    )
    votes = votes.exclude(Q(from_phone=True) & ~Exists(papers))  # it came from another archive
    return votes if slip.issued_at is None else votes.exclude(Exists(papers.filter(cast_at__lt=slip.issued_at)))
