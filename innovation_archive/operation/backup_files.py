"""The file of a backup: written whole or not at all, and believed only if not a byte of it is other than it was.

It is a ZIP: `tables/<name>` holds the rows of a table, in the text format of PostgreSQL's COPY whichever database wrote
them; `manifest.json`, at its end, says what they are. The comment of the ZIP is the SHA-256 of everything before it, so
that a file that was cut off, or changed in any place, is known without looking at its parts.
"""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from django.core.management import CommandError

FORMAT = 1
"""A file of a higher number is refused: code of its day reads it."""
MARK = "workshop-learning-archive-backup.txt"
"""The first part of each backup, whose name so stands at its beginning."""
MARK_AT = 30  # after what a ZIP says of a part
EXPLANATION = (
    "A backup of a workshop learning archive. `manage.py restore` reads it. It holds names and words in confidence.\n"
)
MANIFEST = "manifest.json"
CHECKSUM_LENGTH = 64
OWNER_ALONE = 0o600
COMPRESSION_LEVEL = 1
"""Little, because the archive's texts are a third of it then, and more takes five times as long."""


class BackupError(CommandError):
    """Why a backup or a restore is refused, as a sentence for whoever runs the archive: commands print it."""


@dataclass(frozen=True)
class TableCopy:
    """What of a table stands in a backup; `last` is the highest number that it ever gave to a row."""

    columns: list[str]
    rows: int
    last: int | None = None


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself. The marks of the keys tell other keys from the same, and nothing of the keys."""

    format: int
    made_at: str
    database: str
    database_version: str
    migrations: list[tuple[str, str]]
    tables: dict[str, TableCopy]
    key_marks: dict[str, str]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=1)

    @classmethod
    def from_json(cls, text: bytes) -> "Manifest":
        said = json.loads(text)
        if said["format"] > FORMAT:
            raise BackupError("The backup was made by a newer version of the archive. Install that version first.")
        tables = {name: TableCopy(**table) for name, table in said.pop("tables").items()}
        migrations = [(app, name) for app, name in said.pop("migrations")]
        return cls(**said, tables=tables, migrations=migrations)


# Writing


@contextmanager
def written_backup(path: Path) -> Iterator[zipfile.ZipFile]:
    """A ZIP to put parts into. It stands at the path, whole and with its checksum, once the context ends without error."""
    with nameless_file(path) as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESSION_LEVEL) as parts:
            parts.writestr(MARK, EXPLANATION, zipfile.ZIP_STORED)
            yield parts
            parts.comment = b"0" * CHECKSUM_LENGTH
        sign(file)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def nameless_file(path: Path) -> Iterator[IO[bytes]]:
    """A new file for its owner alone, which gets its name at the end; a process that is killed leaves none behind.

    Where the file system knows no nameless files, it is called `<name>.part` meanwhile, and the next backup overwrites it.
    """
    draft = path.with_name(f"{path.name}.part")
    draft.unlink(missing_ok=True)
    try:
        handle, is_nameless = os.open(path.parent, os.O_TMPFILE | os.O_RDWR, OWNER_ALONE), True
    except OSError:
        handle, is_nameless = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, OWNER_ALONE), False
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            if is_nameless:
                link_nameless(file, draft if path.exists() else path)
        if draft.exists():
            draft.replace(path)
        sync_folder(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def link_nameless(file: IO[bytes], path: Path) -> None:
    with opened_folder(path.parent) as folder:
        # With a folder given, Python asks the system to follow the link in /proc to the file itself.
        os.link(f"/proc/self/fd/{file.fileno()}", path.name, src_dir_fd=folder, dst_dir_fd=folder)


def sync_folder(path: Path) -> None:
    with opened_folder(path) as folder:
        os.fsync(folder)


@contextmanager
def opened_folder(path: Path) -> Iterator[int]:
    """The descriptor of a folder. A lock that was taken on it is given up at the end."""
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield folder
    finally:
        os.close(folder)


def sign(file: IO[bytes]) -> None:
    """Put the checksum of all that stands before it at the end of the file."""
    checksum = checksum_of(file).encode()
    file.seek(-CHECKSUM_LENGTH, os.SEEK_END)
    file.write(checksum)


def checksum_of(file: IO[bytes]) -> str:
    """The SHA-256 of a file without its own checksum at the end."""
    left = file.seek(0, os.SEEK_END) - CHECKSUM_LENGTH
    file.seek(0)
    digest = hashlib.sha256()
    while left > 0 and (piece := file.read(min(left, 1 << 20))):
        digest.update(piece)
        left -= len(piece)
    return digest.hexdigest()


# Reading


def is_backup(path: Path) -> bool:
    with path.open("rb") as file:
        return begins_as_backup(file)


def begins_as_backup(file: IO[bytes]) -> bool:
    """Whether a file begins as a backup does. It may be damaged."""
    return file.read(MARK_AT + len(MARK)).endswith(MARK.encode())


@contextmanager
def read_backup(path: Path) -> Iterator[tuple[Manifest, zipfile.ZipFile]]:
    """The manifest and the parts of a backup that is whole. Raises BackupError if it is not, or no backup at all."""
    try:
        file = path.open("rb")
    except OSError as problem:
        raise BackupError(f"{path} cannot be read: {problem.strerror}.") from problem
    with file:
        if not begins_as_backup(file):
            raise BackupError(f"{path} is not a backup of a workshop learning archive.")
        if not is_whole(file):
            raise BackupError(f"{path} is damaged or cut off: its checksum is not that of its content.")
        with zipfile.ZipFile(file) as parts:
            yield read_manifest(parts), parts


def is_whole(file: IO[bytes]) -> bool:
    checksum = checksum_of(file)
    return file.read(CHECKSUM_LENGTH) == checksum.encode()


def read_manifest(parts: zipfile.ZipFile) -> Manifest:
    try:
        return Manifest.from_json(parts.read(MANIFEST))
    except (KeyError, TypeError, ValueError) as problem:
        raise BackupError("The manifest of the backup cannot be understood.") from problem
