import datetime
import socket
import threading
from collections import Counter
from email import message_from_string

import pytest
from django.db import transaction
from django.utils import timezone

from tests.factories import a_participant
from tests.workshops.mail.smtp_sink import smtp_sink
from workshops.mail import sending
from workshops.mail.links import end_address
from workshops.mail.queue import queue_mail
from workshops.mail.sending import (
    PAUSES,
    RECORD_LIFETIME,
    MailOutcome,
    drop_mail,
    forget_mail_words,
    send_again,
    send_mails,
    send_soon,
    take,
)
from workshops.models import OutgoingMail, UseSubscription

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def use_server(settings):
    """Makes a port of this machine the mail server."""

    def use(port):
        settings.MAIL_IS_ON = True
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, False

    return use


def a_mail(to="office@example.org", subject="Due", body="C-1 is due.", **fields):
    mail = queue_mail(to, subject, body)
    OutgoingMail.objects.filter(pk=mail.pk).update(**fields)
    mail.refresh_from_db()
    return mail


def long_ago():
    return timezone.now() - HOUR


def state_of(mail):
    mail.refresh_from_db()
    return mail.taken_at is not None, mail.sent_at is not None, mail.failed_at is not None, mail.failures


WAITING, TAKEN, SENT = (False, False, False, 0), (True, False, False, 0), (True, True, False, 0)


def test_mail_is_sent_once(use_server):
    mail = a_mail()
    with smtp_sink() as sink:
        use_server(sink.port)
        assert send_mails() == {MailOutcome.SENT: 1}
        assert send_mails() == Counter()
    [message] = sink.got
    assert state_of(mail) == SENT
    assert "To: office@example.org\r\n" in message
    assert "Subject: Due\r\n" in message
    assert "Auto-Submitted: auto-generated\r\n" in message
    assert message.endswith("\r\n\r\nC-1 is due.\r\n")


def wait_for_threads():
    for thread in threading.enumerate():
        if thread.name == "mail":
            thread.join(30)


@pytest.mark.django_db(transaction=True)
def test_mail_that_somebody_waits_for_is_sent_once_it_is_committed(use_server):
    with smtp_sink() as sink:
        use_server(sink.port)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            send_soon(a_mail(body="Rolled back."))
            1 / 0  # noqa: B018
        with transaction.atomic():
            mail = a_mail()
            send_soon(mail)
            assert state_of(mail) == WAITING
        wait_for_threads()
        assert send_mails() == Counter()
    assert [message.endswith("\r\n\r\nC-1 is due.\r\n") for message in sink.got] == [True]
    assert state_of(mail) == SENT


@pytest.mark.django_db(transaction=True)
def test_mail_that_somebody_waits_for_is_left_to_the_next_run_where_the_server_is_away(use_server):
    with smtp_sink() as sink:
        use_server(sink.port)
    mail = a_mail()
    send_soon(mail)
    wait_for_threads()
    assert state_of(mail) == WAITING


def test_nothing_is_tried_while_no_server_is_named(settings):
    settings.MAIL_IS_ON = False
    mail = a_mail()
    assert send_mails() == Counter()
    assert state_of(mail) == WAITING


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "END"])
def test_mail_that_is_refused_for_now_waits_longer(use_server, step):
    mail = a_mail()
    with smtp_sink({step: "451 try later, office@example.org"}) as sink:
        use_server(sink.port)
        assert send_mails() == {MailOutcome.WAITS: 1}
        assert send_mails() == Counter()
    assert state_of(mail) == (False, False, False, 1)
    assert HOUR * 0.99 < mail.next_try_at - timezone.now() <= HOUR
    assert mail.last_error == "The mail server refused it for now (reply 451)."
    OutgoingMail.objects.update(next_try_at=timezone.now())
    with smtp_sink() as sink:
        use_server(sink.port)
        assert send_mails() == {MailOutcome.SENT: 1}
    assert (len(sink.got), mail.last_error) == (1, "The mail server refused it for now (reply 451).")
    assert OutgoingMail.objects.get().last_error == ""


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "END"])
def test_mail_that_is_refused_has_failed_until_somebody_has_it_sent_again(use_server, step):
    mail = a_mail()
    with smtp_sink({step: "550 no such person"}) as sink:
        use_server(sink.port)
        assert send_mails() == {MailOutcome.FAILED: 1}
        assert send_mails() == Counter()
    assert state_of(mail) == (False, False, True, 0)
    assert mail.last_error == "The mail server refused it (reply 550)."
    with smtp_sink() as sink:
        use_server(sink.port)
        assert send_again(mail)
        assert send_mails() == {MailOutcome.SENT: 1}
    assert len(sink.got) == 1


