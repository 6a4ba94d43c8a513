"""Importing a long table some hundred rows at a time, so that on SQLite nobody waits long to write.

First every row is checked. Then each part is written in a transaction of its own. Whatever cuts that short leaves whole
parts; the same file imported again finds their rows unchanged and goes on after them.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain

from innovation_archive.datasets.reports import LineNotices, Report
from innovation_archive.exchange.reading import Table
from workshops.chunks import let_others_write

ROWS_AT_ONCE = 300
"""A table of no more rows is imported in one transaction, whole or not at all; a longer one in parts of so many. So many
stories take a third of a second of processor time to write, and at the desk two thirds."""

BringIn = Callable[[Table], Report]
"""Imports or checks a part, in a transaction of its own."""


def parts_of(table: Table) -> list[Table]:
    starts = range(0, len(table), ROWS_AT_ONCE)
    ends = [slice(start, start + ROWS_AT_ONCE) for start in starts]
    return [replace(table, rows=table.rows[part], lines=table.lines[part]) for part in ends]


def import_in_parts(table: Table, check: BringIn, write: BringIn) -> Report:
    """Check every part; if nothing is wrong, write one after the other until one is refused after all."""
    checked = join_reports(list(one_by_one(table, check)))
    return write_until_refused(one_by_one(table, write)) if not checked.problems else checked


def dry_run_in_parts(table: Table, dry_run: BringIn) -> Report:
    return join_reports(list(one_by_one(table, dry_run)))


def one_by_one(table: Table, bring_in: BringIn) -> Iterator[Report]:
    """What `bring_in` reports of each part. Between two of them others can write."""
    for number, part in enumerate(parts_of(table)):
        if number:
            let_others_write()
        yield bring_in(part)


def write_until_refused(reports: Iterator[Report]) -> Report:
    """What was written, up to the first report that has problems, which is the last."""
    done: list[Report] = []
    for report in reports:
        if report.problems:
            stands = join_reports(done)
            return replace(stands, problems=report.problems, imported_up_to=stands.last_line)
        done.append(report)
    return join_reports(done)


def join_reports(reports: list[Report]) -> Report:
    """The reports of all parts as that of one table."""
    return Report(
        added=sum(report.added for report in reports),
        changed=sum(report.changed for report in reports),
        unchanged=sum(report.unchanged for report in reports),
        kept=list(chain.from_iterable(report.kept for report in reports)),
        problems=list(chain.from_iterable(report.problems for report in reports)),
        other_notices=list(chain.from_iterable(report.other_notices for report in reports)),
        line_notices=[join_notices(kind) for kind in zip(*(report.line_notices for report in reports), strict=True)],
        rows=list(chain.from_iterable(report.rows for report in reports)),
        last_line=max((report.last_line for report in reports), default=0),
    )


def join_notices(kind: tuple[LineNotices, ...]) -> LineNotices:
    """Notices of one kind, of all parts."""
    return replace(kind[0], sentences=[sentence for notices in kind for sentence in notices.sentences])
