"""Restoring: all of a backup or nothing, and what was forgotten since stays forgotten."""

import sqlite3
import subprocess
import sys
import time
import zipfile
from contextlib import closing
from dataclasses import replace

import pytest
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from innovation_archive.exchange.imports import import_file
from innovation_archive.models import SignIn
from innovation_archive.operation import restore as restore_module
from innovation_archive.operation.backup import make_backup
from innovation_archive.operation.backup_files import MANIFEST, BackupError, TableCopy, read_backup, written_backup
from innovation_archive.operation.restore import check_backup, restore_backup
from innovation_archive.operation.restoring import closed_for_restore
from innovation_archive.operation.table_rows import line_of_cells
from tests.factories import a_user
from tests.innovation_archive.operation.archives import (
    all_rows,
    archive_with_sample,
    environment,
    exported_files,
    manage,
    public_pages,
)
from tests.migrations.releases import Snapshot, migrations_of, rows_of
from tests.serving import ROOT
from workshops.choices import Consent
from workshops.consent import ledger
from workshops.consent.erasure import erase_participant
from workshops.consent.passages import hide_passage
from workshops.consent.withdrawal import lower_consent, withdraw_stories
from workshops.models import Forgotten, OutgoingMail, Participant, Story, Tag

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def sample_archive(django_db_setup, django_db_blocker, tmp_path_factory):
    """The path of a backup of the archive that is there, with the sample and a row in every table."""
    path = tmp_path_factory.mktemp("backups") / "sample.backup"
    with django_db_blocker.unblock(), archive_with_sample("restore"):
        make_backup(path)
        yield path


@pytest.fixture
def backup(sample_archive, settings, tmp_path):
    """The same, with the archive as it was, which each test leaves empty; and a ledger's file of the test's own."""
    settings.LEDGER = tmp_path / "ledger" / "forgotten.ledger"
    restore_backup(sample_archive)
    return sample_archive


def spoil():
    """Change the archive so that every page of it would be another."""
    Story.objects.update(title="Spoilt", published_text="Spoilt")
    Group.objects.create(name="Spoilt")
    OutgoingMail.objects.all().delete()


# What comes back


def test_restored_archive_is_the_same_in_every_row(backup):
    before = all_rows()
    spoil()
    assert differing(all_rows(), before) != []
    restore_backup(backup)
    after = all_rows()
    assert differing(after, before) == ["workshops_outgoingmail"]  # which waits for an administrator now
    assert after.keys() == before.keys()


def differing(after, before):
    """The tables that do not hold what they did."""
    return [table for table, content in after.items() if content != before[table]]


def test_restored_archive_has_the_same_pages_and_files(backup, tmp_path):
    pages, files = public_pages(Client()), exported_files(tmp_path / "before")
    assert {status for status, _body in pages.values()} == {200}
    spoil()
    restore_backup(backup)
    after = public_pages(Client())
    assert [address for address, answer in after.items() if answer != pages[address]] == []
    assert after.keys() == pages.keys()
    assert exported_files(tmp_path / "after") == files


def test_rows_that_follow_get_numbers_that_no_row_had(backup):
    newest = Group.objects.create(name="Newest").pk
    Group.objects.filter(pk=newest).delete()
    path = backup.with_name("later.backup")
    make_backup(path)
    restore_backup(path)
    assert Group.objects.create(name="Next").pk == newest + 1


def test_nobody_is_signed_in_after_a_restore(backup):
    Client().force_login(a_user())
    assert SignIn.objects.count() == 1
    path = backup.with_name("with-session.backup")
    make_backup(path)
    restore_backup(path)
    assert (list(Session.objects.all()), list(SignIn.objects.all())) == ([], [])


def test_mail_that_waited_is_not_sent_by_itself(backup):
    assert OutgoingMail.objects.due().count() == 0
    OutgoingMail.objects.update(taken_at=None)
    path = backup.with_name("with-mail.backup")
    make_backup(path)
    assert restore_backup(path).mails == 1
    assert [OutgoingMail.objects.due().count(), OutgoingMail.objects.stuck().count()] == [0, 1]


def test_archive_of_an_older_version_is_brought_up_to_date(backup, tmp_path):
    old = Snapshot.read("1.0")
    path = backup_of_release("1.0", old, tmp_path / "old.backup", like=check_backup(backup))
    assert check_backup(path).rows > 4000
    restore_backup(path)
    assert rows_of("workshops_story", ["id", "title"])["rows"] == titles_in(old)
    assert Tag.objects.create(name="new").pk == max(row[0] for row in old.tables["workshops_tag"]["rows"]) + 1
    for address in ("/readyz", "/insights/a-shared-mission/", "/stories/?q=fridge"):
        assert Client().get(address).status_code == 200


