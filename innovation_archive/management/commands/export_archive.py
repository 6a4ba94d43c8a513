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

    def handle(self, folder, audience, **options):
        for dataset, rows in export_archive(Path(folder), Audience(audience)).items():
            self.stdout.write(f"{folder}/{dataset}.csv: {rows} rows")
