import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import a_participant, a_story
from workshops.choices import Forgetting
from workshops.consent import ledger
from workshops.consent.erasure import erase_participant
from workshops.mail.links import token_of
from workshops.mail.subscriptions import (
    confirm_subscription,
    delete_lapsed_subscriptions,
    end_subscription,
    end_subscription_of,
    may_subscribe,
    queue_news_of_uses,
    subscribe,
    tell_of_use,
)
from workshops.models import Forgotten, OutgoingMail, Story, UseSubscription

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def site(settings):
    settings.SITE_URL, settings.MAIL_IS_ON = "https://archive.example.org", True


@pytest.fixture
def subscription():
    """A confirmed one, with no mail in the queue."""
    subscription = subscribe(a_participant(), "ines@example.org")
    confirm_subscription(token_of(subscription))
    OutgoingMail.objects.all().delete()
    subscription.refresh_from_db()
    return subscription


def days_left(subscription):
    subscription.refresh_from_db()
    return round((subscription.lapses_at - timezone.now()) / DAY)


def page_of(subscription):
    return reverse("use_subscription", args=[token_of(subscription)])


@pytest.mark.parametrize(
    ("mail_is_on", "site_url", "possible"),
    [(True, "https://archive.example.org", True), (False, "https://archive.example.org", False), (True, "", False)],
)
def test_subscribing_takes_a_mail_server_and_an_address_of_the_archive(settings, mail_is_on, site_url, possible):
    settings.MAIL_IS_ON, settings.SITE_URL = mail_is_on, site_url
    assert may_subscribe() is possible


def test_address_is_told_nothing_until_it_is_confirmed():
    story = a_story(told_by=a_participant())
    subscription = subscribe(story.told_by, "ines@example.org")
    [mail] = OutgoingMail.objects.all()
    assert (mail.to, mail.subject, mail.about) == ("ines@example.org", "Please confirm your address", "confirmation")
    tell_of_use(Story.objects.filter(pk=story.pk))
    assert queue_news_of_uses() == 0
    assert days_left(subscription) == 7
    assert confirm_subscription(token_of(subscription))
    assert not confirm_subscription(token_of(subscription))
    assert days_left(subscription) == 365
    tell_of_use(Story.objects.filter(pk=story.pk))
    assert queue_news_of_uses() == 1


@pytest.mark.parametrize("address", ["", "ines", "ines@example.org\nBcc: all@example.org"])
def test_wrong_address_is_refused_and_the_former_one_stays(subscription, address):
    with pytest.raises(ValidationError):
        subscribe(subscription.participant, address)
    assert UseSubscription.objects.get().address == "ines@example.org"


def test_other_address_replaces_the_former_one_and_its_mails():
    participant = a_participant()
    former = token_of(subscribe(participant, "wrong@example.org"))
    subscribe(participant, "ines@example.org")
    assert UseSubscription.objects.get().address == "ines@example.org"
    assert [mail.to for mail in OutgoingMail.objects.all()] == ["ines@example.org"]
    assert not confirm_subscription(former)


def test_confirmed_address_given_again_runs_for_another_year(subscription):
    UseSubscription.objects.update(lapses_at=timezone.now() + DAY)
    subscribe(subscription.participant, "ines@example.org")
    assert days_left(subscription) == 365
    assert OutgoingMail.objects.count() == 0


def test_mail_about_a_use_says_nothing_of_it(subscription):
    story = a_story(title="Ring ring", published_text="We rang them at night.", told_by=subscription.participant)
    tell_of_use(Story.objects.filter(pk=story.pk))
    assert queue_news_of_uses() == 1
    [mail] = OutgoingMail.objects.all()
    assert (mail.subject, mail.about, mail.is_confidential) == ("Something you asked to be told", "use", True)
    assert mail.body == (
        "You asked to be told when something is used. Something was used. What it is, and where it stands, you see here, "
        "with the code you have:\nhttps://archive.example.org/my-contribution/\n\n"
        "To end these mails, open this address and press the button:"
    )


def test_people_are_told_of_their_own_stories_alone(subscription):
    a_story(told_by=a_participant())
    a_story()
    tell_of_use(Story.objects.exclude(told_by=subscription.participant))
    assert queue_news_of_uses() == 0


def test_uses_of_one_day_are_told_in_one_mail_and_later_ones_a_day_later(subscription):
    stories = Story.objects.filter(pk__in=[a_story(told_by=subscription.participant).pk for _ in range(2)])
    for story in stories:
        tell_of_use(stories.filter(pk=story.pk))
    assert queue_news_of_uses() == 1
    tell_of_use(stories)
    assert queue_news_of_uses() == 0
    UseSubscription.objects.update(told_at=timezone.now() - DAY)
    assert queue_news_of_uses() == 1
    UseSubscription.objects.update(told_at=timezone.now() - DAY)
    assert queue_news_of_uses() == 0


