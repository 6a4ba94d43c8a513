from functools import update_wrapper

from django.contrib import admin, messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.csrf import csrf_failure

from innovation_archive.admin.sign_in import SignInForm
from workshops.admin.base import form_recovery


class ArchiveAdminSite(admin.AdminSite):
    """Django's admin, as the desk of facilitators, editors, analysts and administrators.

    Whoever has an account may sign in. What they find is for their roles to say, model by model and row by row.
    """

    site_header = site_title = "Workshop learning archive"
    index_title = "The desk"
    login_form = SignInForm
    # A page's way on is in its head and on the desk's home; a second list of everything beside it is in the way.
    enable_nav_sidebar = False
    empty_value_display = "not recorded"

    MAIN_LISTS = ["Workshop", "Story", "Practice", "Insight", "User"]
    """What people come for most, in this order. The home of the desk leads to all the rest."""

    def __init__(self, name="admin"):
        super().__init__(name)
        # Things are deleted one at a time, on a page that says what goes with them.
        self.disable_action("delete_selected")

    def has_permission(self, request):
        return request.user.is_active

    def admin_view(self, view, cacheable=False):
        """Every page of the desk, and what it does with a form whose session has ended."""
        inner = super().admin_view(view, cacheable)

        def page(request, *args, **kwargs):
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
        """The page to sign in, in place of the one that was sent, which it holds until somebody has."""
        request.method = "GET"
        login = reverse("admin:login")
        return self.login(
            request,
            {"app_path": login, REDIRECT_FIELD_NAME: request.get_full_path(), form_recovery.RECOVERY_FIELD: typed},
        )

    def login(self, request, extra_context=None):
        response = super().login(request, {"title": "Sign in"} | (extra_context or {}))
        if request.method == "POST" and request.user.is_authenticated and form_recovery.restore_after_login(request):
            messages.warning(
                request, "Somebody else was writing on that page before you signed in. What they typed is not shown."
            )
        return response

    def logout(self, request, extra_context=None):
        return super().logout(request, {"title": "You are signed out"} | (extra_context or {}))

    def get_urls(self):
        """Without Django's redirect from any row to its page: it asks nobody, and so tells that the row exists."""
        return [url for url in super().get_urls() if getattr(url, "name", None) != "view_on_site"]

    def each_context(self, request):
        context = super().each_context(request)
        lists = {model["object_name"]: model for app in context["available_apps"] for model in app["models"]}
        return context | {"main_lists": [lists[name] for name in self.MAIN_LISTS if name in lists]}

    def index(self, request, extra_context=None):
        """Everyone's way to their work; a friendly word to those who come to read."""
        from innovation_archive.admin import home  # which needs the models' pages, and they this desk
        from innovation_archive.models import Import

        Import.objects.forget_old_files()
        if not self.get_app_list(request):
            return render(request, "admin/reader.html")
        parts = [(f"admin/home/{name}.html", part) for name, part in home.parts_for(request.user).items()]
        return super().index(request, {"parts": parts} | (extra_context or {}))


def stale_form(request, reason=""):
    """A form that was opened before its person signed in again elsewhere: it comes back with what they typed.

    Other sites cannot use this: neither of the two cookies comes along when a form is sent from there.
    """
    if request.path.startswith(reverse("admin:index")) and form_recovery.owner_of(request) == str(request.user.pk):
        request.session[form_recovery.SESSION_KEY] = form_recovery.posted_fields(request)
        return redirect(request.get_full_path())
    return csrf_failure(request, reason)
