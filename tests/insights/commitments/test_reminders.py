import datetime
import threading
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from django.utils import timezone

from insights.commitments import reminders
from insights.models import Reminder, Review
from tests.factories import a_commitment, a_programme, an_insight
from workshops.choices import Status
from workshops.models import OutgoingMail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mail_server(settings):
    """Mail goes to `mail.outbox`, where Django's tests collect it."""
    settings.MAIL_IS_ON = True


DUE = datetime.date(2021, 2, 1)


def a_due_review(**fields):
    fields = {"ref": "C-call", "text": "Keep the call.", "owner_email": "hubs@example.org"} | fields
    return Review.objects.create(commitment=a_commitment(**fields), due_on=DUE)


def remind():
    out = StringIO()
    call_command("remind", stdout=out)
    return out.getvalue().splitlines()


def test_owner_is_written_to_once_a_due_date(settings):
    settings.SITE_URL = "https://archive.example.org"
    review = a_due_review(owner_role="Director", insight=an_insight(title="One call a day"))
    assert remind() == ["C-call, due on 2021-02-01: reminded.", "1 of 1 reminded."]
    assert remind() == ["0 of 0 reminded."]
    [letter] = mail.outbox
    assert (letter.subject, letter.to) == ("A commitment is due for review: C-call", ["hubs@example.org"])
    assert "On 1 February 2021" in letter.body
    assert "for which you answer as Director:\n\nKeep the call.\n" in letter.body
    assert "“One call a day”.\nhttps://archive.example.org/commitments/#C-call\n" in letter.body
    assert "llustrative" not in letter.body

    review.due_on = datetime.date(2021, 3, 1)
    review.save()
    assert remind() == ["C-call, due on 2021-03-01: reminded.", "1 of 1 reminded."]
    assert len(mail.outbox) == 2


def test_nobody_is_written_to_before_the_day_after_the_review_or_about_a_draft():
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    Review.objects.create(commitment=a_commitment(owner_email="soon@example.org"), due_on=tomorrow)
    done = a_due_review(ref="C-done")
    done.reviewed_on, done.state = DUE, "holding"
    done.save()
    a_due_review(ref="C-draft", insight=an_insight(status=Status.DRAFT))
    assert remind() == ["0 of 0 reminded."]
    assert mail.outbox == []


def test_owner_is_written_to_on_the_day_itself():
    Review.objects.create(commitment=a_commitment(owner_email="now@example.org"), due_on=timezone.localdate())
    remind()
    assert [letter.to for letter in mail.outbox] == [["now@example.org"]]


def test_owner_without_an_address_is_named_and_no_failure():
    a_due_review(owner_email="")
    said = "C-call, due on 2021-02-01: not reminded: no e-mail address of its owner is known."
    assert remind() == [said, "0 of 1 reminded."]
    assert Reminder.objects.count() == 0


def test_owner_with_an_address_that_is_none_is_named_and_no_failure():
    a_due_review(owner_email="the hubs")
    said = "C-call, due on 2021-02-01: not reminded: the e-mail address of its owner is none."
    assert remind() == [said, "0 of 1 reminded."]
    assert (Reminder.objects.count(), OutgoingMail.objects.count()) == (0, 0)


def test_letters_that_could_not_be_sent_wait_in_the_queue(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    a_due_review()
    with pytest.raises(CommandError, match="1 could not be sent"):
        remind()
    assert list(OutgoingMail.objects.waiting().values_list("to", "about", "failures")) == [
        ("hubs@example.org", "reminder", 1)
    ]
    assert remind() == ["0 of 0 reminded."]


def test_letter_waits_in_the_queue_while_no_mail_server_is_named(settings):
    settings.MAIL_IS_ON = False
    a_due_review()
    assert remind() == [
        "C-call, due on 2021-02-01: reminded.",
        "1 of 1 reminded.",
        "No mail server is named in EMAIL_URL, so mails wait; the desk shows them to be copied.",
    ]
    assert mail.outbox == []
    assert list(OutgoingMail.objects.waiting().values_list("to", flat=True)) == ["hubs@example.org"]


def test_letter_about_an_illustrative_programme_says_so():
    a_due_review(insight=an_insight(programme=a_programme(illustrative=True)))
    remind()
    assert mail.outbox[0].body.startswith("Illustrative sample: people, stories and votes are invented.\n")


def test_reminder_is_recorded_once_a_review_and_date():
    review = a_due_review()
    Reminder.objects.create(review=review, due_on=DUE)
    with pytest.raises(IntegrityError):
        Reminder.objects.create(review=review, due_on=DUE)


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_write_one_letter():
    review = a_due_review()
    ready, outcomes = threading.Barrier(2), []

    def run():
        ready.wait(10)
        outcomes.append(reminders.remind_of(review))
        connection.close()

    runs = [threading.Thread(target=run) for _ in range(2)]
    for each in runs:
        each.start()
    for each in runs:
        each.join(30)
    assert OutgoingMail.objects.count() == 1
    assert sorted(outcome is None for outcome in outcomes) == [False, True]


def test_address_of_an_owner_stands_on_no_page_and_in_no_file(client):
    review = a_due_review()
    place = review.commitment.place
    for address in ("/commitments/", review.commitment.insight.get_absolute_url(), place.get_absolute_url()):
        html = client.get(address).content.decode()
        assert "Keep the call." in html
        assert "hubs@example.org" not in html
    for extension in ("csv", "json"):
        assert b"hubs@example.org" not in b"".join(client.get(f"/data/commitments.{extension}"))
