"""`manage.py check` refuses a period for backups that is none: lines of the ledger go by it."""

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def backups_are_kept_for_days(app_configs: object = None, **kwargs: object) -> list[CheckMessage]:
    days = settings.BACKUPS_KEPT_DAYS
    if type(days) is int and days >= 0:
        return []
    says = f"BACKUPS_KEPT_DAYS is {days!r}, which is no number of days."  # not translated: the shell speaks English
    hint = "Set it to a whole number, or leave it out: then lines of the ledger stay."  # not translated: the shell speaks English
    return [Error(says, hint=hint, id="workshops.E002")]
