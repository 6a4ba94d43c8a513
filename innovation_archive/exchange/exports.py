"""Writing datasets as files: CSV and JSON, streamed row by row, and packages of them with their descriptions."""

import csv
import hashlib
import io
import json
from contextlib import closing
from itertools import islice
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from innovation_archive.datasets import DATASETS, KINDS, Audience
from innovation_archive.datasets.datapackage import describe
from innovation_archive.exchange.cells import guarded, join_items
from innovation_archive.exchange.csv_postgresql import csv_lines, snapshot
from innovation_archive.exchange.measurements import record_measurement
from workshops.models import Programme

EXPORT_BATCH = 500

DISCLOSURE = {
    Audience.PUBLIC: [
        "Only what was published: stories whose tellers agreed to it, in the wording they agreed to, without role, "
        "sector or code; insights, practices and articles that an editor published.",
        "A person may withdraw what they told at any time. Fetch the files anew before you use them again, and delete "
        "what is no longer in them.",
        "Vote results are those an editor released: groups of fewer than 10 voters are merged, a count of 0 to 4 reads "
        "“fewer than 5” and is declared a missing value, other counts and the base are rounded to the nearest 5, each "
        "on its own, so counts need not add up to the base.",
        "Measures are computed from the released, rounded rows alone, so that anyone can recompute them.",
    ],
    Audience.ANALYST: [
        "Stories at consent “team” or wider, published or not, in their wording for readers; never the words as told.",
        "No names and no contacts. A participant has a random code, the same in every file of this archive, that opens "
        "nothing and is not made from anything about them.",
        "Votes are exact, those of open ballots left out. Hands counted in a room are apart, in tallies, and are not "
        "people’s votes: never add the two.",
        "Keep these files to the project team, use them for the purpose you gave, and delete them when they expire. "
        "Publish no group of fewer than 10 people.",
    ],
    Audience.FULL: ["The whole archive in import form, identities left out: for moving it, not for reading."],
}
"""What a package says of how people are kept safe in it."""


def csv_cell(value):
    """A JSON-like value as a cell's text."""
    if value is None:
        return ""
    if isinstance(value, list):
        return guarded(join_items(value))
    if isinstance(value, float):
        return f"{value:.3f}"
    return guarded(value) if isinstance(value, str) else str(value)


