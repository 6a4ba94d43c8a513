"""What an import changes of a published insight goes into its working copy, as what is changed at the desk does."""

from insights.models import Insight
from insights.publications import working_copies
from workshops.choices import Status


class WrittenInWorkingCopyMixin:
    """For datasets of insights and of their parts. A row that says what readers have already changes nothing.

    `insight_of` and `counterpart` say what a row is of, and which row it is in a working copy.
    """

    def with_related(self):
        """Working copies too, which an undo must find."""
        return self.model.with_working_copies.select_related(*self.joined).prefetch_related(*self.related)

    def import_instance(self, instance, row, **kwargs):
        noticed = len(self.notices)
        super().import_instance(instance, row, **kwargs)
        copy = None if self.skip_row(instance, None, row) else self.copy_of(instance)
        if copy:
            del self.notices[noticed:]
            super().import_instance(self.counterpart(instance, copy), row, **kwargs)

    def skip_row(self, instance, original, row, import_validation_errors=None):
        return super().skip_row(self.change.instance, original, row, import_validation_errors)

    def copy_of(self, instance):
        """The working copy in which a change of this row belongs, if it has been begun."""
        insight = self.insight_of(instance)
        return None if insight.pk is None else Insight.with_working_copies.filter(working_copy_of=insight.pk).first()

    def save_instance(self, instance, is_create, row, **kwargs):
        insight = self.insight_of(self.change.instance)
        if insight.status == Status.PUBLISHED:
            self.move_into(working_copies.row_to_write(Insight.objects.get(pk=insight.pk)))
        super().save_instance(instance, is_create, row, **kwargs)

    def move_into(self, copy):
        """Make the row of a working copy that was just begun the one to be written."""
        here = self.counterpart(self.change.instance, copy)
        for name in self.change.fields:
            if name not in self.key:
                setattr(here, name, getattr(self.change.instance, name))
        self.change.instance = here

    def write(self):
        super().write()
        insights = {self.insight_of(row.instance).pk for row in self.pending}
        Insight.with_working_copies.filter(pk__in=insights).update(written_by=self.user)

    def delete_rows(self, pks):
        self.model.with_working_copies.filter(pk__in=pks).delete()


class PartOfInsightMixin(WrittenInWorkingCopyMixin):
    """For evidence and for stories set aside, which belong to an insight."""

    def insight_of(self, instance):
        return instance.insight

    def counterpart(self, instance, copy):
        source = {name: getattr(instance, name) for name in self.key if name != "insight"}
        return self.model.with_working_copies.filter(insight=copy, **source).first() or self.model(
            insight=copy, **source
        )

    def set_value(self, instance, column, value):
        if column.column_name == "insight" and instance.insight_id and instance.insight.working_copy_of_id == value.pk:
            return  # the file names the insight
        super().set_value(instance, column, value)
