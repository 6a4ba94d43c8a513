from django.core.management import BaseCommand, CommandError

from insights.commitments.reminders import remind
from workshops.mail.queue import mail_is_on
from workshops.mail.sending import MailOutcome, send_mails


class Command(BaseCommand):
    help = "Write to the owners of commitments whose review is due, once for each date. `housekeeping` does this too."

    def handle(self, **options):
        outcomes = []
        for outcome in remind():
            outcomes.append(outcome)
            review = outcome.review
            said = f"not reminded: {outcome.problem}" if outcome.problem else "reminded"
            self.stdout.write(f"{review.commitment.ref}, due on {review.due_on}: {said}.")
        queued = sum(not outcome.problem for outcome in outcomes)
        self.stdout.write(f"{queued} of {len(outcomes)} reminded.")
        if not mail_is_on():
            self.stdout.write("No mail server is named in EMAIL_URL, so mails wait; the desk shows them to be copied.")
        sent = send_mails()
        if unsent := sent[MailOutcome.WAITS] + sent[MailOutcome.FAILED] + sent[MailOutcome.UNKNOWN]:
            raise CommandError(f"{unsent} could not be sent; the desk says why. Is EMAIL_URL right?")
