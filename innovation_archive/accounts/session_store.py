"""Sessions end when nobody used them for a working day.

When one was last used is known by a signed cookie, for reading a page must not write to the database. The cookie counts for
its own session alone, and one that is missing, changed or old proves nothing: then the time of signing in counts.
"""

import datetime
import time

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.middleware import SessionMiddleware
from django.core import signing

IDLE_LIMIT = datetime.timedelta(hours=8)
"""A working day."""
SEEN_COOKIE = "desk_seen"
SEEN_EVERY = datetime.timedelta(minutes=5)
"""The cookie is written anew no more often than this."""
SEEN_SALT = "innovation_archive.accounts.session_store"
SIGNED_IN_AT = "signed_in_at"
"""Under this name a session holds when its owner signed in, in seconds since 1970."""


class SessionStore(db.SessionStore):
    """Django's sessions, of which one that was idle too long is empty."""

    seen_at = None

    def load(self):
        data = super().load()
        if SESSION_KEY in data and self.is_idle(data):
            self._session_key = None
            return {}
        return data

    def is_idle(self, data):
        last_used = max(data.get(SIGNED_IN_AT, 0), self.seen_at or 0)
        return time.time() - last_used > IDLE_LIMIT.total_seconds()


class IdleSessionMiddleware(SessionMiddleware):
    """Django's middleware, which also says in a cookie when somebody who is signed in was last here."""

    def process_request(self, request):
        super().process_request(request)
        request.session.seen_at = seen_at(request, request.session.session_key)

    def process_response(self, request, response):
        response = super().process_response(request, response)
        session = request.session
        if session.accessed and SESSION_KEY in session:
            last = seen_at(request, session.session_key)
            if last is None or time.time() - last > SEEN_EVERY.total_seconds():
                set_seen_cookie(response, session.session_key)
        return response


def seen_at(request, session_key):
    """When this browser last used the session, in seconds since 1970; None if its cookie does not tell."""
    try:
        return signing.loads(request.COOKIES.get(SEEN_COOKIE, ""), salt=salt_of(session_key), max_age=IDLE_LIMIT)
    except signing.BadSignature:
        return None


def set_seen_cookie(response, session_key):
    response.set_cookie(
        SEEN_COOKIE,
        signing.dumps(int(time.time()), salt=salt_of(session_key)),
        max_age=IDLE_LIMIT,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def salt_of(session_key):
    """With a key of its own for each session: the cookie of another, or of an earlier one, proves nothing."""
    return f"{SEEN_SALT} {session_key}"
