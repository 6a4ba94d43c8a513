"""Importing at the desk: a file is previewed line by line, imported once, and can be undone for a while."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace

from django.contrib.auth.models import User
from django.db import DataError, IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from innovation_archive.datasets import KINDS
from innovation_archive.datasets.context_answers import CONTEXT
from innovation_archive.datasets.judged import LISTED
from innovation_archive.datasets.reports import Report
from innovation_archive.exchange import parts, undo
from innovation_archive.exchange.imports import import_table, is_long
from innovation_archive.exchange.reading import FileProblemError, Limits, Table, read_content
from innovation_archive.models import Import, ImportedRow, ImportLine, ImportState, LineOutcome
from workshops.choices import Status
from workshops.chunks import let_others_write
from workshops.judgements.judging import MAX_PASSAGES_NAMED
from workshops.models import Participant, Story, Workshop
from workshops.models.programmes import WorkshopQuerySet
from workshops.roles import FACILITATOR, edited_by, is_editor, is_editor_somewhere, roles_of

MAX_FILE_SIZE = 10_000_000
LIMITS = Limits(rows=5_000, letters=20_000)
SHARED_KINDS = {"programmes", "service_areas", "themes", "places"}
"""What belongs to no programme, or is one: who edits some programmes imports everything else."""
KINDS_OF_A_WORKSHOP = ["participants", "stories", "practices", "votes", "tallies"]
MAX_EXCERPT_LENGTH = 200
TOO_BIG = gettext_lazy(
    "A file may have 10 MB at most. Part it in several, or have it imported from the shell, which has no such limit."
)


def kinds_for(user: User) -> list[str]:
    """The KINDs that a user may import at the desk."""
    if is_editor(user):
        return list(KINDS)
    if is_editor_somewhere(user):
        return [kind for kind in KINDS if kind not in SHARED_KINDS]
    return KINDS_OF_A_WORKSHOP if FACILITATOR in roles_of(user) else []


def workshops_for(user: User) -> WorkshopQuerySet:
    """The workshops that a user may import into."""
    edited, own = edited_by(user), Workshop.objects.facilitated_by(user)
    if edited.is_everything:
        return Workshop.objects.all()
    return Workshop.objects.filter(Q(pk__in=own.values("pk")) | edited.rows("phase__programme"))


def preview(record: Import, user: User) -> Report:
    """A report of what a waiting file would do. Raises FileProblemError if it is refused as a whole."""
    return run(record, table_of(record), user, dry_run=True)


def table_of(record: Import) -> Table:
    return read_content(bytes(record.content or b""), record.file_name, record.encoding or None, LIMITS)


def run(
    record: Import, table: Table, user: User, dry_run: bool = False, may_stand: frozenset[str] = frozenset()
) -> Report:
    # Practices belong to no workshop: the one that was chosen is only where the import is listed.
    workshop = record.workshop.slug if record.workshop and record.kind != "practices" else None
    try:
        return import_table(
            record.kind, table, user=user, workshop=workshop, dry_run=dry_run, detailed=True, may_stand=may_stand
        )
    except (IntegrityError, DataError) as problem:
        # Every line was found right. So either validation lacks a rule, or somebody has just written the same row.
        sentence = _(
            "%(file)s: the database refuses one of the rows. Perhaps somebody entered it a moment ago; upload the file "
            "again, and tell your administrator if it is refused again."
        )
        raise FileProblemError(sentence % {"file": record.file_name}) from problem


def keep_outcome(record: Import, report: Report) -> None:
    """Save a report with its record, for the preview."""
    count_outcomes(record, report)
    record.digest = report_digest(report)
    record.notices = report.notices
    lines = [
        ImportLine(
            line=row.line,
            key=row.key[:250],
            outcome=row.outcome,
            changes=[[column, *excerpts(before, after)] for column, before, after in row.changes],
            reasons=row.reasons,
            passages=row.passages,
        )
        for row in report.rows
    ]
    with transaction.atomic():
        record.save()
        record.lines.all().delete()
        for line in lines:
            line.of = record
        ImportLine.objects.bulk_create(lines, batch_size=500)


def count_outcomes(record: Import, report: Report) -> None:
    outcomes = [row.outcome for row in report.rows]
    for outcome in LineOutcome:
        setattr(record, outcome.value, outcomes.count(outcome))


def report_digest(report: Report) -> str:
    """SHA-256 of all that an import does. It shows whether the import still does what its preview said."""
    rows = [[row.line, row.key, row.outcome, row.changes, row.reasons] for row in report.rows]
    passages = [row.passages for row in report.rows]
    return hashlib.sha256(json.dumps([rows, passages, report.notices]).encode()).hexdigest()


def excerpts(before: str, after: str) -> list[str]:
    """Both texts, from a little before the place where they begin to differ."""
    alike = next((place for place, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), 0)
    start = max(alike - 40, 0)
    return [excerpt(before, start), excerpt(after, start)]


def excerpt(text: str, start: int) -> str:
    end = start + MAX_EXCERPT_LENGTH
    return f"{'…' if start and text else ''}{text[start:end]}{'…' if len(text) > end else ''}"


def unjudged_passages(record: Import) -> dict[str, list[str]]:
    """What nobody has judged in a waiting file, each once by its token: [token, passage, mark, sentence] of a passage, and
    of a story whose context is asked about [token, line and title, "context", sentence]."""
    lists = record.lines.exclude(passages=[]).values_list("passages", flat=True)
    return {passage[0]: passage for passages in lists for passage in passages}


def refuse_unticked(record: Import, may_stand: frozenset[str]) -> None:
    """Raises FileProblemError unless each passage and each context that the preview showed is ticked."""
    left = [each for token, each in unjudged_passages(record).items() if token not in may_stand]
    passages, stories = ([each[1] for each in left if (each[2] == CONTEXT) is asks] for asks in (False, True))
    if passages:
        sentence = _(
            "Nothing was imported. Say of each passage below that it may stand, or mend it in the file: %(passages)s."
        )
        raise FileProblemError(sentence % {"passages": in_marks(passages)})
    if stories:
        sentence = _(
            "Nothing was imported. Say of each story below that nobody could tell who it was, or answer in the column "
            "could_tell of the file: %(stories)s."
        )
        raise FileProblemError(sentence % {"stories": in_marks(stories)})


def in_marks(texts: list[str]) -> str:
    return ", ".join(f"“{text}”" for text in texts[:MAX_PASSAGES_NAMED])


def apply(record: Import, user: User, digest: str, may_stand: frozenset[str] = frozenset()) -> bool:
    """Import a waiting file as it was previewed, once. Returns whether it did.

    `may_stand` are the tokens of passages that may stand, and of stories of which nobody could tell whose they are; the
    preview showed them.

    It does nothing if the file has been imported already. If the import would no longer do what `digest` stands for,
    it only updates the preview. Raises FileProblemError.
    """
    if not record.is_waiting:
        return False
    refuse_unticked(record, may_stand)
    table = table_of(record)
    if is_long(record.kind, len(table)):
        return apply_in_parts(record, table, user, digest, may_stand)
    with transaction.atomic():
        current = Import.objects.select_for_update().filter(pk=record.pk, state=ImportState.WAITING).first()
        if current is None:
            return False
        with transaction.atomic():
            report = run(record, table, user, may_stand=may_stand)
            as_shown = report_digest(report) == digest and not report.problems
            if as_shown:
                finish(record, report)
            else:
                transaction.set_rollback(True)
        if not as_shown:
            keep_outcome(record, run(record, table, user, dry_run=True))
    return as_shown


def finish(record: Import, report: Report) -> None:
    """Say of a record what was imported of its file, with what an undo needs of the rows just written."""
    assert report.writing  # noqa: S101 - a detailed report has it
    undo.remember_rows(record, report.writing)
    record.lines.all().delete()
    record.state, record.content, record.decided_at = ImportState.IMPORTED, None, record.decided_at or timezone.now()
    record.made_tags = record.made_tags + report.writing.made_tags
    record.save()


class StoppedError(Exception):
    """A part of a file is not imported, because the archive or the record of the import has changed meanwhile."""


def apply_in_parts(record: Import, table: Table, user: User, digest: str, may_stand: frozenset[str]) -> bool:
    """Import a long file as it was previewed, each part in a transaction of its own; see `apply`.

    With the first part the record says that the file is imported, and until the last how far. So whatever cuts it short, an
    undo finds all that was written, and the file imported again goes on from there. Raises FileProblemError if a later part
    would not do any more what was previewed.
    """
    shown = preview_if_waiting(record, table, user)
    if shown is None or report_digest(shown) != digest or shown.problems:
        keep_new_preview(record, shown)
        return False
    expected, last_line = effects(shown), table.lines[-1]
    done: list[Report] = []

    def write(part: Table) -> Report:
        with transaction.atomic():
            refuse_changed_record(record)
            report = run(record, part, user, may_stand=may_stand)
            if effects(report) != {line: expected[line] for line in part.lines}:
                raise StoppedError
            stands = parts.join_reports([*done, report])
            count_outcomes(record, stands)
            record.notices = stands.notices
            record.stands_up_to = stands.last_line if stands.last_line < last_line else None
            finish(record, report)
        return report

    try:
        for report in parts.one_by_one(table, write):
            done.append(replace(report, writing=None))
    except StoppedError:
        refuse_rest(record, done)
        keep_new_preview(record, preview_if_waiting(record, table, user))
    return bool(done)


def effects(report: Report) -> dict[int, list[object]]:
    """What an import does with each line, without what the rows above it change: who has been said to be no person."""
    return {row.line: [row.reasons, [change for change in row.changes if change[0] != LISTED]] for row in report.rows}


def refuse_changed_record(record: Import) -> None:
    """Lock the record of an import. Raises StoppedError if it does not say any more what `record` does."""
    now = Import.objects.select_for_update().filter(pk=record.pk).values_list("state", "stands_up_to").first()
    if now != (record.state, record.stands_up_to):
        raise StoppedError


def refuse_rest(record: Import, done: list[Report]) -> None:
    """Raises FileProblemError if a part of a file was imported and the next could not be."""
    if not done:
        return
    if Import.objects.filter(pk=record.pk, state=record.state, stands_up_to=record.stands_up_to).exists():
        stands = parts.join_reports(done)
        raise FileProblemError(replace(stands, imported_up_to=stands.last_line).what_stands(record.file_name))
    sentence = _("%(file)s: somebody has begun to undo it, so the rest of it was not imported.")
    raise FileProblemError(sentence % {"file": record.file_name})


def preview_if_waiting(record: Import, table: Table, user: User) -> Report | None:
    """What a file would do now; None if it is being imported meanwhile, which writes the rows that the dry run writes."""
    waiting = Import.objects.filter(pk=record.pk, state=ImportState.WAITING)
    try:
        return run(record, table, user, dry_run=True) if waiting.exists() else None
    except FileProblemError:
        if waiting.exists():
            raise
        return None


@transaction.atomic
def keep_new_preview(record: Import, report: Report | None) -> None:
    """Save what a file would do now, unless it has been imported or cancelled meanwhile."""
    waiting = Import.objects.select_for_update().filter(pk=record.pk, state=ImportState.WAITING)
    if report and waiting.exists():
        keep_outcome(record, report)


@transaction.atomic
def cancel(record: Import) -> bool:
    """Forget a waiting file. Returns whether it still waited."""
    waiting = Import.objects.select_for_update().filter(pk=record.pk, state=ImportState.WAITING).first()
    if waiting:
        waiting.delete()
    return waiting is not None


def undo_import(record: Import, user: User) -> bool:
    """Undo an import, once. Returns whether it was undone now. Raises undo.UndoError.

    A long one is checked whole, and then taken back in parts, the last lines first. Whatever cuts that short leaves whole
    parts, of which the record says how far they reach; undoing it again goes on from there.
    """
    undo.refuse_in_parts(record, user)
    while (left := undo_part(record, user)) is not None:
        if not left:
            return True
        let_others_write()
    return False


@transaction.atomic
def undo_part(record: Import, user: User) -> bool | None:
    """Undo the last part of an import, and say whether others are left; None if it is not imported any more."""
    current = Import.objects.select_for_update().get(pk=record.pk)
    if current.state != ImportState.IMPORTED:
        return None
    rows = undo.last_part(current)
    undo.undo(current, rows, user)
    current.written.filter(pk__in=[row.pk for row in rows]).delete()
    left = current.written.last()
    current.stands_up_to = left.line if left else None
    if left is None:
        undo.delete_made_tags(current)
        current.state = ImportState.UNDONE
    current.save()
    return left is not None


def forget_words_of(story_ids: Iterable[int]) -> None:
    """Delete what imports keep of withdrawn stories, for an undo or a preview. A listener of workshops.changes.

    A file that still waits may hold their words under any name: those for their workshops, and those for none, go whole.
    Whoever uploaded one is shown that it is not there any more and brings it again; it waited for a day at most.
    """
    gone = Story.objects.filter(pk__in=story_ids, status=Status.WITHDRAWN)
    ImportedRow.objects.filter(of__kind="stories", row__in=gone.values("pk"), before__isnull=False).update(before={})
    if rooms := set(gone.values_list("workshop", flat=True)):
        waiting = Import.objects.filter(state=ImportState.WAITING)
        waiting.filter(Q(workshop__in=rooms) | Q(workshop=None)).delete()


def forget_files_naming(instance: Participant, **signal: object) -> None:
    """Delete what imports keep of somebody who is erased: files that wait for their workshops or for none, and what an undo
    would bring back of them and their votes."""
    rooms = list(instance.workshops.values_list("pk", flat=True))
    waiting = Import.objects.filter(state=ImportState.WAITING)
    waiting.filter(Q(workshop__in=rooms) | Q(workshop=None)).delete()
    rows = ImportedRow.objects.filter(before__isnull=False)
    rows.filter(of__kind="participants", row=instance.pk).update(before={})
    votes = list(instance.votes.values_list("pk", flat=True))
    rows.filter(of__kind="votes", row__in=votes).update(before={})
