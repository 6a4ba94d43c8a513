"""Reading CSV and XLSX files: each becomes a table of texts, with the line on which each row begins.

A file that cannot be read raises `FileProblemError`, whose sentence says what is wrong, where, and what would be right.
"""

import codecs
import csv
import datetime
import io
import sys
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, NoReturn, TypeAlias
from xml.etree.ElementTree import Element, iterparse
from xml.parsers import expat

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from innovation_archive.exchange.cells import unguarded
from workshops.fields import with_plain_line_ends

csv.field_size_limit(sys.maxsize if sys.maxsize < 2**31 else 2**31 - 1)

BYTE_ORDER_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
ZIP_MARK = b"PK\x03\x04"
OLD_EXCEL_MARK = b"\xd0\xcf\x11\xe0"
LOCKED_MARK = "EncryptedPackage".encode("utf-16-le")
OTHER_MARKS = {
    b"\x89PNG": gettext_lazy("a PNG picture"),
    b"\xff\xd8\xff": gettext_lazy("a JPEG picture"),
    b"GIF8": gettext_lazy("a GIF picture"),
    b"%PDF": gettext_lazy("a PDF document"),
    b"{\\rtf": gettext_lazy("a text document"),
    b"\x1f\x8b": gettext_lazy("a compressed file"),
}
EXCEL_ERRORS = {"#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#N/A", "#NULL!", "#NUM!"}

# A workbook is a ZIP archive, in which a few bytes can stand for very many. A larger one is better sent as CSV.
PARTS_WITH_CELLS = ("xl/worksheets/", "xl/sharedStrings")
MAX_UNPACKED_SIZE = 50_000_000
MAX_SHEETS = 100
MAX_ELEMENTS = 1_000_000  # in the XML of its sheets; about half a million cells
MAX_ELEMENTS_ELSEWHERE = 200_000  # in its styles and names, each of which takes longer to read than a cell
MAX_ATTRIBUTES = 1_000  # of one tag
MAX_ATTRIBUTE_LENGTH = 50_000  # a conditional format lists its cells in one attribute
MAX_CELLS = 1_000_000  # empty ones too: a workbook may claim a million empty rows
MAX_COLUMNS = 200

Records: TypeAlias = Iterator[tuple[int, list[str]]]
"""The rows of a file as they stand in it: the number of their line, and their cells."""
XlsxCell: TypeAlias = str | bool | float | datetime.date | datetime.time | None


@dataclass(frozen=True)
class Limits:
    """The largest file to accept; None is no limit."""

    rows: int | None = None
    letters: int | None = None  # in one cell


class FileProblemError(ValueError):
    """A file that is refused whole."""


@dataclass
class Table:
    """Rows of texts under named columns. `lines[i]` is the line of the file on which `rows[i]` begins."""

    name: str
    columns: list[str]
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows)


def read_file(path: Path | str, encoding: str | None = None) -> Table:
    """The table in a CSV or XLSX file. Without `encoding` it must be UTF-8, or UTF-16 with a byte-order mark."""
    path = Path(path)
    try:
        content = path.read_bytes()
    except OSError as problem:
        sentence = _("%(file)s: cannot be read (%(reason)s).") % {"file": path, "reason": problem.strerror}
        raise FileProblemError(sentence) from problem
    return read_content(content, path.name, encoding)


def read_content(content: bytes, name: str, encoding: str | None = None, limits: Limits = Limits()) -> Table:
    """The table in a file's bytes."""
    if content.startswith(ZIP_MARK):
        records = xlsx_records(content, name)
    else:
        refuse_other_formats(content, name)
        records = csv_records(decode(content, name, encoding), name)
    return as_table(records, name, limits)


def refuse_other_formats(content: bytes, name: str) -> None:
    """Raise FileProblemError if the first bytes show that this is no CSV file."""
    if content.startswith(OLD_EXCEL_MARK):
        if LOCKED_MARK in content:
            sentence = _("%(file)s: the workbook is locked with a password. Save it again without one.")
        else:
            sentence = _("%(file)s: this is an old Excel workbook (.xls). Save it as .xlsx or as CSV.")
        raise FileProblemError(sentence % {"file": name})
    for mark, format in OTHER_MARKS.items():
        if content.startswith(mark):
            sentence = _("%(file)s: this is %(format)s, whatever its name says. A table comes as CSV or XLSX.")
            raise FileProblemError(sentence % {"file": name, "format": format})


