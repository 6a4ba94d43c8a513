"""The file of a backup is believed only if it is whole."""

import zipfile

import pytest

from innovation_archive.operation.backup_files import (
    CHECKSUM_LENGTH,
    MANIFEST,
    MARK,
    BackupError,
    Manifest,
    TableCopy,
    read_backup,
    written_backup,
)

MADE = Manifest(
    format=1,
    made_at="2026-11-25T12:00:00+00:00",
    database="sqlite",
    database_version="3.40.1",
    migrations=[("workshops", "0001_initial")],
    tables={"workshops_story": TableCopy(["id", "title"], rows=1, last=7)},
    key_marks={"SECRET_KEY": "12ab"},
)


def write(path, manifest=MADE):
    with written_backup(path) as parts:
        parts.writestr("tables/workshops_story", "1\tSoup\n")
        parts.writestr(MANIFEST, manifest if isinstance(manifest, str) else manifest.to_json())
    return path


def refusal(path):
    with pytest.raises(BackupError) as refused, read_backup(path):
        pass
    return str(refused.value).replace(str(path), "FILE")


def test_backup_is_read_as_it_was_written(tmp_path):
    with read_backup(write(tmp_path / "a.backup")) as (manifest, parts):
        assert manifest == MADE
        assert parts.read("tables/workshops_story") == b"1\tSoup\n"
    assert MADE.rows == 1


def test_backup_is_a_zip_that_other_programs_open(tmp_path):
    with zipfile.ZipFile(write(tmp_path / "a.backup")) as parts:
        assert parts.testzip() is None
        assert parts.namelist() == [MARK, "tables/workshops_story", MANIFEST]


def test_change_of_any_byte_is_known(tmp_path):
    path = write(tmp_path / "a.backup")
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        in_mark = 30 <= place < 30 + len(MARK)
        assert refusal(path) == (
            "FILE is not a backup of a workshop learning archive."
            if in_mark
            else "FILE is damaged or cut off: its checksum is not that of its content."
        )


def test_file_that_was_cut_off_is_refused_wherever_it_ends(tmp_path):
    path = write(tmp_path / "a.backup")
    whole = path.read_bytes()
    for length in range(30 + len(MARK), len(whole)):
        path.write_bytes(whole[:length])
        assert refusal(path) == "FILE is damaged or cut off: its checksum is not that of its content."


def test_file_with_something_after_its_end_is_refused(tmp_path):
    path = write(tmp_path / "a.backup")
    path.write_bytes(path.read_bytes() + b"0" * CHECKSUM_LENGTH)
    assert refusal(path) == "FILE is damaged or cut off: its checksum is not that of its content."


@pytest.mark.parametrize("content", [b"", b"PK", b"SQLite format 3\0", b"-- PostgreSQL database dump\n"])
def test_other_file_is_refused(content, tmp_path):
    (tmp_path / "a.backup").write_bytes(content)
    assert refusal(tmp_path / "a.backup") == "FILE is not a backup of a workshop learning archive."


def test_other_zip_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "archive.zip", "w") as parts:
        parts.writestr("stories.csv", "ref,title\n")
    assert refusal(tmp_path / "archive.zip") == "FILE is not a backup of a workshop learning archive."


def test_missing_file_is_refused(tmp_path):
    assert refusal(tmp_path / "a.backup") == "FILE cannot be read: No such file or directory."


def test_newer_format_is_refused(tmp_path):
    path = write(tmp_path / "a.backup", '{"format": 2, "what nobody knows yet": []}')
    assert refusal(path) == "The backup was made by a newer version of the archive. Install that version first."


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"format": 1}', '{"format": "1"}', "{"])
def test_manifest_without_sense_is_refused(text, tmp_path):
    assert refusal(write(tmp_path / "a.backup", text)) == "The manifest of the backup cannot be understood."