def test_mails_wait_longer_and_longer_for_a_server_that_cannot_be_reached(use_server):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        use_server(free.getsockname()[1])
    mail, other = a_mail(), a_mail(failures=2)
    pauses = []
    for failures in range(1, len(PAUSES) + 1):
        assert send_mails()[MailOutcome.WAITS] >= 1
        assert state_of(mail) == (False, False, False, failures)
        pauses.append(mail.next_try_at - timezone.now())
        OutgoingMail.objects.update(next_try_at=timezone.now())
    assert sum(pauses, start=datetime.timedelta()) > datetime.timedelta(days=3) - HOUR / 60
    assert pauses == sorted(pauses)
    assert send_mails() == {MailOutcome.FAILED: 1}
    assert state_of(mail) == (False, False, True, len(PAUSES) + 1)
    assert mail.last_error == "The mail server could not be reached (ConnectionRefusedError)."
    assert state_of(other)[2]


def test_server_that_hangs_up_leaves_it_unknown_whether_the_mail_was_sent(use_server):
    mail = a_mail()
    with smtp_sink({"END": "hang up"}) as sink:
        use_server(sink.port)
        assert send_mails() == {MailOutcome.UNKNOWN: 1}
        assert send_mails() == Counter()
    assert state_of(mail) == TAKEN
    assert mail.last_error == "It broke off while it was handed over (SMTPServerDisconnected)."


def test_slow_run_does_not_undo_what_an_administrator_decided(use_server, monkeypatch):
    mail = a_mail()

    def slow(pk, taken=take):
        found = taken(pk)
        OutgoingMail.objects.update(taken_at=long_ago())
        assert send_again(found)
        return found

    monkeypatch.setattr(sending, "take", slow)
    with smtp_sink() as sink:
        use_server(sink.port)
        send_mails()
    assert state_of(mail) == WAITING


def test_mail_that_was_taken_is_sent_again_only_when_it_is_not_being_sent_any_more():
    mail = a_mail()
    assert take(mail.pk) == mail
    assert take(mail.pk) is None
    assert not send_again(mail)
    assert not drop_mail(mail)
    assert list(OutgoingMail.objects.unknown()) == []
    OutgoingMail.objects.update(taken_at=long_ago())
    assert list(OutgoingMail.objects.unknown()) == [mail]
    assert send_again(mail)
    assert state_of(mail) == WAITING


def test_mail_that_was_sent_is_neither_sent_again_nor_dropped():
    mail = a_mail(taken_at=long_ago(), sent_at=long_ago())
    assert not send_again(mail)
    assert not drop_mail(mail)
    mail.refresh_from_db()
    assert (state_of(mail), mail.body) == (SENT, "C-1 is due.")


@pytest.mark.parametrize("taken_at", [None, long_ago()])
def test_dropped_mail_loses_its_words_and_is_not_sent(use_server, taken_at):
    mail = a_mail(taken_at=taken_at)
    assert drop_mail(mail)
    mail.refresh_from_db()
    assert (mail.to, mail.subject, mail.body, mail.last_error) == ("", "", "", "An administrator dropped it.")
    assert not send_again(mail)
    with smtp_sink() as sink:
        use_server(sink.port)
        assert send_mails() == Counter()


def test_words_are_deleted_after_a_month_and_the_record_after_a_year():
    month = timezone.now() - datetime.timedelta(days=30)
    kept = a_mail(taken_at=month, sent_at=month, queued_at=month + HOUR)
    old = a_mail(taken_at=month, sent_at=month, queued_at=month - HOUR)
    unsent = a_mail(queued_at=month - HOUR)
    unknown = a_mail(queued_at=month - HOUR, taken_at=month)
    gone = a_mail(queued_at=timezone.now() - RECORD_LIFETIME - HOUR)
    drop_mail(gone)
    assert forget_mail_words() == 3
    for mail in (old, unsent, unknown):
        mail.refresh_from_db()
        assert (mail.to, mail.subject, mail.body) == ("", "", "")
    assert [state_of(mail)[1:3] for mail in (old, unsent, unknown)] == [(True, False), (False, True), (False, True)]
    kept.refresh_from_db()
    assert kept.body == "C-1 is due."
    assert not OutgoingMail.objects.filter(pk=gone.pk).exists()
    assert forget_mail_words() == 0


def test_period_of_words_is_a_setting(settings):
    settings.MAIL_KEPT_DAYS = 2
    a_mail(queued_at=timezone.now() - datetime.timedelta(days=2, hours=1))
    assert forget_mail_words() == 1


def test_mail_to_a_subscriber_ends_with_the_link_that_ends_it(use_server, settings):
    settings.SITE_URL = "https://archive.example.org"
    subscription = UseSubscription.objects.create(participant=a_participant(), address="ines@example.org")
    mail = queue_mail("ines@example.org", "A word", "To end:", subscription=subscription)
    link = end_address(subscription)
    with smtp_sink() as sink:
        use_server(sink.port)
        send_mails()
    [message] = sink.got
    message = message_from_string(message)
    assert message["List-Unsubscribe"].strip() == f"<{link}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message.get_payload() == f"To end:\r\n{link}\r\n"
    assert link.startswith("https://archive.example.org/my-contribution/mail/")
    mail.refresh_from_db()
    assert link not in mail.body
