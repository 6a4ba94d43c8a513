"""The page for errors: of the application with status 500, of its database or disk with 503 or 507."""

import sys

from django.conf import settings
from django.http import HttpResponseServerError

from innovation_archive.operation.outages import outage_behind, outage_page
from innovation_archive.operation.request_log import request_id

# Read when the application starts, and not rendered as a template: it must work whatever is broken, be it the database,
# a template tag or the manifest of static files.
PAGE = (settings.BASE_DIR / "templates" / "500.html").read_text(encoding="utf-8")


def server_error(request):
    """Where the database or the disk is at fault, a page that says so; else one with the id by which to find the error."""
    if outage := outage_behind(sys.exc_info()[1]):
        return outage_page(request, outage)
    response = HttpResponseServerError(PAGE.replace("REQUEST-ID", request_id.get() or "none"))
    response["Cache-Control"] = "no-store"
    return response
