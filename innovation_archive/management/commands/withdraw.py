from innovation_archive.management.forgetting import ForgettingCommand, stories_go
from workshops.consent.withdrawal import withdraw_stories


class Command(ForgettingCommand):
    help = "Withdraws what a participant told, or one story, for good. The person stays, and so do their votes."

    def what_happens(self, count, giver):
        return stories_go(count)

    def forget(self, giver, stories):
        return withdraw_stories(stories)
