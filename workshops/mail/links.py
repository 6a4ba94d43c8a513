"""The link in each mail to a subscriber that ends the mails with one click.

It holds the subscription's key, signed. The key alone is stored, so whoever reads the database can make no link.
"""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from workshops.models import UseSubscription

signer = Signer(sep=".", salt="use-subscription")


def token_of(subscription: UseSubscription) -> str:
    return signer.sign(subscription.key)


def end_address(subscription: UseSubscription) -> str:
    return f"{settings.SITE_URL}{reverse('use_subscription', args=[token_of(subscription)])}"


def unsubscribe_headers(link: str) -> dict[str, str]:
    """By which mail programs offer a button of their own (RFC 2369), which works with one click (RFC 8058)."""
    return {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def subscription_of(token: str) -> UseSubscription | None:
    """The subscription of a link; None if it has ended or the link is not whole."""
    try:
        key = signer.unsign(token)
    except BadSignature:
        return None
    return UseSubscription.objects.filter(key=key).first()
