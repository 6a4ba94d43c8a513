from django.core.management import BaseCommand, CommandError

from innovation_archive.operation.housekeeping import begin_run, run_tasks
from innovation_archive.operation.restoring import is_being_restored


class Command(BaseCommand):
    help = (
        "Do all that must end or go out by a date: ballots, uploads, sessions, subscriptions, mail. Run it every hour."
    )

    def handle(self, **options):
        if is_being_restored():
            self.stdout.write("The archive is being restored: housekeeping waits for its next hour.")
            return
        run = begin_run()
        if run is None:
            self.stdout.write("Housekeeping is under way already: nothing to do.")
            return
        failed = 0
        for outcome in run_tasks(run):
            failed += bool(outcome.error)
            self.stdout.write(f"{outcome.name}: {f'failed ({outcome.error})' if outcome.error else outcome.count}")
        if failed:
            raise CommandError(f"{failed} of the tasks failed; the log says why. The next run tries them again.")
