import datetime
from datetime import date

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models.constants import LOOKUP_SEP
from django.utils import timezone

from innovation_archive.models import Controller, Import
from innovation_archive.privacy.periods import PERIOD_OF, PERIODS


def test_every_private_thing_has_a_period_with_a_default_within_its_limits():
    assert [period.name for period in PERIODS] == [
        "names", "words", "votes", "notes", "history", "uploads", "logs", "cases", "sessions",
    ]  # fmt: skip
    assert [period.name for period in PERIODS if not period.least <= period.default <= period.most] == []


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.name)
def test_rows_of_a_period_are_a_model_and_a_path_to_a_day(period):
    assert period.rows
    for label, path in period.rows:
        model = apps.get_model(label)
        *links, last = path.split(LOOKUP_SEP)
        for link in links:
            model = model._meta.get_field(link).related_model
        assert model._meta.get_field(last).get_internal_type() in {"DateField", "DateTimeField"}


def test_period_ends_by_its_own_unit():
    assert PERIOD_OF["names"].ended_before(12, date(2026, 3, 31)) == date(2025, 3, 31)
    assert PERIOD_OF["names"].ended_before(1, date(2026, 3, 31)) == date(2026, 2, 28)
    assert PERIOD_OF["uploads"].ended_before(2, date(2026, 3, 1)) == date(2026, 2, 27)
    assert (PERIOD_OF["uploads"].in_words(1), PERIOD_OF["names"].in_words(12)) == ("1 day", "12 months")


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.name)
def test_period_beyond_its_limits_is_refused_in_a_sentence_and_by_the_database(period, db):
    for length, says in (
        (period.least - 1, f"It cannot be less than {period.least}."),
        (period.most + 1, f"It cannot be more than {period.most}."),
    ):
        with pytest.raises(ValidationError) as refused:
            Controller(**{period.column: length}).clean_fields()
        assert says in refused.value.message_dict[period.column]
        with pytest.raises(IntegrityError), transaction.atomic():
            Controller.objects.create(**{period.column: length})


def test_there_is_one_controller_however_often_it_is_made(db):
    Controller(publisher="First").save()
    Controller(publisher="Second").save()
    assert list(Controller.objects.values_list("publisher", flat=True)) == ["Second"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Controller.objects.update(id=2)


def test_file_that_nobody_confirms_waits_as_long_as_the_controller_says(db):
    uploaded_at = timezone.now() - datetime.timedelta(days=2, minutes=1)
    Import.objects.create(kind="stories", file_name="stories.csv", content=b"a", uploaded_at=uploaded_at)
    Controller(keep_uploads=3).save()
    Import.objects.forget_old_files()
    assert Import.objects.count() == 1
    Controller(keep_uploads=2).save()
    Import.objects.forget_old_files()
    assert Import.objects.count() == 0
