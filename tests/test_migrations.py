from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.django_db
def test_migrations_say_what_the_models_say():
    call_command("makemigrations", "--check", "--dry-run", "--no-input")  # leaves with an error if one is missing


@pytest.mark.parametrize("app", ["workshops", "insights", "innovation_archive"])
def test_app_has_one_initial_migration(app):
    """Nothing is in use yet, so a change of the models goes into the first migration."""
    assert [path.name[:5] for path in (ROOT / app / "migrations").glob("[0-9]*.py")] == ["0001_"]
