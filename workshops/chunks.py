"""Changing many rows without keeping other writers waiting: so many in a transaction, and the next in another."""

import logging
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import QuerySet

logger = logging.getLogger(__name__)

ROWS_IN_CHUNK = 500
PAUSE = 0.12
"""Seconds. Who waits to write to SQLite asks again every 0.1 s at most, and is not told when it is free."""
Thing = TypeVar("Thing")
Rows = TypeVar("Rows", bound="QuerySet[Any]")


def delete_rows(rows: "QuerySet[Any]") -> None:
    rows.delete()


def in_chunks(rows: Rows, change: Callable[[Rows], object] = delete_rows, size: int = ROWS_IN_CHUNK) -> int:
    """Do something with all of these rows, in the order of their keys. Returns how many they were.

    Each transaction asks again whether its rows are still among them. Whoever is killed in between has done a part of
    it, and the next run does the rest.
    """
    count, last = 0, None
    while pks := keys_after(rows, last, size):
        if count:
            let_others_write()
        with transaction.atomic():
            change(rows.filter(pk__in=pks))
        count, last = count + len(pks), pks[-1]
    return count


def keys_after(rows: "QuerySet[Any]", last: Any, size: int) -> list[Any]:
    later = rows if last is None else rows.filter(pk__gt=last)
    return list(later.order_by("pk").values_list("pk", flat=True)[:size])


def let_others_write() -> None:
    """Call it between two transactions of one long work: on SQLite nobody else would get a turn otherwise."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        time.sleep(PAUSE)


def do_each(things: Iterable[Thing], do: Callable[[Thing], object]) -> int:
    """Do something with each of these, which commits by itself. Returns how many they were.

    Where it fails with one it says so in the log, goes on with the others, and raises the first problem at the end.
    """
    count, problems = 0, []
    for thing in list(things):
        try:
            do(thing)
            count += 1
        except Exception as problem:
            logger.exception("It failed with one of several; the others are done.")
            problems.append(problem)
    if problems:
        raise problems[0]
    return count
