"""The next release is kept with a row in every table: what the script of the release needs is there all the time."""

import pytest

from tests.migrations import sample
from tests.migrations.releases import rows_of
from tests.migrations.snapshot import tables_to_keep


@pytest.mark.django_db
def test_sample_of_a_release_has_a_row_in_every_table(settings, tmp_path):
    settings.DATA_DIR, settings.DEBUG = tmp_path, True
    sample.install()
    tables = tables_to_keep()
    assert [table for table in tables if not rows_of(table)["rows"]] == []
    assert "workshops_story" in tables
    assert "stories.csv" in sample.public_files()
