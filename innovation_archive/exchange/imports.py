"""Importing a file of one KIND, for the command, the demo and the desk."""

from functools import partial
from pathlib import Path

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from innovation_archive.datasets import KINDS
from innovation_archive.datasets.reports import Report
from innovation_archive.exchange import parts, reading
from innovation_archive.exchange.reading import FileProblemError, Table
from workshops.models import Workshop


def import_file(
    kind: str,
    path: Path | str,
    *,
    user: User | None = None,
    workshop: str | None = None,
    dry_run: bool = False,
    encoding: str | None = None,
) -> Report:
    """Import a CSV or XLSX file; see `import_table`."""
    return import_table(kind, reading.read_file(path, encoding), user=user, workshop=workshop, dry_run=dry_run)


def import_table(
    kind: str,
    table: Table,
    *,
    user: User | None = None,
    workshop: str | None = None,
    dry_run: bool = False,
    detailed: bool = False,
    may_stand: frozenset[str] = frozenset(),
) -> Report:
    """Import a table's rows as `kind`, all or none, and report what happened or what is wrong.

    A long table of stories, participants, practices or votes is checked first and then written in parts; see `parts`.

    `user` is the importing user; None is the shell. `workshop` is the slug of the workshop of rows that name none.
    `may_stand` are the tokens of passages of which whoever imports has said that they may stand.
    A `detailed` report says what happened to each row and, unless there were parts, holds what an undo needs.
    Raises FileProblemError if the file is refused as a whole.
    """
    into = into_workshop(kind, table, workshop) if workshop else None
    bring_in = partial(
        bring_in_rows, kind, user=user, workshop=into, detailed=detailed, may_stand=may_stand, dry_run=dry_run
    )
    if not is_long(kind, len(table)):
        return bring_in(table)
    if dry_run:
        return parts.dry_run_in_parts(table, partial(bring_in, seen={}))
    return parts.import_in_parts(table, partial(bring_in, check=True, seen={}), partial(bring_in, seen={}))


def is_long(kind: str, count: int) -> bool:
    """Whether so many rows of a kind are brought in in parts."""
    return KINDS[kind].is_long and count > parts.ROWS_AT_ONCE


def bring_in_rows(kind: str, table: Table, *, may_stand: frozenset[str], **options: object) -> Report:
    """Import some rows as `kind`, in one transaction; see `Importable.bring_in`."""
    dataset = KINDS[kind]()
    dataset.ticked = may_stand
    report: Report = dataset.bring_in(table, **options)
    return report


def into_workshop(kind: str, table: Table, slug: str) -> Workshop:
    """Write this workshop into every row that names none, and return it."""
    workshop = Workshop.objects.filter(slug=slug).first()
    if workshop is None:
        sentence = _(
            "There is no workshop “%(workshop)s” in the archive. Import the workshops first, or mend the name."
        )
        raise FileProblemError(sentence % {"workshop": slug})
    columns = KINDS[kind].fields
    if "workshop" not in columns and "workshops" not in columns:
        raise FileProblemError(_("%(kind)s belong to no one workshop: leave --workshop out.") % {"kind": kind})
    if "workshop" in columns:
        if "workshop" not in table.columns:
            table.columns.append("workshop")
            for row in table.rows:
                row.append("")
        place = table.columns.index("workshop")
        for row in table.rows:
            row[place] = row[place].strip() or slug
    return workshop
