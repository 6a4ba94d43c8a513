from django.core.management import BaseCommand, CommandError

from insights.commitments.reminders import remind


class Command(BaseCommand):
    help = "Write to the owners of commitments whose review is due, once for each date. Safe to run every hour."

    def handle(self, **options):
        outcomes = []
        for outcome in remind():
            outcomes.append(outcome)
            review = outcome.review
            said = f"not reminded: {outcome.problem}" if outcome.problem else "reminded"
            self.stdout.write(f"{review.commitment.ref}, due on {review.due_on}: {said}.")
        sent = sum(not outcome.problem for outcome in outcomes)
        self.stdout.write(f"{sent} of {len(outcomes)} reminded.")
        if failed := sum(outcome.will_retry for outcome in outcomes):
            raise CommandError(f"{failed} could not be sent; see above. Is EMAIL_URL right?")
