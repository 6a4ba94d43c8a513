import time
from pathlib import Path

from django.core.management import BaseCommand

from innovation_archive.operation.backup import make_backup


class Command(BaseCommand):
    help = (
        "Write the whole archive, as it is at one moment, into a file with a checksum. The site stays open meanwhile."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE", help="A path in a folder that nobody else reads.")

    def handle(self, file, **options):
        started = time.monotonic()
        manifest = make_backup(Path(file))
        self.stdout.write(
            f"{file}: {manifest.rows:,} rows of {len(manifest.tables)} tables, {Path(file).stat().st_size:,} bytes, "
            f"in {time.monotonic() - started:.1f} seconds."
        )
        self.stdout.write("The keys and the ledger’s file are not in it. Keep them, and apart from it.")
