from django.core.management import BaseCommand, CommandError

from innovation_archive.cases.reminders import remind_of_cases
from insights.commitments.reminders import remind
from workshops.mail.queue import mail_is_on
from workshops.mail.sending import MailOutcome, send_mails


class Command(BaseCommand):
    help = (
        "Write to the owners of commitments whose review is due, once for each date, and to those who answer complaints "
        "and requests that are due. `housekeeping` does this too."
    )

    def handle(self, **options):
        self.remind_owners()
        self.remind_answering()
        self.send()

    def remind_owners(self):
        outcomes = []
        for outcome in remind():
            outcomes.append(outcome)
            review = outcome.review
            said = f"not reminded: {outcome.problem}" if outcome.problem else "reminded"
            self.stdout.write(f"{review.commitment.ref}, due on {review.due_on}: {said}.")
        queued = sum(not outcome.problem for outcome in outcomes)
        self.stdout.write(f"{queued} of {len(outcomes)} reminded.")

    def remind_answering(self):
        for user, count in remind_of_cases():
            self.stdout.write(f"{user.username}, {count} complaints or requests: reminded.")

    def send(self):
        if not mail_is_on():
            self.stdout.write("No mail server is named in EMAIL_URL, so mails wait; the desk shows them to be copied.")
        sent = send_mails()
        if unsent := sent[MailOutcome.WAITS] + sent[MailOutcome.FAILED] + sent[MailOutcome.UNKNOWN]:
            raise CommandError(f"{unsent} could not be sent; the desk says why. Is EMAIL_URL right?")
