import codecs
import datetime
import io
import struct
import time
import zipfile

import openpyxl
import pytest

from innovation_archive.exchange.reading import MAX_UNPACKED_SIZE, FileProblemError, Limits, read_content


def read(text, **options):
    content = text.encode() if isinstance(text, str) else text
    table = read_content(content, "file.csv", **options)
    return table.columns, table.rows, table.lines


def problem(content, **options):
    with pytest.raises(FileProblemError) as refused:
        read(content, **options)
    return str(refused.value)


def workbook(*rows, prepare=lambda sheet: None):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    prepare(book.active)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "encode",
    [
        str.encode,
        lambda text: codecs.BOM_UTF8 + text.encode(),
        lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
        lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
    ],
)
def test_read_knows_unicode_files_with_any_line_ending(end, encode):
    text = end.join(["slug,name", "a,Café", 'b,"two', 'lines, ""quoted"""', ""])
    assert read(encode(text)) == (["slug", "name"], [["a", "Café"], ["b", 'two\nlines, "quoted"']], [2, 3])


def test_read_passes_over_empty_rows_and_counts_lines_as_the_file_has_them():
    assert read('\n\nslug,name\n,\n\na,"x\ny"\nb,z\n') == (["slug", "name"], [["a", "x\ny"], ["b", "z"]], [6, 8])


def test_read_takes_columns_as_people_write_them():
    assert read(" Slug ,Service Area\n")[0] == ["slug", "service_area"]


def test_read_takes_guards_off():
    assert read("slug,name\na,'=1+1\nb,'tis\n")[1] == [["a", "=1+1"], ["b", "'tis"]]


def test_read_refuses_other_encodings_with_the_byte_and_the_line():
    said = problem("id,name\n1,english\n2,café\n".encode("latin-1"))
    assert "line 3: byte 0xE9 at position 23 is not utf-8" in said
    assert "--encoding" in said


def test_read_uses_the_encoding_it_is_told():
    assert read("a\né\n".encode("cp1252"), encoding="cp1252")[1] == [["é"]]
    assert "no encoding called “klingon”" in problem("a\n", encoding="klingon")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "file is empty"),
        ("\n\n", "file is empty"),
        ("a,b\n1,\x002\n", "line 2: there is a NUL"),
        ("a,b,a\n", "two columns “a”"),
        (
            "Notes of June,,\nslug,name,aliases\n",
            "line 2: it has 3 cells, and the header on line 1 (“notes_of_june” …) has 1",
        ),
        ("a,,b\n1,2,3\n", "column 2 has no name"),
        ("a;b\n1;2\n", "semicolons"),
        ("a\tb\n1\t2\n", "tabs"),
        ("a,b\n1,2,3\n", "line 2: it has 3 cells, and the header on line 1 (“a” …) has 2"),
        ("a,b\n1\n", "line 2: it has 1 cell, and the header on line 1 (“a” …) has 2"),
        ('a,b\n"1,2\n3,4\n', "line 2: the quotes do not close"),
        ('a,b\n1,2\n"x"y,4\n', "line 3: the quotes do not close"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel workbook"),
        (b"PK\x03\x04rest", "not a workbook that can be read"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "locked with a password"),
        (b"\x89PNG\r\n\x1a\n", "this is a PNG picture"),
        (b"%PDF-1.7", "this is a PDF document"),
        (",".join(f"column{n}" for n in range(300)) + "\n", "there are 300 columns; a file has 200 at most"),
    ],
)
def test_read_says_what_is_wrong_with_a_file(content, says):
    assert says in problem(content)


def test_read_gives_a_workbook_as_csv_would():
    content = workbook(
        ["slug", "held_on", "keep", "flag", "share", None],
        ["a", datetime.date(2020, 6, 30), 3.0, True, 0.5, None],
        [None, None, None, None, None, None],
        ["=1+1 is text", datetime.datetime(2020, 6, 30), 12, False, None, None],  # noqa: DTZ001 as workbooks hold it
        prepare=lambda sheet: setattr(sheet["A4"], "data_type", "s"),
    )
    assert read(content) == (
        ["slug", "held_on", "keep", "flag", "share"],
        [["a", "2020-06-30", "3", "1", "0.5"], ["=1+1 is text", "2020-06-30", "12", "0", ""]],
        [2, 4],
    )


def test_read_refuses_merged_cells():
    assert "merged cells" in problem(workbook(["a", "b"], ["1", "2"], prepare=lambda sheet: sheet.merge_cells("A2:B2")))


def test_read_refuses_the_errors_of_formulas():
    assert "row 2: a cell holds the error #REF!" in problem(workbook(["a"], ["#REF!"]))


LIMITS = Limits(rows=2, letters=5)


def test_read_keeps_within_limits():
    assert read("a\n1\n\n12345\n", limits=LIMITS)[1] == [["1"], ["12345"]]
    assert "there are more than 2 rows" in problem("a\n1\n2\n3\n", limits=LIMITS)
    assert "line 3, column a: the cell has 6 letters, and 5 are the most" in problem("a\n1\n123456\n", limits=LIMITS)


def members(content):
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return file.getvalue()


def test_read_refuses_a_workbook_that_unpacks_to_too_much_before_it_is_unpacked(monkeypatch):
    bomb = packed(members(workbook(["a"])) | {"xl/media/image1.png": b"0" * (MAX_UNPACKED_SIZE + 1)})
    assert len(bomb) < 100_000
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *args: pytest.fail("a member was unpacked"))
    assert "unpacked, the workbook is larger than 50 MB" in problem(bomb)


