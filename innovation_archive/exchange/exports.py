"""Writing datasets as CSV and JSON files, streamed row by row, and packages of them with their descriptions.

The rows of a file and the names of its columns are the same in every language; only descriptions are translated.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NotRequired, TypedDict
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from innovation_archive.datasets import DATASETS, KINDS, Audience, Dataset
from innovation_archive.datasets.base import Among, Value
from innovation_archive.datasets.datapackage import describe
from innovation_archive.datasets.people import COARSE, left_out_of_files
from innovation_archive.exchange.cells import guarded, join_items
from innovation_archive.exchange.csv_postgresql import Pieces, csv_lines, snapshot
from innovation_archive.exchange.measurements import FileMeasures, record_measurement
from innovation_archive.models import Download
from workshops.models import Programme
from workshops.roles import EVERYTHING, Reach

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

ROWS_PER_PIECE = 500


class Licence(TypedDict):
    """A licence as a Data Package states it."""

    title: str
    path: NotRequired[str]


DISCLOSURE = {
    Audience.PUBLIC: [
        gettext_lazy(
            "Only what was published: stories whose tellers agreed to it, in the wording they agreed to, without role, "
            "sector or code; insights, practices and articles that an editor published."
        ),
        gettext_lazy(
            "A person may withdraw what they told at any time. Fetch the files anew before you use them again, and delete "
            "what is no longer in them."
        ),
        gettext_lazy(
            "Vote results are those an editor released: groups of fewer than 10 voters are merged, a count of 0 to 4 reads "
            "“fewer than 5” and is declared a missing value, other counts and the base are rounded to the nearest 5, each "
            "on its own, so counts need not add up to the base."
        ),
        gettext_lazy("Measures are computed from the released, rounded rows alone, so that anyone can recompute them."),
    ],
    Audience.ANALYST: [
        gettext_lazy(
            "Stories at consent “team” or wider, published or not, in their wording for readers; never the words as told."
        ),
        gettext_lazy(
            "No names and no contacts. A participant has a code that opens nothing: the same in all files taken for one "
            "purpose, and another for each other purpose, so that files cannot be joined across purposes."
        ),
        COARSE,
        gettext_lazy(
            "Votes are exact, those of open ballots left out. Hands counted in a room are apart, in tallies, and are not "
            "people’s votes: never add the two."
        ),
        gettext_lazy(
            "Keep these files to the project team, use them for the purpose you gave, and delete them when they expire. "
            "Publish no group of fewer than 10 people."
        ),
    ],
    Audience.FULL: [
        gettext_lazy("The whole archive in import form, identities left out: for moving it, not for reading.")
    ],
}
"""What a package says about how people are protected in it."""


def disclosure_of(audience: Audience) -> list[str]:
    """How people are protected in an audience's files, and whom analysts' files leave out, a sentence each."""
    said = [str(sentence) for sentence in DISCLOSURE[audience]]
    return [*said, left_out_of_files()] if audience == Audience.ANALYST else said


def csv_cell(value: Value) -> str:
    """A value as the text of a cell."""
    if value is None:
        return ""
    if isinstance(value, list):
        return guarded(join_items(value))
    if isinstance(value, float):
        return f"{value:.3f}"
    return guarded(value) if isinstance(value, str) else str(value)


def csv_line(values: Iterable[Value]) -> str:
    """A row of values as one line of CSV."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(csv_cell(value) for value in values)
    return line.getvalue()


