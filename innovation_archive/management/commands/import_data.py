from django.core.management import BaseCommand, CommandError

from innovation_archive.datasets import KINDS
from innovation_archive.exchange.imports import import_file
from innovation_archive.exchange.reading import FileProblemError
from innovation_archive.operation.restoring import refuse_during_restore


class Command(BaseCommand):
    help = (
        "Bring a CSV or XLSX file into the archive: all of its rows, or none and every bad line named. A file of more than "
        "300 stories, participants, practices or votes is written in parts, so that others can write meanwhile. If that is "
        "cut short, import the file again: it goes on from there."
    )

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=KINDS, metavar="KIND", help=", ".join(KINDS))
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--workshop", metavar="SLUG", help="the workshop of every row that names none")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")
        parser.add_argument("--encoding", metavar="NAME", help="of a CSV file that is not UTF-8, such as cp1252")

    def handle(self, kind, file, workshop=None, dry_run=False, encoding=None, **options):
        refuse_during_restore()
        try:
            report = import_file(kind, file, workshop=workshop, dry_run=dry_run, encoding=encoding)
        except FileProblemError as problem:
            raise CommandError(str(problem)) from problem
        if report.problems:
            raise CommandError("\n".join([*report.problem_lines(), report.what_stands(file)]))
        for notice in report.notices:
            self.stderr.write(notice)
        for line in report.kept:
            self.stderr.write(f"{file}, line {line}: kept withdrawn, as its giver wants it.")
        self.stdout.write(f"{kind}: {report}{' (dry run: nothing was written)' if dry_run else ''}")
