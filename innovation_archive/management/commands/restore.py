import time
from pathlib import Path

from django.core.management import BaseCommand, CommandError

from innovation_archive.operation.restore import check_backup, other_keys, restore_backup, waiting_migrations

LOST_WITH_KEY = {
    "SECRET_KEY": "slips that were printed before open nothing",
    "LEDGER_KEY": "an old file that is imported can bring back what was forgotten before",
}
"""What is lost where a key is another one than when the backup was made."""


class Command(BaseCommand):
    help = "Put the archive of a backup in the place of the present one. The site answers 503 meanwhile."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE", help="What `backup` has written.")
        parser.add_argument("--check", action="store_true", help="only read it through; nothing is changed")
        parser.add_argument("--no-input", action="store_true", help="do not ask first")

    def handle(self, file, check, no_input, **options):
        if check or not no_input:
            self.describe(check_backup(Path(file)))
        if not check:
            self.restore(Path(file), ask=not no_input)

    def describe(self, manifest):
        self.stdout.write(
            f"The backup is whole. It was made at {manifest.made_at} on {manifest.database} {manifest.database_version}, "
            f"and holds {manifest.rows:,} rows of {len(manifest.tables)} tables."
        )
        if waiting := waiting_migrations(manifest):
            self.stdout.write(f"It is of an older version: a restore adds {waiting} migrations.")
        self.warn_of_keys(manifest)

    def restore(self, file, ask):
        if ask and input("The present archive is deleted. Type yes to go on: ").strip().lower() != "yes":
            raise CommandError("Nothing was changed.")
        started = time.monotonic()
        outcome = restore_backup(file)
        self.stdout.write(
            f"Restored: {outcome.manifest.rows:,} rows of {len(outcome.manifest.tables)} tables, as they were at "
            f"{outcome.manifest.made_at}, in {time.monotonic() - started:.1f} seconds."
        )
        self.stdout.write(f"Lines of the ledger that were carried out again: {outcome.replayed}.")
        if outcome.mails:
            self.stdout.write(
                f"Mails that waited and may have been sent since: {outcome.mails}. An administrator decides at the desk."
            )
        self.warn_of_keys(outcome.manifest)

    def warn_of_keys(self, manifest):
        for name in other_keys(manifest):
            self.stderr.write(f"{name} is another than when the backup was made: {LOST_WITH_KEY[name]}.")