def test_read_gets_no_more_of_a_member_than_its_directory_says():
    """A directory may lie about a bomb; then its sheet ends where the lie says, and is broken."""
    parts = members(workbook(["a"], ["1"]))
    sheet = parts["xl/worksheets/sheet1.xml"].replace(
        b"<sheetData>", b"<!--" + b"0" * MAX_UNPACKED_SIZE + b"--><sheetData>"
    )
    bomb = packed(parts | {"xl/worksheets/sheet1.xml": sheet})
    lie = bomb.replace(struct.pack("<L", len(sheet)), struct.pack("<L", 1000))
    assert lie != bomb
    assert "not a workbook that can be read" in problem(lie)


def test_read_refuses_a_workbook_of_very_many_sheets():
    parts = {f"xl/worksheets/sheet{n}.xml": b"" for n in range(101)}
    assert "more than 100 sheets" in problem(packed(parts))


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (b'<row r="99999999"><c r="A99999999"><v>1</v></c></row>', "row 1000000: there are too many empty rows"),
        (b'<row><c r="ZZZ2"/></row>' * 60, "row 56: there are too many empty rows or columns"),
        (b"<row/>" * 1_000_000, "the workbook has too many rows, cells or styles"),
    ],
)
def test_read_refuses_a_sheet_that_claims_millions_of_empty_cells(rows, says):
    parts = members(workbook(["a"]))
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b"</sheetData>", rows + b"</sheetData>")
    assert says in problem(packed(parts | {"xl/worksheets/sheet1.xml": sheet}))


@pytest.mark.parametrize(
    "parts",
    [
        {"word/document.xml": b"<document/>", "[Content_Types].xml": b"<Types/>"},
        {"notes.txt": b"hello"},
        {"[Content_Types].xml": b"not XML"},
    ],
)
def test_read_refuses_a_zip_that_is_no_workbook(parts):
    assert "not a workbook that can be read" in problem(packed(parts))


@pytest.mark.parametrize(
    ("part", "before", "markup", "says"),
    [
        ("sheet", b"</sheetData>", b"<row>" + b"<c/>" * 1_000_000 + b"</row>", "too many rows, cells or styles"),
        ("styles", b"</cellXfs>", b"<xf/>" * 200_000, "too many rows, cells or styles"),
        (
            "sheet",
            b"</sheetData>",
            b"<row " + b" ".join(b'a%d=""' % n for n in range(1_000_000)) + b"/>",
            "xl/worksheets/sheet1.xml in the workbook is broken",
        ),
        (
            "sheet",
            b"</sheetData>",
            b'<row><c r="' + b"A" * 30_000_000 + b'"/></row>',
            "xl/worksheets/sheet1.xml in the workbook is broken",
        ),
    ],
    ids=["cells", "styles", "attributes", "a long attribute"],
)
def test_read_refuses_a_workbook_whose_markup_is_a_bomb_within_seconds(part, before, markup, says):
    member = {"sheet": "xl/worksheets/sheet1.xml", "styles": "xl/styles.xml"}[part]
    parts = members(workbook(["a"]))
    bomb = packed(parts | {member: parts[member].replace(before, markup + before)})
    began = time.process_time()
    assert says in problem(bomb)
    assert time.process_time() - began < 5


def test_read_refuses_an_entity_bomb():
    parts = members(workbook(["a"]))
    sheet = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    assert "declares entities" in problem(packed(parts | {"xl/worksheets/sheet1.xml": sheet}))
    assert "declares entities" in problem(packed(parts | {"xl/styles.xml": sheet}))


def sheet_with(cell):
    parts = members(workbook(["a", "b"], ["1", "2"]))
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b"</row></sheetData>", cell + b"</row></sheetData>")
    return packed(parts | {"xl/worksheets/sheet1.xml": sheet})


def test_read_takes_the_saved_results_of_formulas():
    row = b'</row><row r="3"><c r="A3"><f>1+1</f><v>2</v></c><c r="B3" t="str"><f>IF(A3,"","x")</f><v></v></c>'
    assert read(sheet_with(row))[1] == [["1", "2"], ["2", ""]]


@pytest.mark.parametrize("cell", [b'<c r="A3"><f>1+1</f></c>', b'<c r="A3"><f>1+1</f><v></v></c>'])
def test_read_names_the_cell_of_a_formula_that_was_never_computed(cell):
    assert "cell A3 has a formula without its result" in problem(sheet_with(b'</row><row r="3">' + cell))
    assert "cell A2 has a formula without its result" in problem(workbook(["a"], ["=1+1"]))


def test_read_passes_over_merged_cells_and_formulas_of_other_sheets():
    book = openpyxl.Workbook()
    book.active.append(["a"])
    book.active.append(["1"])
    other = book.create_sheet()
    other.append(["=1+1", "x"])
    other.merge_cells("A2:B2")
    file = io.BytesIO()
    book.save(file)
    assert read(file.getvalue())[1] == [["1"]]


def test_read_passes_over_columns_that_are_only_formatted():
    content = workbook(["a", "b"], ["1", "2"], [None, "3"], ["4"], prepare=lambda sheet: sheet.cell(2, 400, None))
    assert read(content)[1] == [["1", "2"], ["", "3"], ["4", ""]]
