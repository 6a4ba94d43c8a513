"""Erasing a participant: all that they gave, and the person."""

import secrets
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext

from workshops.choices import Forgetting
from workshops.consent import free_pages, ledger
from workshops.consent.withdrawal import (
    ForgettingOutcome,
    forget_admin_log,
    noon_of,
    participant_subjects,
    withdraw_stories,
)
from workshops.models import BallotPaper, Participant


@transaction.atomic
def erase_participant(participant: Participant, reference: str = "", day: str = "") -> ForgettingOutcome:
    """Withdraw all that somebody told and delete the person: name, contact, code, slip, records and single votes.

    Published totals stay. What releases have counted of their votes becomes counts without a person; who deletes the
    row hears of it (`pre_delete`), and so do others who hold something of theirs.
    """
    participant.refresh_from_db(from_queryset=Participant.objects.select_for_update())
    at = noon_of(day) if day else None
    withdrawn = withdraw_stories(participant.stories.all(), reference, at)
    reference = ledger.enter(
        Forgetting.ERASURE,
        participant_subjects([participant.code]),
        reference=withdrawn.reference,
        day=at.date() if at else None,
    )
    forget_admin_log(Participant, [participant.pk])
    forget_papers(participant)
    participant.delete()
    free_pages.scrub()
    return ForgettingOutcome(withdrawn.stories, reference)


def forget_papers(participant: Participant) -> None:
    """Leave of somebody's ballot papers that there was one: neither their phone nor what was said of it."""
    for paper in BallotPaper.objects.filter(participant=participant):
        paper.ticket, paper.address, paper.oddity = secrets.token_hex(32), "", ""
        if paper.voided_because:
            paper.voided_because = gettext("Its person was erased.")
        paper.save(update_fields=["ticket", "address", "oddity", "voided_because"])


@ledger.replays(Forgetting.ERASURE)
def erase_again(lines: Collection[ledger.LedgerLine]) -> None:
    wanted = {line.subject: line for line in lines}
    for subject, code in participant_subjects(Participant.objects.values_list("code", flat=True)).items():
        if line := wanted.get(subject):
            erase_participant(Participant.objects.get(code=code), line.reference, line.day)
