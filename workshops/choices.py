"""The fixed words of the archive. Anything may import this module; it imports nothing of ours."""

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

NOT_RECORDED = "Not recorded"  # not translated: a value in the database and in files
"""Stands where results name service areas, for voters whose service area is unknown."""
JOINT = " + "
"""Separates the names of service areas that results show together."""
MARKER = "[words removed]"  # not translated: it is stored in texts
"""Stands in a text where words were cut out of it."""


class Consent(models.IntegerChoices):
    """Who may see a story. Higher is wider, so that the lower of two is simply their minimum.

    The labels are what participants read. They are a version of the wordings in `workshops/consent/wordings.py`, which
    keeps the older ones.
    """

    FACILITATORS = (
        0,
        _(
            "Facilitators only: it stays with those who ran this workshop, unless the law or someone’s safety requires "
            "it; the people who run the computer could technically read it"
        ),
    )
    TEAM = 1, _("Project team: the programme's editors and analysts may learn from it; your name is not shown")
    PUBLIC = (
        2,
        _(
            "Public, without my name: we take out names; my service area and place are shown; "
            "people who know the work may still recognise it; others may copy and reuse it, also by machines; "
            "we can remove it here, not from their copies"
        ),
    )
    CREDITED = (
        3,
        _(
            "Public, with the credit I choose: others may copy and reuse it, also by machines; "
            "we can remove it here, not from their copies"
        ),
    )

    @property
    def word(self) -> str:
        """The level in one word, as files write it."""
        return self.name.lower()

    @property
    def heading(self) -> str:
        """What a list calls the level: its label up to the colon."""
        return str(self.label).partition(":")[0]


class ConsentWay(models.TextChoices):
    """How somebody gave their consent."""

    SLIP = "slip", _("With their slip")
    PHONE = "phone", _("On a phone, when they joined a vote")
    SPOKEN = "spoken", _("Said to somebody")
    FILE = "file", _("From an imported file")
    UNKNOWN = "unknown", _("Not recorded")


class Forgetting(models.TextChoices):
    """What somebody asked the archive to forget, or to show to fewer people."""

    WITHDRAWAL = "withdrawal", _("Story withdrawn")
    ERASURE = "erasure", _("Participant erased")
    LOWERING = "lowering", _("Consent lowered")
    QUOTATION = "quotation", _("Quotation taken back")
    PASSAGE = "passage", _("Passage hidden")
    SUBSCRIPTION = "subscription", _("Mail ended")


class Status(models.TextChoices):
    """How far a story has come. Withdrawn is final."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in review", _("In review")
    PUBLISHED = "published", _("Published")
    UNPUBLISHED = "unpublished", _("Unpublished")
    WITHDRAWN = "withdrawn", _("Withdrawn")


WITH_ITS_FACILITATORS = frozenset({Status.DRAFT, Status.IN_REVIEW})
"""The statuses in which a story is its facilitators' to change; later it is for editors."""


class StoryGap(models.TextChoices):
    """What a story may still lack before it is published. `StoryQuerySet.incomplete` finds those that do."""

    ANSWER = "answer", _("an answer to the editor’s remark")
    CONSENT = "consent", _("consent beyond facilitators")
    WORDS = "words", _("the words as told")
    WORDING = "wording", _("a published wording")
    THEME = "theme", _("a theme")
    TAGS = "tags", _("tags")


class Kind(models.TextChoices):
    """What a story is about."""

    INNOVATION = "innovation", _("Innovation here")
    ELSEWHERE = "elsewhere", _("Example from elsewhere")
    MESSAGE = "message", _("Message for the future")


class Choice(models.TextChoices):
    """What a participant would do with a practice."""

    KEEP = "keep", _("Keep")
    AMPLIFY = "amplify", _("Amplify")
    DISCARD = "discard", _("Discard")
    CREATE = "create", _("Create")

    @property
    def meaning(self) -> str:
        """The sentence that a voter reads below the word."""
        return {
            Choice.KEEP: gettext("Carry on with it as it is."),
            Choice.AMPLIFY: gettext("Do more of it, in more places."),
            Choice.DISCARD: gettext("Stop it: it does not help."),
            Choice.CREATE: gettext("It is not there yet: begin it."),
        }[self]


class PassageState(models.TextChoices):
    """What became of words that were hidden in an editor's text."""

    HIDDEN = "hidden", _("Hidden, and not decided")
    KEPT_OUT = "kept out", _("Kept out")
    GIVEN_BACK = "given back", _("Given back")


class CorrectionState(models.TextChoices):
    """What became of a correction that a facilitator suggested."""

    OPEN = "open", _("Open")
    TAKEN = "taken", _("Taken")
    DECLINED = "declined", _("Declined")
