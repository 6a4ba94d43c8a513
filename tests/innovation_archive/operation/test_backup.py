"""Backing up: all of it, of one moment, in a file that its owner alone reads."""

import select
import subprocess
import sys
import time
import zipfile

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection

from innovation_archive.models import SignIn
from innovation_archive.operation import backup, backup_files
from innovation_archive.operation.backup import make_backup
from innovation_archive.operation.backup_files import BackupError, read_backup
from innovation_archive.operation.table_rows import cells_of_line
from tests.factories import a_story
from tests.innovation_archive.operation.archives import environment
from tests.serving import ROOT

pytestmark = pytest.mark.django_db(transaction=True)


def rows_in(path, table):
    with read_backup(path) as (manifest, parts), parts.open(f"tables/{table}") as part:
        columns = manifest.tables[table].columns
        return [dict(zip(columns, cells_of_line(line.decode()), strict=True)) for line in part]


def test_backup_holds_every_table_but_sessions_and_the_index_of_words(tmp_path):
    a_story(title="Soup on Fridays")
    manifest = make_backup(tmp_path / "a.backup")
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert set(manifest.tables) == (tables | {"django_migrations"}) - {"django_session", "innovation_archive_signin"}
    with connection.cursor() as cursor:
        for name, table in manifest.tables.items():
            cursor.execute(f"SELECT COUNT(*) FROM {name}")  # noqa: S608
            assert (name, cursor.fetchone()[0]) == (name, table.rows)
    assert [row["title"] for row in rows_in(tmp_path / "a.backup", "workshops_story")] == ["Soup on Fridays"]


def test_no_row_that_is_kept_points_to_one_that_is_left_out():
    left_out = [Session, SignIn]
    kept = [model for model in apps.get_models(include_auto_created=True) if model not in left_out]
    columns = [field for model in kept for field in model._meta.concrete_fields]
    pointing = [field for field in columns if field.related_model in left_out]
    assert pointing == []


def test_manifest_says_what_the_backup_is(tmp_path):
    make_backup(tmp_path / "a.backup")
    with read_backup(tmp_path / "a.backup") as (manifest, _parts):
        assert (manifest.format, manifest.database) == (1, connection.vendor)
        assert ("workshops", "0001_initial") in manifest.migrations
        assert manifest.made_at.endswith("+00:00")
        assert sorted(manifest.key_marks) == ["LEDGER_KEY", "SECRET_KEY"]


def test_keys_are_not_in_the_backup(tmp_path, settings):
    settings.SECRET_KEY, settings.LEDGER_KEY = "secret-of-the-archive", "key-of-the-ledger"
    make_backup(tmp_path / "a.backup")
    with zipfile.ZipFile(tmp_path / "a.backup") as parts:
        texts = b"".join(parts.read(name) for name in parts.namelist())
    assert b"LEDGER_KEY" in texts
    assert b"secret-of-the-archive" not in texts
    assert b"key-of-the-ledger" not in texts


def test_backup_is_readable_by_its_owner_alone(tmp_path):
    make_backup(tmp_path / "a.backup")
    assert (tmp_path / "a.backup").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["a.backup"]


def test_backup_takes_the_place_of_an_older_one(tmp_path):
    make_backup(tmp_path / "a.backup")
    Group.objects.create(name="New")
    make_backup(tmp_path / "a.backup")
    assert "New" in [row["name"] for row in rows_in(tmp_path / "a.backup", "auth_group")]
    assert [path.name for path in tmp_path.iterdir()] == ["a.backup"]


def test_backup_takes_the_place_of_nothing_else(tmp_path):
    (tmp_path / "letter.txt").write_text("Dear all")
    with pytest.raises(BackupError, match="is there already and is not a backup"):
        make_backup(tmp_path / "letter.txt")
    assert (tmp_path / "letter.txt").read_text() == "Dear all"


@pytest.mark.parametrize("folder", ["STATIC_ROOT", "STATICFILES_DIRS"])
def test_backup_goes_into_no_folder_that_is_served(folder, settings, tmp_path):
    settings.STATIC_ROOT, settings.STATICFILES_DIRS = tmp_path / "else", [tmp_path / "other"]
    setattr(settings, folder, tmp_path / "served" if folder == "STATIC_ROOT" else [tmp_path / "served"])
    (tmp_path / "served" / "files").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "served" / "files")
    with pytest.raises(BackupError, match="a folder of files that everyone may read"):
        make_backup(tmp_path / "link" / "a.backup")
    assert list((tmp_path / "served" / "files").iterdir()) == []


