from django.core.management.base import BaseCommand

from workshops import search


class Command(BaseCommand):
    help = "Make the index of words anew from the stories and their tags, as after a restore. Readers notice nothing."

    def handle(self, **options):
        self.stdout.write(f"Read {search.rebuild()} stories.")
