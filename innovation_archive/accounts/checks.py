"""`manage.py check` refuses settings of signing in that would protect less than who set them believes."""

from django.conf import settings
from django.core.checks import Error, register

from workshops.roles import ROLES


@register()
def second_factor_roles_exist(app_configs=None, **kwargs):
    """A misspelt role would need no second factor, and nobody would notice."""
    return [
        Error(
            f"SECOND_FACTOR_ROLES names “{role}”, which is no role.",  # not translated: the shell speaks English
            hint=f"The roles are {', '.join(ROLES)}.",  # not translated: the shell speaks English
            id="innovation_archive.E001",
        )
        for role in settings.SECOND_FACTOR_ROLES
        if role not in ROLES
    ]
