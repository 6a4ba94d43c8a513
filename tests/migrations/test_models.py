import contextlib
import io

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_migrations_say_what_the_models_say():
    said = io.StringIO()
    with contextlib.suppress(SystemExit):
        call_command("makemigrations", "--check", "--dry-run", "--no-input", stdout=said)
    assert said.getvalue() == "No changes detected\n"
