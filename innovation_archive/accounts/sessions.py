"""The sessions of an account: written down when somebody signs in, listed for them alone, and ended."""

import time

from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from innovation_archive.accounts.session_store import SIGNED_IN_AT
from innovation_archive.models import SignIn

BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser/": "Samsung Internet",  # not translated: its name
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
"""What stands in the name that a browser gives itself. The first one found counts: each later one names itself too."""
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "Mac",  # not translated: its name
    "CrOS": "Chromebook",
    "Linux": "Linux",
}


def record_sign_in(sender: object, request: HttpRequest, user: User, **kwargs: object) -> None:
    """Write down that somebody signed in. Django calls it whichever way they did."""
    request.session[SIGNED_IN_AT] = int(time.time())
    if not request.session.session_key:
        request.session.create()
    write_down(request, user)


def write_down(request: HttpRequest, user: User) -> None:
    browser = browser_of(request.META.get("HTTP_USER_AGENT", ""))
    SignIn.objects.get_or_create(session_id=request.session.session_key, defaults={"account": user, "browser": browser})


def browser_of(names_itself: str) -> str:
    """Such as “Firefox on Windows”; empty for what is no browser that people have."""
    browser = next((name for mark, name in BROWSERS.items() if mark in names_itself), "")
    system = next((name for mark, name in SYSTEMS.items() if mark in names_itself), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system


def own_sign_ins(request: HttpRequest) -> list[SignIn]:
    """The sessions of whoever asks, newest first, each with `is_this_one`."""
    sign_ins = list(SignIn.objects.visible_to(request.user).running())
    for sign_in in sign_ins:
        sign_in.is_this_one = sign_in.session_id == request.session.session_key
    return sign_ins


def end_sessions(account: User, **which: object) -> int:
    """Sign an account out everywhere, or in the sign-ins with these values alone. Returns how many sessions ended."""
    return end_sign_ins(SignIn.objects.filter(account=account, **which))


def end_other_sessions(request: HttpRequest) -> int:
    """Sign whoever asks out everywhere but here."""
    return end_sign_ins(SignIn.objects.filter(account=request.user).exclude(session=request.session.session_key))


def end_sign_ins(sign_ins: QuerySet[SignIn]) -> int:
    """Delete the sessions of these sign-ins, which go with them. Returns how many sessions ended."""
    return Session.objects.filter(pk__in=sign_ins.values("session")).delete()[1].get("sessions.Session", 0)
