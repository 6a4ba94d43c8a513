"""Full addresses, for use outside the archive: in a citation, a QR code or a search engine."""

from django.conf import settings
from django.http import HttpRequest


def absolute_url(request: HttpRequest, address: str) -> str:
    """The address on the host where readers find the archive, whichever host answered this request."""
    return f"{settings.SITE_URL}{address}" if settings.SITE_URL else request.build_absolute_uri(address)
