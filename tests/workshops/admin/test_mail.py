"""The queue at the desk, for administrators."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import a_participant, a_user
from workshops.admin.mail import state_of_mail
from workshops.mail.queue import queue_mail
from workshops.models import OutgoingMail, UseSubscription
from workshops.roles import ADMINISTRATOR

pytestmark = pytest.mark.django_db
LIST = reverse("admin:workshops_outgoingmail_changelist")
MORNING = datetime.datetime(2026, 3, 2, 9, 30, tzinfo=datetime.UTC)


@pytest.fixture
def desk(client):
    client.force_login(a_user(ADMINISTRATOR))
    return client


def a_mail(**fields):
    mail = queue_mail("office@example.org", "Due", "C-1 is due.", about="reminder")
    OutgoingMail.objects.filter(pk=mail.pk).update(**fields)
    mail.refresh_from_db()
    return mail


def page(mail, name="change"):
    return reverse(f"admin:workshops_outgoingmail_{name}", args=[mail.pk])


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "waits for the next run of housekeeping"),
        ({"failures": 1, "next_try_at": MORNING}, "waits until 2 March 2026, 09:30, then it is tried again"),
        ({"taken_at": MORNING}, "taken at 2 March 2026, 09:30, not known whether it was sent"),
        ({"taken_at": MORNING, "sent_at": MORNING}, "sent at 2 March 2026, 09:30"),
        ({"failed_at": MORNING}, "not sent"),
    ],
)
def test_state_of_a_mail_is_said_in_words(settings, fields, words):
    settings.MAIL_IS_ON = True
    assert state_of_mail(a_mail(**fields)) == words


def test_mail_that_is_being_sent_is_not_called_unknown(settings):
    assert state_of_mail(a_mail(taken_at=timezone.now())).endswith(", being sent")


def test_mail_that_waits_for_a_server_can_be_copied(desk, settings):
    settings.MAIL_IS_ON = False
    mail = a_mail()
    assert "waits: no mail server is named" in desk.get(LIST).content.decode()
    html = desk.get(page(mail)).content.decode()
    assert all(words in html for words in ("office@example.org", "C-1 is due.", "Drop"))
    assert "Send again" not in html


def test_mail_to_a_subscriber_is_listed_without_address_and_words(desk):
    subscription = UseSubscription.objects.create(participant=a_participant(), address="ines@example.org")
    mail = queue_mail("ines@example.org", "A word", "Planted words.", about="use", subscription=subscription)
    assert "News of a use" in desk.get(LIST).content.decode()
    for address in (LIST, page(mail), page(mail, "history"), f"{LIST}?q=ines"):
        html = desk.get(address).content.decode()
        assert "ines@example.org" not in html
        assert "Planted words." not in html
    assert "Not shown: whoever gets it gave their address for this alone." in desk.get(page(mail)).content.decode()


def test_mail_about_a_case_leads_to_where_its_address_is(desk):
    mail = queue_mail("ines@example.org", "Received", "Planted words.", about="case", is_confidential=True)
    html = desk.get(page(mail)).content.decode()
    assert "Who answers the complaint or request finds the address there" in html
    assert "ines@example.org" not in html


def test_administrator_sends_again_what_perhaps_was_sent(desk):
    mail = a_mail(taken_at=MORNING)
    assert (
        "It may have arrived: send it again only if twice is better than never."
        in desk.get(page(mail)).content.decode()
    )
    answer = desk.post(page(mail, "again"), follow=True)
    assert "It is in the queue again" in answer.content.decode()
    assert list(OutgoingMail.objects.due()) == [mail]


def test_administrator_drops_a_mail_with_its_words(desk):
    mail = a_mail()
    assert "It is dropped" in desk.post(page(mail, "drop"), follow=True).content.decode()
    mail.refresh_from_db()
    assert (mail.to, mail.body) == ("", "")
    html = desk.get(page(mail)).content.decode()
    assert "Send again" not in html
    assert "An administrator dropped it." in html


def test_mail_that_was_sent_meanwhile_stays_sent(desk):
    mail = a_mail(taken_at=MORNING, sent_at=MORNING)
    for name in ("again", "drop"):
        assert "Nothing was changed" in desk.post(page(mail, name), follow=True).content.decode()
    mail.refresh_from_db()
    assert (mail.sent_at, mail.to) == (MORNING, "office@example.org")


@pytest.mark.parametrize("name", ["again", "drop"])
def test_opening_an_address_that_changes_a_mail_changes_nothing(desk, name):
    mail = a_mail(taken_at=MORNING)
    assert desk.get(page(mail, name)).status_code == 405
    assert list(OutgoingMail.objects.unknown()) == [mail]
