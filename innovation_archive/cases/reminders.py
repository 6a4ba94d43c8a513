"""Reminds those who answer, by e-mail, of cases that are overdue, due within a week or still to be acknowledged."""

from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from innovation_archive.models import Case, CaseReminder
from workshops.mail.queue import queue_mail
from workshops.roles import ADMINISTRATOR, EDITOR


def remind_of_cases() -> Iterator[tuple[User, int]]:
    """Write to each person once about each case that presses, and once more when it is overdue.

    Yields whom, and of how many cases. Safe to run at any time, and twice at once: the rows that record it are made in
    the transaction that queues the mail.
    """
    for user in people_who_answer():
        cases = [case for case in Case.objects.visible_to(user).needing_attention() if not was_reminded(user, case)]
        if not cases:
            continue
        try:
            with transaction.atomic():
                CaseReminder.objects.bulk_create(
                    CaseReminder(case=case, to=user, due_on=case.due_on, was_overdue=case.is_overdue) for case in cases
                )
                write_to(user, cases)
        except IntegrityError:
            continue  # another run has just written to them
        yield user, len(cases)


def people_who_answer() -> list[User]:
    roles = Q(groups__name__in=[EDITOR, ADMINISTRATOR]) | Q(role_grants__role=EDITOR) | Q(is_superuser=True)
    return list(User.objects.filter(roles, is_active=True).exclude(email="").distinct().order_by("pk"))


def was_reminded(user: User, case: Case) -> bool:
    return CaseReminder.objects.filter(to=user, case=case, due_on=case.due_on, was_overdue=case.is_overdue).exists()


def write_to(user: User, cases: list[Case]) -> None:
    """References and days alone: what people wrote is read at the desk."""
    url = f"{settings.SITE_URL}{reverse('admin:innovation_archive_case_changelist')}" if settings.SITE_URL else ""
    body = render_to_string("innovation_archive/cases/reminder.txt", {"cases": cases, "url": url})
    queue_mail(user.email, _("Complaints and requests that wait for an answer"), body, "cases")