def backup_of_release(version, snapshot, path, like):
    """The path of a backup with what a release kept, as that release would have made it."""
    ours = {(app, name) for app, names in migrations_of(version).items() for name in names}
    packages = ("admin", "auth", "contenttypes", "sessions", "taggit")
    migrations = sorted({key for key in like.migrations if key[0] in packages} | ours)
    recorded = [[number, *key, "2026-11-24 12:00:00"] for number, key in enumerate(migrations, 1)]
    tables = snapshot.tables | {"django_migrations": {"columns": ["id", "app", "name", "applied"], "rows": recorded}}
    with written_backup(path) as parts:
        for name, table in tables.items():
            parts.writestr(f"tables/{name}", "".join(line_of_cells(map(cell_of, row)) for row in table["rows"]))
        copies = {name: copy_of(table["columns"], table["rows"]) for name, table in tables.items()}
        parts.writestr(MANIFEST, replace(like, migrations=migrations, tables=copies).to_json())
    return path


def copy_of(columns, rows):
    return TableCopy(columns, len(rows), max(row[columns.index("id")] for row in rows) if "id" in columns else None)


def cell_of(value):
    match value:
        case None:
            return None
        case bool():
            return "t" if value else "f"
        case dict():
            return f"\\x{value['bytes']}"
    return str(value)


def titles_in(snapshot):
    table = snapshot.tables["workshops_story"]
    number, title = table["columns"].index("id"), table["columns"].index("title")
    return [[row[number], row[title]] for row in table["rows"]]


def test_archive_moves_from_one_database_to_the_other_and_back(backup, tmp_path):
    if connection.vendor != "postgresql":
        pytest.skip("It needs a PostgreSQL beside SQLite.")
    rows, moved = all_rows(), tmp_path / "moved.backup"
    (tmp_path / "data").mkdir()
    embedded = environment(tmp_path / "data", DATABASE_URL="", LEDGER=str(tmp_path / "data" / "ledger"))
    for command in (["restore", backup, "--no-input"], ["backup", moved]):
        done = manage(*command, **embedded)
        assert done.returncode == 0, done.stderr
    spoil()
    restore_backup(moved)
    assert check_backup(moved).database == "sqlite"
    assert differing(all_rows(), rows) == ["workshops_outgoingmail"]


# What stays forgotten


def test_what_was_forgotten_since_stays_forgotten(backup):
    before = Forgotten.objects.count()
    told, lowered = Story.objects.published().order_by("pk")[:2]
    person = Participant.objects.exclude(stories=None).exclude(stories__in=[told, lowered]).first()
    words, code, gone = told.published_text, person.code, list(person.stories.values_list("pk", flat=True))
    before = Forgotten.objects.count()
    withdraw_stories([told])
    lower_consent(lowered, Consent.TEAM)
    erase_participant(person)
    after = set(Forgotten.objects.values_list("kind", "subject"))

    outcome = restore_backup(backup)

    assert outcome.replayed == len(after) - before > 3
    assert set(Forgotten.objects.values_list("kind", "subject")) == after
    assert not any(words in str(rows) for rows in all_rows().values())
    assert not Participant.objects.filter(code=code).exists()
    assert {*Story.objects.filter(pk__in=gone).values_list("status", flat=True)} == {"withdrawn"}
    lowered.refresh_from_db()
    assert (lowered.status, lowered.consent_ceiling) == ("unpublished", Consent.TEAM)
    assert [Client().get(story.get_absolute_url()).status_code for story in (told, lowered)] == [410, 410]


def test_what_an_editor_hid_since_stays_hidden(backup):
    story, words = Story.objects.get(ref="a7mr6p6jjp"), "Three of the small groups that did the work in April"
    start = story.published_text.index(words)
    hide_passage(story, "published_text", start, start + len(words), "Somebody asked about it.")
    hidden = Story.objects.get(pk=story.pk).published_text
    assert words not in hidden

    assert restore_backup(backup).replayed == 2  # a line of the text, and one of the words

    assert Story.objects.get(pk=story.pk).published_text == hidden
    assert words not in Client().get(story.get_absolute_url()).content.decode()