class CsvFile:
    """A dataset as CSV, in pieces of several lines: LF, minimal quoting, a header first.

    `rows` counts the rows written so far. `among` narrows the file to the rows of a filtered page.
    """

    content_type = "text/csv; charset=utf-8"

    def __init__(self, dataset: Dataset, audience: Audience = Audience.PUBLIC, among: Among | None = None) -> None:
        self.dataset, self.audience, self.among = dataset, audience, among
        self.rows = 0

    @property
    def columns(self) -> list[str]:
        return [column.column_name for column in self.dataset.columns(self.audience)]

    def __iter__(self) -> Iterator[str]:
        with snapshot():
            yield csv_line(self.columns)
            # Closed inside the snapshot, even if the reader has hung up.
            with closing(self.lines_of_the_database() if self.dataset.is_flat else self.lines()) as written:
                for piece, rows in written:
                    self.rows += rows
                    yield piece

    def lines_of_the_database(self) -> Pieces:
        return csv_lines(*self.dataset.cells(self.audience, self.among))

    def lines(self) -> Pieces:
        """Yield the lines of any dataset, from its rows one by one."""
        records = self.dataset.records(self.audience, self.among)
        while rows := list(islice(records, ROWS_PER_PIECE)):
            piece = io.StringIO()
            csv.writer(piece, lineterminator="\n").writerows([csv_cell(value) for value in row] for row in rows)
            yield piece.getvalue(), len(rows)


class JsonFile(CsvFile):
    """A dataset as one JSON list, an object a line."""

    content_type = "application/json"

    def __iter__(self) -> Iterator[str]:
        with snapshot():
            columns = self.columns
            lead = "["
            for record in self.dataset.records(self.audience, self.among):
                self.rows += 1
                yield f"{lead}\n{json.dumps(dict(zip(columns, record, strict=True)), ensure_ascii=False)}"
                lead = ","
            yield "\n]\n" if self.rows else "[]\n"


FORMATS = {"csv": CsvFile, "json": JsonFile}


class Measured:
    """The pieces of a file as bytes, counted and hashed as they pass."""

    def __init__(self, file: CsvFile) -> None:
        self.file = file
        self.size = 0
        self.digest = hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        for piece in map(str.encode, self.file):
            self.size += len(piece)
            self.digest.update(piece)
            yield piece

    @property
    def measures(self) -> FileMeasures:
        return {"rows": self.file.rows, "bytes": self.size, "sha256": self.digest.hexdigest()}


def datasets_for(audience: Audience, purpose: str = "", reach: Reach = EVERYTHING) -> list[Dataset]:
    """The datasets this audience gets, of these programmes, in the order in which they can be imported.

    `full` gets those that can be.
    """
    return [
        each().for_purpose(purpose).within(reach)
        for name, each in DATASETS.items()
        if audience in each.audiences and (audience != Audience.FULL or name in KINDS)
    ]


def programmes_in(download: Download | None) -> Reach:
    """The programmes that a file holds: of analysts those that its record names, for all others every one."""
    return download.reach if download else EVERYTHING


def package_files(
    audience: Audience, download: Download | None = None, purpose: str = ""
) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Yield the files of a Data Package as (name, pieces of bytes). Read each through before asking for the next.

    The files that describe the others come last, so a package without its manifest is incomplete. `purpose` is that of
    the shell, which notes no download.
    """
    datasets = datasets_for(audience, download.purpose if download else purpose, programmes_in(download))
    present = {each.dataset for each in datasets}
    manifest, resources = [], []
    for dataset in datasets:
        file = Measured(CsvFile(dataset, audience))
        yield f"{dataset.dataset}.csv", file
        found = file.measures
        manifest.append({"file": f"{dataset.dataset}.csv", **found})
        resources.append(
            describe(dataset, audience, present)
            | {"rows": found["rows"], "bytes": found["bytes"], "hash": f"sha256:{found['sha256']}"}
        )
    package = describe_package(audience, resources, download)
    context = {
        "datasets": [(each, each.columns(audience)) for each in datasets],
        "audience": audience,
        "notices": notices(),
        "package": package,
    }
    yield "README.md", [render_to_string("innovation_archive/exchange/README.md", context).encode()]
    yield "datapackage.json", [json_text(package).encode() + b"\n"]
    yield "manifest.json", [json.dumps(manifest, indent=2).encode() + b"\n"]


def json_text(package: dict[str, object]) -> str:
    """A description as JSON. The encoder turns its lazy, translated sentences into text."""
    return json.dumps(package, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)


def describe_package(
    audience: Audience, resources: list[dict[str, object]], download: Download | None
) -> dict[str, object]:
    """The contents of datapackage.json."""
    package: dict[str, object] = {
        "profile": "tabular-data-package",
        "name": "workshop-learning-archive",
        "title": _("Workshop learning archive"),
        "description": " ".join([_("Files for the audience “%(audience)s”.") % {"audience": audience}, *notices()]),
        "created": timezone.now().isoformat(timespec="seconds"),
        "disclosure": disclosure_of(audience),
    }
    if settings.SITE_URL:
        package["homepage"] = settings.SITE_URL
    if licence() and audience == Audience.PUBLIC:
        package["licenses"] = [licence()]
    if download:
        package["purpose"] = download.purpose
        if not download.of_all_programmes:
            package["programmes"] = list(download.programmes.values_list("slug", flat=True))
        package["expires"] = download.expires_on.isoformat()
    return package | {"resources": resources}


def licence() -> Licence | None:
    """The licence of the public files, or None if the archive's owner has stated none."""
    if not settings.ARCHIVE_LICENCE:
        return None
    stated = Licence(title=settings.ARCHIVE_LICENCE)
    if settings.ARCHIVE_LICENCE_URL:
        stated["path"] = settings.ARCHIVE_LICENCE_URL
    return stated


