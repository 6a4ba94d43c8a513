"""The timers that ship with the archive start housekeeping and backups, as systemd itself reads them."""

import configparser
import re
import shutil
import subprocess
import sys

import pytest

from tests.serving import ROOT

UNITS = (
    *("archive-housekeeping.service", "archive-housekeeping.timer"),
    *("archive-backup.service", "archive-backup.timer"),
)


def unit(name):
    read = configparser.ConfigParser(interpolation=None)
    read.optionxform = str
    read.read(ROOT / ".deploy" / name)
    return read


def test_timer_runs_every_hour_and_makes_up_for_an_hour_that_was_missed():
    timer = unit("archive-housekeeping.timer")
    assert (timer["Timer"]["OnCalendar"], timer["Timer"]["Persistent"]) == ("hourly", "true")
    assert timer["Install"]["WantedBy"] == "timers.target"


def test_timer_starts_the_command_with_the_environment_of_the_site():
    service = unit("archive-housekeeping.service")["Service"]
    assert service["ExecStart"] == "/srv/archive/.venv/bin/python manage.py housekeeping"
    assert service["EnvironmentFile"] == "/srv/archive/.env"
    assert service["Type"] == "oneshot"


def test_backup_is_made_every_night_into_a_folder_that_its_service_may_write():
    timer = unit("archive-backup.timer")
    assert (timer["Timer"]["OnCalendar"], timer["Timer"]["Persistent"]) == ("03:00", "true")
    assert timer["Install"]["WantedBy"] == "timers.target"
    service = unit("archive-backup.service")["Service"]
    assert 'manage.py backup "/srv/backups/archive-$(date +%%F).backup"' in service["ExecStart"]
    assert service["ReadWritePaths"] == "/srv/archive/.data /srv/backups"


def test_operating_says_how_long_backups_are_kept_as_the_service_does():
    deletion = unit("archive-backup.service")["Service"]["ExecStartPost"]
    days = int(re.search(r"-mtime \+(\d+) -delete", deletion)[1]) + 1  # +29 is 30 whole days or more
    told = (ROOT / ".readme" / "operating.md").read_text(encoding="utf-8")
    assert f"none older than {days} days is kept" in told


def test_operating_names_every_unit_and_container_file():
    told = (ROOT / ".readme" / "operating.md").read_text(encoding="utf-8")
    shipped = {
        path.name
        for path in (ROOT / ".deploy").iterdir()
        if path.name not in {"nginx.conf", "logrotate", "gunicorn.conf.py"}
    }
    assert shipped <= set(re.findall(r"\.deploy/([\w@.-]+\w)", told))


def test_systemd_finds_nothing_wrong_with_the_units(tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("needs systemd-analyze")
    for name in UNITS:
        text = (ROOT / ".deploy" / name).read_text()
        # It looks whether the program is there, and here it is elsewhere.
        (tmp_path / name).write_text(text.replace("/srv/archive/.venv/bin/python", sys.executable))
    paths = [str(tmp_path / name) for name in UNITS]
    verified = subprocess.run(["systemd-analyze", "verify", *paths], check=False, capture_output=True, text=True)
    assert (verified.returncode, verified.stderr) == (0, "")
