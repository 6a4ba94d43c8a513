"""Opening a case: on the public page, where it is acknowledged at once, and at the desk."""

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from innovation_archive.cases.choices import CaseEventKind, CaseWay
from innovation_archive.cases.clock import due_after
from innovation_archive.cases.letters import acknowledge_by_mail
from innovation_archive.cases.subjects import link_case
from innovation_archive.models import Case, CaseContact, CaseEvent
from innovation_archive.models.cases import new_form_key
from workshops.mail.queue import mail_is_on


@transaction.atomic
def open_case(case: Case, *, name: str = "", email: str = "", post: str = "", by: User | None = None) -> Case:
    """Save a new case with its clock and, apart from it, the address to answer to. `by` is who entered it at the desk."""
    case.due_on = due_after(case.received_on)
    link_case(case)
    case.save()
    if name or email or post:
        CaseContact.objects.create(case=case, name=name, email=email, post=post)
    CaseEvent.objects.create(case=case, kind=CaseEventKind.OPENED, by=by)
    return case


def receive(case: Case, *, name: str = "", email: str = "", post: str = "") -> tuple[Case, bool]:
    """Open a case that somebody sent from the public page; the answer to them acknowledges it.

    Returns the case, and whether it was acknowledged by mail as well. The same sent twice is opened once: the second
    time gives the case of the first.
    """
    case.way, case.received_on = CaseWay.PAGE, timezone.localdate()
    case.acknowledged_on = case.received_on
    try:
        with transaction.atomic():
            open_case(case, name=name, email=email, post=post)
            CaseEvent.objects.create(case=case, kind=CaseEventKind.ACKNOWLEDGED)
    except IntegrityError:
        first = Case.objects.get(form_key=case.form_key)
        if says_the_same(case, first):
            return first, False
        case.form_key = new_form_key()  # somebody went back and wrote something else
        return receive(case, name=name, email=email, post=post)
    return case, bool(email) and mailed(case)


def says_the_same(case: Case, other: Case) -> bool:
    names = ("kind", "about_kind", "about_ref", "words", "passage")
    return all(getattr(case, name) == getattr(other, name) for name in names)


def mailed(case: Case) -> bool:
    """Acknowledge it by mail too. Returns whether mail goes out at all; without a server it waits at the desk."""
    acknowledge_by_mail(case)
    return mail_is_on()
