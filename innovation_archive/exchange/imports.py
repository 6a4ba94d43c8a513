"""Importing a file of one KIND: the command, the demo and the desk all come here."""

from innovation_archive.datasets import KINDS
from innovation_archive.exchange import reading
from innovation_archive.exchange.reading import FileProblem
from workshops.models import Workshop


def import_file(kind, path, *, user=None, workshop=None, dry_run=False, encoding=None):
    """Import a CSV or XLSX file; see `import_table`."""
    return import_table(kind, reading.read_file(path, encoding), user=user, workshop=workshop, dry_run=dry_run)


def import_table(kind, table, *, user=None, workshop=None, dry_run=False, detailed=False):
    """Import a table's rows as `kind`, all or none, and report what happened or what is wrong.

    `user` is who imports; None is the shell. `workshop` is the slug of the workshop of rows that name none.
    A `detailed` report says what happened to each row, and what undoing needs.
    Raises FileProblem where the file as a whole is refused.
    """
    if workshop:
        workshop = into_workshop(kind, table, workshop)
    return KINDS[kind]().bring_in(table, user=user, workshop=workshop, dry_run=dry_run, detailed=detailed)


def into_workshop(kind, table, slug):
    """Fill the workshop of every row that names none, and return it."""
    workshop = Workshop.objects.filter(slug=slug).first()
    if workshop is None:
        raise FileProblem(
            f"There is no workshop “{slug}” in the archive. Import the workshops first, or mend the name."
        )
    columns = KINDS[kind].fields
    if "workshop" not in columns and "workshops" not in columns:
        raise FileProblem(f"{kind} belong to no one workshop: leave --workshop out.")
    if "workshop" in columns:
        if "workshop" not in table.columns:
            table.columns.append("workshop")
            for row in table.rows:
                row.append("")
        place = table.columns.index("workshop")
        for row in table.rows:
            row[place] = row[place].strip() or slug
    return workshop
