import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from innovation_archive.models import Controller
from innovation_archive.privacy.fixed_periods import FixedPeriod
from innovation_archive.privacy.periods import PERIODS

PERIOD_OF = {period.name: period for period in PERIODS}


def test_every_private_thing_has_a_period_with_a_default_within_its_limits():
    assert [period.name for period in PERIODS] == [
        "names", "words", "votes", "notes", "history", "uploads", "logs", "cases", "sessions",
    ]  # fmt: skip
    assert [period.name for period in PERIODS if not period.least <= period.default <= period.most] == []


def at(*numbers):
    """A moment in London."""
    return datetime.datetime(*numbers, tzinfo=ZoneInfo("Europe/London"))


def test_months_end_with_the_day_on_which_they_began_and_days_with_the_minute():
    names, uploads = PERIOD_OF["names"], PERIOD_OF["uploads"]
    assert names.ended_before(12, at(2026, 3, 31, 23, 59)) == at(2025, 3, 31)
    assert names.ended_before(12, at(2026, 4, 1, 0, 1)) == at(2025, 4, 1)
    assert names.ended_before(1, at(2026, 3, 31, 12)) == at(2026, 2, 28)
    assert uploads.ended_before(2, at(2026, 3, 1, 12, 30)) == at(2026, 2, 27, 12, 30)
    assert (uploads.in_words(1), names.in_words(12)) == ("1 day", "12 months")


@pytest.mark.parametrize(
    ("lasts", "words"),
    [
        ({"minutes": 10}, "10 minutes"),
        ({"minutes": 1}, "1 minute"),
        ({"hours": 12}, "12 hours"),
        ({"days": 1}, "1 day"),
        ({"days": 30}, "30 days"),
        ({"days": 365}, "12 months"),
    ],
)
def test_fixed_period_is_said_in_its_largest_whole_unit(lasts, words):
    assert FixedPeriod("", "", "", datetime.timedelta(**lasts)).in_words == words


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
