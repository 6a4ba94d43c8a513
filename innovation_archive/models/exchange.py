"""Imports at the desk with what an undo needs, and the record of downloads of team-level data."""

import datetime

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from innovation_archive.models.controller import Controller
from workshops.fields import LastDayField, LineField
from workshops.models import Programme, Workshop
from workshops.roles import (
    ADMINISTRATOR,
    EVERYTHING,
    Reach,
    edited_by,
    is_editor,
    is_editor_somewhere,
    read_by,
    roles_of,
)

# How long a file of team-level data may be used.
DOWNLOAD_LIFETIME = datetime.timedelta(days=180)
RUNS_KEPT = datetime.timedelta(days=90)
"""How long it is known what each run of housekeeping did."""


def upload_lifetime():
    """How long an uploaded file waits for somebody to confirm it, as the controller set it."""
    return datetime.timedelta(days=Controller.objects.current().keep_uploads)


class LineOutcome(models.TextChoices):
    """What an import does with one line of its file."""

    ADDED = "added", _("Added")
    CHANGED = "changed", _("Changed")
    UNCHANGED = "unchanged", _("Unchanged")
    KEPT = "kept", _("Kept withdrawn")
    REFUSED = "refused", _("Refused")


class ImportState(models.TextChoices):
    """How far an import has come. A cancelled one leaves nothing."""

    WAITING = "waiting", _("Not imported yet")
    IMPORTED = "imported", _("Imported")
    UNDONE = "undone", _("Undone")


def is_old_file():
    return Q(uploaded_at__lt=timezone.now() - upload_lifetime())


class ImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Imports into workshops that the user facilitates; for editors also their own, and for those of the whole archive
        the ones into no workshop.

        A file that still waits is visible only to the user who uploaded it, and only for a day: it may hold anything.
        """
        if not user.is_authenticated:
            return self.none()
        seen = Q(workshop__in=Workshop.objects.facilitated_by(user).values("pk"))
        if is_editor_somewhere(user):
            seen |= Q(user=user)
        if is_editor(user):
            seen |= Q(workshop=None)
        return self.filter(seen).exclude(Q(state=ImportState.WAITING) & (~Q(user=user) | is_old_file()))


class Import(models.Model):
    """One file that was imported at the desk, or waits to be.

    The file itself is kept only until it is confirmed or cancelled. It is kept here and not in a folder, where a
    killed worker would leave it behind.

    A long file is imported and undone in parts. From its first part on it counts as imported, and `stands_up_to` says how
    far, until the last part is done.
    """

    kind = models.CharField(_("kind"), max_length=40)
    workshop = models.ForeignKey(
        Workshop, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("workshop")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("user")
    )
    file_name = models.CharField(_("file name"), max_length=255)
    encoding = models.CharField(_("encoding"), max_length=20, blank=True)
    content = models.BinaryField(_("content"), null=True)
    state = models.CharField(_("state"), max_length=20, choices=ImportState, default=ImportState.WAITING)
    uploaded_at = models.DateTimeField(_("uploaded at"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    added = models.PositiveIntegerField(_("added"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    kept = models.PositiveIntegerField(_("kept withdrawn"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    digest = models.CharField(_("digest"), max_length=64, help_text=_("Of the outcome that was previewed."))
    notices = models.JSONField(_("notices"), default=list)
    made_tags = models.JSONField(_("made tags"), default=list)
    stands_up_to = models.PositiveIntegerField(
        _("stands up to"),
        null=True,
        blank=True,
        help_text=_("The last line that is imported, while those after it are not imported yet or are undone already."),
    )

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ImportState.values), name="import_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=ImportState.WAITING) | Q(content__isnull=True),
                name="import_keeps_no_file_once_decided",
            ),
        ]

    def __str__(self):
        return self.file_name

    @property
    def is_waiting(self):
        return self.state == ImportState.WAITING

    @property
    def may_be_confirmed(self):
        return self.is_waiting and not self.refused and self.writes > 0

    @property
    def writes(self):
        """The number of rows that it writes."""
        return self.added + self.changed


class ImportLine(models.Model):
    """What one line of a waiting file would do, for its preview. Deleted once the file is confirmed or cancelled."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="lines", verbose_name=_("of"))
    line = models.PositiveIntegerField(_("line"))
    key = models.CharField(_("key"), max_length=250, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=LineOutcome)
    changes = models.JSONField(_("changes"), default=list, help_text=_("[column, text before, text after]"))
    reasons = models.JSONField(_("reasons"), default=list, help_text=_("Why it is refused, a sentence each."))
    passages = models.JSONField(
        _("passages"), default=list, help_text=_("Which nobody has judged: [token, passage, mark, sentence]")
    )

    class Meta:
        verbose_name = _("import line")
        verbose_name_plural = _("import lines")
        ordering = ["line"]
        constraints = [
            models.UniqueConstraint(fields=["of", "line"], name="import_has_a_line_once"),
            models.CheckConstraint(condition=Q(outcome__in=LineOutcome.values), name="import_line_outcome_is_known"),
        ]

    def __str__(self):
        return gettext("line %(line)s: %(outcome)s") % {"line": self.line, "outcome": self.outcome}


