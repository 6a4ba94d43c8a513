"""What an address of the desk may hold, whichever page reads it."""

from django.http import HttpRequest, QueryDict


def replace_nul(request: HttpRequest) -> None:
    """Let NUL in an address count as a space: no text of the archive holds one, and PostgreSQL refuses to look for it."""
    query = request.META.get("QUERY_STRING", "")
    without = query.replace("%00", "+").replace("\0", "+")
    if without != query:
        request.GET = QueryDict(without, encoding=request.encoding)
