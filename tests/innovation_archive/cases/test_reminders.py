import datetime
import io

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from innovation_archive.cases.reminders import remind_of_cases
from innovation_archive.models import Case
from tests.factories import a_case, a_user
from workshops.models import OutgoingMail
from workshops.roles import ADMINISTRATOR, ANALYST, EDITOR

pytestmark = pytest.mark.django_db


def due_in(days, **fields):
    case = a_case(**fields)
    day = timezone.localdate()
    Case.objects.filter(pk=case.pk).update(
        received_on=day - datetime.timedelta(days=20),
        acknowledged_on=day,
        due_on=day + datetime.timedelta(days=days),
    )
    case.refresh_from_db()
    return case


def test_those_who_answer_are_written_to_once_and_once_more_when_it_is_overdue():
    a_user(ANALYST, email="analyst@example.org")
    editor = a_user(EDITOR, ADMINISTRATOR, email="editor@example.org")
    a_user(EDITOR, email="")
    case, _ = due_in(3, words="That is me."), due_in(8)
    assert list(remind_of_cases()) == [(editor, 1)]
    assert list(remind_of_cases()) == []
    letter = OutgoingMail.objects.get()
    assert letter.to == "editor@example.org"
    assert case.reference in letter.body
    assert "That is me" not in letter.body
    Case.objects.filter(pk=case.pk).update(due_on=timezone.localdate() - datetime.timedelta(days=1))
    assert list(remind_of_cases()) == [(editor, 1)]
    assert "overdue since" in OutgoingMail.objects.latest("pk").body


def test_letter_that_could_not_be_sent_is_tried_again(settings):
    a_user(EDITOR, username="ed", email="editor@example.org")
    due_in(3)
    settings.MAIL_IS_ON, working = True, settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    shell = io.StringIO()
    with pytest.raises(CommandError, match="1 could not be sent"):
        call_command("remind", stdout=shell)
    assert "ed, 1 complaints or requests: reminded." in shell.getvalue()
    assert mail.outbox == []
    settings.EMAIL_BACKEND = working
    OutgoingMail.objects.update(next_try_at=timezone.now())
    call_command("remind", stdout=shell)
    assert len(mail.outbox) == 1