def test_what_was_forgotten_stays_so_where_the_ledgers_file_is_lost(backup, settings):
    story = Story.objects.published().first()
    withdraw_stories([story])
    settings.LEDGER.unlink()
    assert restore_backup(backup).replayed == 1
    story.refresh_from_db()
    assert (story.status, story.published_text) == ("withdrawn", "")
    assert ledger.subject_hash("story", story.ref) in settings.LEDGER.read_text()


def test_what_was_forgotten_while_the_archive_was_being_built_stays_so(backup, monkeypatch):
    story, build = Story.objects.published().first(), restore_module.build_archive

    def build_and_hear_of_a_withdrawal(*arguments, **options):
        outcome = build(*arguments, **options)
        subject = ledger.subject_hash("story", story.ref)
        ledger.write_to_file([ledger.LedgerLine("withdrawal", "2026-11-25", subject, 0, "7kfrw2mn")])
        return outcome

    monkeypatch.setattr(restore_module, "build_archive", build_and_hear_of_a_withdrawal)
    assert restore_backup(backup).replayed == 1
    story.refresh_from_db()
    assert story.status == "withdrawn"


def test_import_of_an_old_file_brings_nothing_back_after_a_restore(backup, tmp_path):
    story = Story.objects.published().first()
    exported_files(tmp_path / "before")
    withdraw_stories([story])
    restore_backup(backup)
    report = import_file("stories", tmp_path / "before" / "stories.csv")
    assert len(report.kept) == 1
    story.refresh_from_db()
    assert (story.status, story.title, story.published_text) == ("withdrawn", "", "")


# What is refused


def refusal(path):
    """Why a backup is refused, by --check and by a restore alike, with the archive untouched."""
    before, reasons = all_rows(), []
    for function in (check_backup, restore_backup):
        with pytest.raises(BackupError) as refused:
            function(path)
        reasons.append(str(refused.value))
    assert reasons[0] == reasons[1]
    assert all_rows() == before
    return reasons[0].replace(str(path), "FILE")


def test_backup_that_was_cut_off_is_refused(backup, tmp_path):
    (tmp_path / "cut.backup").write_bytes(backup.read_bytes()[:-2000])
    assert refusal(tmp_path / "cut.backup") == "FILE is damaged or cut off: its checksum is not that of its content."


def test_backup_that_was_changed_is_refused(backup, tmp_path):
    content = bytearray(backup.read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "changed.backup").write_bytes(content)
    assert (
        refusal(tmp_path / "changed.backup") == "FILE is damaged or cut off: its checksum is not that of its content."
    )


def rewritten(backup, path, *, parts=None, **manifest):
    """The path of a backup with another manifest, or other parts than {name: bytes}, and a checksum that is right."""
    with read_backup(backup) as (was, before), written_backup(path) as after:
        for name in was.tables:
            after.writestr(f"tables/{name}", (parts or {}).get(name, before.read(f"tables/{name}")))
        after.writestr(MANIFEST, replace(was, **manifest).to_json())
    return path


def test_backup_of_a_newer_version_is_refused(backup, tmp_path):
    newer = [*check_backup(backup).migrations, ("workshops", "9999_what_nobody_knows_yet")]
    assert refusal(rewritten(backup, tmp_path / "newer.backup", migrations=newer)) == (
        "The backup was made by a newer version of the archive, with migrations that this one does not know, such as "
        "workshops.9999_what_nobody_knows_yet. Install that version first."
    )


def test_backup_with_fewer_rows_than_it_says_is_refused(backup, tmp_path):
    path = rewritten(backup, tmp_path / "fewer.backup", parts={"workshops_theme": b""})
    assert refusal(path) == "The backup holds more or fewer rows of workshops_theme than its manifest says."


def test_backup_without_a_table_of_its_manifest_is_refused(backup, tmp_path):
    with read_backup(backup) as (was, before), written_backup(tmp_path / "a.backup") as after:
        for name in was.tables.keys() - {"workshops_theme"}:
            after.writestr(f"tables/{name}", before.read(f"tables/{name}"))
        after.writestr(MANIFEST, was.to_json())
    assert refusal(tmp_path / "a.backup") == "The backup misses a table, or one of its tables cannot be read."


