"""What the commands `withdraw` and `erase` share: whose words a code means, and the question before anything is done."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from innovation_archive.operation.restoring import refuse_during_restore
from workshops import changes
from workshops.choices import Status
from workshops.consent.withdrawal import ForgettingOutcome
from workshops.models import Participant, Slip, Story


def find_giver(code: str) -> Participant | Story:
    """The participant of a slip or participant code, or the story of a ref. Raises CommandError."""
    participant = Participant.objects.filter(code=code).first()
    if participant is None and (slip := Slip.objects.with_code(code).select_related("participant").first()):
        participant = slip.participant
    giver = participant or Story.objects.filter(ref=code).first()
    if giver is None:
        raise CommandError(_("No slip, participant or story has this code. Nothing was changed."))
    return giver


class ForgettingCommand(BaseCommand):
    """A command that takes back what somebody gave, after asking."""

    def add_arguments(self, parser):
        parser.add_argument("code", help=_("The code on a slip, a participant’s code, or a story’s ref."))
        parser.add_argument("--no-input", action="store_true", help=_("Do not ask first."))

    def handle(self, *args, code, no_input, **options):
        refuse_during_restore()
        giver = find_giver(code.strip())
        stories = live_stories_of(giver)
        if not no_input:
            self.ask(stories, giver)
        outcome = self.forget(giver, stories)
        self.say(outcome)

    def ask(self, stories, giver):
        for sentence in [self.what_happens(len(stories), giver), *changes.foretell([story.pk for story in stories])]:
            self.stdout.write(sentence)
        if input(_("This cannot be undone. Type yes to go on: ")).strip().lower() != "yes":
            raise CommandError(_("Nothing was changed."))

    def say(self, outcome: ForgettingOutcome):
        withdrawn = ngettext("%(count)s story was withdrawn.", "%(count)s stories were withdrawn.", outcome.stories)
        self.stdout.write(withdrawn % {"count": outcome.stories})
        if outcome.reference:
            self.stdout.write(_("Reference: %(reference)s") % {"reference": outcome.reference})

    def what_happens(self, count, giver) -> str:
        """A sentence that says what is about to happen."""
        raise NotImplementedError

    def forget(self, giver, stories) -> ForgettingOutcome:
        raise NotImplementedError


def live_stories_of(giver: Participant | Story) -> list[Story]:
    """Those of a giver's stories that are not withdrawn."""
    if isinstance(giver, Story):
        return [] if giver.status == Status.WITHDRAWN else [giver]
    return list(giver.stories.exclude(status=Status.WITHDRAWN))


def stories_go(count: int) -> str:
    sentence = ngettext(
        "%(count)s story is withdrawn: its words are deleted everywhere, for good.",
        "%(count)s stories are withdrawn: their words are deleted everywhere, for good.",
        count,
    )
    return sentence % {"count": count}
