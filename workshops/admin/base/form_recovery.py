"""What was typed into a form outlives the session: signing in again brings the form back as it was.

A form that comes without a session is answered with the page to sign in, which carries what was typed, signed, in
a hidden field; nothing is stored. A cookie, signed as well, says whose page it was: only that person gets it back.
After signing in it waits in their session for the one page they are sent to, which shows it without saving.
"""

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import QueryDict

WRITER = "desk_writer"
"""The cookie that says for whom this browser last opened a page of the desk."""

FIELD = SESSION_KEY = "kept"
SALT = "workshops.admin.base.form_recovery"
LASTS = 24 * 60 * 60
LONGEST = 2_000_000

SIGNED_OUT = (
    "You were signed out while you were writing, and have signed in again. Here is what you typed. It is not saved yet."
)


def know_writer(request, response):
    """Let this browser's next form say whose it was, even if the session has ended by then."""
    writer = str(request.user.pk)
    if request.user.is_authenticated and whose(request) != writer:
        secure = settings.SESSION_COOKIE_SECURE
        response.set_signed_cookie(WRITER, writer, salt=SALT, httponly=True, samesite="Lax", secure=secure)


def whose(request):
    return request.get_signed_cookie(WRITER, default=None, salt=SALT)


def typed(request):
    """What this request's form brought, without passwords: its address and its fields."""
    fields = {
        name: values
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and "password" not in name
    }
    return {"path": request.get_full_path(), "fields": fields, "writer": whose(request)}


def keep(request):
    """A form that came without a session, as a signed text; empty if there is nothing or nobody to keep it for."""
    form = typed(request)
    if not form["writer"] or not form["fields"]:
        return ""
    text = signing.dumps(form, salt=SALT, compress=True)
    return text if len(text) < LONGEST else ""


def hand_back(request):
    """Once somebody has signed in: lay ready what they typed before. Returns whether it was somebody else's."""
    try:
        form = signing.loads(request.POST.get(FIELD, ""), salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return False
    if form["writer"] != str(request.user.pk):
        return True
    request.session[SESSION_KEY] = form
    return False


def lay_out(request):
    """Put what waits for this person on the request, as `request.typed_before`, if this is the page it was typed on.

    It waits for one page only: whoever goes elsewhere has left it.
    """
    request.typed_before = None
    form = request.session.pop(SESSION_KEY, None) if SESSION_KEY in request.session else None
    if form and request.method == "GET" and form["path"] == request.get_full_path():
        request.typed_before = QueryDict(mutable=True)
        for name, values in form["fields"].items():
            request.typed_before.setlist(name, values)


class BringsBackForms:
    """Shows a row's form as it was typed before signing in again. It counts as wrong once, so that nothing is saved."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if getattr(request, "typed_before", None) is not None:
            request.method, request.POST = "POST", request.typed_before
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        return form if getattr(request, "typed_before", None) is None else unsaved(form)


def unsaved(form):
    class Unsaved(form):
        def clean(self):
            cleaned = super().clean()
            self.add_error(None, ValidationError(SIGNED_OUT, code="signed_out"))
            return cleaned

    return Unsaved
