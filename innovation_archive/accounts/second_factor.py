"""Who must show a second factor before the desk opens, whichever way they gave their first one."""

from functools import partial

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.models import Device

from workshops.admin.base import form_recovery
from workshops.roles import reaches_of

ASK = "second_step"
SET_UP = "factors"
"""What is due before the desk opens, by the name of its page: a code or a passkey, or making a first factor."""

OPEN_MEANWHILE = {
    ASK: {
        "admin:logout",
        "second_step",
        "otp_webauthn:credential-authentication-begin",
        "otp_webauthn:credential-authentication-complete",
        "otp_webauthn:js-i18n-catalog",
    },
    SET_UP: {
        "admin:logout",
        "factors",
        "factor_app_new",
        "factor_app",
        "otp_webauthn:credential-registration-begin",
        "otp_webauthn:credential-registration-complete",
        "otp_webauthn:js-i18n-catalog",
    },
}

WAYS_TO_SIGN_IN = {"admin:login", "directory", "directory_return", "sign_in_link"}
"""Where somebody else signs in instead, before the second factor of the one before them is shown."""

DIRECTORY_SESSION_KEY = "came_by_directory"
"""Says that a session began at the organisation's own directory."""


class SecondFactorMiddleware:
    """Until the second factor is shown, a session is nobody's: public pages see a reader, and the desk asks for it.

    It looks at the session only where a view does, or at the desk. Asking each time rather than at sign-in means that
    somebody who is given a role, or whose factor is taken away, is stopped at their next step.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        account = request.user
        request.user_before_second_factor = account
        request.user = SimpleLazyObject(lambda: AnonymousUser() if what_is_due(request) else with_device(account))
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not request.path.startswith(reverse("admin:index")):
            return None
        due = what_is_due(request)
        name = request.resolver_match.view_name
        if due and name in OPEN_MEANWHILE[due]:
            request.user = with_device(request.user_before_second_factor)
        elif due and name not in WAYS_TO_SIGN_IN:
            return lead_to(due, request)
        return None


def what_is_due(request):
    """ASK, SET_UP, or None if this session may go on. Found once a request."""
    if not hasattr(request, "_second_factor_due"):
        request._second_factor_due = find_due(request, request.user_before_second_factor)
    return request._second_factor_due


def find_due(request, account):
    if not account.is_authenticated:
        return None
    if account.has_second_factor:
        account.otp_device = device_of_session(request, account)
        return None if account.otp_device or is_shown_by_directory(request) else ASK
    return SET_UP if must_have_factor(account) and not is_shown_by_directory(request) else None


def came_by_directory(request):
    return DIRECTORY_SESSION_KEY in request.session


def is_shown_by_directory(request):
    """Whether the directory asked for a second factor already, as the setting says of it."""
    return settings.OIDC_IS_SECOND_FACTOR and came_by_directory(request)


def device_of_session(request, account):
    """The device that this session showed, if the account still has it. Unlike django-otp's middleware it writes nothing."""
    shown = request.session.get(DEVICE_ID_SESSION_KEY)
    device = Device.from_persistent_id(shown) if shown else None
    return device if device and device.user_id == account.pk and device.confirmed else None


def must_have_factor(account):
    """Whether a role of theirs needs a second factor. A superuser has every role's rights, and so every role's duty."""
    required = set(settings.SECOND_FACTOR_ROLES)
    return bool(required) and (account.is_superuser or bool(required & set(reaches_of(account))))


def with_device(account):
    """The account, with what django-otp's views ask of it."""
    if account.is_authenticated:
        account.otp_device = getattr(account, "otp_device", None)
        account.is_verified = partial(is_verified, account)
    return account


def is_verified(account):
    return account.otp_device is not None


def lead_to(due, request):
    """Redirect to what is due. A form that was sent meanwhile is kept for its page, as when a session has ended."""
    if request.method == "POST" and form_recovery.owner_of(request) == str(request.user_before_second_factor.pk):
        request.session[form_recovery.SESSION_KEY] = form_recovery.posted_fields(request)
    next_page = QueryDict(mutable=True)
    next_page["next"] = request.get_full_path()
    return redirect(f"{reverse(due)}?{next_page.urlencode(safe='/')}")