class ImportedRow(models.Model):
    """One row that an import wrote, with what an undo needs: its former state, and a fingerprint of its new one.

    Withdrawing a story deletes its `before`.
    """

    of = models.ForeignKey(Import, models.CASCADE, related_name="written", verbose_name=_("of"))
    line = models.PositiveIntegerField(_("line"))
    row = models.PositiveBigIntegerField(_("row"), help_text=_("Its primary key."))
    before = models.JSONField(
        _("before"), null=True, help_text=_("The fields and links that it changed; nothing if it added the row.")
    )
    left_as = models.CharField(
        _("left as"), max_length=64, help_text=_("SHA-256 of all its fields and links once it was written.")
    )

    class Meta:
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        ordering = ["line"]
        constraints = [models.UniqueConstraint(fields=["of", "row"], name="import_writes_a_row_once")]

    def __str__(self):
        return gettext("line %(line)s") % {"line": self.line}


def expiry():
    return timezone.localdate() + DOWNLOAD_LIFETIME


class DownloadQuerySet(models.QuerySet):
    @transaction.atomic
    def record(self, user, file, purpose):
        """Record that somebody takes a file, which will hold the programmes of which they read team-level data."""
        reach = read_by(user)
        download = self.create(user=user, file=file, purpose=purpose, of_all_programmes=reach.is_everything)
        download.programmes.set([] if reach.is_everything else reach.keys)
        return download

    def visible_to(self, user):
        """All downloads for editors and administrators, who are responsible for the data; for others their own.

        Who edits some programmes sees the downloads that held any of them.
        """
        if not user.is_authenticated:
            return self.none()
        if is_editor(user) or ADMINISTRATOR in roles_of(user):
            return self
        seen = Q(user=user)
        if edited := edited_by(user):
            of_theirs = Download.programmes.through.objects.filter(edited.rows("programme"))
            seen |= Q(of_all_programmes=True) | Q(pk__in=of_theirs.values("download"))
        return self.filter(seen)


