"""The page for errors of the application, status 500."""

from django.conf import settings
from django.http import HttpResponseServerError

from innovation_archive.operation.request_log import request_id

# Read when the application starts, and not rendered as a template: it must work whatever is broken, be it the database,
# a template tag or the manifest of static files.
PAGE = (settings.BASE_DIR / "templates" / "500.html").read_text(encoding="utf-8")


def server_error(request):
    """The page, with the id of the request, by which its error can be found in the log."""
    response = HttpResponseServerError(PAGE.replace("REQUEST-ID", request_id.get() or "none"))
    response["Cache-Control"] = "no-store"
    return response
