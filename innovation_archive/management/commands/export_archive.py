from pathlib import Path

from django.core.management import BaseCommand

from innovation_archive.datasets import Audience
from innovation_archive.exchange.exports import export_archive


class Command(BaseCommand):
    help = "Write the datasets of an audience into a folder, with datapackage.json and README.md."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument(
            "--audience",
            choices=[audience.value for audience in Audience],
            default=Audience.PUBLIC.value,
            help="public: what everyone may read; analyst: team-level data; full: the archive in import form",
        )

        parser.add_argument(
            "--purpose",
            default="",
            help="what analysts' files are for: participants have another code in them for each purpose",
        )

    def handle(self, folder, audience, purpose, **options):
        for dataset, rows in export_archive(Path(folder), Audience(audience), purpose).items():
            self.stdout.write(f"{folder}/{dataset}.csv: {rows} rows")
