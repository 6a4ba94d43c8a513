import codecs
import datetime
import io

import openpyxl
import pytest

from innovation_archive.tables import FileProblem, read_content


def read(text, **options):
    content = text.encode() if isinstance(text, str) else text
    table = read_content(content, "file.csv", **options)
    return table.columns, table.rows, table.lines


def problem(content, **options):
    with pytest.raises(FileProblem) as refused:
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
        ("a,b\n1\n", "line 2: it has 1 cells, and the header on line 1 (“a” …) has 2"),
        ('a,b\n"1,2\n3,4\n', "line 2: the quotes do not close"),
        ('a,b\n1,2\n"x"y,4\n', "line 3: the quotes do not close"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel workbook"),
        (b"PK\x03\x04rest", "not a workbook that can be read"),
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