def test_backup_whose_rows_contradict_each_other_changes_nothing(backup, tmp_path):
    tables = check_backup(backup).tables
    tables["workshops_phase"] = replace(tables["workshops_phase"], rows=0)
    path = rewritten(backup, tmp_path / "without.backup", parts={"workshops_phase": b""}, tables=tables)
    before = all_rows()
    assert refusal_of(restore_backup, path) == "Rows of the backup contradict each other. Nothing was changed."
    assert all_rows() == before
    assert Client().get("/").status_code == 200


def test_restore_waits_for_a_writer_only_so_long(backup, monkeypatch):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has its own limit, which the same setting names.")
    monkeypatch.setattr(restore_module, "LOCK_WAIT", 1)
    before = all_rows()
    with another_writer(), pytest.raises(BackupError, match="Nothing was changed"):
        restore_backup(backup)
    assert all_rows() == before


def another_writer():
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return closing(other)


def test_restore_is_refused_while_another_one_is_under_way(backup, monkeypatch):
    monkeypatch.setattr("innovation_archive.operation.restoring.PATIENCE", 0.1)
    with closed_for_restore():
        assert refusal_of(restore_backup, backup) == "The archive is being restored already. Nothing was done."


@pytest.mark.parametrize(
    "command", [["withdraw", "abc"], ["erase", "abc"], ["import_data", "themes", "a.csv"], ["release_votes", "hubs"]]
)
def test_command_that_would_be_lost_is_refused_while_the_archive_is_restored(command, backup):
    with closed_for_restore():
        said = refusal_of(call_command, *command)
    assert said == "The archive is being restored. Try again when that is done."


def test_backup_is_refused_while_the_archive_is_restored(backup, tmp_path):
    with closed_for_restore():
        said = refusal_of(make_backup, tmp_path / "a.backup")
    assert said == "The archive is being restored. Try again when that is done."


def refusal_of(function, *arguments):
    with pytest.raises(CommandError) as refused:
        function(*arguments)
    return str(refused.value)


# All or nothing, whenever it ends


def test_killed_restore_leaves_the_archive_as_it_was_or_as_it_was_to_be(backup, settings):
    restored, ends = all_rows(), []
    for seconds in (1.0, 1.3, 1.6, 1.9, 2.2):
        Group.objects.update_or_create(name="Spoilt")
        connection.close()
        files = sorted(path.name for path in settings.DATA_DIR.iterdir())
        process = subprocess.Popen(
            [sys.executable, "manage.py", "restore", str(backup), "--no-input"],
            cwd=ROOT, env=environment(settings.DATA_DIR), stdout=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(seconds)
        process.kill()
        process.wait()
        assert Client().get("/readyz").status_code == 200
        ends.append(Group.objects.filter(name="Spoilt").delete()[0])
        assert differing(all_rows(), restored) in ([], ["workshops_outgoingmail"])  # whose mail each restore holds anew
        connection.close()
        assert sorted(path.name for path in settings.DATA_DIR.iterdir()) == files
    assert 1 in ends, "no restore was killed before its end"


# The command


def test_command_checks_and_changes_nothing(backup, capsys):
    before = all_rows()
    call_command("restore", str(backup), "--check")
    said = capsys.readouterr().out
    manifest = check_backup(backup)
    assert said == (
        f"The backup is whole. It was made at {manifest.made_at} on {manifest.database} {manifest.database_version}, "
        f"and holds {manifest.rows:,} rows of {len(manifest.tables)} tables.\n"
    )
    assert all_rows() == before


def test_command_asks_first(backup, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda question: "no")
    before = all_rows()
    assert refusal_of(call_command, "restore", str(backup)) == "Nothing was changed."
    assert all_rows() == before


def test_command_says_what_it_did(backup, capsys):
    withdraw_stories([Story.objects.published().first()])
    OutgoingMail.objects.update(taken_at=None)
    call_command("restore", str(backup), no_input=True)
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith(f"Restored: {check_backup(backup).rows:,} rows of ")
    assert said[1] == "Lines of the ledger that were carried out again: 1."
    assert said[2].startswith("Mails that waited and may have been sent since: 1.")


def test_command_warns_of_other_keys(backup, settings, capsys):
    settings.SECRET_KEY = "another"
    call_command("restore", str(backup), "--check")
    assert capsys.readouterr().err == (
        "SECRET_KEY is another than when the backup was made: slips that were printed before open nothing.\n"
    )


def test_zip_says_what_it_is(backup):
    with zipfile.ZipFile(backup) as parts:
        assert parts.read(parts.namelist()[0]).decode().startswith("A backup of a workshop learning archive.")
