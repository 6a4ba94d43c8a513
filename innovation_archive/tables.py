"""Reading the files people have: CSV and XLSX, as one table of texts with the line each row stood on.

A file that cannot be read raises `FileProblem`, whose sentences say what is wrong, where, and what would be right.
"""

import codecs
import csv
import datetime
import io
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from innovation_archive.cells import unguarded
from workshops.fields import with_plain_line_ends

csv.field_size_limit(sys.maxsize if sys.maxsize < 2**31 else 2**31 - 1)

MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
ZIP_MARK = b"PK\x03\x04"
OLD_EXCEL_MARK = b"\xd0\xcf\x11\xe0"


class FileProblem(ValueError):
    """A file that is refused whole."""


@dataclass
class Table:
    """Rows of texts under named columns; `lines[i]` is the line of the file on which `rows[i]` begins."""

    name: str
    columns: list[str]
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def __len__(self):
        return len(self.rows)


def read(path, encoding=None):
    """The table in a CSV or XLSX file. Without `encoding`: UTF-8, or UTF-16 with a byte-order mark."""
    path = Path(path)
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise FileProblem(f"{path}: cannot be read ({problem.strerror}).") from problem
    return read_content(content, path.name, encoding)


def read_content(content, name, encoding=None):
    """The table in a file's bytes."""
    if content.startswith(ZIP_MARK):
        records = xlsx_records(content, name)
    elif content.startswith(OLD_EXCEL_MARK):
        raise FileProblem(f"{name}: this is an old Excel workbook (.xls). Save it as .xlsx or as CSV.")
    else:
        records = csv_records(decode(content, name, encoding), name)
    return as_table(records, name)


def decode(content, name, encoding=None):
    """A file's text. Refuses to guess: a wrong guess would turn names into rubbish without a word."""
    if encoding is None:
        encoding = next((codec for mark, codec in MARKS.items() if content.startswith(mark)), "utf-8")
        advice = "Save the file as UTF-8, or name its encoding with --encoding (for example --encoding cp1252)."
    else:
        advice = "Name the encoding that the file really has."
    try:
        text = content.decode(encoding)
    except LookupError as problem:
        raise FileProblem(
            f"{name}: there is no encoding called “{encoding}”. Known ones are utf-8, cp1252, latin-1 …"
        ) from problem
    except UnicodeDecodeError as problem:
        line = len((content[: problem.start] + b".").splitlines())
        raise FileProblem(
            f"{name}, line {line}: byte 0x{content[problem.start]:02X} at position {problem.start} is not {encoding}. {advice}"
        ) from problem
    if "\0" in text:
        line = len(text[: text.index("\0") + 1].splitlines())
        raise FileProblem(f"{name}, line {line}: there is a NUL character, which no text file holds. {advice}")
    return with_plain_line_ends(text.removeprefix("\ufeff"))


def csv_records(text, name):
    """Yield (line, cells) of each record."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as problem:
        raise FileProblem(
            f"{name}, line {line}: the quotes do not close as they should ({problem}). "
            'A cell with quotes in it is written "like ""this"" one".'
        ) from problem


def xlsx_records(content, name):
    """Yield (row number, cells) of the workbook's first sheet."""
    import openpyxl  # slow to load, and needed for workbooks alone

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            merged = any(
                b"<mergeCell " in package.read(part)
                for part in package.namelist()
                if part.startswith("xl/worksheets/") and part.endswith(".xml")
            )
        if merged:
            raise FileProblem(f"{name}: the sheet has merged cells, so rows and columns do not line up. Unmerge them.")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            yield number, [xlsx_text(cell, name, number) for cell in cells]
    except (zipfile.BadZipFile, KeyError, ValueError, IndexError) as problem:
        if isinstance(problem, FileProblem):
            raise
        raise FileProblem(
            f"{name}: this is not a workbook that can be read. Save it as .xlsx or CSV again."
        ) from problem


def xlsx_text(cell, name, row):
    """A workbook's cell as CSV would hold it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(int(cell))
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(sep=" ")
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = with_plain_line_ends(str(cell))
    if text in {"#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#N/A", "#NULL!", "#NUM!"}:
        raise FileProblem(f"{name}, row {row}: a cell holds the error {text}. Mend its formula, or type its value.")
    return text


def as_table(records, name):
    """The first record as column names, every further one as a row; rows without any text are passed over."""
    line, header = next(((line, cells) for line, cells in records if any(cell.strip() for cell in cells)), (1, []))
    while header and not header[-1].strip():
        header.pop()
    if not header:
        raise FileProblem(f"{name}: the file is empty. Its first line names the columns.")
    if len(header) == 1 and (other := next((sign for sign in ";\t" if sign in header[0]), None)):
        called = {";": "semicolons", "\t": "tabs"}[other]
        raise FileProblem(f"{name}, line {line}: the columns are parted by {called}. Save the file with commas.")
    columns = [column_name(cell) for cell in header]
    empty = [str(place) for place, column in enumerate(columns, 1) if not column]
    if empty:
        raise FileProblem(
            f"{name}, line {line}: column {', '.join(empty)} has no name. The first line of the file names every "
            "column; a title above it must go."
        )
    twice = sorted({column for column in columns if columns.count(column) > 1})
    if twice:
        raise FileProblem(f"{name}, line {line}: there are two columns “{'”, “'.join(twice)}”. Keep one.")
    table = Table(name, columns)
    header_line = line
    for line, cells in records:
        if not any(cell.strip() for cell in cells):
            continue
        extra = [cell for cell in cells[len(columns) :] if cell.strip()]
        if extra or len(cells) < len(columns):
            raise FileProblem(
                f"{name}, line {line}: it has {len(cells)} cells, and the header on line {header_line} "
                f"(“{columns[0][:30]}” …) has {len(columns)}. The header names every column, and a title above it must "
                "go; a comma inside a cell needs quotes around the cell."
            )
        table.rows.append([unguarded(cell) for cell in cells[: len(columns)]])
        table.lines.append(line)
    return table


def column_name(cell):
    """A header as columns are called: `Service area ` is service_area."""
    return "_".join(unguarded(cell).lower().split())
