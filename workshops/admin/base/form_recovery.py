"""What was typed into a form outlives the session: signing in again brings the form back as it was.

A form that comes without a session is answered with the page to sign in, which carries what was typed, signed, in
a hidden field; nothing is stored. A cookie, signed as well, says whose page it was: only that person gets it back.
After signing in it waits in their session for the one page they are sent to, which shows it without saving.
"""

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import QueryDict

OWNER_COOKIE = "desk_writer"
"""The cookie that says for whom this browser last opened a page of the desk."""

RECOVERY_FIELD = SESSION_KEY = "kept"
RECOVERY_SALT = "workshops.admin.base.form_recovery"
RECOVERY_LIFETIME = 24 * 60 * 60
MAX_RECOVERY_SIZE = 2_000_000

SIGNED_OUT = (
    "You were signed out while you were writing, and have signed in again. Here is what you typed. It is not saved yet."
)


def set_owner_cookie(request, response):
    """Let this browser's next form say whose it was, even if the session has ended by then."""
    writer = str(request.user.pk)
    if request.user.is_authenticated and owner_of(request) != writer:
        secure = settings.SESSION_COOKIE_SECURE
        response.set_signed_cookie(
            OWNER_COOKIE, writer, salt=RECOVERY_SALT, httponly=True, samesite="Lax", secure=secure
        )


def owner_of(request):
    return request.get_signed_cookie(OWNER_COOKIE, default=None, salt=RECOVERY_SALT)


def posted_fields(request):
    """What this request's form brought, without passwords: its address and its fields."""
    fields = {
        name: values
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and "password" not in name
    }
    return {"path": request.get_full_path(), "fields": fields, "writer": owner_of(request)}


def serialize_post(request):
    """A form that came without a session, as a signed text; empty if there is nothing or nobody to keep it for."""
    form = posted_fields(request)
    if not form["writer"] or not form["fields"]:
        return ""
    text = signing.dumps(form, salt=RECOVERY_SALT, compress=True)
    return text if len(text) < MAX_RECOVERY_SIZE else ""


def restore_after_login(request):
    """Once somebody has signed in: lay ready what they typed before. Returns whether it was somebody else's."""
    try:
        form = signing.loads(request.POST.get(RECOVERY_FIELD, ""), salt=RECOVERY_SALT, max_age=RECOVERY_LIFETIME)
    except signing.BadSignature:
        return False
    if form["writer"] != str(request.user.pk):
        return True
    request.session[SESSION_KEY] = form
    return False


def attach_to_request(request):
    """Put what waits for this person on the request, as `request.typed_before`, if this is the page it was typed on.

    It waits for one page only: whoever goes elsewhere has left it.
    """
    request.typed_before = None
    form = request.session.pop(SESSION_KEY, None) if SESSION_KEY in request.session else None
    if form and request.method == "GET" and form["path"] == request.get_full_path():
        request.typed_before = QueryDict(mutable=True)
        for name, values in form["fields"].items():
            request.typed_before.setlist(name, values)


class FormRecoveryMixin:
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
