"""Reading the files people have: CSV and XLSX, as one table of texts with the line each row stood on.

A file that cannot be read raises `FileProblem`, whose sentences say what is wrong, where, and what would be right.
"""

import codecs
import csv
import datetime
import io
import sys
import zipfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import iterparse
from xml.parsers import expat

from innovation_archive.exchange.cells import unguarded
from workshops.fields import with_plain_line_ends

csv.field_size_limit(sys.maxsize if sys.maxsize < 2**31 else 2**31 - 1)

BYTE_ORDER_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
ZIP_MARK = b"PK\x03\x04"
OLD_EXCEL_MARK = b"\xd0\xcf\x11\xe0"
LOCKED_MARK = "EncryptedPackage".encode("utf-16-le")
OTHER_MARKS = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
    b"{\\rtf": "a text document",
    b"\x1f\x8b": "a compressed file",
}

# A workbook is a ZIP archive, in which a few bytes can stand for very many. What goes beyond these is better as CSV.
WITH_CELLS = ("xl/worksheets/", "xl/sharedStrings")
UNPACKED_LIMIT = 50_000_000
SHEET_LIMIT = 100
ELEMENT_LIMIT = 1_000_000  # in the XML of its sheets; about half a million cells
ELEMENTS_ELSEWHERE = 200_000  # in its styles and names, each of which takes longer to read than a cell
ATTRIBUTE_LIMIT = 1_000  # in one tag
ATTRIBUTE_LENGTH = 50_000  # conditional formats list the cells they are for in one
CELL_LIMIT = 1_000_000  # empty ones too: a workbook may claim a million empty rows
COLUMN_LIMIT = 200


@dataclass(frozen=True)
class Limits:
    """How much of a file is read; None is all of it."""

    rows: int | None = None
    letters: int | None = None  # in one cell


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


def read_file(path, encoding=None):
    """The table in a CSV or XLSX file. Without `encoding`: UTF-8, or UTF-16 with a byte-order mark."""
    path = Path(path)
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise FileProblem(f"{path}: cannot be read ({problem.strerror}).") from problem
    return read_content(content, path.name, encoding)


def read_content(content, name, encoding=None, limits=Limits()):
    """The table in a file's bytes."""
    if content.startswith(ZIP_MARK):
        records = xlsx_records(content, name)
    else:
        refuse_other_formats(content, name)
        records = csv_records(decode(content, name, encoding), name)
    return as_table(records, name, limits)


def refuse_other_formats(content, name):
    if content.startswith(OLD_EXCEL_MARK):
        if LOCKED_MARK in content:
            raise FileProblem(f"{name}: the workbook is locked with a password. Save it again without one.")
        raise FileProblem(f"{name}: this is an old Excel workbook (.xls). Save it as .xlsx or as CSV.")
    for mark, called in OTHER_MARKS.items():
        if content.startswith(mark):
            raise FileProblem(f"{name}: this is {called}, whatever its name says. A table comes as CSV or XLSX.")


def decode(content, name, encoding=None):
    """A file's text. Refuses to guess: a wrong guess would turn names into rubbish without a word."""
    if encoding is None:
        encoding = next((codec for mark, codec in BYTE_ORDER_MARKS.items() if content.startswith(mark)), "utf-8")
        advice = (
            "Save the file as UTF-8 (in Excel: “CSV UTF-8”), or say which encoding it has "
            "(at the desk as “Letters of a CSV file”, from the shell with --encoding cp1252)."
        )
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
        package = zipfile.ZipFile(io.BytesIO(content))
        check_directory(package, name)
        check_markup(package, name)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        check_sheet(package.open(sheet._worksheet_path), name)
        sheet.reset_dimensions()  # the file's word for them, which may be anything
        read = width = 0
        for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            read += len(cells) + 1
            if read > CELL_LIMIT:
                raise FileProblem(f"{name}, row {number}: there are too many empty rows or columns. Save it as CSV.")
            texts = [xlsx_text(cell, name, number) for cell in without_empty_end(cells)]
            width = width or len(texts)  # of the header: cells left empty at a row's end are not in the file
            yield number, texts + [""] * (width - len(texts))
    except FileProblem:
        raise
    except Exception as problem:  # openpyxl fails in as many ways as there are broken workbooks
        raise FileProblem(
            f"{name}: this is not a workbook that can be read. Save it as .xlsx or CSV again."
        ) from problem


def check_directory(package, name):
    """Judge a workbook by what its ZIP directory says, before anything is unpacked.

    A directory that lies is no way round: zipfile gives no more of a member than the directory says it has.
    """
    members = package.infolist()
    if any(member.flag_bits & 1 for member in members):
        raise FileProblem(f"{name}: the file is locked with a password. Save it again without one.")
    if sum(member.file_size for member in members) > UNPACKED_LIMIT:
        raise FileProblem(
            f"{name}: unpacked, the workbook is larger than {UNPACKED_LIMIT // 1_000_000} MB. "
            "Take out pictures and sheets that are not needed, or save the sheet as CSV."
        )
    if sum(member.filename.startswith("xl/worksheets/") for member in members) > SHEET_LIMIT:
        raise FileProblem(f"{name}: the workbook has more than {SHEET_LIMIT} sheets. Save the one that counts as CSV.")


