"""The page of one's own sessions."""

from django.contrib import admin, messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView

from innovation_archive.accounts.session_store import IDLE_LIMIT
from innovation_archive.accounts.sessions import end_other_sessions, end_sessions, own_sign_ins


class SessionsPage(TemplateView):
    """Where somebody is signed in, and since when. They end one of these, or all but this one."""

    template_name = "admin/accounts/sessions.html"

    def get_context_data(self, **kwargs):
        own = {"title": _("Where you are signed in"), "sign_ins": own_sign_ins(self.request)}
        hours = int(IDLE_LIMIT.total_seconds() // 3600)
        return admin.site.each_context(self.request) | super().get_context_data(hours=hours, **own, **kwargs)

    def post(self, request):
        chosen = request.POST.get("end", "")
        count = end_sessions(request.user, pk=chosen) if chosen.isdecimal() else end_other_sessions(request)
        says = ngettext("%(count)s session is ended.", "%(count)s sessions are ended.", count)
        messages.success(request, says % {"count": count})
        return redirect("admin:sessions")
