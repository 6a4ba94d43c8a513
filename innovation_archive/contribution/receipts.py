"""The receipt of an act: what was done, on which day, under which reference. It is kept by the person alone."""

import datetime
import json
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from innovation_archive.contribution.acts import Deed
from innovation_archive.contribution.visit import LIFETIME, SALT, set_private_cookie
from workshops.choices import Consent

COOKIE = "contribution_receipt"

SAYS: dict[str, list[str | Promise]] = {
    "lowered": [_("One story is shown to fewer people: %(level)s"), _("It is so from now on, for good.")],
    "unquoted": [_("An insight no longer quotes one of your stories, and neither do its older versions.")],
    "withdrawn": [
        ngettext_lazy(
            "%(count)s story was taken back, and its words deleted.",
            "%(count)s stories were taken back, and their words deleted.",
            "count",
        ),
        _("No page, search, count or file holds them any more."),
    ],
    "erased": [
        _("Everything you gave was erased: what you told, your votes, your slip, and who you are."),
        _("The code of your slip opens nothing any more."),
    ],
    "asked": [
        _("You asked that everything you gave be erased. It is hidden from now on, and will be erased in a day."),
        _("Until then you can call it back with your slip, on the page where you asked."),
    ],
    "called back": [_("You called the erasure back. Nothing was erased, and what was public is public again.")],
    "unsubscribed": [_("You get no more mails about uses of what you told, and the address is deleted.")],
    "corrected": [
        _("You wrote that a story does not say what you meant. An editor reads it and answers within a month."),
        _("The answer will be on your page: open it with your slip."),
    ],
}


class Receipt(NamedTuple):
    deed: Deed
    day: datetime.date

    @property
    def says(self) -> list[str]:
        """What was done, a sentence each."""
        named = {"count": self.deed.stories, "level": Consent(self.deed.level).label}
        return [str(sentence % named) for sentence in SAYS[self.deed.kind]]

    @property
    def was_last(self) -> bool:
        """Whether there is no page to go back to."""
        return self.deed.kind == "erased"


def hand_receipt(response: HttpResponse, deed: Deed) -> None:
    set_private_cookie(response, COOKIE, json.dumps([*deed, timezone.localdate().isoformat()]))


def receipt_of(request: HttpRequest) -> Receipt | None:
    """The receipt of what this browser did last, for half an hour."""
    value = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=LIFETIME)
    if not value:
        return None
    *deed, day = json.loads(value)
    return Receipt(Deed(*deed), datetime.date.fromisoformat(day))


def forget_receipt(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, path=reverse("contribution"), samesite="Strict")