def check_markup(package, name):
    """A few bytes of XML can stand for very many elements and entities, each of which takes time and memory to read."""
    read = {ELEMENT_LIMIT: 0, ELEMENTS_ELSEWHERE: 0}

    def count(tag, attributes):
        read[limit] += 1
        if read[limit] > limit:
            raise FileProblem(f"{name}: the workbook has too many rows, cells or styles. Save the sheet as CSV.")
        if len(attributes) > 2 * ATTRIBUTE_LIMIT or any(len(text) > ATTRIBUTE_LENGTH for text in attributes):
            raise FileProblem(f"{name}: {member.filename} in the workbook is broken. Save the sheet as CSV.")

    def refuse(*_):
        raise FileProblem(
            f"{name}: {member.filename} in the workbook declares entities. Save it as .xlsx or CSV again."
        )

    for member in package.infolist():
        limit = ELEMENT_LIMIT if member.filename.startswith(WITH_CELLS) else ELEMENTS_ELSEWHERE
        parser = expat.ParserCreate()
        parser.ordered_attributes = True  # names and values in one list
        parser.StartElementHandler = count
        parser.StartDoctypeDeclHandler = refuse
        with suppress(expat.ExpatError):  # a picture; or broken, and then nobody reads on
            parser.Parse(package.read(member), True)


def check_sheet(source, name):
    """Refuse what would be read as something else than people see: merged cells, and formulas never computed."""
    for _, element in iterparse(source):  # noqa: S314 `check_markup` has refused entities
        tag = element.tag.rpartition("}")[2]
        if tag == "mergeCell":
            raise FileProblem(
                f"{name}: the sheet has merged cells ({element.get('ref')}), so rows and columns do not line up. "
                "Unmerge them."
            )
        if tag == "c" and is_uncomputed(element):
            raise FileProblem(
                f"{name}: cell {element.get('r')} has a formula without its result. Open the file in a spreadsheet "
                "and save it again, or paste the values instead of the formulas."
            )
        if tag == "row":
            element.clear()


def is_uncomputed(cell):
    """A formula whose result was not saved; an empty text is a result too."""
    parts = {part.tag.rpartition("}")[2]: part for part in cell}
    if "f" not in parts:
        return False
    return "v" not in parts or (not parts["v"].text and cell.get("t") != "str")


def without_empty_end(cells):
    end = len(cells)
    while end and cells[end - 1] is None:
        end -= 1
    return cells[:end]


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
    if "\0" in text:
        raise FileProblem(f"{name}, row {row}: there is a NUL character, which no text holds. Type the cell again.")
    return text


def as_table(records, name, limits):
    """The first record as column names, every further one as a row; rows without any text are passed over."""
    line, header = next(((line, cells) for line, cells in records if any(cell.strip() for cell in cells)), (1, []))
    while header and not header[-1].strip():
        header.pop()
    if not header:
        raise FileProblem(f"{name}: the file is empty. Its first line names the columns.")
    if len(header) == 1 and (other := next((sign for sign in ";\t" if sign in header[0]), None)):
        called = {";": "semicolons", "\t": "tabs"}[other]
        raise FileProblem(f"{name}, line {line}: the columns are parted by {called}. Save the file with commas.")
    if len(header) > COLUMN_LIMIT:
        raise FileProblem(f"{name}, line {line}: there are {len(header)} columns; a file has {COLUMN_LIMIT} at most.")
    columns = [column_name(cell) for cell in header]
    empty = [str(place) for place, column in enumerate(columns, 1) if not column]
    if empty:
        raise FileProblem(
            f"{name}, line {line}: column {', '.join(empty)} has no name. The first line of the file names every "
            "column; a title above it must go."
        )
    twice = sorted({column[:60] for column in columns if columns.count(column) > 1})
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
        check_size(table, limits)
    return table


def check_size(table, limits):
    """Judge the last row that was read, so that no more is read of a file that is too long."""
    if limits.rows and len(table) > limits.rows:
        raise FileProblem(
            f"{table.name}: there are more than {limits.rows:,} rows. Part the file in several, or have it imported "
            "from the shell, which has no such limit."
        )
    for column, cell in zip(table.columns, table.rows[-1], strict=True):
        if limits.letters and len(cell) > limits.letters:
            raise FileProblem(
                f"{table.name}, line {table.lines[-1]}, column {column}: the cell has {len(cell):,} letters, and "
                f"{limits.letters:,} are the most. Shorten it, or part it in several rows."
            )


def column_name(cell):
    """A header as columns are called: `Service area ` is service_area."""
    return "_".join(unguarded(cell).lower().split())
