"""Keeping a record behind each level of consent: which wording, when, how, and who recorded it.

Stories and participants call `record_levels` when they are saved, whoever saves them, so that no level is without one.
This module imports no models: they import it.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.apps import apps

from workshops.choices import ConsentWay
from workshops.history import current_user


class ConsentGiven(NamedTuple):
    """How a level was given, as far as somebody says so. Set it as `consent_given` before saving the giver."""

    way: str = ConsentWay.UNKNOWN
    given_on: datetime.date | None = None
    spoken_to: str = ""
    wording: int | None = None
    language: str = ""


NOT_SAID = ConsentGiven()


def record_levels(givers: Iterable[Any], given: ConsentGiven | None = None, *, are_new: bool = False) -> None:
    """Add a record for each of these stories or participants whose level differs from the last on record.

    How it was given is `given`, or what the giver's own `consent_given` says. New givers have none on record.
    """
    by_kind = defaultdict(list)
    for giver in givers:
        by_kind[giver._meta.model_name].append(giver)
    for kind, rows in by_kind.items():
        on_record = {} if are_new else records().levels_on_record(kind, [giver.pk for giver in rows])
        record_levels_of(kind, [giver for giver in rows if is_news(giver, on_record)], given)


def is_news(giver: Any, on_record: dict[int, int]) -> bool:
    return giver.consent_is_renewed or on_record.get(giver.pk) != giver.consent


def record_levels_of(kind: str, givers: list[Any], given: ConsentGiven | None) -> None:
    user = current_user()
    rows = [
        records().model(
            **{kind: giver}, level=giver.consent, recorded_by=user, **(given or giver.consent_given)._asdict()
        )
        for giver in givers
    ]
    if rows:
        records().bulk_create(rows, batch_size=1000)


def records() -> Any:
    return apps.get_model("workshops", "ConsentRecord").objects
