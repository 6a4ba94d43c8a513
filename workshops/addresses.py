"""Full addresses, for use outside the archive: in a citation, a QR code or a search engine."""

import segno
from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe


def absolute_url(request: HttpRequest, address: str) -> str:
    """The address on the host where readers find the archive, whichever host answered this request."""
    return f"{settings.SITE_URL}{address}" if settings.SITE_URL else request.build_absolute_uri(address)


def qr_code(address: str) -> SafeString:
    """An SVG for the page, dark on light in dark mode too, or phones could not read it."""
    svg = segno.make(address, error="m", micro=False).svg_inline(light="#fff", omitsize=True, svgclass="qr", border=3)
    return mark_safe(svg)  # noqa: S308 - segno draws; the address is only in the pattern of its squares
