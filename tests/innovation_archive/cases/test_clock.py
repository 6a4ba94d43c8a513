from datetime import date

import pytest

from innovation_archive.cases.clock import bank_holidays, due_after, easter_sunday
from innovation_archive.privacy.periods import months_later


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 9, 3), date(2026, 10, 5)),  # the 3rd is a Saturday
        (date(2026, 1, 31), date(2026, 3, 2)),  # 28 February is a Saturday
        (date(2024, 1, 31), date(2024, 2, 29)),
        (date(2026, 11, 25), date(2026, 12, 29)),  # Christmas, a weekend, and Boxing Day kept on Monday
        (date(2026, 3, 3), date(2026, 4, 7)),  # Good Friday to Easter Monday
        (date(2026, 12, 1), date(2027, 1, 4)),  # New Year's Day is a Friday
        (date(2026, 6, 15), date(2026, 7, 15)),
    ],
)
def test_case_is_due_a_calendar_month_later_on_a_working_day(received, due):
    assert due_after(received) == due


def test_extended_case_is_due_three_months_after_it_was_received():
    assert due_after(date(2026, 11, 30), 3) == date(2027, 3, 1)  # 28 February 2027 is a Sunday


def test_month_earlier_than_a_long_one_ends_on_its_last_day():
    assert months_later(date(2026, 3, 31), -1) == date(2026, 2, 28)
    assert months_later(date(2026, 1, 15), -13) == date(2024, 12, 15)


@pytest.mark.parametrize(
    ("year", "easter"),
    [(1961, date(1961, 4, 2)), (2000, date(2000, 4, 23)), (2026, date(2026, 4, 5)), (2038, date(2038, 4, 25))],
)
def test_easter_is_when_the_calendar_has_it(year, easter):
    assert easter_sunday(year) == easter


def test_bank_holidays_of_a_year_with_christmas_at_a_weekend():
    """As gov.uk lists those of England and Wales for 2027."""
    assert sorted(bank_holidays(2027)) == [
        date(2027, 1, 1),
        date(2027, 3, 26),
        date(2027, 3, 29),
        date(2027, 5, 3),
        date(2027, 5, 31),
        date(2027, 8, 30),
        date(2027, 12, 27),
        date(2027, 12, 28),
    ]