def csv_line(values):
    """A row of values as one line of CSV."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(csv_cell(value) for value in values)
    return line.getvalue()


class CsvFile:
    """A dataset as CSV, in pieces of several lines: LF, minimal quoting, a header first.

    `rows` counts what has been given so far; `among` narrows to the rows of a filtered page.
    """

    content_type = "text/csv; charset=utf-8"

    def __init__(self, dataset, audience=Audience.PUBLIC, among=None):
        self.dataset, self.audience, self.among = dataset, audience, among
        self.rows = 0

    def __iter__(self):
        with snapshot():
            self.columns = [column.column_name for column in self.dataset.columns(self.audience)]
            yield csv_line(self.columns)
            # Closed inside the snapshot, also where the reader has hung up.
            with closing(self.lines_of_the_database() if self.dataset.is_flat else self.lines()) as written:
                for piece, rows in written:
                    self.rows += rows
                    yield piece

    def lines_of_the_database(self):
        return csv_lines(*self.dataset.cells(self.audience, self.among))

    def lines(self):
        """The same lines, for any dataset, from its rows one by one."""
        records = self.dataset.records(self.audience, self.among)
        while rows := list(islice(records, EXPORT_BATCH)):
            piece = io.StringIO()
            csv.writer(piece, lineterminator="\n").writerows([csv_cell(value) for value in row] for row in rows)
            yield piece.getvalue(), len(rows)


class JsonFile(CsvFile):
    """A dataset as one JSON list, an object a line."""

    content_type = "application/json"

    def __iter__(self):
        with snapshot():
            columns = [column.column_name for column in self.dataset.columns(self.audience)]
            lead = "["
            for record in self.dataset.records(self.audience, self.among):
                self.rows += 1
                yield f"{lead}\n{json.dumps(dict(zip(columns, record, strict=True)), ensure_ascii=False)}"
                lead = ","
            yield "\n]\n" if self.rows else "[]\n"


FORMATS = {"csv": CsvFile, "json": JsonFile}


class Measured:
    """The pieces of a file as bytes, counted and hashed while they pass."""

    def __init__(self, file):
        self.file = file
        self.size = 0
        self.digest = hashlib.sha256()

    def __iter__(self):
        for piece in map(str.encode, self.file):
            self.size += len(piece)
            self.digest.update(piece)
            yield piece

    @property
    def measures(self):
        return {"rows": self.file.rows, "bytes": self.size, "sha256": self.digest.hexdigest()}


def datasets_for(audience):
    """The datasets this audience gets, in the order that resolves. `full` is the archive in import form."""
    return [
        each()
        for name, each in DATASETS.items()
        if audience in each.audiences and (audience != Audience.FULL or name in KINDS)
    ]


def package_files(audience, download=None):
    """The files of a Data Package as (name, pieces of bytes), each to be read through before the next.

    What describes the others comes last: a package without its manifest was broken off.
    """
    datasets = datasets_for(audience)
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
        "notices": notices(),
        "package": package,
    }
    yield "README.md", [render_to_string("innovation_archive/exchange/README.md", context).encode()]
    yield "datapackage.json", [json.dumps(package, ensure_ascii=False, indent=2).encode() + b"\n"]
    yield "manifest.json", [json.dumps(manifest, indent=2).encode() + b"\n"]


def describe_package(audience, resources, download):
    package = {
        "profile": "tabular-data-package",
        "name": "workshop-learning-archive",
        "title": "Workshop learning archive",
        "description": " ".join([f"Files for the audience “{audience}”.", *notices()]),
        "created": timezone.now().isoformat(timespec="seconds"),
        "disclosure": DISCLOSURE[audience],
    }
    if settings.SITE_URL:
        package["homepage"] = settings.SITE_URL
    if licence() and audience == Audience.PUBLIC:
        package["licenses"] = [licence()]
    if download:
        package["purpose"] = download.purpose
        package["expires"] = download.expires_on.isoformat()
    return package | {"resources": resources}


def licence():
    """What the archive's owner allows, as a Data Package says it; None where they said nothing."""
    if not settings.ARCHIVE_LICENCE:
        return None
    address = {"path": settings.ARCHIVE_LICENCE_URL} if settings.ARCHIVE_LICENCE_URL else {}
    return {"title": settings.ARCHIVE_LICENCE, **address}


def export_archive(folder, audience=Audience.PUBLIC):
    """Write an audience's datasets into a folder, with what describes them. Returns {dataset: rows}."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = {}
    with snapshot():
        for name, pieces in package_files(audience):
            with (folder / name).open("wb") as file:
                file.writelines(pieces)
            if isinstance(pieces, Measured):
                rows[name.removesuffix(".csv")] = pieces.file.rows
    return rows


def zip_pieces(audience, download=None):
    """The same as a ZIP archive, in pieces, written while it is read. Broken off, it has no directory and opens nowhere."""
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


def note_sizes(files):
    """Once these measured files were written whole, /data/ knows their size."""
    for each in files:
        record_measurement(each.file.dataset.dataset, each.file.audience, each.measures)


class Outlet(io.RawIOBase):
    """Where a ZIP archive is written to: it keeps no more than what was written since it was last taken."""

    def __init__(self):
        super().__init__()
        self.pieces = []

    def writable(self):
        return True

    def write(self, piece):
        self.pieces.append(bytes(piece))
        return len(piece)

    def drain(self):
        taken = b"".join(self.pieces)
        self.pieces.clear()
        return taken


def notices():
    """What every file must say of invented programmes."""
    return [
        f"Illustrative sample: people, stories and votes of “{title}” are invented."
        for title in Programme.objects.filter(illustrative=True).values_list("title", flat=True)
    ]


def file_name(dataset, extension, download=None):
    """What a download is called; an archive that holds invented people says so in the name.

    So does a file of team-level data say what it was taken for and until when: a mark inside would not be tidy.
    """
    sample = "-illustrative-sample" if Programme.objects.filter(illustrative=True).exists() else ""
    return f"{dataset}{sample}{download.mark if download else ''}.{extension}"
