import contextlib
import io
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.django_db
def test_migrations_say_what_the_models_say():
    said = io.StringIO()
    with contextlib.suppress(SystemExit):
        call_command("makemigrations", "--check", "--dry-run", "--no-input", stdout=said)
    assert said.getvalue() == "No changes detected\n"


@pytest.mark.parametrize(
    ("app", "migrations"),
    [
        ("workshops", ["0001_initial.py", "0002_search.py"]),  # no model can say what the index of words is
        ("insights", ["0001_initial.py"]),
        ("innovation_archive", ["0001_initial.py", "0002_roles.py"]),
    ],
)
def test_app_has_one_initial_migration(app, migrations):
    """Nothing is in use yet, so a change of the models goes into the first migration."""
    assert sorted(path.name for path in (ROOT / app / "migrations").glob("[0-9]*.py")) == migrations
