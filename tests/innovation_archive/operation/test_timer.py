"""The timer that ships with the archive starts housekeeping every hour, as systemd itself reads it."""

import configparser
import shutil
import subprocess
import sys

import pytest

from tests.serving import ROOT

UNITS = ("archive-housekeeping.service", "archive-housekeeping.timer")


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
