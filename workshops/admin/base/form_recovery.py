"""What was typed into a form outlives the session: after signing in again, the form comes back as it was.

A form that is sent without a session is answered with the sign-in page, which carries what was typed in a signed
hidden field; nothing is stored. A cookie, also signed, says whose page it was: only that person gets it back.
After sign-in it waits in their session for the one page they are sent to, which shows it without saving.
"""

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

OWNER_COOKIE = "desk_writer"
"""The cookie that says who last opened a page of the desk in this browser."""
OWNER_LIFETIME = 90 * 24 * 60 * 60
"""It outlives sessions, so that whoever guesses at an account's password elsewhere cannot shut its owner out here."""

RECOVERY_FIELD = SESSION_KEY = "kept"
MEANWHILE_KEY = "kept_meanwhile"
RECOVERY_SALT = "workshops.admin.base.form_recovery"
RECOVERY_LIFETIME = 24 * 60 * 60
MAX_RECOVERY_SIZE = 2_000_000

SIGNED_OUT = gettext_lazy(
    "You were signed out while you were writing, and have signed in again. Here is what you typed. It is not saved yet."
)


def set_owner_cookie(request, response):
    """Let the next form of this browser say whose it was, even if the session has ended by then."""
    owner = str(request.user.pk)
    if request.user.is_authenticated and owner_of(request) != owner:
        secure = settings.SESSION_COOKIE_SECURE
        response.set_signed_cookie(
            OWNER_COOKIE,
            owner,
            salt=RECOVERY_SALT,
            max_age=OWNER_LIFETIME,
            httponly=True,
            samesite="Lax",
            secure=secure,
        )


def owner_of(request):
    return request.get_signed_cookie(OWNER_COOKIE, default=None, salt=RECOVERY_SALT)


def posted_fields(request):
    """What this request's form sent: its address, its fields without passwords, and whose it was."""
    fields = {
        name: values
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and "password" not in name
    }
    return {"path": request.get_full_path(), "fields": fields, "writer": owner_of(request)}


def serialize_post(request):
    """A form that came without a session, as a signed text; empty if nothing was typed or nobody is known to own it."""
    form = posted_fields(request)
    return sign_form(form) if form["writer"] and form["fields"] else ""


def sign_form(form):
    text = signing.dumps(form, salt=RECOVERY_SALT, compress=True)
    return text if len(text) < MAX_RECOVERY_SIZE else ""


def typed_before_login(request):
    """What the page to sign in carried of a form that was sent without a session, or None."""
    try:
        return signing.loads(request.POST.get(RECOVERY_FIELD, ""), salt=RECOVERY_SALT, max_age=RECOVERY_LIFETIME)
    except signing.BadSignature:
        return None


def keep_meanwhile(request):
    """Keep in the session what the page to sign in carried, while somebody signs in on another site."""
    request.session[MEANWHILE_KEY] = typed_before_login(request)


def kept_meanwhile(request):
    """It, signed for the page to sign in, if they come back to that and not signed in; empty if there is nothing."""
    form = request.session.get(MEANWHILE_KEY)
    return sign_form(form) if form else ""


def restore_after_login(request):
    """Keep what somebody typed before they signed in for their next page, or tell them that it was somebody else's."""
    meanwhile = request.session.pop(MEANWHILE_KEY, None)
    form = typed_before_login(request) or meanwhile
    if form and form["writer"] == str(request.user.pk):
        request.session[SESSION_KEY] = form
    elif form:
        messages.warning(
            request, _("Somebody else was writing on that page before you signed in. What they typed is not shown.")
        )


def attach_to_request(request):
    """Put what this person typed before they signed in on the request, as `request.typed_before`.

    Only on the page where it was typed, and only once: it is forgotten if they open another page first.
    """
    request.typed_before = None
    form = request.session.pop(SESSION_KEY, None) if SESSION_KEY in request.session else None
    if form and request.method == "GET" and form["path"] == request.get_full_path():
        request.typed_before = QueryDict(mutable=True)
        for name, values in form["fields"].items():
            request.typed_before.setlist(name, values)


class FormRecoveryMixin:
    """Shows a row's form as it was typed before signing in again. It is refused once, so that nothing is saved."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if getattr(request, "typed_before", None) is not None:
            request.method, request.POST = "POST", request.typed_before
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        return form if getattr(request, "typed_before", None) is None else refused_once(form)


def refused_once(form, says=SIGNED_OUT):
    """A form class that says why it comes back as it was typed, and so never saves."""

    class RefusedForm(form):
        def clean(self):
            cleaned = super().clean()
            self.add_error(None, ValidationError(says, code="not_saved"))
            return cleaned

    return RefusedForm
