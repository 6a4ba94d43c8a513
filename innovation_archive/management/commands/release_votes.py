from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError

from innovation_archive.operation.restoring import refuse_during_restore
from insights.votes.release import release
from workshops.models import Programme


class Command(BaseCommand):
    help = "Publish the vote results of a programme's workshops, rounded and in groups of at least ten people."

    def add_arguments(self, parser):
        parser.add_argument("programme", metavar="PROGRAMME", help="its slug")

    def handle(self, programme, **options):
        refuse_during_restore()
        chosen = Programme.objects.filter(slug=programme).first()
        if chosen is None:
            known = ", ".join(Programme.objects.values_list("slug", flat=True)) or "none"
            raise CommandError(f"There is no programme “{programme}”. Known are: {known}.")
        try:
            outcomes = release(chosen)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        for outcome in outcomes:
            said = "released" if outcome.changes else "not changed"
            self.stdout.write(" ".join(filter(None, [f"{outcome.practice.ref}: {said}.", outcome.held_back])))
        changed = sum(outcome.changes for outcome in outcomes)
        self.stdout.write(f"{chosen.slug}: {changed} of {len(outcomes)} practices released.")
