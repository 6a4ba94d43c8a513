"""How large a dataset's CSV file was when it was last written out whole, and since when it is the same.

/data/ tells it. It is kept in Django's cache, which is this process's memory unless settings name another: a page that
is only read must not need to write to the database, which may be locked, full or a replica.
"""

import datetime
from dataclasses import dataclass

from django.core.cache import cache
from django.utils import timezone

MEASURED_FOR = datetime.timedelta(hours=1)
"""How old what /data/ says of a short file may be."""


@dataclass(frozen=True)
class Measurement:
    rows: int
    bytes: int
    sha256: str
    measured_at: datetime.datetime
    changed_at: datetime.datetime
    """When the file was first seen to hold what it holds."""

    def is_stale(self, rows):
        return self.rows != rows or timezone.now() - self.measured_at > MEASURED_FOR


def record_measurement(dataset, audience, measures):
    """Keep what a file that was just written came to: its rows, bytes and sha256."""
    now = timezone.now()
    last = recall_measurement(dataset, audience)
    same = last is not None and last.sha256 == measures["sha256"]
    measurement = Measurement(**measures, measured_at=now, changed_at=last.changed_at if same else now)
    cache.set(key_of(dataset, audience), measurement, timeout=None)
    return measurement


def recall_measurement(dataset, audience):
    """What is known of a file, or None."""
    return cache.get(key_of(dataset, audience))


def key_of(dataset, audience):
    return f"measurement:{audience}:{dataset}"
