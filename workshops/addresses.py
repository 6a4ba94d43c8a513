"""Addresses that leave the archive: to be cited, scanned from a screen, or found by a search engine."""

from django.conf import settings


def absolute_url(request, address):
    """With the host where readers find the archive, whichever host answered."""
    return f"{settings.SITE_URL}{address}" if settings.SITE_URL else request.build_absolute_uri(address)
