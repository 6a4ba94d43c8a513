"""The queue of outgoing mail at the desk, for administrators: what waits and why, and what to do with what did not go out."""

from django.contrib import admin, messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from workshops.admin.base.model_admin import ArchiveModelAdmin, ReadOnlyMixin
from workshops.mail.queue import mail_is_on
from workshops.mail.sending import drop_mail, send_again
from workshops.models import OutgoingMail
from workshops.models.mail import TIME_TO_SEND, may_see_mail

ABOUT = {
    "confirmation": _("Confirming an address"),
    "use": _("News of a use"),
    "reminder": _("Reminder of a commitment"),
    "case": _("Complaint or request"),
    "cases": _("Complaints and requests that wait"),
    "removed": _("Stories taken back from a download"),
}
"""What the word of a mail says to whoever reads the queue."""


def state_of_mail(mail):
    """What became of a mail, in words."""
    if mail.sent_at:
        return gettext("sent at %(moment)s") % {"moment": day_and_clock(mail.sent_at)}
    if mail.failed_at:
        return gettext("not sent")
    if mail.taken_at:
        return state_of_taken(mail)
    if not mail_is_on():
        return gettext("waits: no mail server is named")
    if mail.failures:
        return gettext("waits until %(moment)s, then it is tried again") % {"moment": day_and_clock(mail.next_try_at)}
    return gettext("waits for the next run of housekeeping")


def state_of_taken(mail):
    says = gettext("taken at %(moment)s, not known whether it was sent")
    if timezone.now() - mail.taken_at < TIME_TO_SEND:
        says = gettext("taken at %(moment)s, being sent")
    return says % {"moment": day_and_clock(mail.taken_at)}


def day_and_clock(when):
    return date_format(timezone.localtime(when), "j F Y, H:i")


@admin.register(OutgoingMail)
class MailAdmin(ReadOnlyMixin, ArchiveModelAdmin):
    list_display = ["about_word", "queued_at", "state", "error"]
    change_form_template = "admin/workshops/outgoingmail/change_form.html"
    when_empty = _("No mail yet. Reminders, acknowledgements and the like are listed here.")

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_view_permission(self, request, obj=None):
        """An administrator's role alone opens it; in it stands who was written to."""
        return may_see_mail(request.user)

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/again/", view(require_POST(self.again_view)), name="workshops_outgoingmail_again"),
            path("<int:pk>/drop/", view(require_POST(self.drop_view)), name="workshops_outgoingmail_drop"),
            *super().get_urls(),
        ]

    def get_fields(self, request, obj=None):
        record = ["about_word", "queued_at", "state", "failures", "error"]
        words = ["to", "subject", "body"]
        return [*record, "kept_secret"] if obj is None or obj.is_confidential else [*record, *words]

    def get_readonly_fields(self, request, obj=None):
        return self.get_fields(request, obj)

    @admin.display(description=_("about"), ordering="about")
    def about_word(self, mail):
        return ABOUT.get(mail.about, mail.about) or gettext("a mail")

    @admin.display(description=_("state"))
    def state(self, mail):
        return state_of_mail(mail)

    @admin.display(description=_("last error"))
    def error(self, mail):
        return mail.last_error or gettext("none")

    @admin.display(description=_("address and words"))
    def kept_secret(self, mail):
        says = gettext("Not shown: whoever gets it gave their address for this alone.")
        if mail.about == "case":
            says += " " + gettext(
                "Who answers the complaint or request finds the address there, and can write from elsewhere."
            )
        return says

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        stuck = OutgoingMail.objects.stuck().filter(pk=obj.pk)
        context["may_send_again"] = stuck.exclude(to="").exists()
        context["may_drop"] = context["may_send_again"] or OutgoingMail.objects.waiting().filter(pk=obj.pk).exists()
        context["is_unknown"] = OutgoingMail.objects.unknown().filter(pk=obj.pk).exists()
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def again_view(self, request, pk):
        return self.decide(
            request, pk, send_again, gettext("It is in the queue again, for the next run of housekeeping.")
        )

    def drop_view(self, request, pk):
        return self.decide(request, pk, drop_mail, gettext("It is dropped, and its address and words are deleted."))

    def decide(self, request, pk, act, done):
        mail = get_object_or_404(OutgoingMail.objects.visible_to(request.user), pk=pk)
        if act(mail):
            self.log_change(request, mail, done)
            self.message_user(request, done, messages.SUCCESS)
        else:
            says = gettext("Nothing was changed: it was sent or dropped before, or is being sent just now.")
            self.message_user(request, says, messages.ERROR)
        return redirect("admin:workshops_outgoingmail_change", pk)