def test_use_that_is_rolled_back_is_not_told(subscription):
    story = a_story(told_by=subscription.participant)
    with transaction.atomic():
        tell_of_use(Story.objects.filter(pk=story.pk))
        transaction.set_rollback(True)
    assert queue_news_of_uses() == 0


def test_ending_deletes_the_address_and_every_mail_to_it(subscription):
    story = a_story(told_by=subscription.participant)
    tell_of_use(Story.objects.filter(pk=story.pk))
    queue_news_of_uses()
    assert len(end_subscription(token_of(subscription))) == 8
    assert UseSubscription.objects.count() == OutgoingMail.objects.count() == 0
    assert not end_subscription(token_of(subscription))


def test_subscription_that_ended_ends_again_when_a_backup_brings_it_back(subscription):
    kept, other = (
        UseSubscription.objects.filter(pk=subscription.pk).values().get(),
        subscribe(a_participant(), "o@example.org"),
    )
    reference = end_subscription(token_of(subscription))
    [line] = Forgotten.objects.all()
    assert (line.kind, line.reference) == (Forgetting.SUBSCRIPTION, reference)
    assert subscription.key not in line.subject
    UseSubscription.objects.create(**kept)
    Forgotten.objects.all().delete()
    ledger.replay([ledger.line_of(line)])
    assert list(UseSubscription.objects.all()) == [other]
    assert Forgotten.objects.get().reference == reference


def test_participant_ends_it_with_the_code_of_the_slip_too(subscription):
    assert len(end_subscription_of(subscription.participant)) == 8
    assert end_subscription_of(subscription.participant) == ""
    assert UseSubscription.objects.count() == 0


def test_erased_person_is_written_to_no_more(subscription):
    story = a_story(told_by=subscription.participant)
    tell_of_use(Story.objects.filter(pk=story.pk))
    queue_news_of_uses()
    erase_participant(subscription.participant)
    assert UseSubscription.objects.count() == OutgoingMail.objects.count() == 0


def test_link_is_not_made_from_the_database_alone(subscription):
    whole = token_of(subscription)
    for token in (subscription.key, f"{subscription.key}.", whole[:-1], "", "."):
        assert not end_subscription(token)
    assert UseSubscription.objects.count() == 1


def test_link_outlives_a_change_of_the_secret_key(subscription, settings):
    token = token_of(subscription)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert end_subscription(token)


def test_lapsed_addresses_are_deleted_and_told_nothing(subscription):
    other = subscribe(a_participant(), "other@example.org")
    story = a_story(told_by=subscription.participant)
    UseSubscription.objects.filter(pk=subscription.pk).update(lapses_at=timezone.now())
    tell_of_use(Story.objects.filter(pk=story.pk))
    assert queue_news_of_uses() == 0
    assert delete_lapsed_subscriptions() == 1
    assert list(UseSubscription.objects.all()) == [other]
    assert delete_lapsed_subscriptions() == 0


# The page behind the link


def test_opening_the_link_changes_nothing(client, subscription):
    html = client.get(page_of(subscription)).content.decode()
    assert "No more mails: delete my address" in html
    assert "Yes, write to me" not in html
    assert "ines@example.org" not in html
    assert UseSubscription.objects.count() == 1


def test_one_click_of_a_mail_program_ends_the_mails(subscription):
    mail_program = Client(enforce_csrf_checks=True)
    answer = mail_program.post(page_of(subscription), {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, UseSubscription.objects.count()) == (200, 0)
    assert "You get no more mails, and your address is deleted." in answer.content.decode()


def test_button_confirms_the_address(client):
    subscription = subscribe(a_participant(), "ines@example.org")
    assert "Yes, write to me" in client.get(page_of(subscription)).content.decode()
    assert "Your address is confirmed." in client.post(page_of(subscription), {"confirm": "1"}).content.decode()
    subscription.refresh_from_db()
    assert subscription.confirmed_at is not None


@pytest.mark.parametrize("data", [{}, {"confirm": "1"}])
def test_link_that_has_ended_says_so(client, subscription, data):
    address = page_of(subscription)
    client.post(address)
    assert "These mails have ended" in client.get(address).content.decode()
    assert client.post(address, data).status_code == 200
    assert UseSubscription.objects.count() == 0


def test_page_of_a_link_is_not_kept_by_browsers_or_found_by_search_engines(client, subscription):
    answer = client.get(page_of(subscription))
    assert "no-store" in answer["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in answer.content.decode()
