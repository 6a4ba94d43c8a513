"""`manage.py check` refuses a period for mails that is none."""

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def mails_are_kept_for_days(app_configs: object = None, **kwargs: object) -> list[CheckMessage]:
    days = settings.MAIL_KEPT_DAYS
    if type(days) is int and days >= 1:
        return []
    says = f"MAIL_KEPT_DAYS is {days!r}, which is no number of days."  # not translated: the shell speaks English
    hint = "Set it to a whole number of 1 or more, or leave it out."  # not translated: the shell speaks English
    return [Error(says, hint=hint, id="workshops.E001")]
