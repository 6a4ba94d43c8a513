"""`manage.py check` refuses settings of signing in that would protect less than who set them believes."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, register

from workshops.roles import ROLES

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


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


@register()
def directory_is_whole(app_configs=None, **kwargs):
    """What would let nobody in, or send the directory's answers over the network for all to read."""
    issuer = urlsplit(settings.OIDC_ISSUER)
    if settings.OIDC_ISSUER and not (settings.OIDC_CLIENT_ID and settings.OIDC_CLIENT_SECRET):
        says = "OIDC_ISSUER needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET."  # not translated: the shell speaks English
        yield Error(says, id="innovation_archive.E002")
    if settings.OIDC_ISSUER and issuer.scheme != "https" and issuer.hostname not in LOOPBACK:
        says = "OIDC_ISSUER starts with https://."  # not translated: the shell speaks English
        yield Error(says, id="innovation_archive.E003")
    if not (settings.PASSWORD_SIGN_IN or settings.OIDC_ISSUER):
        says = "Without PASSWORD_SIGN_IN and OIDC_ISSUER nobody signs in."  # not translated: the shell speaks English
        yield Error(says, id="innovation_archive.E004")
