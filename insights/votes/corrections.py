"""Correcting a released result because votes were entered wrongly: once, and for a reason that everyone can read.

Where few votes change, numbers from before and after would tell whose they are: the result is taken back instead, until
enough people have voted on it for the first time.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from insights.models import ReleasedPractice
from insights.publications.judged_words import correction_passages
from insights.votes.counting import Poll, count_polls, state_of_votes, voters_by_practice
from insights.votes.release import (
    MAX_COUNTS,
    ReleaseOutcome,
    VotesChangedError,
    claim_unchanged_votes,
    described_outcome,
    results_of,
    votes_keep_changing,
)
from insights.votes.sentences import in_full
from workshops.choices import Choice
from workshops.judgements.judging import UnjudgedPassagesError, refused_among

LEAST_CHANGED = 5
"""A result of which fewer votes change is taken back and not replaced."""


@dataclass
class ResultCorrection:
    """What a correction does with one released result."""

    before: ReleasedPractice
    outcome: ReleaseOutcome
    """What its votes are now."""
    changed: int | None
    """How many votes changed; None where the exact counts were not kept, as under the rule until 2026."""

    @property
    def takes_back(self) -> bool:
        return self.changed is None or self.changed < LEAST_CHANGED

    @property
    def fingerprint(self) -> str:
        """A hash of what a preview showed, so that a correction that would do something else can be refused."""
        content = [self.before.pk, self.changed, described_outcome(self.outcome)]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def changed_votes(before: Mapping[str, Sequence[int]], now: Mapping[str, Sequence[int]]) -> int:
    """How many votes differ between two exact tables, {service area: [keep, amplify, discard, create, …]}.

    The larger of what came and what went over all cells: a vote that moves from one cell to another counts once.
    """
    came = gone = 0
    nothing = [0] * len(Choice)
    for service in before.keys() | now.keys():
        for was, became in zip(before.get(service, nothing)[:4], now.get(service, nothing)[:4], strict=True):
            came += max(0, became - was)
            gone += max(0, was - became)
    return max(came, gone)


def prepare_correction(result: ReleasedPractice) -> ResultCorrection:
    """What correcting this result now would do. A ValidationError says why it may not be corrected. Writes nothing."""
    refuse_to_correct(result)
    polls = count_polls(result.programme, result.practice)
    poll = polls[0] if polls else Poll(result.practice)
    voters: Sequence[int] = voters_by_practice(result.programme, result.practice).get(result.practice_id, [])
    outcome = ReleaseOutcome(result.programme, poll, result, newcomers=0, changes=True, is_shown=True, voters=voters)
    sealed = getattr(result, "exact", None)
    changed = changed_votes(sealed.table, poll.table) if sealed else None
    if changed == 0:
        raise ValidationError(
            _("The votes are what they were when this was released, so there is nothing to correct. Mend them first.")
        )
    return ResultCorrection(result, outcome, changed)


def refuse_to_correct(result: ReleasedPractice) -> None:
    day = in_full(result.corrected_on)
    if not result.is_current:
        raise ValidationError(_("This result has been replaced. Only what is published now can be corrected."))
    if result.is_taken_back:
        says = _("This result was taken back on %(day)s. It comes back with a release, once enough people have voted.")
        raise ValidationError(says % {"day": day})
    if result.corrected_on:
        says = _("This result was corrected on %(day)s. A release is corrected once; the next one may change it again.")
        raise ValidationError(says % {"day": day})
    if result.voters_low is None:
        raise ValidationError(
            _("No numbers of this practice were released, so there is nothing to correct. Release its votes instead.")
        )


def correct(result: ReleasedPractice, reason: str, seen: str | None = None, on: date | None = None) -> ResultCorrection:
    """Replace a result by what its votes are now, or take it back. Returns what was done.

    `seen` is the fingerprint of the preview that an editor agreed to. A ValidationError says why nothing was corrected.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise ValidationError({"reason": _("Say in a sentence what was wrong. Everyone reads it beside the result.")})
    if unjudged := refused_among(correction_passages(result, reason), is_from_shell=False):
        raise UnjudgedPassagesError(unjudged)
    for _attempt in range(MAX_COUNTS):
        state = state_of_votes(result.programme)
        result = ReleasedPractice.objects.select_related("practice", "programme", "release", "exact").get(pk=result.pk)
        found = prepare_correction(result)
        if seen is not None and seen != found.fingerprint:
            raise ValidationError(_("Votes have changed since you looked. Look at the correction again."))
        try:
            publish_correction(found, reason, on or timezone.localdate(), state)
        except VotesChangedError:
            continue
        return found
    raise votes_keep_changing()


def publish_correction(found: ResultCorrection, reason: str, on: date, state: list[Any]) -> None:
    """Write a correction. Raises VotesChangedError unless everything is as it was before counting."""
    before, outcome = found.before, found.outcome
    told = {"statement": before.statement, "corrected_on": on, "correction": reason}
    for name, value in told.items():
        setattr(outcome.result, name, value)
    results = results_of([outcome])
    with transaction.atomic():
        claim_unchanged_votes(before.programme, state)
        if found.takes_back:
            ReleasedPractice.objects.filter(pk=before.pk).update(is_current=False)
            same = {name: getattr(before, name) for name in ("release", "practice", "programme")}
            ReleasedPractice.objects.create(**same, **told, is_taken_back=True)
        else:
            results.write(before.release)
