"""The models that need both other apps, each in the module of its subject."""

from innovation_archive.models.exchange import (
    DOWNLOAD_LIFETIME,
    UPLOAD_LIFETIME,
    Download,
    Import,
    ImportedRow,
    ImportLine,
    ImportState,
    LineOutcome,
)

__all__ = [
    "DOWNLOAD_LIFETIME",
    "UPLOAD_LIFETIME",
    "Download",
    "Import",
    "ImportLine",
    "ImportState",
    "ImportedRow",
    "LineOutcome",
]
