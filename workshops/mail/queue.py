"""The one queue of outgoing mail: what is written here goes out with the next run of `housekeeping`."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext

from workshops.models import OutgoingMail, UseSubscription


def mail_is_on() -> bool:
    """Whether a mail server is named. Without one mails wait, and the desk says so."""
    return bool(settings.MAIL_IS_ON)


def queue_mail(
    to: str,
    subject: str,
    body: str,
    about: str = "",
    *,
    is_confidential: bool = False,
    subscription: UseSubscription | None = None,
) -> OutgoingMail:
    """Have a mail sent once the caller's transaction is committed; if it is rolled back, nothing is sent.

    `about` says in a word what the mail is for, and nothing of what it says: it outlives the mail's words. The desk shows
    neither address nor words of a confidential one, nor of one to a subscriber. A ValidationError says, in a sentence,
    what is wrong with the address or the subject.
    """
    check_head(to, subject)
    mail = OutgoingMail(
        to=to,
        subject=subject,
        body=body,
        about=about,
        is_confidential=is_confidential or subscription is not None,
        subscription=subscription,
    )
    mail.save()
    return mail


def check_head(to: str, subject: str) -> None:
    """Refuse what could make a second addressee or a header of its own."""
    if not to:
        raise ValidationError(gettext("There is no address to write to."))
    if "".join((to + subject).splitlines()) != to + subject:
        raise ValidationError(gettext("An address or a subject is one line: take the line break out."))
    validate_email(to)
