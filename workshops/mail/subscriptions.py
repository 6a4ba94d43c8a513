"""“Tell me when it is used”: a participant leaves an address, confirms it, and hears of uses until they end it.

No mail says what was used or by whom it was told, and its subject would mean nothing to whoever looks over a shoulder.
"""

import datetime
from collections.abc import Collection, Iterable
from datetime import date

from django.conf import settings
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from workshops.choices import Forgetting
from workshops.chunks import in_chunks
from workshops.consent import free_pages, ledger
from workshops.mail.links import subscription_of
from workshops.mail.queue import mail_is_on, queue_mail
from workshops.models import Participant, Story, UseSubscription
from workshops.models.mail import SUBSCRIPTION_LIFETIME

BETWEEN_MAILS = datetime.timedelta(days=1)
"""Nobody is told of uses more often than this."""
ABOUT_USES = "use"


def may_subscribe() -> bool:
    """Whether the archive can send mails with a link that works: it names a mail server, and its own address."""
    return mail_is_on() and bool(settings.SITE_URL)


@transaction.atomic
def subscribe(participant: Participant, address: str) -> UseSubscription:
    """Have a participant told of uses at this address, once it is confirmed by the link in the mail that is queued here.

    An address given before is forgotten, unless it is the same and confirmed: then it runs for another year. A
    ValidationError says what is wrong with the address.
    """
    validate_email(address)
    Participant.objects.select_for_update().get(pk=participant.pk)  # of two at once the second one waits
    running = UseSubscription.objects.running().filter(participant=participant, address=address).first()
    if running:
        running.lapses_at = timezone.now() + SUBSCRIPTION_LIFETIME
        running.save(update_fields=["lapses_at"])
        return running
    end_subscription_of(participant)
    subscription = UseSubscription.objects.create(participant=participant, address=address)
    text = _(
        "Somebody gave this address to be written to. If it was not you, do nothing: there will be no further mail. "
        "If it was you, open this address and press the button:"
    )
    queue_mail(address, _("Please confirm your address"), text, about="confirmation", subscription=subscription)
    return subscription


def confirm_subscription(token: str) -> bool:
    """Begin to tell the owner of a link of uses, for a year. False if there is nothing to confirm."""
    subscription = subscription_of(token)
    if not subscription:
        return False
    fields = {"confirmed_at": timezone.now(), "lapses_at": timezone.now() + SUBSCRIPTION_LIFETIME}
    waiting = UseSubscription.objects.filter(pk=subscription.pk, confirmed_at=None, lapses_at__gt=timezone.now())
    return bool(waiting.update(**fields))


def end_subscription(token: str) -> str:
    """Forget the address of a link and all mail to it. Returns the reference of the receipt; empty if it had ended before."""
    subscription = subscription_of(token)
    return end_subscriptions(UseSubscription.objects.filter(pk=subscription.pk)) if subscription else ""


def end_subscription_of(participant: Participant) -> str:
    """The same for whoever types the code of their slip."""
    return end_subscriptions(UseSubscription.objects.filter(participant=participant))


@transaction.atomic
def end_subscriptions(subscriptions: QuerySet[UseSubscription], reference: str = "", day: date | None = None) -> str:
    """Delete these for good: the ledger ends them again should a backup bring them back. Returns the act's reference."""
    keys = list(subscriptions.values_list("key", flat=True))
    if not keys:
        return ""
    subscriptions.delete()
    reference = ledger.enter(Forgetting.SUBSCRIPTION, key_hashes(keys), reference=reference, day=day)
    free_pages.scrub()
    return reference


def key_hashes(keys: Iterable[str]) -> dict[str, str]:
    """{hash that stands in the ledger: key of a subscription}."""
    return {ledger.subject_hash("subscription", key): key for key in keys}


@ledger.replays(Forgetting.SUBSCRIPTION)
def end_again(lines: Collection[ledger.LedgerLine]) -> None:
    there = key_hashes(UseSubscription.objects.values_list("key", flat=True))
    for line in lines:
        if key := there.get(line.subject):
            back = UseSubscription.objects.filter(key=key)
            end_subscriptions(back, line.reference, date.fromisoformat(line.day))


def delete_lapsed_subscriptions() -> int:
    """Forget the addresses that were not confirmed in time, or given longer than a year ago."""
    return in_chunks(UseSubscription.objects.filter(lapses_at__lte=timezone.now()))


def tell_of_use(stories: QuerySet[Story]) -> None:
    """Have the tellers of these stories told, if they asked for it, that something they told was used.

    To be called in the transaction of the use. Mails are written by `queue_news_of_uses` later, so that the moment of a
    mail does not say which publication it is about.
    """
    told = UseSubscription.objects.running().filter(participant__stories__in=stories.values("pk"), used_at=None)
    told.update(used_at=timezone.now())


def queue_news_of_uses() -> int:
    """Write to everybody of whose stories a use is still to be told, at most once a day. Returns how many mails are queued."""
    rested = Q(told_at=None) | Q(told_at__lte=timezone.now() - BETWEEN_MAILS)
    waiting = UseSubscription.objects.running().filter(rested, used_at__isnull=False)
    return sum(queue_news(subscription) for subscription in waiting)


@transaction.atomic
def queue_news(subscription: UseSubscription) -> bool:
    """False if another run was first, or the subscription has ended."""
    waiting = UseSubscription.objects.filter(pk=subscription.pk, used_at=subscription.used_at)
    if not waiting.update(used_at=None, told_at=timezone.now()):
        return False
    text = _(
        "You asked to be told when something is used. Something was used. What it is, and where it stands, you see here, "
        "with the code you have:\n%(address)s\n\nTo end these mails, open this address and press the button:"
    ) % {"address": f"{settings.SITE_URL}{reverse('contribution')}"}
    queue_mail(
        subscription.address,
        _("Something you asked to be told"),
        text,
        about=ABOUT_USES,
        subscription=subscription,
    )
    return True
