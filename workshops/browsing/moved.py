"""Pages whose key changed, or that went into another, answer from their old addresses for ever: with a 301.

Each app says in `AppConfig.ready` which of its pages are found by a key. Nothing is asked of the database for a page
that exists: only on the way to a 404, or where a filter names a value that is not there.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from workshops.browsing.filters import Filter
from workshops.models import MovedAddress

NOT_FOUND = 404
READING = {"GET", "HEAD"}


@dataclass(frozen=True)
class KeyedPages:
    """Pages in whose address a key of this model stands. `rows` are those to which a person may be led."""

    model: type[Model]
    rows: Callable[[User | AnonymousUser], QuerySet]


pages: dict[str, KeyedPages] = {}
"""By the name of the address."""


def register(model: type[Model], *names: str, rows: Callable[[User | AnonymousUser], QuerySet]) -> None:
    """Let the addresses of these names, in which a key of this model stands, answer from the keys it had before."""
    pages.update(dict.fromkeys(names, KeyedPages(model, rows)))


class MovedFilterError(Exception):
    """A filter names a value by an old key. `moved` is {filter: the key it has now}."""

    def __init__(self, moved: dict[str, str]) -> None:
        super().__init__(f"moved: {moved}")  # not translated: nobody reads it
        self.moved = moved


def follow_filter(form: Filter) -> Filter:
    """The form. Raises MovedFilterError, which becomes a redirect, if one of its values has another key by now."""
    if form.is_valid() and form.moved:
        raise MovedFilterError(form.moved)
    return form


class MovedAddresses:
    """The middleware that answers from old addresses."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == NOT_FOUND and request.method in READING and (path := new_path(request)):
            return redirect_for_ever(path, request.META["QUERY_STRING"])
        return response

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        if not isinstance(problem, MovedFilterError):
            return None
        asked = request.GET.copy()
        for name, key in problem.moved.items():
            asked[name] = key
        return redirect_for_ever(request.path, asked.urlencode())


def new_path(request: HttpRequest) -> str:
    """Where the page of this address is now; empty if it never was elsewhere, or is not for this person to know."""
    match = request.resolver_match
    keyed = pages.get(match.url_name or "") if match else None
    if not match or not keyed:
        return ""
    name = keyed.model.KEY
    row = MovedAddress.objects.find(keyed.rows(request.user), match.kwargs[name])
    return reverse(match.url_name, kwargs=match.kwargs | {name: getattr(row, name)}) if row else ""


def redirect_for_ever(path: str, query: str) -> HttpResponse:
    """A 301 that browsers ask for again: a new page may take the old address, and then wins."""
    response = HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)
    response["Cache-Control"] = "no-cache"
    return response
