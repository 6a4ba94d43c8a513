"""The history of rows: who changed what and when.

django-simple-history records what is saved row by row. This module adds what it lacks: a history of rows that were
written in bulk, and leaving out of a history what must not be in it.
"""

from django.utils import timezone
from simple_history.models import HistoricalRecords

ADDED, CHANGED, REMOVED = "+", "~", "-"
HISTORY_BATCH = 1000


class Records(HistoricalRecords):
    """The history of a model whose `as_remembered` says what of a row may be kept, and whose rows are deleted with theirs."""

    def create_historical_record(self, instance, history_type, using=None):
        super().create_historical_record(instance.as_remembered(), history_type, using)

    def post_delete(self, instance, using=None, **kwargs):
        """Write nothing: it would be deleted at once."""


def current_user():
    """The user of the request that is being answered; None in the shell, or if nobody is signed in."""
    user = getattr(getattr(HistoricalRecords.context, "request", None), "user", None)
    return user if user is not None and user.is_authenticated else None


def record_bulk_history(rows, kind=CHANGED):
    """Write the history of rows of one model that were written in bulk, for which Django sends no signal.

    Call it in the transaction of the change, after the rows' links are written. It takes one query, and two more for
    each many-to-many field with a history, however many rows there are. Rows of a model without a history are skipped.
    """
    rows = list(rows)
    if not rows or not hasattr(rows[0], "history"):
        return
    records = rows[0].history.model
    user, now = records.get_default_history_user(rows[0]), timezone.now()
    kept = [row.as_remembered() if hasattr(row, "as_remembered") else row for row in rows]
    entries = [
        records(
            history_date=now,
            history_type=kind,
            history_user=user,
            **{field.attname: getattr(row, field.attname) for field in records.tracked_fields},
        )
        for row in kept
    ]
    records.objects.bulk_create(entries, batch_size=HISTORY_BATCH)
    for field in records._history_m2m_fields:
        record_link_history(field, dict(zip([row.pk for row in rows], entries, strict=True)))


def record_link_history(field, entries):
    """Record the links that each row has by this many-to-many field; `entries` is {primary key of a row: its entry}."""
    through = field.remote_field.through
    owner = f"{field.m2m_field_name()}_id"
    links = through.objects.filter(**{f"{owner}__in": list(entries)}).values()
    model = getattr(type(next(iter(entries.values()))), field.name).model
    model.objects.bulk_create([model(history=entries[link[owner]], **link) for link in links], batch_size=HISTORY_BATCH)
