"""Casting votes, which a whole room does within the same few seconds.

It is written in SQL: the databases answer these statements in a fraction of a millisecond, while having the ORM build
them anew for each vote took most of a request's time.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone
from django.utils.translation import gettext as _

from workshops.choices import Choice
from workshops.models import BallotPaper
from workshops.voting.ballots import BallotClosedError, NoChoiceError, NotOnBallotError, PaperVoidedError, votes_on

PAPER_SQL = """
SELECT paper.* FROM workshops_ballotpaper paper JOIN workshops_ballot ballot ON ballot.id = paper.ballot_id
WHERE ballot.join_code = %s AND paper.ticket = %s
"""
LOCK_SQL = "UPDATE workshops_ballotpaper SET cast_at = %s WHERE id = %s AND voided_at IS NULL"
QUESTIONS_SQL = """
SELECT practice.ref, practice.id, ballot.workshop_id FROM workshops_ballot ballot
JOIN workshops_ballot_practices asked ON asked.ballot_id = ballot.id
JOIN workshops_practice practice ON practice.id = asked.practice_id
WHERE ballot.id = %s AND ballot.closed_at IS NULL AND ballot.expires_at > %s ORDER BY practice.ref
"""
WRITE_SQL = """
INSERT INTO workshops_vote (practice_id, participant_id, choice, workshop_id, from_phone, entered_on) VALUES {rows}
ON CONFLICT (practice_id, participant_id) DO UPDATE SET
choice = excluded.choice, workshop_id = excluded.workshop_id, from_phone = TRUE, entered_on = excluded.entered_on
"""


def paper_with(join_code: str, ticket_hash: str) -> BallotPaper | None:
    """The paper on this ballot that a phone's ticket opens, or None."""
    return next(iter(BallotPaper.objects.raw(PAPER_SQL, [join_code, ticket_hash])), None)


def cast_votes(paper: BallotPaper, choices: Mapping[str, str]) -> list[str]:
    """Save what one person chose, as {practice ref: choice}; an empty choice takes their vote back.

    All of it is saved or nothing, and saving it again changes nothing. A practice that is not named stays as it was.
    Returns the refs of the ballot's practices, in the order in which they are asked.
    """
    refuse_unknown_choices(choices.values())
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with transaction.atomic(), connection.cursor() as cursor:
        # Closing and voiding take the same lock, so no vote is written after them.
        cursor.execute(LOCK_SQL, [now, paper.pk])
        if not cursor.rowcount:
            raise PaperVoidedError(BallotPaper.objects.get(pk=paper.pk))
        cursor.execute(QUESTIONS_SQL, [paper.ballot_id, now])
        rows = cursor.fetchall()
        if not rows:
            raise BallotClosedError
        practices = {ref: practice for ref, practice, _workshop in rows}
        if not choices.keys() <= practices.keys():
            raise NotOnBallotError(_("This practice is not on the ballot. Nothing was saved."))
        write_votes(
            cursor,
            [
                (practices[ref], paper.participant_id, choice, rows[0][2])
                for ref, choice in sorted(choices.items())
                if choice
            ],
        )
        if taken_back := [practices[ref] for ref, choice in choices.items() if not choice]:
            votes_on([paper]).filter(practice__in=taken_back).delete()
    return list(practices)


def refuse_unknown_choices(choices: Iterable[str]) -> None:
    for choice in choices:
        if choice and choice not in Choice.values:
            sentence = _("“%(choice)s” is none of keep, amplify, discard and create. Nothing was saved.")
            raise NoChoiceError(sentence % {"choice": choice[:20]})


def write_votes(cursor: CursorWrapper, votes: Sequence[tuple[int, int | None, str, int]]) -> None:
    """Insert or replace votes from a phone, each as (practice, participant, choice, workshop)."""
    if votes:
        rows = ", ".join(["(%s, %s, %s, %s, TRUE, %s)"] * len(votes))
        today = connection.ops.adapt_datefield_value(timezone.localdate())
        cursor.execute(WRITE_SQL.format(rows=rows), [value for vote in votes for value in (*vote, today)])
