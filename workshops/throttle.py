"""Slows down whoever guesses at codes and passwords: each wrong one counts for ten minutes.

What is stored is a keyed hash of where it was typed, never what was typed.
"""

import datetime
import ipaddress
import logging
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from workshops.models import FailedAttempt

logger = logging.getLogger(__name__)

FAILURE_LIFETIME = datetime.timedelta(minutes=10)


class FailureLimit(NamedTuple):
    """At most `most` failures at one place: what was asked for, and by whom or from where."""

    most: int
    where: tuple[str, ...]


class TooManyFailuresError(Exception):
    """An attempt is refused unread, because of this limit."""

    def __init__(self, limit: FailureLimit) -> None:
        super().__init__(limit.most)
        self.limit = limit


def address_of(request: HttpRequest) -> str:
    """The network address that a request comes from; of an IPv6 address only the part that a household shares."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        # All before the last comma was sent by the visitor, who may write anything there.
        address = request.META.get("HTTP_X_FORWARDED_FOR", address).rpartition(",")[2].strip()
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    # On a socket that listens for both, every IPv4 address would be in one and the same IPv6 household.
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else str(ip)


def hashed_key(*where: str) -> str:
    return salted_hmac("mistyped", "\n".join(where), algorithm="sha256").hexdigest()


def too_many_failures(most: int, *where: str) -> bool:
    """Whether `most` failures or more were counted here. `where` is what was asked for and the address it came from."""
    return failures_at(*where) >= most


def failures_at(*where: str) -> int:
    since = timezone.now() - FAILURE_LIFETIME
    return FailedAttempt.objects.filter(address=hashed_key(*where), typed_at__gte=since).count()


def begin_attempt(*limits: FailureLimit) -> list[FailedAttempt]:
    """Count an attempt as failed before it is read, and return what `forgive` takes back if it was right.

    So guesses that are sent at once all count: each is written down, and committed, before it counts those of the others,
    so that no more of them are read than the limits allow. Raises TooManyFailuresError for the first limit that is passed;
    an attempt that was refused does not count.
    """
    with transaction.atomic():
        forget_old_failures()
        attempts = [FailedAttempt.objects.create(address=hashed_key(*limit.where)) for limit in limits]
    for limit in limits:
        if failures_at(*limit.where) > limit.most:
            forgive(attempts)
            raise TooManyFailuresError(limit)
    return attempts


def forgive(attempts: list[FailedAttempt]) -> None:
    FailedAttempt.objects.filter(pk__in=[attempt.pk for attempt in attempts]).delete()


def record_failure(*where: str) -> None:
    """Count one more failure. If the database takes no writes just now, the attempt is refused all the same."""
    try:
        with transaction.atomic():
            forget_old_failures()
            FailedAttempt.objects.create(address=hashed_key(*where))
    except DatabaseError:
        logger.exception("What was typed wrong could not be counted.")


def forget_old_failures() -> int:
    """Returns how many were forgotten."""
    count, _ = FailedAttempt.objects.filter(typed_at__lt=timezone.now() - FAILURE_LIFETIME).delete()
    return count
