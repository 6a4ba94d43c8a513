"""Signing in at the desk, with a limit on wrong passwords; and no caching of what an account may see."""

from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _

from workshops import throttle
from workshops.throttle import address_of

# How many passwords may be wrong within ten minutes. The people in one room share a network address.
MAX_FAILURES_PER_ACCOUNT = 10
MAX_FAILURES_PER_ADDRESS = 100

TOO_MANY_FOR_THIS_ACCOUNT = _(
    "Too many wrong passwords were typed for this account. Wait ten minutes, then try again. If you have forgotten your "
    "password, an administrator can set a new one."
)
TOO_MANY_FROM_THIS_NETWORK = _(
    "Too many wrong passwords were typed from this network. Wait ten minutes, then try again. If you have forgotten "
    "your password, an administrator can set a new one."
)


class SignInForm(AuthenticationForm):
    """Name and password. After too many wrong passwords, further ones are refused unread, right or wrong."""

    def clean(self):
        address = address_of(self.request)
        for_account = "password", address, self.cleaned_data.get("username", "")
        from_address = "password", address
        if throttle.too_many_failures(MAX_FAILURES_PER_ACCOUNT, *for_account):
            raise ValidationError(TOO_MANY_FOR_THIS_ACCOUNT, code="too_many")
        if throttle.too_many_failures(MAX_FAILURES_PER_ADDRESS, *from_address):
            raise ValidationError(TOO_MANY_FROM_THIS_NETWORK, code="too_many")
        try:
            return super().clean()
        except ValidationError:
            throttle.record_failure(*for_account)
            throttle.record_failure(*from_address)
            raise


def never_cache_signed_in(get_response):
    """Middleware: forbid caching of pages that depend on who is signed in, so that none is shown after they sign out.

    A page that never looked at the session is the same for everyone, and may be cached.
    """

    def middleware(request):
        response = get_response(request)
        if request.session.accessed and request.user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

    return middleware
