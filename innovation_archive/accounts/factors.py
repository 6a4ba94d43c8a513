"""A person's second factors: an app that shows one-time codes, passkeys, and recovery codes for when both are lost.

They are rows of django-otp. Nobody reads the key of an app or a recovery code at the desk after it was shown once.
"""

from datetime import datetime
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django_otp.models import ThrottlingMixin
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp_webauthn.models import WebAuthnCredential

RECOVERY_CODES = 10


class Factors(NamedTuple):
    """What somebody has: their app, or None; their passkeys, oldest first; how many recovery codes are left."""

    app: TOTPDevice | None
    passkeys: list[WebAuthnCredential]
    codes_left: int

    def __bool__(self) -> bool:
        """Recovery codes stand in for a factor and are none."""
        return bool(self.app or self.passkeys)


class WaitBeforeNextCodeError(Exception):
    """Wrong codes were typed a short while ago. `until` says when the next one is read."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


def factors_of(user: User) -> Factors:
    return Factors(
        TOTPDevice.objects.devices_for_user(user, confirmed=True).first(),
        list(WebAuthnCredential.objects.devices_for_user(user, confirmed=True).order_by("pk")),
        StaticToken.objects.filter(device__user=user).count(),
    )


def with_second_factor(accounts: QuerySet[User]) -> QuerySet[User]:
    """These accounts, each with `has_second_factor`."""
    theirs = {"user": OuterRef("pk"), "confirmed": True}
    apps, passkeys = TOTPDevice.objects.filter(**theirs), WebAuthnCredential.objects.filter(**theirs)
    return accounts.annotate(has_second_factor=Exists(apps) | Exists(passkeys))


def has_factor(user: User) -> bool:
    """Whether somebody has a second factor at this moment."""
    return with_second_factor(User.objects.filter(pk=user.pk)).filter(has_second_factor=True).exists()


def accept_code(user: User, typed: str) -> TOTPDevice | StaticDevice | None:
    """The device whose code this is: six digits are the app's, all else is a recovery code, which is used up by it.

    Raises WaitBeforeNextCodeError. The row is locked, so that of guesses sent at once each one counts.
    """
    code = "".join(typed.split()).replace("-", "").lower()
    model = TOTPDevice if code.isdecimal() else StaticDevice
    with transaction.atomic():
        for device in model.objects.devices_for_user(user, confirmed=True).select_for_update():
            if verify(device, code):
                return device
    return None


def verify(device: ThrottlingMixin, code: str) -> bool:
    """Whether a device, locked by the caller, takes this code. Raises WaitBeforeNextCodeError."""
    allowed, why_not = device.verify_is_allowed()
    if not allowed:
        raise WaitBeforeNextCodeError(why_not["locked_until"])
    return device.verify_token(code)


def begin_app(user: User) -> TOTPDevice:
    """A new key for an app. It counts once a first code of it was typed; until then the app before it goes on."""
    with transaction.atomic():
        TOTPDevice.objects.devices_for_user(user, confirmed=False).delete()
        return TOTPDevice.objects.create(user=user, name="app", confirmed=False)


def unconfirmed_app(user: User) -> TOTPDevice | None:
    return TOTPDevice.objects.devices_for_user(user, confirmed=False).last()


def confirm_app(user: User, typed: str) -> TOTPDevice | None:
    """Let the new app count, in place of one before it, if this is its code. Raises WaitBeforeNextCodeError."""
    with transaction.atomic():
        device = TOTPDevice.objects.devices_for_user(user, confirmed=False).select_for_update().last()
        if device is None or not verify(device, "".join(typed.split())):
            return None
        TOTPDevice.objects.devices_for_user(user, confirmed=True).delete()
        device.confirmed = True
        device.save(update_fields=["confirmed"])
        return device


def make_recovery_codes(user: User) -> list[str]:
    """New codes, to be shown once; earlier ones open nothing any more."""
    with transaction.atomic():
        # The device stays, because a session may have been opened with one of its codes.
        device, _created = StaticDevice.objects.get_or_create(user=user, defaults={"name": "recovery"})
        device.token_set.all().delete()
        codes = [StaticToken.random_token() for _number in range(RECOVERY_CODES)]
        StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return [f"{code[:4]}-{code[4:]}" for code in codes]


def remove_app(user: User) -> None:
    TOTPDevice.objects.filter(user=user).delete()
    forget_codes_without_factor(user)


def remove_passkey(user: User, pk: int) -> None:
    WebAuthnCredential.objects.filter(user=user, pk=pk).delete()
    forget_codes_without_factor(user)


def forget_codes_without_factor(user: User) -> None:
    """With the last factor its recovery codes go: they would otherwise outlive it on paper that nobody thinks of."""
    if not has_factor(user):
        StaticDevice.objects.filter(user=user).delete()


def remove_all(user: User) -> None:
    for model in (TOTPDevice, WebAuthnCredential, StaticDevice):
        model.objects.filter(user=user).delete()