def decode(content: bytes, name: str, encoding: str | None = None) -> str:
    """A file's text. It does not guess the encoding: a wrong guess would turn names into rubbish unnoticed."""
    if encoding is None:
        encoding = next((codec for mark, codec in BYTE_ORDER_MARKS.items() if content.startswith(mark)), "utf-8")
        advice = _(
            "Save the file as UTF-8 (in Excel: “CSV UTF-8”), or say which encoding it has "
            "(at the desk as “Letters of a CSV file”, from the shell with --encoding cp1252)."
        )
    else:
        advice = _("Name the encoding that the file really has.")
    try:
        text = content.decode(encoding)
    except LookupError as problem:
        sentence = _("%(file)s: there is no encoding called “%(encoding)s”. Known ones are utf-8, cp1252, latin-1 …")
        raise FileProblemError(sentence % {"file": name, "encoding": encoding}) from problem
    except UnicodeDecodeError as problem:
        raise FileProblemError(not_encoded(content, name, encoding, problem.start, advice)) from problem
    if "\0" in text:
        line = len(text[: text.index("\0") + 1].splitlines())
        sentence = _("%(file)s, line %(line)s: there is a NUL character, which no text file holds. %(advice)s")
        raise FileProblemError(sentence % {"file": name, "line": line, "advice": advice})
    return with_plain_line_ends(text.removeprefix("\ufeff"))


def not_encoded(content: bytes, name: str, encoding: str, position: int, advice: str) -> str:
    """The sentence that refuses a file for the byte at this position."""
    sentence = _("%(file)s, line %(line)s: byte %(byte)s at position %(position)s is not %(encoding)s. %(advice)s")
    return sentence % {
        "file": name,
        "line": len((content[:position] + b".").splitlines()),
        "byte": f"0x{content[position]:02X}",
        "position": position,
        "encoding": encoding,
        "advice": advice,
    }


def csv_records(text: str, name: str) -> Records:
    """Yield (line, cells) of each record."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as problem:
        sentence = _(
            "%(file)s, line %(line)s: the quotes do not close as they should (%(reason)s). "
            'A cell with quotes in it is written "like ""this"" one".'
        )
        raise FileProblemError(sentence % {"file": name, "line": line, "reason": problem}) from problem


def xlsx_records(content: bytes, name: str) -> Records:
    """Yield (row number, cells) of the workbook's first sheet."""
    import openpyxl  # slow to load, and needed only for workbooks

    try:
        package = zipfile.ZipFile(io.BytesIO(content))
        check_directory(package, name)
        check_markup(package, name)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        check_sheet(package.open(sheet._worksheet_path), name)
        sheet.reset_dimensions()  # what the file says of them may be wrong
        read = width = 0
        for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            read += len(cells) + 1
            if read > MAX_CELLS:
                sentence = _("%(file)s, row %(row)s: there are too many empty rows or columns. Save it as CSV.")
                raise FileProblemError(sentence % {"file": name, "row": number})
            texts = [xlsx_text(cell, name, number) for cell in without_empty_end(cells)]
            width = width or len(texts)  # that of the header: the file leaves out empty cells at the end of a row
            yield number, texts + [""] * (width - len(texts))
    except FileProblemError:
        raise
    except Exception as problem:  # openpyxl fails in as many ways as there are broken workbooks
        sentence = _("%(file)s: this is not a workbook that can be read. Save it as .xlsx or CSV again.")
        raise FileProblemError(sentence % {"file": name}) from problem


