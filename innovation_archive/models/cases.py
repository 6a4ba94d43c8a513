import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from innovation_archive.cases import clock
from innovation_archive.cases.choices import CaseEventKind, CaseKind, CaseOutcome, CaseSubject, CaseWay
from insights.models import Article, Insight
from workshops.choices import Status
from workshops.fields import CodeField, LineField, PlainTextField
from workshops.models import HiddenPassage, Programme, Story, Workshop
from workshops.models.forgotten import new_reference
from workshops.roles import ADMINISTRATOR, edited_by, is_editor, is_editor_somewhere, roles_of


def new_form_key():
    return uuid.uuid4().hex


def answers_cases(user):
    """Whether a person's role is to answer what people ask of the archive."""
    return is_editor_somewhere(user) or ADMINISTRATOR in roles_of(user)


class CaseQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All for administrators and editors of the whole archive; for other editors those of their programmes, and for
        facilitators those about stories of their own workshops."""
        if is_editor(user) or ADMINISTRATOR in roles_of(user):
            return self
        own = Workshop.objects.facilitated_by(user).values("pk")
        of_own = Q(story__in=Story.objects.filter(workshop__in=own).values("pk"))
        return self.filter(of_own | edited_by(user).rows("programme"))

    def open(self):
        return self.filter(closed_on=None)

    def needing_attention(self):
        """Open cases that are overdue, due soon, or still to be acknowledged; the first due first."""
        soon = timezone.localdate() + clock.SOON
        late_to_acknowledge = Q(acknowledged_on=None, received_on__lte=soon - clock.ACKNOWLEDGED_WITHIN)
        return self.open().filter(Q(due_on__lte=soon) | late_to_acknowledge).order_by("due_on", "pk")


class Case(models.Model):
    """What somebody asks of the archive about information on themselves, with the clock that it runs against.

    A complaint, a request, or “something here is about me”. What it is about is kept as words, `about_kind` and
    `about_ref`, beside the link, so that the case can be read when the story is gone.
    """

    reference = CodeField(_("reference"), max_length=8, unique=True, editable=False, default=new_reference)
    # What a form was handed out with: whoever sends it twice opens one case.
    form_key = CodeField(_("form key"), max_length=32, unique=True, editable=False, default=new_form_key)
    kind = models.CharField(_("what is asked"), max_length=20, choices=CaseKind)
    way = models.CharField(_("how it came in"), max_length=20, choices=CaseWay)
    received_on = models.DateField(_("received on"), default=timezone.localdate)
    about_kind = models.CharField(_("about"), max_length=20, choices=CaseSubject, blank=True)
    about_ref = LineField(_("ref or key of it"), max_length=100, blank=True, help_text=_("As its address ends."))
    story = models.ForeignKey(
        Story, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("story")
    )
    insight = models.ForeignKey(
        Insight, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("insight")
    )
    article = models.ForeignKey(
        Article, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("article")
    )
    programme = models.ForeignKey(
        Programme, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("programme")
    )
    words = PlainTextField(_("what the person says"))
    passage = PlainTextField(
        _("the passage"), blank=True, help_text=_("Which words it is about, as they stand on the page.")
    )
    passages = models.ManyToManyField(
        HiddenPassage, related_name="cases", editable=False, verbose_name=_("passages hidden for it")
    )
    acknowledged_on = models.DateField(_("acknowledged on"), null=True, editable=False)
    due_on = models.DateField(_("due on"), editable=False)
    extended_because = PlainTextField(_("extended because"), blank=True, editable=False)
    outcome = models.CharField(_("outcome"), max_length=20, choices=CaseOutcome, blank=True, editable=False)
    answer = PlainTextField(_("answer"), blank=True, editable=False)
    closed_on = models.DateField(_("closed on"), null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("closed by"),
    )

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("complaint or request")
        verbose_name_plural = _("complaints and requests")
        ordering = [models.F("closed_on").desc(nulls_first=True), "due_on", "pk"]
        indexes = [models.Index(fields=["closed_on", "due_on"], name="case_by_clock")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=CaseKind.values), name="case_kind_is_known"),
            models.CheckConstraint(condition=Q(way__in=CaseWay.values), name="case_way_is_known"),
            models.CheckConstraint(condition=Q(about_kind__in=["", *CaseSubject.values]), name="case_subject_is_known"),
            models.CheckConstraint(condition=~Q(words=""), name="case_says_what_is_asked"),
            models.CheckConstraint(condition=Q(due_on__gt=models.F("received_on")), name="case_is_due_later"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, outcome="", answer="")
                | (Q(closed_on__isnull=False, outcome__in=CaseOutcome.values) & ~Q(answer="")),
                name="case_is_closed_with_an_outcome",
            ),
        ]

    def __str__(self):
        """Without anybody's words, which the desk's log would keep."""
        return gettext("%(kind)s %(reference)s") % {"kind": CaseKind(self.kind).noun, "reference": self.reference}

    @property
    def subject(self):
        """The story, insight or article that it is about, if there still is one."""
        return self.story or self.insight or self.article

    @property
    def has_words_to_hide(self):
        """Whether it is about something that has words still."""
        return self.subject is not None and getattr(self.subject, "status", "") != Status.WITHDRAWN

    @property
    def is_open(self):
        return self.closed_on is None

    @property
    def is_overdue(self):
        return self.is_open and self.due_on < timezone.localdate()

    @property
    def acknowledge_by(self):
        return self.received_on + clock.ACKNOWLEDGED_WITHIN

    @cached_property
    def email(self):
        """Where the person is answered, if they gave an e-mail address and it is still kept."""
        contact = CaseContact.objects.filter(case=self).first()
        return contact.email if contact else ""


class CasePartQuerySet(models.QuerySet):
    """Rows that belong to one case, and are read by those who read it."""

    def visible_to(self, user):
        return self.filter(case__in=Case.objects.visible_to(user).values("pk"))


class CaseContactQuerySet(models.QuerySet):
    def visible_to(self, user):
        """For those who answer cases; a facilitator reads what was asked and not by whom."""
        return self if answers_cases(user) else self.none()


class CaseContact(models.Model):
    """Who opened a case and where they are answered. Kept apart from it, and deleted with it when the period of cases ends."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="contact", verbose_name=_("case"))
    name = LineField(_("name"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    post = PlainTextField(_("postal address or telephone"), blank=True, max_length=500)

    objects = CaseContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("address of a case")
        verbose_name_plural = _("addresses of cases")

    def __str__(self):
        return gettext("Address of %(case)s") % {"case": self.case}


class CaseEvent(models.Model):
    """One thing that was done about a case, or one note on it."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="events", verbose_name=_("case"))
    kind = models.CharField(_("kind"), max_length=20, choices=CaseEventKind)
    note = PlainTextField(_("note"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = CasePartQuerySet.as_manager()

    class Meta:
        verbose_name = _("event of a case")
        verbose_name_plural = _("events of cases")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=CaseEventKind.values), name="case_event_is_known"),
        ]

    def __str__(self):
        return self.get_kind_display()


class CaseReminder(models.Model):
    """Records that somebody was written to about a case: once for what was pressing on a day it had to be answered."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="reminders", verbose_name=_("case"))
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("to"))
    due_on = models.DateField(_("due on"))
    was_overdue = models.BooleanField(_("was overdue"))
    sent_at = models.DateTimeField(_("sent at"), default=timezone.now)

    objects = CasePartQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder of a case")
        verbose_name_plural = _("reminders of cases")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "to", "due_on", "was_overdue"], name="case_reminded_once_a_due_date"
            )
        ]

    def __str__(self):
        return gettext("%(case)s, due %(day)s") % {"case": self.case_id, "day": self.due_on}
