import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tests.factories import a_participant, a_user
from workshops.mail.queue import queue_mail
from workshops.models import OutgoingMail, UseSubscription
from workshops.roles import ADMINISTRATOR, EDITOR, FACILITATOR

pytestmark = pytest.mark.django_db


def test_mail_waits_in_the_queue_until_it_is_taken():
    mail = queue_mail("office@example.org", "A review is due", "C-1 is due.", about="reminder")
    assert list(OutgoingMail.objects.due()) == [mail]
    assert (mail.to, mail.subject, mail.body) == ("office@example.org", "A review is due", "C-1 is due.")
    assert (mail.about, mail.is_confidential, mail.taken_at, mail.failures) == ("reminder", False, None, 0)


def test_mail_of_an_act_that_is_rolled_back_is_not_in_the_queue():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        queue_mail("office@example.org", "A review is due", "")
        raise ZeroDivisionError
    assert OutgoingMail.objects.count() == 0


@pytest.mark.parametrize(
    ("to", "subject", "sentence"),
    [
        ("", "Due", "There is no address to write to."),
        ("office", "Due", "Enter a valid email address."),
        (
            "office@example.org",
            "Due\nBcc: all@example.org",
            "An address or a subject is one line: take the line break out.",
        ),
        ("office@example.org", "Due\n", "An address or a subject is one line: take the line break out."),
        ("office@example.org", "Due\rX: y", "An address or a subject is one line: take the line break out."),
        ("a@example.org\nBcc: b@example.org", "Due", "An address or a subject is one line: take the line break out."),
        ("a@example.org, b@example.org", "Due", "Enter a valid email address."),
    ],
)
def test_mail_that_could_reach_somebody_else_is_refused(to, subject, sentence):
    with pytest.raises(ValidationError) as refused:
        queue_mail(to, subject, "")
    assert refused.value.messages == [sentence]
    assert OutgoingMail.objects.count() == 0


@pytest.mark.parametrize("field", ["to", "subject"])
@pytest.mark.parametrize("line_break", ["\n", "\r"])
def test_database_keeps_line_breaks_out_of_a_head(field, line_break):
    fields = {"to": "a@example.org", "subject": "Due"} | {field: f"a{line_break}b@example.org"}
    with pytest.raises(IntegrityError, match="mail_has_no_line_break_in_its_head"):
        OutgoingMail.objects.create(**fields)


def test_mail_to_a_subscriber_is_confidential_and_goes_with_the_subscription():
    subscription = UseSubscription.objects.create(participant=a_participant(), address="ines@example.org")
    mail = queue_mail(subscription.address, "A word", "", subscription=subscription)
    assert mail.is_confidential
    subscription.participant.delete()
    assert OutgoingMail.objects.count() == UseSubscription.objects.count() == 0


def test_queue_is_seen_by_administrators_alone():
    mail = queue_mail("office@example.org", "A review is due", "")
    seen = [
        list(OutgoingMail.objects.visible_to(user))
        for user in (a_user(ADMINISTRATOR), a_user(is_superuser=True), a_user(EDITOR, FACILITATOR))
    ]
    assert seen == [[mail], [mail], []]


def test_subscriptions_are_seen_by_nobody():
    UseSubscription.objects.create(participant=a_participant(), address="ines@example.org")
    assert list(UseSubscription.objects.visible_to(a_user(ADMINISTRATOR, EDITOR, is_superuser=True))) == []
