"""How large a dataset's CSV file was when it was last written whole, and since when its contents are the same.

/data/ shows it. It is kept in Django's cache, which is the memory of this process unless settings name another cache:
a page that is only read must not write to the database, which may be locked, full or a replica.
"""

import datetime
import hashlib
from dataclasses import dataclass
from typing import TypedDict, cast

from django.core.cache import cache
from django.utils import timezone

from innovation_archive.datasets.base import Audience, Dataset

MEASUREMENT_LIFETIME = datetime.timedelta(hours=1)
"""After this time /data/ measures a short file again."""


class FileMeasures(TypedDict):
    """What a file that was just written came to."""

    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Measurement:
    """The measures of a file, and when they were taken."""

    rows: int
    bytes: int
    sha256: str
    measured_at: datetime.datetime
    changed_at: datetime.datetime
    """When the file was first seen with these contents."""

    def is_stale(self, rows: int) -> bool:
        return self.rows != rows or timezone.now() - self.measured_at > MEASUREMENT_LIFETIME


def record_measurement(dataset: Dataset, audience: str, measures: FileMeasures) -> Measurement:
    """Keep the measures of a file that was just written."""
    now = timezone.now()
    last = recall_measurement(dataset, audience)
    same_since = last.changed_at if last and last.sha256 == measures["sha256"] else now
    measurement = Measurement(**measures, measured_at=now, changed_at=same_since)
    cache.set(cache_key_of(dataset, audience), measurement, timeout=None)
    return measurement


def recall_measurement(dataset: Dataset, audience: str) -> Measurement | None:
    """The last measurement of a file, or None if there is none."""
    return cast("Measurement | None", cache.get(cache_key_of(dataset, audience)))


def cache_key_of(dataset: Dataset, audience: str) -> str:
    """A file that names people by the codes of a purpose is another file for another purpose."""
    purpose = f":{hashlib.sha256(dataset.purpose.encode()).hexdigest()}" if audience == Audience.ANALYST else ""
    return f"measurement:{audience}:{dataset.dataset}{purpose}"
