"""Slowing down whoever guesses at codes and passwords: what was typed wrong counts for ten minutes.

Kept is a keyed hash of where it was typed, never what.
"""

import datetime
import ipaddress
import logging

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from workshops.models import FailedAttempt

logger = logging.getLogger(__name__)

FAILURE_LIFETIME = datetime.timedelta(minutes=10)


def address_of(request):
    """The network address that a request comes from; of an IPv6 address the part that a household shares."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        # What stands before the last comma is the visitor's own word.
        address = request.META.get("HTTP_X_FORWARDED_FOR", address).rpartition(",")[2].strip()
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    # On a socket that listens to both, all of IPv4 would be one IPv6 household.
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else str(ip)


def hashed_key(*where):
    return salted_hmac("mistyped", "\n".join(where), algorithm="sha256").hexdigest()


def too_many_failures(most, *where):
    """Whether as many wrong ones as `most` were typed here. `where`: what was asked for, and from which address."""
    since = timezone.now() - FAILURE_LIFETIME
    return FailedAttempt.objects.filter(address=hashed_key(*where), typed_at__gte=since).count() >= most


def record_failure(*where):
    """Count one more that was wrong. It stays refused where the database takes no writes just now."""
    try:
        with transaction.atomic():
            forget_old_failures()
            FailedAttempt.objects.create(address=hashed_key(*where))
    except DatabaseError:
        logger.exception("What was typed wrong could not be counted.")


def forget_old_failures():
    FailedAttempt.objects.filter(typed_at__lt=timezone.now() - FAILURE_LIFETIME).delete()
