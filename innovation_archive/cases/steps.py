"""What those who answer do with a case: acknowledge it, note what happened, extend it, close it.

What cannot be done raises a ValidationError with a sentence, and nothing has been written then.
"""

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from innovation_archive.cases.choices import CaseEventKind, CaseOutcome
from innovation_archive.cases.clock import MONTHS_EXTENDED, MONTHS_TO_ANSWER, due_after
from innovation_archive.models import Case, CaseEvent


@transaction.atomic
def locked(case: Case) -> Case:
    """The case as it is stored now, held until the end of the transaction; refused if it is closed."""
    case = Case.objects.select_for_update().get(pk=case.pk)
    if not case.is_open:
        raise ValidationError(_("This case is closed. Open another if the person writes again."))
    return case


@transaction.atomic
def acknowledge(case: Case, by: User) -> None:
    case = locked(case)
    if case.acknowledged_on:
        raise ValidationError(_("It was acknowledged before."))
    case.acknowledged_on = timezone.localdate()
    case.save(update_fields=["acknowledged_on"])
    record(case, CaseEventKind.ACKNOWLEDGED, by)


@transaction.atomic
def add_note(case: Case, by: User, note: str) -> None:
    if not note.strip():
        raise ValidationError(_("Write the note first."))
    record(locked(case), CaseEventKind.NOTE, by, note)


@transaction.atomic
def extend(case: Case, by: User, because: str) -> None:
    """Give two more months, once, for a reason that the person must be told within the first month."""
    case = locked(case)
    if not because.strip():
        raise ValidationError(_("Say why it takes longer: the person has a right to be told."))
    if case.extended_because:
        raise ValidationError(_("It was extended before, and the law allows that once."))
    if case.is_overdue:
        raise ValidationError(_("Its month is over. It could be extended only before that."))
    case.due_on, case.extended_because = due_after(case.received_on, MONTHS_TO_ANSWER + MONTHS_EXTENDED), because
    case.save(update_fields=["due_on", "extended_because"])
    record(case, CaseEventKind.EXTENDED, by, because)


@transaction.atomic
def close(case: Case, by: User, outcome: str, answer: str) -> None:
    case = locked(case)
    if outcome not in CaseOutcome.values:
        raise ValidationError(_("Choose how it ended."))
    if not answer.strip():
        raise ValidationError(_("Write what the person was told."))
    if case.passages.waiting().exists():
        raise ValidationError(
            _("Something is still hidden from readers. Show it again or take it out for good, then close the case.")
        )
    case.outcome, case.answer, case.closed_on, case.closed_by = outcome, answer, timezone.localdate(), by
    case.save(update_fields=["outcome", "answer", "closed_on", "closed_by"])
    record(case, CaseEventKind.CLOSED, by, answer)


def record(case: Case, kind: CaseEventKind, by: User | None, note: str = "") -> CaseEvent:
    return CaseEvent.objects.create(case=case, kind=kind, by=by, note=note)
