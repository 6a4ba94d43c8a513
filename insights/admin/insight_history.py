"""The history of an insight: its text, its evidence and what was set aside, in its working copies too, and its versions."""

from django.db.models import Q
from django.utils.translation import gettext as _

from insights.choices import Reason, Role, Traced
from insights.models import Evidence, Insight, SetAside
from workshops.admin.base.history import FieldChange, RowHistory, field_values, many_to_many_values
from workshops.history import ADDED, REMOVED
from workshops.models import Practice, Story
from workshops.stories.diff import DiffPiece, diff_words

QUOTING = {Traced.QUOTED, Traced.UNQUOTED}


class InsightHistory(RowHistory):
    """What editors did to an insight, each thing told once: when it was written, not when it was published."""

    UNTOLD_FIELDS = RowHistory.UNTOLD_FIELDS | {"working_copy_of"}

    def records(self):
        records = super().records()
        if not records.exists():
            return records
        return Insight.history.filter(Q(id=self.row.pk) | Q(working_copy_of=self.row.pk))

    def is_told(self, record, name):
        """A working copy has neither an address nor a status of its own."""
        return record.working_copy_of_id is None or name not in {"slug", "status"}

    def field_changes(self, records, fields):
        """As of any row; but what the insight got from its working copy was told when it was written there."""
        links = many_to_many_values(records)
        published, written = {}, None
        for number, record in enumerate(records):
            is_copy = record.working_copy_of_id is not None
            if record.history_type == REMOVED:  # of a working copy: what became of it is told already, or is nothing
                written = None
                continue
            if record.history_type == ADDED:
                yield record.history_date, record.history_user, ADDED
            if is_copy and written is None:
                written = dict(published)
            known = written if is_copy else published
            for label, name, text in (*field_values(record, fields), *links[record.pk]):
                before = known.get(name, "")
                told = is_copy or (written or {}).get(name) != text
                if number and before != text and told and self.is_told(record, name):
                    yield record.history_date, record.history_user, FieldChange(label, *diff_words(before, text))
                known[name] = text

    def link_changes(self):
        rows = self.rows()
        yield from self.evidence_changes(rows)
        yield from self.aside_changes(rows)
        yield from self.versions()

    def rows(self):
        """The primary keys of the insight and of all working copies it ever had."""
        copies = Insight.history.filter(working_copy_of=self.row.pk).values_list("id", flat=True)
        return {self.row.pk, self.row.as_written.pk, *copies}

    def evidence_changes(self, rows):
        records = Evidence.history.filter(insight__in=rows).order_by("history_date", "history_id")
        records = list(records.select_related("history_user"))
        names, known = source_names(records, self.request.user), {}
        for record in records:
            source = source_of(record)
            before = known.get((record.insight_id, source)) or known.get((self.row.pk, source))
            if record.history_change_reason != Traced.PUBLISHED:
                for change in evidence_record_changes(record, before, names[source]):
                    yield record.history_date, record.history_user, change
            known[record.insight_id, source] = record

    def aside_changes(self, rows):
        records = SetAside.history.filter(insight__in=rows).order_by("history_date", "history_id")
        records = list(records.exclude(history_change_reason=Traced.PUBLISHED).select_related("history_user"))
        names = source_names(records, self.request.user)
        for record in records:
            reason = [DiffPiece(str(Reason(record.reason).label), True)]
            sides = (reason, []) if record.history_type == REMOVED else ([], reason)
            label = _("set aside: %(source)s") % {"source": names[source_of(record)]}
            yield record.history_date, record.history_user, FieldChange(label, *sides)

    def versions(self):
        for version in self.row.publications.exclude(published_at=None).select_related("published_by"):
            words = _("version %(number)s, from an import") if version.is_imported else _("version %(number)s")
            pieces = [DiffPiece(words % {"number": version.version}, True)]
            yield version.published_at, version.published_by, FieldChange(_("published"), [], pieces)


def source_names(records, reader):
    """{(story, practice): title}, as far as this editor may read it, else the ref. Both keys are primary keys."""
    stories = {record.story_id for record in records}
    refs = dict(Story.objects.filter(pk__in=stories).values_list("pk", "ref"))
    titles = dict(Story.objects.visible_to(reader).told_to_team().filter(pk__in=stories).values_list("pk", "title"))
    practices = Practice.objects.visible_to(reader).in_bulk(
        {getattr(record, "practice_id", None) for record in records} - {None}
    )
    no_more = _("a story or practice that is no more")
    return {
        (story, practice): str(practices.get(practice, no_more))
        if practice
        else titles.get(story) or refs.get(story, no_more)
        for story, practice in map(source_of, records)
    }


def source_of(record):
    return record.story_id, getattr(record, "practice_id", None)


def evidence_record_changes(record, before, source):
    """What one record tells of a piece of evidence, against the one before it."""
    role = [DiffPiece(str(Role(record.role).label), True)]
    words = {"source": source, "reason": record.history_change_reason}
    if record.history_type == REMOVED:
        label = (
            _("evidence: %(source)s, taken out because: %(reason)s") if words["reason"] else _("evidence: %(source)s")
        )
        return [FieldChange(label % words, role, [])]
    changes = []
    was = Role(before.role).label if before and before.history_type != REMOVED else ""
    if record.role != getattr(before, "role", None) or not was:
        changes.append(FieldChange(_("evidence: %(source)s") % words, *diff_words(str(was), str(role[0].text))))
    if record.history_change_reason in QUOTING:
        is_quoted = record.history_change_reason == Traced.QUOTED
        quoted = [DiffPiece(_("a passage is quoted"), True)]
        changes.append(FieldChange(_("quotation: %(source)s") % words, *([], quoted) if is_quoted else (quoted, [])))
    if record.history_change_reason == Traced.MOVED and before:
        changes.append(FieldChange(_("place: %(source)s") % words, *diff_words(str(before.order), str(record.order))))
    return changes
