"""Slowing down whoever guesses at codes and passwords: what was typed wrong counts for ten minutes.

Kept is a keyed hash of where it was typed, never what.
"""

import datetime

from django.utils import timezone
from django.utils.crypto import salted_hmac

from workshops.models import MistypedCode

COUNTS_FOR = datetime.timedelta(minutes=10)


def known_as(*where):
    return salted_hmac("mistyped", "\n".join(where), algorithm="sha256").hexdigest()


def has_mistyped(most, *where):
    """Whether as many wrong ones as `most` were typed here. `where`: what was asked for, and from which address."""
    since = timezone.now() - COUNTS_FOR
    return MistypedCode.objects.filter(address=known_as(*where), typed_at__gte=since).count() >= most


def note(*where):
    forget()
    MistypedCode.objects.create(address=known_as(*where))


def forget():
    MistypedCode.objects.filter(typed_at__lt=timezone.now() - COUNTS_FOR).delete()
