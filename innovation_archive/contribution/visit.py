"""A participant's visit to what they gave: opened by the code of their slip, for half an hour after each step.

A signed cookie that only these pages get holds it: whose slip, which code and word it was opened with, and never the
code itself. It ends when the person says so, or when a new slip or a new word takes the place of the old one.
"""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from workshops.contribution.words import is_settled
from workshops.models import Slip

COOKIE = "contribution"
SALT = "a visit to one's contribution"  # not translated: a salt
LIFETIME = datetime.timedelta(minutes=30)


@dataclass(frozen=True)
class Visit:
    """Who holds a slip, and whether they have typed its word too."""

    slip: Slip
    knows_word: bool = False

    @property
    def may_erase_at_once(self) -> bool:
        return self.knows_word and is_settled(self.slip)

    @property
    def cookie(self) -> str:
        word = mark_of_word(self.slip) if self.knows_word else ""
        return f"{self.slip.pk}|{self.slip.fingerprint}|{word}"


def mark_of_word(slip: Slip) -> str:
    """Changes when the word does."""
    return slip.word_chosen_at.isoformat() if slip.word_chosen_at else ""


def visit_of(request: HttpRequest) -> Visit | None:
    """The visit that this browser has open, if it has."""
    value = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=LIFETIME)
    if not value:
        return None
    key, fingerprint, word = value.split("|")
    slip = Slip.objects.select_related("participant").filter(pk=int(key), fingerprint=fingerprint).first()
    return Visit(slip, bool(word) and word == mark_of_word(slip)) if slip else None


def set_private_cookie(response: HttpResponse, name: str, value: str) -> None:
    """A signed cookie for these pages alone, which no script reads."""
    response.set_signed_cookie(
        name,
        value,
        salt=SALT,
        max_age=LIFETIME,
        path=reverse("contribution"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def keep_open(response: HttpResponse, visit: Visit) -> None:
    set_private_cookie(response, COOKIE, visit.cookie)


def end_visit(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, path=reverse("contribution"), samesite="Strict")
