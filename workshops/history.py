"""What is remembered of each change: who made it, when, and what then stood there.

django-simple-history remembers what is saved row by row. This module adds what it leaves to us: to remember
many rows at once, and to keep out of a history what must not be in it.
"""

from django.utils import timezone
from simple_history.models import HistoricalRecords

ADDED, CHANGED, REMOVED = "+", "~", "-"
HISTORY_BATCH = 1000


class Records(HistoricalRecords):
    """The history of a model that says, by `as_remembered`, what of a row may be kept."""

    def create_historical_record(self, instance, history_type, using=None):
        super().create_historical_record(instance.as_remembered(), history_type, using)


def current_user():
    """Who is signed in where this runs; None in the shell."""
    user = getattr(getattr(HistoricalRecords.context, "request", None), "user", None)
    return user if user is not None and user.is_authenticated else None


def record_bulk_history(rows, kind=CHANGED):
    """Write the history of rows of one model that were written in bulk, of which Django tells nobody.

    Belongs into the transaction of the change, after its links are written. Takes a query, and two more for each
    many-to-many field with a history, however many rows there are. A model without a history is passed over.
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
    """Keep with each entry, given as {primary key of its row: entry}, the links its row has by this field."""
    through = field.remote_field.through
    owner = f"{field.m2m_field_name()}_id"
    links = through.objects.filter(**{f"{owner}__in": list(entries)}).values()
    model = getattr(type(next(iter(entries.values()))), field.name).model
    model.objects.bulk_create([model(history=entries[link[owner]], **link) for link in links], batch_size=HISTORY_BATCH)
