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


@pytest.mark.parametrize("app", ["workshops", "insights", "innovation_archive"])
def test_app_has_one_initial_migration(app):
    """Nothing is in use yet, so a change of the models goes into the first migration."""
    assert [path.name[:5] for path in (ROOT / app / "migrations").glob("[0-9]*.py")] == ["0001_"]
