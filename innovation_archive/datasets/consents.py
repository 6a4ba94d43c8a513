"""The columns about the record behind a story's consent: which wording was agreed to, and when."""

from django.conf import settings
from django.db.models import OuterRef, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat, Trim
from django.utils.translation import gettext

from innovation_archive.datasets.base import SHELL, Column
from innovation_archive.datasets.widgets import DateWidget, TextWidget
from workshops.consent import wordings
from workshops.consent.wordings import read_wording
from workshops.models import ConsentRecord


class WordingWidget(TextWidget):
    """The wording of a consent: its version and language, such as “2 en-gb”."""

    def clean(self, value, row=None, **kwargs):
        try:
            return str(read_wording(value) or "")
        except ValueError:
            sentence = gettext("There is no such wording. It is a version and a language, such as %(example)s.")
            raise ValueError(sentence % {"example": f"{wordings.CURRENT} {settings.LANGUAGE_CODE}"}) from None


class GivenOnWidget(DateWidget):
    """The day on which a consent was given, as text."""

    def clean(self, value, row=None, **kwargs):
        day = super().clean(value, row, **kwargs)
        return day.isoformat() if day else ""

    def native(self, value):
        return value and str(value)


def last_record(*fields):
    """A database expression of these fields of the record behind a story's consent, with spaces between."""
    last = ConsentRecord.objects.filter(story=OuterRef("pk")).order_by("-pk")
    parts = [Coalesce(Cast(field, TextField()), Value(""), output_field=TextField()) for field in fields]
    joined = Concat(parts[0], Value(" "), parts[1], output_field=TextField()) if len(parts) > 1 else parts[0]
    return Subquery(last.annotate(shown=joined).values("shown")[:1])


class RecordColumn(Column):
    """A column about the consent record of a story, in the full file alone."""

    def __init__(self, *fields, **options):
        super().__init__("consent_records", audiences=SHELL, **options)
        self.record_fields = fields

    def path(self, audience):
        return Trim(last_record(*self.record_fields))

    def value(self, instance, audience):
        records = sorted(instance.consent_records.all(), key=lambda record: record.pk) if instance.pk else []
        last = records[-1] if records else None
        return " ".join(str(getattr(last, field) or "") for field in self.record_fields).strip() if last else ""