def test_backup_goes_not_beside_the_keys(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with pytest.raises(BackupError, match="with its keys"):
        make_backup(tmp_path / "a.backup")


def test_backup_needs_its_folder(tmp_path):
    with pytest.raises(BackupError, match="There is no folder"):
        make_backup(tmp_path / "missing" / "a.backup")


def test_backup_waits_for_migrations(tmp_path, monkeypatch):
    monkeypatch.setattr(backup, "waits_for_migrations", lambda: True)
    with pytest.raises(BackupError, match="The database waits for migrations"):
        make_backup(tmp_path / "a.backup")


def test_backup_that_fails_leaves_no_file_and_the_older_one(tmp_path, monkeypatch):
    def fail(parts):
        parts.writestr("half", "of it")
        raise OSError(28, "No space left on device")

    make_backup(tmp_path / "a.backup")
    before = (tmp_path / "a.backup").read_bytes()
    monkeypatch.setattr(backup, "write_parts", fail)
    with pytest.raises(BackupError, match="No space left on device"):
        make_backup(tmp_path / "a.backup")
    assert [path.name for path in tmp_path.iterdir()] == ["a.backup"]
    assert (tmp_path / "a.backup").read_bytes() == before


def test_backup_is_made_where_a_file_system_knows_no_nameless_files(tmp_path, monkeypatch):
    monkeypatch.setattr(backup_files.os, "O_TMPFILE", 1 << 30)  # which is no flag at all
    (tmp_path / "a.backup.part").write_text("left by one that was killed")
    make_backup(tmp_path / "a.backup")
    assert [path.name for path in tmp_path.iterdir()] == ["a.backup"]
    with read_backup(tmp_path / "a.backup") as (manifest, _parts):
        assert manifest.rows > 0


def test_command_says_size_and_time(tmp_path, capsys):
    call_command("backup", str(tmp_path / "a.backup"))
    first, second = capsys.readouterr().out.splitlines()
    assert f"{(tmp_path / 'a.backup').stat().st_size:,} bytes, in " in first
    assert second == "The keys and the ledger’s file are not in it. Keep them, and apart from it."


def test_command_refuses_in_a_sentence(tmp_path):
    with pytest.raises(CommandError, match="There is no folder"):
        call_command("backup", str(tmp_path / "missing" / "a.backup"))


WRITER = """
import django, sys, time
django.setup()
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db import transaction
left, right = Group.objects.get(name="left 0"), Group.objects.get(name="right 0")
for number in range(1, 100_000):
    with transaction.atomic():
        Group.objects.filter(pk=left.pk).update(name=f"left {number}")
        Group.objects.create(name=f"more {number}")
        Group.objects.filter(pk=right.pk).update(name=f"right {number}")
    if number % 100 == 0:
        print(number, flush=True)
    time.sleep(0.004)
"""


def numbers(groups, word):
    return sorted(int(name.split()[1]) for name in groups if name.startswith(word))


def wait_for_writes(writer):
    """Return once a hundred transactions were committed from now on."""
    while select.select([writer.stdout], [], [], 0)[0]:
        writer.stdout.readline()
    for _ in range(2):  # the first hundred may have begun before
        assert select.select([writer.stdout], [], [], 60)[0], "the writer is kept waiting"
        assert writer.stdout.readline() != b"", "the writer has failed"


def test_backup_is_of_one_moment_and_keeps_nobody_from_writing(tmp_path, monkeypatch):
    Group.objects.bulk_create([Group(name=name) for name in ("left 0", "right 0")])
    (tmp_path / "data").mkdir()
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER],
        cwd=ROOT, env=environment(tmp_path / "data"), stdout=subprocess.PIPE, bufsize=0,
    )  # fmt: skip
    copy_name = f"copy_from_{connection.vendor}"
    copy_rows = getattr(backup, copy_name)

    def copy_slowly(source, table, part):
        if table == "auth_group":
            wait_for_writes(writer)
        return copy_rows(source, table, part)

    monkeypatch.setattr(backup, copy_name, copy_slowly)
    try:
        wait_for_writes(writer)
        for _ in range(2):
            make_backup(tmp_path / "a.backup")
            groups = [row["name"] for row in rows_in(tmp_path / "a.backup", "auth_group")]
            [left], [right] = numbers(groups, "left"), numbers(groups, "right")
            assert left == right > 0
            assert numbers(groups, "more") == list(range(1, left + 1))
            assert Group.objects.filter(name__startswith="more ").count() >= left + 100
    finally:
        writer.kill()
        writer.wait()
        writer.stdout.close()


def test_killed_backup_leaves_the_older_one_and_no_file(tmp_path):
    make_backup(tmp_path / "a.backup")
    before = (tmp_path / "a.backup").read_bytes()
    Group.objects.bulk_create(Group(name=f"{number} {'x' * 100}") for number in range(20_000))
    (tmp_path / "data").mkdir()
    survived = 0
    for seconds in (1.2, 1.4, 1.6, 1.8, 2.0):
        process = subprocess.Popen(
            [sys.executable, "manage.py", "backup", str(tmp_path / "a.backup")],
            cwd=ROOT, env=environment(tmp_path / "data"), stdout=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(seconds)
        process.kill()
        process.wait()
        assert sorted(path.name for path in tmp_path.iterdir()) == ["a.backup", "data"]
        with read_backup(tmp_path / "a.backup") as (manifest, _parts):
            assert manifest.rows > 0
        survived += (tmp_path / "a.backup").read_bytes() == before
    assert survived > 0, "no backup was killed before its end"
