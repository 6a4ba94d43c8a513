from django.core.management.base import BaseCommand

from workshops import search


class Command(BaseCommand):
    help = (
        "Make the index of words and the counts of the filters anew from the stories, as after a restore. "
        "Readers notice nothing."
    )

    def handle(self, **options):
        self.stdout.write(f"Read {search.rebuild()} stories.")