def check_directory(package: zipfile.ZipFile, name: str) -> None:
    """Refuse a workbook for what its ZIP directory says, before anything is unpacked.

    A directory with false sizes does not get round this: zipfile reads no more of a member than the directory says.
    """
    members = package.infolist()
    if any(member.flag_bits & 1 for member in members):
        raise FileProblemError(
            _("%(file)s: the file is locked with a password. Save it again without one.") % {"file": name}
        )
    if sum(member.file_size for member in members) > MAX_UNPACKED_SIZE:
        sentence = _(
            "%(file)s: unpacked, the workbook is larger than %(size)s MB. "
            "Take out pictures and sheets that are not needed, or save the sheet as CSV."
        )
        raise FileProblemError(sentence % {"file": name, "size": MAX_UNPACKED_SIZE // 1_000_000})
    if sum(member.filename.startswith("xl/worksheets/") for member in members) > MAX_SHEETS:
        sentence = _("%(file)s: the workbook has more than %(limit)s sheets. Save the one that counts as CSV.")
        raise FileProblemError(sentence % {"file": name, "limit": MAX_SHEETS})


def check_markup(package: zipfile.ZipFile, name: str) -> None:
    """Refuse a workbook with very many XML elements, or with entities, which a few bytes can stand for.

    Each takes time and memory to read.
    """
    read = {MAX_ELEMENTS: 0, MAX_ELEMENTS_ELSEWHERE: 0}

    def count(tag: str, attributes: list[str]) -> None:
        read[limit] += 1
        if read[limit] > limit:
            sentence = _("%(file)s: the workbook has too many rows, cells or styles. Save the sheet as CSV.")
            raise FileProblemError(sentence % {"file": name})
        if len(attributes) > 2 * MAX_ATTRIBUTES or any(len(text) > MAX_ATTRIBUTE_LENGTH for text in attributes):
            sentence = _("%(file)s: %(part)s in the workbook is broken. Save the sheet as CSV.")
            raise FileProblemError(sentence % {"file": name, "part": member.filename})

    def refuse(*doctype: object) -> NoReturn:
        sentence = _("%(file)s: %(part)s in the workbook declares entities. Save it as .xlsx or CSV again.")
        raise FileProblemError(sentence % {"file": name, "part": member.filename})

    for member in package.infolist():
        limit = MAX_ELEMENTS if member.filename.startswith(PARTS_WITH_CELLS) else MAX_ELEMENTS_ELSEWHERE
        parser = expat.ParserCreate()
        parser.ordered_attributes = True  # names and values in one list
        parser.StartElementHandler = count
        parser.StartDoctypeDeclHandler = refuse
        with suppress(expat.ExpatError):  # a picture, or broken XML, which fails when it is read
            parser.Parse(package.read(member), True)


def check_sheet(source: IO[bytes], name: str) -> None:
    """Refuse what would be read differently from what people see: merged cells, and formulas never computed."""
    for __, element in iterparse(source):  # noqa: S314 `check_markup` has refused entities
        tag = element.tag.rpartition("}")[2]
        if tag == "mergeCell":
            sentence = _(
                "%(file)s: the sheet has merged cells (%(cells)s), so rows and columns do not line up. Unmerge them."
            )
            raise FileProblemError(sentence % {"file": name, "cells": element.get("ref")})
        if tag == "c" and is_uncomputed(element):
            sentence = _(
                "%(file)s: cell %(cell)s has a formula without its result. Open the file in a spreadsheet "
                "and save it again, or paste the values instead of the formulas."
            )
            raise FileProblemError(sentence % {"file": name, "cell": element.get("r")})
        if tag == "row":
            element.clear()


def is_uncomputed(cell: Element) -> bool:
    """Whether a cell has a formula whose result was not saved. An empty text is a result too."""
    parts = {part.tag.rpartition("}")[2]: part for part in cell}
    if "f" not in parts:
        return False
    return "v" not in parts or (not parts["v"].text and cell.get("t") != "str")


def without_empty_end(cells: Sequence[XlsxCell]) -> Sequence[XlsxCell]:
    end = len(cells)
    while end and cells[end - 1] is None:
        end -= 1
    return cells[:end]


def xlsx_text(cell: XlsxCell, name: str, row: int) -> str:
    """A workbook's cell as a CSV file would hold it."""
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
    if text in EXCEL_ERRORS:
        sentence = _("%(file)s, row %(row)s: a cell holds the error %(error)s. Mend its formula, or type its value.")
        raise FileProblemError(sentence % {"file": name, "row": row, "error": text})
    if "\0" in text:
        sentence = _("%(file)s, row %(row)s: there is a NUL character, which no text holds. Type the cell again.")
        raise FileProblemError(sentence % {"file": name, "row": row})
    return text


def as_table(records: Records, name: str, limits: Limits) -> Table:
    """A table with the first record as its column names and each further one as a row. Empty records are skipped."""
    header_line, header = next(
        ((line, cells) for line, cells in records if any(cell.strip() for cell in cells)), (1, list[str]())
    )
    while header and not header[-1].strip():
        header.pop()
    table = Table(name, [column_name(cell) for cell in header])
    check_header(table, header, header_line)
    for line, cells in records:
        if not any(cell.strip() for cell in cells):
            continue
        extra = [cell for cell in cells[len(header) :] if cell.strip()]
        if extra or len(cells) < len(header):
            raise FileProblemError(wrong_length(table, line, len(cells), header_line))
        table.rows.append([unguarded(cell) for cell in cells[: len(header)]])
        table.lines.append(line)
        check_size(table, limits)
    return table


def check_header(table: Table, header: list[str], line: int) -> None:
    where: dict[str, str | int] = {"file": table.name, "line": line}
    if not header:
        raise FileProblemError(_("%(file)s: the file is empty. Its first line names the columns.") % where)
    if len(header) == 1 and ";" in header[0]:
        sentence = _("%(file)s, line %(line)s: the columns are parted by semicolons. Save the file with commas.")
        raise FileProblemError(sentence % where)
    if len(header) == 1 and "\t" in header[0]:
        sentence = _("%(file)s, line %(line)s: the columns are parted by tabs. Save the file with commas.")
        raise FileProblemError(sentence % where)
    if len(header) > MAX_COLUMNS:
        sentence = _("%(file)s, line %(line)s: there are %(number)s columns; a file has %(limit)s at most.")
        raise FileProblemError(sentence % (where | {"number": len(header), "limit": MAX_COLUMNS}))
    check_column_names(table.columns, where)


def check_column_names(columns: list[str], where: dict[str, str | int]) -> None:
    unnamed = [str(place) for place, column in enumerate(columns, 1) if not column]
    if unnamed:
        sentence = _(
            "%(file)s, line %(line)s: column %(columns)s has no name. The first line of the file names every column; "
            "a title above it must go."
        )
        raise FileProblemError(sentence % (where | {"columns": ", ".join(unnamed)}))
    twice = sorted({column[:60] for column in columns if columns.count(column) > 1})
    if twice:
        sentence = _("%(file)s, line %(line)s: there are two columns “%(columns)s”. Keep one.")
        raise FileProblemError(sentence % (where | {"columns": "”, “".join(twice)}))


def wrong_length(table: Table, line: int, length: int, header_line: int) -> str:
    """The sentence that refuses a file for a row with too many cells or too few."""
    sentence = ngettext(
        "%(file)s, line %(line)s: it has %(length)s cell, and the header on line %(header_line)s (“%(first)s” …) has "
        "%(wanted)s. The header names every column, and a title above it must go; a comma inside a cell needs quotes "
        "around the cell.",
        "%(file)s, line %(line)s: it has %(length)s cells, and the header on line %(header_line)s (“%(first)s” …) has "
        "%(wanted)s. The header names every column, and a title above it must go; a comma inside a cell needs quotes "
        "around the cell.",
        length,
    )
    return sentence % {
        "file": table.name,
        "line": line,
        "length": length,
        "header_line": header_line,
        "first": table.columns[0][:30],
        "wanted": len(table.columns),
    }


def check_size(table: Table, limits: Limits) -> None:
    """Check the last row that was read, so that reading stops where a file gets too long."""
    if limits.rows and len(table) > limits.rows:
        sentence = _(
            "%(file)s: there are more than %(limit)s rows. Part the file in several, or have it imported from the "
            "shell, which has no such limit."
        )
        raise FileProblemError(sentence % {"file": table.name, "limit": f"{limits.rows:,}"})
    for column, cell in zip(table.columns, table.rows[-1], strict=True):
        if limits.letters and len(cell) > limits.letters:
            raise FileProblemError(too_long(table, column, len(cell), limits.letters))


def too_long(table: Table, column: str, length: int, limit: int) -> str:
    """The sentence that refuses a file for a cell of its last row."""
    sentence = _(
        "%(file)s, line %(line)s, column %(column)s: the cell has %(length)s letters, and %(limit)s are the most. "
        "Shorten it, or part it in several rows."
    )
    return sentence % {
        "file": table.name,
        "line": table.lines[-1],
        "column": column,
        "length": f"{length:,}",
        "limit": f"{limit:,}",
    }


def column_name(cell: str) -> str:
    """The name of a column as datasets write it: "Service area " is service_area."""
    return "_".join(unguarded(cell).lower().split())
