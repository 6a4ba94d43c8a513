"""Signing in at the desk. Nobody guesses a password by trying many, and no cache keeps what an account may see."""

from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.cache import add_never_cache_headers

from workshops import throttle
from workshops.throttle import address_of

# So many wrong passwords within ten minutes. A room shares one address, so all its accounts together may err more.
WRONG_FOR_ONE_ACCOUNT = 10
WRONG_FROM_ONE_ADDRESS = 100


class SignInForm(AuthenticationForm):
    """Name and password. From where too many were wrong, the next are not looked at, right or wrong."""

    def clean(self):
        address = address_of(self.request)
        for_account = "password", address, self.cleaned_data.get("username", "")
        from_address = "password", address
        if throttle.too_many_failures(WRONG_FOR_ONE_ACCOUNT, *for_account):
            raise too_many("for this account")
        if throttle.too_many_failures(WRONG_FROM_ONE_ADDRESS, *from_address):
            raise too_many("from this network")
        try:
            return super().clean()
        except ValidationError:
            throttle.record_failure(*for_account)
            throttle.record_failure(*from_address)
            raise


def never_cache_signed_in(get_response):
    """Middleware: a page that asked who is signed in, such as that of a draft, is not shown again after they left.

    A page that is the same for everyone asks nobody, and may be kept.
    """

    def middleware(request):
        response = get_response(request)
        if request.session.accessed and request.user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

    return middleware


def too_many(where):
    return ValidationError(
        f"Too many wrong passwords were typed {where}. Wait ten minutes, then try again. If you have forgotten your "
        "password, an administrator can set a new one.",
        code="too_many",
    )
