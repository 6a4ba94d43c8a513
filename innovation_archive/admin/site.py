"""The desk: Django's admin site, with our sign-in, and with forms that survive the end of a session."""

from functools import update_wrapper

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.csrf import csrf_failure

from innovation_archive.accounts.password_views import ForgottenPasswordPage, SetPasswordPage
from innovation_archive.accounts.second_factor import came_by_directory
from innovation_archive.accounts.session_views import SessionsPage
from innovation_archive.accounts.sessions import end_other_sessions, write_down
from innovation_archive.admin.sign_in import SignInForm
from workshops.admin.base import form_recovery
from workshops.admin.base.query_string import replace_nul


class ArchiveAdminSite(admin.AdminSite):
    """Django's admin, as the desk of facilitators, editors, analysts and administrators.

    Everyone with an account may sign in. Their roles decide what they see, model by model and row by row.
    """

    site_header = site_title = gettext_lazy("Workshop learning archive")
    index_title = gettext_lazy("The desk")
    login_form = SignInForm
    # The links in a page's head and on the desk's home are enough; a sidebar with a list of everything is in the way.
    enable_nav_sidebar = False
    empty_value_display = gettext_lazy("not recorded")

    MAIN_LISTS = ["Workshop", "Story", "Practice", "Insight", "User"]
    """The models whose lists people need most, in the order of their links. The desk's home links to all others."""

    def __init__(self, name="admin"):
        super().__init__(name)
        # Rows are deleted one at a time, on a page that says what is deleted with them.
        self.disable_action("delete_selected")

    def has_permission(self, request):
        return request.user.is_active

    def admin_view(self, view, cacheable=False):
        """Wrap each view of the desk so that a form sent after the end of a session is kept while its user signs in."""
        inner = super().admin_view(view, cacheable)

        def page(request, *args, **kwargs):
            replace_nul(request)
            if (
                request.method == "POST"
                and not request.user.is_authenticated
                and (typed := form_recovery.serialize_post(request))
            ):
                return self.ask_to_sign_in(request, typed)
            form_recovery.attach_to_request(request)
            response = inner(request, *args, **kwargs)
            form_recovery.set_owner_cookie(request, response)
            return response

        return update_wrapper(page, inner)

    def ask_to_sign_in(self, request, typed):
        """Answer a form that was sent without a session with the page to sign in, which holds what was `typed`."""
        request.method = "GET"
        login = reverse("admin:login")
        return self.login(
            request,
            {"app_path": login, REDIRECT_FIELD_NAME: request.get_full_path(), form_recovery.RECOVERY_FIELD: typed},
        )

    def login(self, request, extra_context=None):
        typed = form_recovery.kept_meanwhile(request)
        context = {"title": _("Sign in"), "directory": settings.OIDC_NAME, form_recovery.RECOVERY_FIELD: typed}
        response = super().login(request, context | (extra_context or {}))
        if request.method == "POST" and request.user.is_authenticated:
            form_recovery.restore_after_login(request)
        return response

    def password_change(self, request, extra_context=None):
        """Change one's own password. Whoever knew the old one is signed out."""
        response = super().password_change(request, extra_context)
        if request.method == "POST" and response.status_code == 302:
            write_down(request, request.user)  # the session has another key from now on
            end_other_sessions(request)
        return response

    def logout(self, request, extra_context=None):
        directory = settings.OIDC_NAME if came_by_directory(request) else ""
        context = {"title": _("You are signed out"), "directory": directory}
        return super().logout(request, context | (extra_context or {}))

    def get_urls(self):
        """Leave out Django's redirect from a row to its page: it checks no permission, so it tells which rows exist."""
        own = [url for url in super().get_urls() if getattr(url, "name", None) != "view_on_site"]
        return [
            path("sessions/", self.admin_view(SessionsPage.as_view()), name="sessions"),
            path("password/forgotten/", ForgottenPasswordPage.as_view(), name="password_forgotten"),
            path("password/<uid>/<token>/", SetPasswordPage.as_view(), name="set_password"),
            *own,
        ]

    def each_context(self, request):
        context = super().each_context(request)
        lists = {model["object_name"]: model for app in context["available_apps"] for model in app["models"]}
        main_lists = [lists[name] for name in self.MAIN_LISTS if name in lists]
        return context | {"main_lists": main_lists, "by_password": settings.PASSWORD_SIGN_IN}

    def index(self, request, extra_context=None):
        """The parts of each role; for an account that has no role here, a page that leads to the public archive."""
        from innovation_archive.admin import home  # it needs the models' pages, which need this site

        if not self.get_app_list(request):
            return render(request, "admin/reader.html")
        parts = [(f"admin/home/{name}.html", part) for name, part in home.parts_for(request.user).items()]
        return super().index(request, {"parts": parts} | (extra_context or {}))


def stale_form(request, reason=""):
    """Show a form again, with what was typed, if it was opened before its user signed in again in another tab.

    Other sites cannot make use of this: a form sent from there comes without both cookies.
    """
    if request.path.startswith(reverse("admin:index")) and form_recovery.owner_of(request) == str(request.user.pk):
        request.session[form_recovery.SESSION_KEY] = form_recovery.posted_fields(request)
        return redirect(request.get_full_path())
    return csrf_failure(request, reason)
