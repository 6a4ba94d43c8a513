"""An organisation's own directory, by OpenID Connect: who it says that somebody is, and which account here is theirs.

Authlib does what the standard asks for. Nobody gets an account by it, and no role: it only says whose account opens.
"""

import logging
from collections.abc import Callable
from typing import Any, NamedTuple

from authlib.integrations.base_client import MismatchingStateError
from authlib.integrations.django_client import DjangoOAuth2App, OAuth, OAuthError
from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from joserfc.errors import JoseError
from requests import RequestException

from innovation_archive.models import DirectoryLink

logger = logging.getLogger(__name__)

SIGNATURES = [f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)]
"""By a key that the directory alone has. Whatever it offers, what is unsigned, or signed with our own secret, is refused."""

METADATA_LIFETIME = 600
ANSWERS_WITHIN = 10
"""Seconds."""

DENIED = _("%(directory)s did not let you sign in.")
STALE = _("That sign-in began in another window, or more than an hour ago. Begin again here.")
AWAY = _("%(directory)s does not answer as it should. Try again in a few minutes.")
NOT_TRUSTED = _(
    "What %(directory)s said of you could not be checked, so you are not signed in. Begin again here; if it happens "
    "again, tell an administrator."
)
NOT_VERIFIED = _(
    "%(directory)s does not say that your e-mail address is verified, so no account here can be yours by it."
)
UNKNOWN = _("No account here has the e-mail address %(email)s. An administrator can invite you.")
AMBIGUOUS = _("Several accounts here have the e-mail address %(email)s. An administrator can give each its own.")
CLOSED = _("Your account here is closed. An administrator can open it again.")
SOMEBODY_ELSE = _(
    "The account with the e-mail address %(email)s belongs to somebody else at %(directory)s. An administrator can find "
    "out whose it is."
)


class DirectoryError(Exception):
    """Why somebody is not signed in, in words for them."""

    def __init__(self, says: str | Promise, email: str = "") -> None:
        self.says = says % {"directory": settings.OIDC_NAME, "email": email}
        super().__init__(self.says)


class DirectoryPerson(NamedTuple):
    """Somebody as the directory knows them. Their address is empty unless it is theirs for sure."""

    subject: str
    email: str


def directory_client() -> DjangoOAuth2App:
    """What asks the directory. Raises DirectoryError if it does not answer, or is another than the settings name."""
    client = OAuth().register(
        "directory",
        client_id=settings.OIDC_CLIENT_ID,
        client_secret=settings.OIDC_CLIENT_SECRET,
        server_metadata_url=f"{settings.OIDC_ISSUER.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email", "code_challenge_method": "S256", "default_timeout": ANSWERS_WITHIN},
    )
    client.server_metadata.update(cache.get(settings.OIDC_ISSUER) or {})
    metadata = ask_directory(client.load_server_metadata)
    if metadata.get("issuer") != settings.OIDC_ISSUER:
        logger.error("The directory calls itself otherwise than OIDC_ISSUER does.")
        raise DirectoryError(AWAY)
    metadata["id_token_signing_alg_values_supported"] = SIGNATURES
    cache.set(settings.OIDC_ISSUER, metadata, METADATA_LIFETIME)
    return client


def ask_directory(ask: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """The answer of the directory. Whatever goes wrong is raised as a DirectoryError, and its kind is logged."""
    try:
        return ask(*args, **kwargs)
    except MismatchingStateError as error:
        raise DirectoryError(STALE) from error
    except OAuthError as error:
        raise DirectoryError(DENIED) from error
    except JoseError as error:
        logger.warning("An ID token of the directory was refused: %s", error.error)
        raise DirectoryError(NOT_TRUSTED) from error
    # A page of a proxy, or keys in another form, in place of what was asked for.
    except (RequestException, RuntimeError, ValueError, KeyError, TypeError, AttributeError) as error:
        logger.warning("The directory did not answer as it should: %s", type(error).__name__)
        raise DirectoryError(AWAY) from error


def person_who_returns(request: HttpRequest) -> DirectoryPerson:
    """Whom the directory sent back to us. Raises DirectoryError."""
    claims_options = {
        "iss": {"essential": True, "value": settings.OIDC_ISSUER},
        "aud": {"essential": True, "value": settings.OIDC_CLIENT_ID},
    }
    client = directory_client()
    token = ask_directory(client.authorize_access_token, request, claims_options=claims_options)
    claims = token.get("userinfo")  # the claims of an ID token that was checked
    if not claims or not is_short_text(claims["sub"]):
        raise DirectoryError(NOT_TRUSTED)
    return DirectoryPerson(claims["sub"], verified_email(claims))


def is_short_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 255 and value.isprintable()


def verified_email(claims: dict[str, Any]) -> str:
    """Their address, or nothing where the directory does not vouch for it and no setting does."""
    email, is_verified = claims.get("email"), claims.get("email_verified", settings.OIDC_TRUST_EMAIL)
    return email if is_verified is True and is_short_text(email) else ""


def account_of(person: DirectoryPerson) -> User:
    """The open account of somebody. At their first sign-in it is found by their address. Raises DirectoryError."""
    known = DirectoryLink.objects.filter(issuer=settings.OIDC_ISSUER, subject=person.subject).select_related("user")
    link = known.first() or link_account(person)
    if not link.user.is_active:
        raise DirectoryError(CLOSED)
    return link.user


@transaction.atomic
def link_account(person: DirectoryPerson) -> DirectoryLink:
    """From now on the account with their address is theirs, whatever becomes of that. Raises DirectoryError."""
    if not person.email:
        raise DirectoryError(NOT_VERIFIED)
    link, _made = DirectoryLink.objects.get_or_create(
        issuer=settings.OIDC_ISSUER, user=account_with_address(person.email), defaults={"subject": person.subject}
    )
    if link.subject != person.subject:
        raise DirectoryError(SOMEBODY_ELSE, person.email)
    return link


def account_with_address(email: str) -> User:
    # PostgreSQL takes ı for i. Two addresses are one only if all that differs is the case of A to Z.
    alike = [
        account
        for account in User.objects.filter(email__iexact=email)
        if account.email.encode().lower() == email.encode().lower()
    ]
    found = [account for account in alike if account.is_active]
    if len(found) > 1:
        raise DirectoryError(AMBIGUOUS, email)
    if not found:
        raise DirectoryError(CLOSED if alike else UNKNOWN, email)
    return found[0]
