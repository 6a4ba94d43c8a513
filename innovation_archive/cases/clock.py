"""By when a case must be answered, as the law counts: in calendar months, and never to end on a day of rest.

A period of one month from 31 January ends on the last day of February; one that would end on a Saturday, a Sunday or a
bank holiday ends on the next working day (Information Commissioner, “Right of access: how long do we have to comply?”).
Bank holidays are those of England and Wales that stand in the calendar of every year. A holiday that is proclaimed for
one year only is not known here, which makes the date that is shown a day early, never late.
"""

import datetime

from innovation_archive.privacy.periods import months_later

MONTHS_TO_ANSWER = 1
MONTHS_EXTENDED = 2
ACKNOWLEDGED_WITHIN = datetime.timedelta(days=30)
"""Of a complaint: section 164A of the Data Protection Act 2018."""
SOON = datetime.timedelta(days=7)

SATURDAY, MONDAY = 5, 0


def due_after(received: datetime.date, months: int = MONTHS_TO_ANSWER) -> datetime.date:
    day = months_later(received, months)
    while day.weekday() >= SATURDAY or day in bank_holidays(day.year):
        day += datetime.timedelta(days=1)
    return day


def bank_holidays(year: int) -> set[datetime.date]:
    """Those of England and Wales, each on the day on which it is kept."""
    easter = easter_sunday(year)
    return {
        kept_on(datetime.date(year, 1, 1)),
        easter - datetime.timedelta(days=2),
        easter + datetime.timedelta(days=1),
        first_monday(datetime.date(year, 5, 1)),
        first_monday(datetime.date(year, 5, 25)),
        first_monday(datetime.date(year, 8, 25)),
        *christmas(year),
    }


def kept_on(day: datetime.date) -> datetime.date:
    """A holiday at a weekend is kept on the Monday after."""
    return first_monday(day) if day.weekday() >= SATURDAY else day


def christmas(year: int) -> set[datetime.date]:
    """Christmas Day and Boxing Day; if either falls on a weekend, the two next working days."""
    days = [datetime.date(year, 12, number) for number in range(25, 30)]
    at_work = [day for day in days if day.weekday() < SATURDAY]
    return set(at_work[:2])


def first_monday(day: datetime.date) -> datetime.date:
    """The first Monday on or after a day."""
    return day + datetime.timedelta(days=(MONDAY - day.weekday()) % 7)


def easter_sunday(year: int) -> datetime.date:
    """By the Gregorian calendar: the “anonymous” algorithm, Nature 13 (1876) 487, as Meeus gives it."""
    golden, century, of_century = year % 19, year // 100, year % 100
    correction = (century + 8) // 25
    moon = (19 * golden + century - century // 4 - (century - correction + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - moon - of_century % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return datetime.date(year, month, day + 1)
