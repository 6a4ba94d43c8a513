"""`manage.py check` warns of files with keys, words or names that others on the machine can read."""

import stat
from pathlib import Path

from django.conf import settings
from django.core.checks import Warning as CheckWarning
from django.core.checks import register

OTHERS_READ = stat.S_IRGRP | stat.S_IROTH
OTHERS_ENTER = stat.S_IXGRP | stat.S_IXOTH


@register()
def private_files_are_closed(app_configs=None, **kwargs):
    return [
        CheckWarning(
            f"Others on this machine can read {path}.",  # not translated: the shell speaks English
            hint=f"Close its folder or the file: chmod 700 {path.parent}, or chmod 600 {path}.",  # not translated: as above
            id="innovation_archive.W001",
        )
        for path in private_files()
        if can_be_read_by_others(path)
    ]


def private_files():
    """Where the archive keeps what nobody else may read: those of these files that are there."""
    database = settings.DATABASES["default"]
    is_embedded = database["ENGINE"] == "django.db.backends.sqlite3"
    of_database = [f"{database['NAME']}{end}" for end in ("", "-wal", "-shm")] if is_embedded else []
    keys = [settings.DATA_DIR / name for name in ("secret-key", "ledger-key")]
    return [path for path in map(Path, [*of_database, *keys, settings.LEDGER, settings.ENV_FILE]) if path.is_file()]


def can_be_read_by_others(path):
    return bool(path.stat().st_mode & OTHERS_READ and path.parent.stat().st_mode & OTHERS_ENTER)
