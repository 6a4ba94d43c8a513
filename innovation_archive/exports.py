"""Writing datasets as files: CSV and JSON, streamed row by row, and a folder of them with its descriptions."""

import csv
import hashlib
import io
import json
from itertools import islice

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from innovation_archive.cells import guarded, join_items
from innovation_archive.datasets import DATASETS, KINDS, Audience
from innovation_archive.datasets.datapackage import describe
from workshops.models import Programme

BATCH = 500


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
        self.columns = [column.column_name for column in dataset.columns(audience)]
        self.records = dataset.records(audience, among)
        self.rows = 0

    def __iter__(self):
        piece = io.StringIO()
        writer = csv.writer(piece, lineterminator="\n")
        writer.writerow(self.columns)
        while rows := list(islice(self.records, BATCH)):
            writer.writerows([csv_cell(value) for value in row] for row in rows)
            self.rows += len(rows)
            yield piece.getvalue()
            piece.seek(0)
            piece.truncate()
        yield piece.getvalue()


class JsonFile(CsvFile):
    """A dataset as one JSON list, an object a line."""

    content_type = "application/json"

    def __iter__(self):
        lead = "["
        for record in self.records:
            self.rows += 1
            yield f"{lead}\n{json.dumps(dict(zip(self.columns, record, strict=True)), ensure_ascii=False)}"
            lead = ","
        yield "\n]\n" if self.rows else "[]\n"


FORMATS = {"csv": CsvFile, "json": JsonFile}


def datasets_for(audience):
    """The datasets this audience gets, in the order that resolves. `full` is the archive in import form."""
    return [
        each()
        for name, each in DATASETS.items()
        if audience in each.audiences and (audience != Audience.FULL or name in KINDS)
    ]


def export_archive(folder, audience=Audience.PUBLIC):
    """Write an audience's datasets into a folder, with datapackage.json and README.md. Returns {dataset: rows}."""
    folder.mkdir(parents=True, exist_ok=True)
    datasets = datasets_for(audience)
    resources = []
    for dataset in datasets:
        path = folder / f"{dataset.dataset}.csv"
        written = CsvFile(dataset, audience)
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(written)
        content = path.read_bytes()
        resources.append(
            describe(dataset, audience, {each.dataset for each in datasets})
            | {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}", "rows": written.rows}
        )
    package = {
        "profile": "tabular-data-package",
        "name": "workshop-learning-archive",
        "title": "Workshop learning archive",
        "description": " ".join([f"Files for the audience “{audience}”.", *notices()]),
        "homepage": settings.SITE_URL,
        "created": timezone.now().isoformat(timespec="seconds"),
        "resources": resources,
    }
    if not settings.SITE_URL:
        del package["homepage"]
    (folder / "datapackage.json").write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    context = {
        "datasets": [(each, each.columns(audience)) for each in datasets],
        "notices": notices(),
        "package": package,
    }
    (folder / "README.md").write_text(render_to_string("files/README.md", context), encoding="utf-8")
    return {resource["name"]: resource["rows"] for resource in resources}


def notices():
    """What every file must say of invented programmes."""
    return [
        f"Illustrative sample: people, stories and votes of “{title}” are invented."
        for title in Programme.objects.filter(illustrative=True).values_list("title", flat=True)
    ]


def file_name(dataset, extension):
    """What a download is called; an archive that holds invented people says so in the name."""
    sample = "-illustrative-sample" if Programme.objects.filter(illustrative=True).exists() else ""
    return f"{dataset}{sample}.{extension}"
