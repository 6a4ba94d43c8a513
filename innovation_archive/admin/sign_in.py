"""Signing in at the desk, with a limit on wrong passwords; and no caching of what an account may see."""

import unicodedata

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _

from workshops import throttle
from workshops.admin.base.form_recovery import owner_of
from workshops.throttle import FailureLimit, TooManyFailuresError, address_of

# How many passwords may be wrong within ten minutes: for an account from one address, for an account from everywhere, and
# from an address. The people in one room share a network address.
MAX_FAILURES_PER_ACCOUNT = 10
MAX_FAILURES_PER_ACCOUNT_EVERYWHERE = 30
MAX_FAILURES_PER_ADDRESS = 100

TOO_MANY_FOR_THIS_ACCOUNT = _(
    "Too many wrong passwords were typed for this account. Wait ten minutes, then try again. If you have forgotten your "
    "password, the link below leads to a new one."
)
TOO_MANY_FROM_THIS_NETWORK = _(
    "Too many wrong passwords were typed from this network. Wait ten minutes, then try again. If you have forgotten "
    "your password, the link below leads to a new one."
)

PASSWORDS_ARE_OFF = _("Nobody signs in with a password here. Use your account at %(directory)s.")


class SignInForm(AuthenticationForm):
    """Name and password. After too many wrong passwords, further ones are refused unread, right or wrong."""

    def clean_username(self):
        """The name as its account spells it, whatever its case and width, and whichever spaces were typed with it."""
        typed = self.cleaned_data["username"]
        accounts = User.objects.filter(username__iexact=fold_name(typed)).values_list("username", flat=True)[:2]
        return accounts[0] if len(accounts) == 1 else typed

    def get_invalid_login_error(self):
        if settings.PASSWORD_SIGN_IN:
            return super().get_invalid_login_error()
        return ValidationError(PASSWORDS_ARE_OFF % {"directory": settings.OIDC_NAME}, code="off")

    def clean(self):
        limits = self.limits()
        try:
            attempts = throttle.begin_attempt(*limits)
        except TooManyFailuresError as refused:
            raise ValidationError(limits[refused.limit], code="too_many") from refused
        cleaned = super().clean()  # a wrong password ends here, and stays counted
        throttle.forgive(attempts)
        return cleaned

    def limits(self):
        """The limits that count here, each with what it says.

        A browser in which this account was signed in before has one of its own, which no stranger uses up: whoever guesses
        keeps nobody out of their account.
        """
        name, address = fold_name(self.cleaned_data.get("username", "")), address_of(self.request)
        owner = owner_of(self.request)
        if owner and fold_name(name_of_account(owner)) == name:
            return {FailureLimit(MAX_FAILURES_PER_ACCOUNT, ("owner-password", owner)): TOO_MANY_FOR_THIS_ACCOUNT}
        everywhere = FailureLimit(MAX_FAILURES_PER_ACCOUNT_EVERYWHERE, ("account-password", name))
        return {
            FailureLimit(MAX_FAILURES_PER_ACCOUNT, ("password", address, name)): TOO_MANY_FOR_THIS_ACCOUNT,
            everywhere: TOO_MANY_FOR_THIS_ACCOUNT,
            FailureLimit(MAX_FAILURES_PER_ADDRESS, ("password", address)): TOO_MANY_FROM_THIS_NETWORK,
        }


def fold_name(name):
    """One form for all spellings of a name: capitals, wide letters and spaces are nothing that tells people apart."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def name_of_account(pk):
    return User.objects.filter(pk=pk).values_list("username", flat=True).first() or ""


def never_cache_signed_in(get_response):
    """Middleware: forbid caching of pages that depend on who is signed in, so that none is shown after they sign out.

    A page that never looked at the session is the same for everyone, and may be cached.
    """

    def middleware(request):
        response = get_response(request)
        # The user is asked for last: an answer that says that the database is away must not need it.
        if not response.has_header("Cache-Control") and request.session.accessed and request.user.is_authenticated:
            add_never_cache_headers(response)
        return response

    return middleware
