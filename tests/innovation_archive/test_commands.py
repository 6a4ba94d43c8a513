import csv

import pytest
from django.core.management import CommandError, call_command

from tests import factories as make
from workshops.models import ServiceArea, Theme

pytestmark = pytest.mark.django_db


@pytest.fixture
def areas(tmp_path):
    path = tmp_path / "areas.csv"
    path.write_text("slug,name,aliases\nhubs,Community hubs,\nhelp,Early help,EH\n", encoding="utf-8")
    return path


def test_import_data_says_what_it_did(areas, capsys):
    call_command("import_data", "service_areas", areas)
    assert capsys.readouterr().out == "service_areas: 2 added, 0 changed, 0 unchanged\n"
    call_command("import_data", "service_areas", areas)
    assert capsys.readouterr().out == "service_areas: 0 added, 0 changed, 2 unchanged\n"


def test_import_data_on_a_dry_run_writes_nothing(areas, capsys):
    call_command("import_data", "service_areas", areas, dry_run=True)
    assert capsys.readouterr().out == "service_areas: 2 added, 0 changed, 0 unchanged (dry run: nothing was written)\n"
    assert not ServiceArea.objects.exists()


def test_import_data_names_every_bad_line_and_imports_nothing(tmp_path):
    path = tmp_path / "themes.csv"
    path.write_text("slug,name\nculture,\nwork force,Workforce\nok,Fine\n", encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        call_command("import_data", "themes", path)
    assert str(refused.value).splitlines() == [
        "themes.csv, line 2, column name, “”: It is empty, and every row needs it. Fill it in.",
        "themes.csv, line 3, column slug, “work force”: “work force” may hold only letters without accents, digits, "
        "full stops, hyphens and underscores.",
        f"{path}: nothing was imported.",
    ]
    assert not Theme.objects.exists()


def test_import_data_refuses_a_file_that_is_not_there(tmp_path):
    with pytest.raises(CommandError, match=r"nowhere\.csv: cannot be read"):
        call_command("import_data", "themes", tmp_path / "nowhere.csv")


def test_import_data_reads_another_encoding_when_told(tmp_path):
    path = tmp_path / "themes.csv"
    path.write_bytes("slug,name\ncafe,Café\n".encode("cp1252"))
    with pytest.raises(CommandError, match="line 2: byte 0xE9"):
        call_command("import_data", "themes", path)
    call_command("import_data", "themes", path, encoding="cp1252")
    assert Theme.objects.get().name == "Café"


def test_import_data_tells_of_rows_kept_withdrawn(tmp_path, capsys):
    make.a_participant(code="p", consent=1, consent_ceiling=1)
    path = tmp_path / "participants.csv"
    path.write_text("code,consent\np,public\n", encoding="utf-8")
    call_command("import_data", "participants", path)
    said = capsys.readouterr()
    assert said.out == "participants: 0 added, 0 changed, 0 unchanged, 1 kept withdrawn\n"
    assert said.err == f"{path}, line 2: kept withdrawn, as its giver wants it.\n"


def test_export_archive_writes_a_folder_of_files(tmp_path, capsys):
    make.a_story(ref="s")
    call_command("export_archive", tmp_path / "new" / "folder")
    assert f"{tmp_path}/new/folder/stories.csv: 1 rows" in capsys.readouterr().out
    with (tmp_path / "new" / "folder" / "stories.csv").open(encoding="utf-8", newline="") as file:
        assert [row["ref"] for row in csv.DictReader(file)] == ["s"]
