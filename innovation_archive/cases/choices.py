"""The fixed words of the register of cases."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class CaseKind(models.TextChoices):
    """What somebody asks for. A complaint is about how the archive handles personal data."""

    COMPLAINT = "complaint", _("Complain about how information about me is handled")
    ACCESS = "access", _("Get a copy of what is held about me")
    CORRECTION = "correction", _("Have something about me corrected")
    ERASURE = "erasure", _("Have something about me removed")
    OBJECTION = "objection", _("Object to something about me being used")

    @property
    def noun(self) -> str | Promise:
        """What the desk calls such a case."""
        return {
            CaseKind.COMPLAINT: _("Complaint"),
            CaseKind.ACCESS: _("Request for access"),
            CaseKind.CORRECTION: _("Request for correction"),
            CaseKind.ERASURE: _("Request for removal"),
            CaseKind.OBJECTION: _("Objection"),
        }[self]


ASKED_ABOUT_SOMETHING = (CaseKind.OBJECTION, CaseKind.CORRECTION, CaseKind.ERASURE)
"""What may be asked by whoever finds themselves in a story, insight or article."""


class CaseWay(models.TextChoices):
    """By which way a case came in."""

    PAGE = "page", _("The page of complaints and requests")
    MAIL = "mail", _("E-mail")
    POST = "post", _("Post")
    TELEPHONE = "telephone", _("Telephone")
    SPOKEN = "spoken", _("Spoken to somebody")
    SLIP = "slip", _("The page of a slip")


class CaseSubject(models.TextChoices):
    """What kind of page a case is about."""

    STORY = "story", _("Story")
    INSIGHT = "insight", _("Insight")
    ARTICLE = "article", _("Article")


class CaseOutcome(models.TextChoices):
    """How a case ended."""

    GRANTED = "granted", _("Done as was asked")
    PARTLY = "partly", _("Done in part")
    REFUSED = "refused", _("Not done, for reasons that were given")
    WITHDRAWN = "withdrawn", _("Taken back by the person")


class CaseEventKind(models.TextChoices):
    """What happened in a case."""

    OPENED = "opened", _("Opened")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    NOTE = "note", _("Note")
    EXTENDED = "extended", _("Extended")
    HIDDEN = "hidden", _("Hidden from readers")
    SHOWN = "shown", _("Shown again")
    CLOSED = "closed", _("Closed")
    REMINDED = "reminded", _("Reminder sent")
