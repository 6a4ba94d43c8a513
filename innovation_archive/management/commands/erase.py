from django.utils.translation import gettext as _

from innovation_archive.management.forgetting import ForgettingCommand, stories_go
from workshops.consent.erasure import erase_participant
from workshops.consent.withdrawal import withdraw_stories
from workshops.models import Participant


class Command(ForgettingCommand):
    help = "Erases a participant and all they gave, for good. By a story’s ref it erases that story alone."

    def what_happens(self, count, giver):
        if not isinstance(giver, Participant):
            return stories_go(count)
        person = _("The person is deleted: name, contact, code, slip and single votes. Published totals stay.")
        return f"{stories_go(count)} {person}"

    def forget(self, giver, stories):
        return erase_participant(giver) if isinstance(giver, Participant) else withdraw_stories(stories)
