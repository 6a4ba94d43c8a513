"""The fixed words of the archive. A leaf: anything may import it, and it imports nothing of ours."""

from django.db import models


class Consent(models.IntegerChoices):
    """Who may see a story. Higher is wider, so that the lower of two is simply their minimum."""

    FACILITATORS = 0, "Facilitators only: it stays with those who ran this workshop"
    TEAM = 1, "Project team: the programme's editors and analysts may learn from it; your name is not shown"
    PUBLIC = (
        2,
        "Public, without my name: we take out names; my service area and place are shown; "
        "people who know the work may still recognise it",
    )
    CREDITED = 3, "Public, with the credit I choose"

    @property
    def word(self):
        """The level's one word, as files write it."""
        return self.name.lower()


class Status(models.TextChoices):
    """How far a story has come. Withdrawn ends it."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in review", "In review"
    PUBLISHED = "published", "Published"
    UNPUBLISHED = "unpublished", "Unpublished"
    WITHDRAWN = "withdrawn", "Withdrawn"


WITH_ITS_FACILITATORS = frozenset({Status.DRAFT, Status.IN_REVIEW})
"""A story with these is its facilitators' to change; what comes later is for editors."""


class Kind(models.TextChoices):
    """What a story tells of."""

    INNOVATION = "innovation", "Innovation here"
    ELSEWHERE = "elsewhere", "Example from elsewhere"
    MESSAGE = "message", "Message for the future"


class Choice(models.TextChoices):
    """What a participant would do with a practice."""

    KEEP = "keep", "Keep"
    AMPLIFY = "amplify", "Amplify"
    DISCARD = "discard", "Discard"
    CREATE = "create", "Create"

    @property
    def meaning(self):
        """What a voter reads below the word."""
        return {
            Choice.KEEP: "Carry on with it as it is.",
            Choice.AMPLIFY: "Do more of it, in more places.",
            Choice.DISCARD: "Stop it: it does not help.",
            Choice.CREATE: "It is not there yet: begin it.",
        }[self]


class CorrectionState(models.TextChoices):
    """What became of a correction that a facilitator suggested."""

    OPEN = "open", "Open"
    TAKEN = "taken", "Taken"
    DECLINED = "declined", "Declined"
