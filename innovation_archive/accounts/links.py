"""Links by which the owner of an account sets their password: nobody else chooses, knows or tells it.

The token is Django's, of the account's password, address and last sign-in: it works once, within PASSWORD_RESET_TIMEOUT.
"""

import datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes, force_str
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext as _

from workshops.addresses import absolute_url
from workshops.mail.queue import mail_is_on, queue_mail
from workshops.mail.sending import send_soon
from workshops.models import OutgoingMail

ABOUT_LINKS = "account"
MAX_MAILS_AN_HOUR = 3
"""Whoever asks again and again for links for somebody else fills no mailbox."""


def may_send_to(account: User) -> bool:
    """Whether a link reaches its owner by mail; otherwise the desk shows it to whoever may hand it over."""
    return mail_is_on() and bool(account.email)


def may_ask_by_mail() -> bool:
    """Whether people may have a link sent to themselves. The archive must know its own address, or a stranger could name
    another host in their request, which the link would then lead to."""
    return mail_is_on() and bool(settings.SITE_URL)


def password_link(request: HttpRequest, account: User) -> str:
    uid = urlsafe_base64_encode(force_bytes(account.pk))
    address = reverse("admin:set_password", args=[uid, default_token_generator.make_token(account)])
    return absolute_url(request, address)


def end_of_new_link() -> datetime.datetime:
    """Until when a link works that is made now."""
    return timezone.localtime(timezone.now() + datetime.timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT))


def account_of_link(uid: str, token: str) -> User | None:
    """The open account whose password this link sets; None if the link is not whole, too old, used, or passwords are off."""
    if not settings.PASSWORD_SIGN_IN:
        return None
    try:
        account = User.objects.get(pk=force_str(urlsafe_base64_decode(uid)), is_active=True)
    except (User.DoesNotExist, ValueError, OverflowError):
        return None
    return account if default_token_generator.check_token(account, token) else None


def send_link(request: HttpRequest, account: User) -> None:
    """Have a link sent to an account's owner: an invitation to who has no password yet, else one for a new password."""
    is_new = not account.has_usable_password()
    subject = _("Your account at the archive") if is_new else _("A new password for your account at the archive")
    context = {"link": password_link(request, account), "account": account, "until": end_of_new_link()}
    template = "invitation" if is_new else "new_password"
    body = render_to_string(f"innovation_archive/accounts/{template}.txt", context)
    send_soon(queue_mail(account.email, subject, body, ABOUT_LINKS, is_confidential=True))


def was_sent_enough(account: User) -> bool:
    since = timezone.now() - datetime.timedelta(hours=1)
    sent = OutgoingMail.objects.filter(about=ABOUT_LINKS, to=account.email, queued_at__gte=since)
    return sent.count() >= MAX_MAILS_AN_HOUR


def replace_password(account: User, password: str) -> bool:
    """Set the password of an account that was read before; False if it was set or the account closed meanwhile."""
    unchanged = User.objects.filter(pk=account.pk, password=account.password, is_active=True)
    account.set_password(password)
    return bool(unchanged.update(password=account.password))
