"""The page of an error that is ours."""

from django.conf import settings
from django.http import HttpResponseServerError

from innovation_archive.operation.request_log import request_id

# Read at the start, and not rendered: whatever is broken, be it the database, a template tag or the list of static
# files, this page is not.
PAGE = (settings.BASE_DIR / "templates" / "500.html").read_text(encoding="utf-8")


def server_error(request):
    """The page, with the id under which the log tells what happened."""
    response = HttpResponseServerError(PAGE.replace("REQUEST-ID", request_id.get() or "none"))
    response["Cache-Control"] = "no-store"
    return response