class Download(models.Model):
    """One file of team-level data that somebody downloaded: who, what, what for, and until when they may use it."""

    # An account with downloads can be closed but not deleted, so that this record stays complete.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("user"))
    file = models.CharField(_("file"), max_length=100)
    purpose = LineField(_("purpose"), max_length=200)
    downloaded_at = models.DateTimeField(_("downloaded at"), default=timezone.now)
    expires_on = LastDayField(_("expires on"), default=expiry)
    of_all_programmes = models.BooleanField(_("of all programmes"), default=False)
    programmes = models.ManyToManyField(
        Programme, blank=True, related_name="+", verbose_name=_("programmes"), help_text=_("Those that the file holds.")
    )

    objects = DownloadQuerySet.as_manager()

    class Meta:
        verbose_name = _("download")
        verbose_name_plural = _("downloads")
        ordering = ["-downloaded_at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(purpose=""), name="download_has_a_purpose")]

    def __str__(self):
        return f"{self.file}, {self.downloaded_at:%Y-%m-%d}"

    @property
    def reach(self):
        """The programmes that the file holds."""
        if self.of_all_programmes:
            return EVERYTHING
        return Reach(frozenset(self.programmes.values_list("pk", flat=True)))

    @property
    def mark(self):
        """The part of its file's name that says what it is for. Like all names of files, it is not translated."""
        return f"-for-{slugify(self.purpose)[:40].strip('-') or 'a-purpose-on-record'}-until-{self.expires_on}"


class ActKind(models.TextChoices):
    """What an administrator does to an account."""

    MADE = "made", _("Account made")
    OPENED = "opened", _("Account opened")
    CLOSED = "closed", _("Account closed")
    RENAMED = "renamed", _("Account renamed")
    NEW_PASSWORD = "renewed", _("Password set")
    GIVEN = "given", _("Role given")
    TAKEN = "taken", _("Role taken")
    RIGHTS = "rights", _("Rights given or taken directly")
    ADDRESS = "address", _("E-mail address changed")
    LINK_SENT = "sent", _("Link for a password sent")
    LINK_SHOWN = "shown", _("Link for a password shown")
    HANDED = "handed", _("Workshops handed over")
    FACTOR_TAKEN = "factor", _("Second factor taken away")


ACT_SENTENCES = {
    ActKind.MADE: _("%(by)s made the account of %(about)s."),
    ActKind.OPENED: _("%(by)s opened the account of %(about)s."),
    ActKind.CLOSED: _("%(by)s closed the account of %(about)s."),
    ActKind.RENAMED: _("%(by)s changed the name of an account from “%(detail)s”; it is that of %(about)s."),
    ActKind.NEW_PASSWORD: _("%(by)s set the password of %(about)s."),
    ActKind.GIVEN: _("%(by)s gave %(about)s the role “%(detail)s” for %(programme)s."),
    ActKind.TAKEN: _("%(by)s took from %(about)s the role “%(detail)s” for %(programme)s."),
    ActKind.RIGHTS: _("%(by)s gave or took rights of %(about)s directly: %(detail)s."),
    ActKind.ADDRESS: _("%(by)s changed the e-mail address of %(about)s, to which links for a password are sent."),
    ActKind.LINK_SENT: _("%(by)s had a link sent to %(about)s by which they set their password."),
    ActKind.LINK_SHOWN: _("%(by)s was shown a link by which the password of %(about)s is set."),
    ActKind.HANDED: _("%(by)s handed the workshops of %(about)s over to %(detail)s."),
    ActKind.FACTOR_TAKEN: _("%(by)s took the second factor of %(about)s away."),
}
"""What the log says of each kind. `detail` is a role, a former name or a list of rights."""
ACT_SENTENCES_OF_ONESELF = {
    ActKind.RENAMED: _("%(by)s changed the name of their own account from “%(detail)s”."),
    ActKind.NEW_PASSWORD: _("%(by)s set their own password."),
    ActKind.GIVEN: _("%(by)s gave themselves the role “%(detail)s” for %(programme)s."),
    ActKind.TAKEN: _("%(by)s took from themselves the role “%(detail)s” for %(programme)s."),
    ActKind.RIGHTS: _("%(by)s gave or took rights of their own directly: %(detail)s."),
    ActKind.ADDRESS: _("%(by)s changed their own e-mail address, to which links for a password are sent."),
    ActKind.LINK_SENT: _("%(by)s had a link sent to themselves by which they set their password."),
    ActKind.LINK_SHOWN: _("%(by)s was shown a link by which their own password is set."),
}


class AdministrativeActQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Every editor sees what administrators do, and so do administrators."""
        return self if is_editor_somewhere(user) or ADMINISTRATOR in roles_of(user) else self.none()


class AdministrativeAct(models.Model):
    """What an administrator did at the desk to an account, its password or its roles. Nobody changes a line of it."""

    # Such accounts can be closed but not deleted, so that this record stays complete.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("done by"))
    about = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("account"))
    kind = models.CharField(_("what was done"), max_length=20, choices=ActKind)
    detail = models.TextField(_("detail"), blank=True, help_text=_("A role, a former name, or rights."))
    programme = models.CharField(
        _("programme"), max_length=200, blank=True, help_text=_("Its title then; empty for the whole archive.")
    )
    done_at = models.DateTimeField(_("done at"), default=timezone.now)

    objects = AdministrativeActQuerySet.as_manager()

    class Meta:
        verbose_name = _("act of an administrator")
        verbose_name_plural = _("acts of administrators")
        ordering = ["-done_at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(kind__in=ActKind.values), name="act_kind_is_known")]

    def __str__(self):
        """The act as a sentence."""
        kind = ActKind(self.kind)
        of_oneself = ACT_SENTENCES_OF_ONESELF if self.by_id == self.about_id else {}
        return str(of_oneself.get(kind, ACT_SENTENCES[kind])) % {
            "by": self.by,
            "about": self.about,
            "detail": self.detail,
            "programme": f"“{self.programme}”" if self.programme else gettext("the whole archive"),
        }


class HousekeepingRunQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if ADMINISTRATOR in roles_of(user) or user.is_superuser else self.none()

    def latest_ended(self):
        return self.filter(ended_at__isnull=False).order_by("ended_at").last()


class HousekeepingRun(models.Model):
    """One run of the command `housekeeping`. One that was killed is never said to have ended."""

    started_at = models.DateTimeField(_("started at"), default=timezone.now)
    seen_at = models.DateTimeField(_("seen at"), default=timezone.now, help_text=_("When it began its latest task."))
    ended_at = models.DateTimeField(_("ended at"), null=True)
    is_running = models.BooleanField(_("is running"), default=True)
    outcome = models.JSONField(
        _("outcome"), default=dict, help_text=_("Of each task how many things it did, or the type of its error.")
    )

    objects = HousekeepingRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("run of housekeeping")
        verbose_name_plural = _("runs of housekeeping")
        constraints = [
            models.UniqueConstraint(
                fields=["is_running"], condition=Q(is_running=True), name="one_run_of_housekeeping_at_once"
            ),
            models.CheckConstraint(
                condition=Q(is_running=False) | Q(ended_at=None), name="running_housekeeping_has_not_ended"
            ),
        ]

    def __str__(self):
        return f"{self.started_at:%Y-%m-%d %H:%M}"