def export_archive(folder: Path, audience: Audience = Audience.PUBLIC, purpose: str = "") -> dict[str, int]:
    """Write an audience's Data Package into a folder. Returns {dataset: rows}."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = {}
    with snapshot():
        for name, pieces in package_files(audience, purpose=purpose):
            with (folder / name).open("wb") as file:
                file.writelines(pieces)
            if isinstance(pieces, Measured):
                rows[name.removesuffix(".csv")] = pieces.file.rows
    return rows


def zip_pieces(audience: Audience, download: Download | None = None) -> Iterator[bytes]:
    """Yield an audience's Data Package as a ZIP archive, in pieces. If it breaks off, no program will open it."""
    out = Outlet()
    archive = ZipFile(out, "w", ZIP_DEFLATED, compresslevel=6)
    written = []
    with snapshot():
        for name, pieces in package_files(audience, download):
            if isinstance(pieces, Measured):
                written.append(pieces)
            with archive.open(name, "w", force_zip64=True) as member:
                for piece in pieces:
                    member.write(piece)
                    if taken := out.drain():  # an empty chunk would end the response
                        yield taken
    archive.close()
    yield out.drain()
    note_sizes(written)


def note_sizes(files: Iterable[Measured]) -> None:
    """Record for /data/ the sizes of files that were written whole."""
    for each in files:
        if not each.file.dataset.reach.is_everything:
            continue  # the size of another file
        record_measurement(each.file.dataset, each.file.audience, each.measures)


class Outlet(io.RawIOBase):
    """A file for a ZIP archive to be written to, which keeps only what was written since the last `drain`."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: "ReadableBuffer") -> int:
        self.pieces.append(bytes(piece))
        return len(self.pieces[-1])

    def drain(self) -> bytes:
        taken = b"".join(self.pieces)
        self.pieces.clear()
        return taken


def notices() -> list[str]:
    """What every file must say about invented programmes."""
    return [
        _("Illustrative sample: people, stories and votes of “%(programme)s” are invented.") % {"programme": title}
        for title in Programme.objects.filter(illustrative=True).values_list("title", flat=True)
    ]


def file_name(dataset: str, extension: str, download: Download | None = None) -> str:
    """The name of a downloaded file. If the archive has invented people, the name says so.

    The name of a file of team-level data also says what it was taken for and when it expires. A CSV file has no place
    for that inside.
    """
    sample = "-illustrative-sample" if Programme.objects.filter(illustrative=True).exists() else ""
    return f"{dataset}{sample}{download.mark if download else ''}.{extension}"
