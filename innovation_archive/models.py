import datetime
from contextlib import suppress

from django.conf import settings
from django.db import DatabaseError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify

from workshops.fields import LastDayField, LineField
from workshops.models import Workshop
from workshops.roles import ADMINISTRATOR, is_editor, roles_of

# How long an uploaded file waits for somebody to confirm it.
UPLOAD_LIFETIME = datetime.timedelta(days=1)
# How long a file of team-level data may be used.
DOWNLOAD_MAY_BE_USED_FOR = datetime.timedelta(days=180)


class LineOutcome(models.TextChoices):
    """What an import does with one line of its file."""

    ADDED = "added", "Added"
    CHANGED = "changed", "Changed"
    UNCHANGED = "unchanged", "Unchanged"
    KEPT = "kept", "Kept withdrawn"
    REFUSED = "refused", "Refused"


class ImportState(models.TextChoices):
    """How far an import has come. A cancelled one leaves nothing."""

    WAITING = "waiting", "Not imported yet"
    IMPORTED = "imported", "Imported"
    UNDONE = "undone", "Undone"


class ImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those into workshops the person facilitates; to editors also their own, and those into no one workshop.

        A file that still waits is nobody's but its owner's: it may hold anything.
        """
        if not user.is_authenticated:
            return self.none()
        seen = Q(workshop__in=Workshop.objects.facilitated_by(user).values("pk"))
        if is_editor(user):
            seen |= Q(user=user) | Q(workshop=None)
        return self.filter(seen).exclude(Q(state=ImportState.WAITING) & ~Q(user=user))

    def forget_old_files(self):
        """Delete the files that nobody confirmed in time. The desk's home and the pages of imports call this.

        They show without it where the database takes no writes.
        """
        old = self.filter(state=ImportState.WAITING, uploaded_at__lt=timezone.now() - UPLOAD_LIFETIME)
        if old.exists():  # to delete nothing would still wait for the lock of SQLite
            with suppress(DatabaseError), transaction.atomic():
                old.delete()


class Import(models.Model):
    """One file that somebody brought, or is about to bring, into the archive from the desk.

    The file itself is kept from the preview to the decision and no longer; here and not in a folder, where a killed
    worker would leave it.
    """

    kind = models.CharField(max_length=40)
    workshop = models.ForeignKey(Workshop, models.CASCADE, null=True, blank=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    file_name = models.CharField(max_length=255)
    encoding = models.CharField(max_length=20, blank=True)
    content = models.BinaryField(null=True)
    state = models.CharField(max_length=20, choices=ImportState, default=ImportState.WAITING)
    uploaded_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField("kept withdrawn", default=0)
    refused = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, help_text="Of the outcome that was previewed.")
    notices = models.JSONField(default=list)
    made_tags = models.JSONField(default=list)

    objects = ImportQuerySet.as_manager()

    class Meta:
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
        """How many rows it writes."""
        return self.added + self.changed


class ImportLine(models.Model):
    """What one line of a waiting file would do, as its preview shows it. Gone once that is decided."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="lines")
    line = models.PositiveIntegerField()
    key = models.CharField(max_length=250, blank=True)
    outcome = models.CharField(max_length=20, choices=LineOutcome)
    changes = models.JSONField(default=list, help_text="[column, text before, text after]")
    reasons = models.JSONField(default=list, help_text="Why it is refused, a sentence each.")

    class Meta:
        ordering = ["line"]
        constraints = [
            models.UniqueConstraint(fields=["of", "line"], name="import_has_a_line_once"),
            models.CheckConstraint(condition=Q(outcome__in=LineOutcome.values), name="import_line_outcome_is_known"),
        ]

    def __str__(self):
        return f"line {self.line}: {self.outcome}"


class ImportedRow(models.Model):
    """One row that an import wrote, with what undoing needs: how it was before, and a mark of how it was left.

    A withdrawn story takes its `before` with it.
    """

    of = models.ForeignKey(Import, models.CASCADE, related_name="written")
    line = models.PositiveIntegerField()
    row = models.PositiveBigIntegerField(help_text="Its primary key.")
    before = models.JSONField(null=True, help_text="The fields and links that it changed; nothing if it added the row.")
    left_as = models.CharField(max_length=64, help_text="SHA-256 of all its fields and links once it was written.")

    class Meta:
        ordering = ["line"]
        constraints = [models.UniqueConstraint(fields=["of", "row"], name="import_writes_a_row_once")]

    def __str__(self):
        return f"line {self.line}"


def expiry():
    return timezone.localdate() + DOWNLOAD_MAY_BE_USED_FOR


class DownloadQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All of them to editors and administrators, who answer for the data; to others their own."""
        if is_editor(user) or ADMINISTRATOR in roles_of(user):
            return self
        return self.filter(user=user) if user.is_authenticated else self.none()


class Download(models.Model):
    """One file of team-level data that somebody took: who, what, what for, and until when they may use it."""

    # An account that took files is closed, not deleted: this is kept.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    file = models.CharField(max_length=100)
    purpose = LineField(max_length=200)
    downloaded_at = models.DateTimeField(default=timezone.now)
    expires_on = LastDayField(default=expiry)

    objects = DownloadQuerySet.as_manager()

    class Meta:
        ordering = ["-downloaded_at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(purpose=""), name="download_has_a_purpose")]

    def __str__(self):
        return f"{self.file}, {self.downloaded_at:%Y-%m-%d}"

    @property
    def mark(self):
        """What its file's name says of it."""
        return f"-for-{slugify(self.purpose)[:40].strip('-') or 'a-purpose-on-record'}-until-{self.expires_on}"
