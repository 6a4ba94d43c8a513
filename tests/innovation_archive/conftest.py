from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings


@contextmanager
def sample_archive(folder):
    """Runs the demo, as it is at first. Gives what runs it again and returns what it prints; at the end all is undone."""

    def run():
        printed = StringIO()
        with override_settings(DEBUG=True, DATA_DIR=folder):  # or the demo refuses
            call_command("demo", no_server=True, stdout=printed)
        return printed.getvalue()

    with transaction.atomic():
        run.printed = run()
        yield run
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def sample(django_db_setup, django_db_blocker, tmp_path_factory):
    """The sample archive, for as long as the tests of a file run. Each undoes what it changes."""
    with django_db_blocker.unblock(), sample_archive(tmp_path_factory.mktemp("sample")) as run:
        yield run
