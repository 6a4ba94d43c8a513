from django.contrib import admin
from django.contrib.auth.forms import AuthenticationForm
from django.shortcuts import render


class Desk(admin.AdminSite):
    """Django's admin, as the desk of facilitators, editors, analysts and administrators.

    Whoever has an account may sign in. What they find is for their roles to say, model by model and row by row.
    """

    site_header = site_title = "Workshop learning archive"
    index_title = "The desk"
    login_form = AuthenticationForm
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

    def get_urls(self):
        """Without Django's redirect from any row to its page: it asks nobody, and so tells that the row exists."""
        return [url for url in super().get_urls() if getattr(url, "name", None) != "view_on_site"]

    def each_context(self, request):
        context = super().each_context(request)
        lists = {model["object_name"]: model for app in context["available_apps"] for model in app["models"]}
        return context | {"main_lists": [lists[name] for name in self.MAIN_LISTS if name in lists]}

    def index(self, request, extra_context=None):
        """Everyone's way to their work; a friendly word to those who come to read."""
        from innovation_archive import desk_home  # which needs the models' pages, and they this desk

        if not self.get_app_list(request):
            return render(request, "reader.html")
        parts = [(f"admin/home/{name}.html", part) for name, part in desk_home.parts_for(request.user).items()]
        return super().index(request, {"parts": parts} | (extra_context or {}))
