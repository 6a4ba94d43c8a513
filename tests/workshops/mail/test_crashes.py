"""Processes that send are killed with SIGKILL at each step: no mail is ever sent twice."""

import os
import signal
import subprocess
import sys
from collections import Counter

import pytest
from django.conf import settings

from tests.serving import ROOT, database_url
from tests.workshops.mail.smtp_sink import smtp_sink
from workshops.mail.queue import queue_mail
from workshops.models import OutgoingMail

pytestmark = pytest.mark.django_db(transaction=True)

RUN = """
import os, signal, sys
import django
django.setup()
from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend
from workshops.mail import sending

settings.EMAIL_USE_TLS = False

def die(*args):
    os.kill(os.getpid(), signal.SIGKILL)

def after(function):
    def then_die(*args):
        function(*args)
        die()
    return then_die

match sys.argv[1]:
    case "before it is taken": sending.take = die
    case "once it is taken": sending.take = after(sending.take)
    case "once it was accepted": EmailBackend.send_messages = after(EmailBackend.send_messages)
    case "once it is recorded": sending.hand_over = after(sending.hand_over)
sending.send_mails()
"""


def sender(sink, folder, step=""):
    environment = {
        "DJANGO_SETTINGS_MODULE": "innovation_archive.settings",
        "DATABASE_URL": database_url(),
        "DATA_DIR": str(folder),
        "SECRET_KEY": settings.SECRET_KEY,
        "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.Popen([sys.executable, "-c", RUN, step], cwd=ROOT, env=os.environ | environment)


@pytest.mark.parametrize(
    ("step", "taken", "sent", "delivered", "delivered_after_next_run"),
    [
        ("before it is taken", False, False, 0, 1),
        ("once it is taken", True, False, 0, 0),
        ("once it was accepted", True, False, 1, 1),
        ("once it is recorded", True, True, 1, 1),
    ],
)
def test_sender_killed_by_itself_never_sends_twice(tmp_path, step, taken, sent, delivered, delivered_after_next_run):
    queue_mail("office@example.org", "Due", "C-1 is due.")
    with smtp_sink() as sink:
        assert sender(sink, tmp_path, step).wait(60) == -signal.SIGKILL
        check_crash(sink, tmp_path, taken, sent, delivered, delivered_after_next_run)


@pytest.mark.parametrize(
    ("step", "taken", "delivered", "delivered_after_next_run"),
    [
        ("GREETING", False, 0, 1),
        ("MAIL", True, 0, 0),
        ("RCPT", True, 0, 0),
        ("DATA", True, 0, 0),
        ("END", True, 1, 1),
    ],
)
def test_sender_killed_while_it_talks_never_sends_twice(tmp_path, step, taken, delivered, delivered_after_next_run):
    queue_mail("office@example.org", "Due", "C-1 is due.")
    with smtp_sink(pause_at=step) as sink:
        process = sender(sink, tmp_path)
        assert sink.reached.wait(60)
        process.kill()
        process.wait()
        sink.go_on.set()
        check_crash(sink, tmp_path, taken, False, delivered, delivered_after_next_run)


def check_crash(sink, folder, taken, sent, delivered, delivered_after_next_run):
    mail = OutgoingMail.objects.get()
    assert (mail.taken_at is not None, mail.sent_at is not None, len(sink.got)) == (taken, sent, delivered)
    assert sender(sink, folder).wait(60) == 0
    assert len(sink.got) == delivered_after_next_run


def test_two_senders_at_once_share_the_mails(tmp_path):
    for number in range(30):
        queue_mail("office@example.org", f"Due {number:02}", "")
    with smtp_sink() as sink:
        both = [sender(sink, tmp_path), sender(sink, tmp_path)]
        assert [process.wait(60) for process in both] == [0, 0]
    subjects = Counter(line for message in sink.got for line in message.splitlines() if line.startswith("Subject"))
    assert subjects == {f"Subject: Due {number:02}": 1 for number in range(30)}
    assert OutgoingMail.objects.filter(sent_at=None).count() == 0
