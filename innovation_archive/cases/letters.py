"""What is written by mail about cases: to the person who asked, and to those who have to answer."""

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from innovation_archive.models import Case, Controller
from workshops.mail.queue import queue_mail


def acknowledge_by_mail(case: Case) -> None:
    """Tell the person that their case was received. It quotes none of their words: the address may be another's."""
    context = {"case": case, "controller": Controller.objects.current()}
    body = render_to_string("innovation_archive/cases/acknowledgement.txt", context)
    subject = _("We have received what you wrote: %(ref)s") % {"ref": case.reference}
    queue_mail(case.email, subject, body, "case", is_confidential=True)
