"""Files that others on the machine could read are named by every command."""

import pytest
from django.core.checks import run_checks

from innovation_archive.operation.checks import private_files_are_closed


@pytest.fixture
def folder(tmp_path, settings, monkeypatch):
    """A data folder in which every private file is, closed."""
    settings.DATA_DIR, settings.LEDGER, settings.ENV_FILE = tmp_path, tmp_path / "ledger", tmp_path / ".env"
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", str(tmp_path / "db"))
    tmp_path.chmod(0o755)
    for name in FILES:
        (tmp_path / name).touch(mode=0o600)
    return tmp_path


FILES = ["db", "db-wal", "db-shm", "secret-key", "ledger-key", "ledger", ".env"]


def test_closed_files_are_no_reason_to_warn(folder):
    assert private_files_are_closed() == []


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_each_file_that_others_can_read_is_named_with_what_to_do(folder, name, mode):
    (folder / name).chmod(mode)
    (warning,) = [each for each in run_checks() if each.id == "innovation_archive.W001"]
    assert warning.msg == f"Others on this machine can read {folder / name}."
    assert warning.hint == f"Close its folder or the file: chmod 700 {folder}, or chmod 600 {folder / name}."


def test_file_in_a_folder_that_nobody_else_enters_is_closed(folder):
    (folder / "db").chmod(0o644)
    folder.chmod(0o700)
    assert private_files_are_closed() == []
