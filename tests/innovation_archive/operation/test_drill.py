"""The commands that operating.md gives for a drill and for a restore do what it says of them."""

import re
import subprocess
import sys

import pytest
from django.contrib.auth.models import User
from django.db import connection

from tests.databases import own_database
from tests.innovation_archive.operation.archives import all_rows, archive_with_sample, environment
from tests.serving import ROOT, database_url
from workshops.consent.withdrawal import withdraw_stories
from workshops.models import Story

pytestmark = pytest.mark.django_db(transaction=True)


def commands_under(heading):
    """The shell commands that operating.md gives under a heading."""
    text = (ROOT / ".readme" / "operating.md").read_text(encoding="utf-8")
    [commands] = re.findall(rf"^### {heading}\n.*?^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return commands


def perform(commands, folder, **variables):
    """Give these commands to a shell, word for word but for the places where Python and files are. Returns what it said."""
    script = commands.replace(".venv/bin/python", sys.executable).replace("/srv/", f"{folder}/")
    done = subprocess.run(
        ["bash", "-e"], input=f"cd {ROOT}\n{script}", env=variables, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def test_drill_restores_the_archive_beside_the_living_one_and_finds_it_the_same(tmp_path):
    with archive_with_sample("drill"):
        before, live = all_rows(), environment(tmp_path / "live")
        (tmp_path / "live").mkdir()
        with own_database(tmp_path):
            said = perform(commands_under("Drill"), tmp_path, **live, DRILL_URL=database_url())
            with_rows = User.objects.count()
        assert said[-1] == "The drill has passed."
        assert all_rows() == before
        assert with_rows == User.objects.count()
    assert not (tmp_path / "backups" / "drill").exists()


def test_restore_as_it_is_written_down_brings_back_what_was_lost_and_not_what_was_withdrawn(tmp_path, settings):
    settings.LEDGER = tmp_path / "ledger"
    (tmp_path / "data").mkdir()
    (tmp_path / "backups").mkdir()
    with archive_with_sample("restored"):
        variables = environment(tmp_path / "data")
        perform(".venv/bin/python manage.py backup /srv/backups/archive.backup", tmp_path, **variables)
        withdrawn, lost = Story.objects.published().order_by("pk")[:2]
        withdraw_stories([withdrawn])
        Story.objects.filter(pk=lost.pk).update(title="Overwritten")
        connection.close()
        answering = commands_under("Restore").replace("archive.backup\n", "archive.backup <<< yes\n")
        said = perform(answering, tmp_path, **variables)
        assert "Lines of the ledger that were carried out again: 1." in said
        withdrawn.refresh_from_db()
        assert withdrawn.status == "withdrawn"
        assert Story.objects.get(pk=lost.pk).title == lost.title
