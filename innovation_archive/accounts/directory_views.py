"""To the organisation's own directory and back: the session is Django's, and what it opens is decided where it always is."""

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import login
from django.contrib.auth.views import RedirectURLMixin, redirect_to_login
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import View

from innovation_archive.accounts.directory import (
    DirectoryError,
    account_of,
    ask_directory,
    directory_client,
    person_who_returns,
)
from innovation_archive.accounts.second_factor import DIRECTORY_SESSION_KEY
from workshops.addresses import absolute_url
from workshops.admin.base import form_recovery

NEXT_KEY = "next_after_directory"
"""Where in the session stands the page that somebody came for."""


@method_decorator(never_cache, name="dispatch")
class DirectoryView(View):
    """There is none where no directory is set. What goes wrong is said on the page to sign in."""

    def dispatch(self, request, *args, **kwargs):
        if not settings.OIDC_ISSUER:
            raise Http404
        try:
            return super().dispatch(request, *args, **kwargs)
        except DirectoryError as refused:
            messages.error(request, refused.says)
            return redirect_to_login(request.session.get(NEXT_KEY, reverse("admin:index")))


class ToDirectoryView(RedirectURLMixin, DirectoryView):
    """Leads to the directory: by a page, since the Content-Security-Policy lets no form lead to another host."""

    http_method_names = ["post"]
    next_page = "admin:index"

    def post(self, request):
        request.session[NEXT_KEY] = self.get_success_url()
        form_recovery.keep_meanwhile(request)
        back = absolute_url(request, reverse("directory_return"))
        address = ask_directory(directory_client().authorize_redirect, request, back).url
        about = {"title": _("Sign in"), "address": address, "directory": settings.OIDC_NAME}
        return render(request, "admin/accounts/to_directory.html", admin.site.each_context(request) | about)


class FromDirectoryView(DirectoryView):
    """Signs in who comes back. A reader's GET writes nothing here: one does that comes with a state of this session."""

    def get(self, request):
        account = account_of(person_who_returns(request))
        return sign_in_and_lead_on(request, account)


def sign_in_and_lead_on(request, account):
    came_for = request.session.pop(NEXT_KEY, "admin:index")
    login(request, account)
    request.session[DIRECTORY_SESSION_KEY] = True
    form_recovery.restore_after_login(request)
    return redirect(came_for)


class LeaveDirectoryView(DirectoryView):
    """Leads to where the directory ends its own session, which would let anybody in again on a shared computer."""

    def get(self, request):
        client = directory_client()
        if not client.server_metadata.get("end_session_endpoint"):
            raise DirectoryError(_("%(directory)s has no page to sign out. Close the browser to end it there."))
        back = absolute_url(request, reverse("admin:login"))
        address = client.create_logout_url(post_logout_redirect_uri=back, client_id=client.client_id)["url"]
        return HttpResponseRedirect(address)
