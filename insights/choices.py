"""The choice fields of insights. A leaf module: anything may import it, and it imports nothing of the project."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class InsightKind(models.TextChoices):
    FINDING = "finding", _("Finding")
    BIG_IDEA = "big idea", _("Big idea")
    RECOMMENDATION = "recommendation", _("Recommendation")


class Nature(models.TextChoices):
    """What a finding is about: a condition that had to hold, or a capacity people had."""

    CONDITION = "condition", _("Condition")
    CAPACITY = "capacity", _("Capacity")


class Role(models.TextChoices):
    """What a piece of evidence does to the claim."""

    SUPPORTS = "supports", _("Supports")
    QUALIFIES = "qualifies", _("Qualifies")
    CONTRADICTS = "contradicts", _("Contradicts")


class Reason(models.TextChoices):
    """Why an editor left a story out of an insight."""

    REDUNDANT = "redundant", _("Says what other evidence already says")
    TOO_OLD = "too old", _("Too old to speak for the time in question")
    ANECDOTAL = "anecdotal", _("Told at second hand, or too slight to lean on")
    OUTLIER = "outlier", _("An outlier that no other story is like")


class ReviewState(models.TextChoices):
    """What a review found about a commitment."""

    HOLDING = "holding", _("Holding")
    SLIPPING = "slipping", _("Slipping")
    REVERTED = "reverted", _("Reverted")
    EMBEDDED = "embedded", _("Embedded")


class Direction(models.TextChoices):
    """What the groups together would do with a practice."""

    RETAIN = "retain", _("Keep or build on")
    DISCARD = "discard", _("Discard")
    CREATE = "create", _("Create")
    SPLIT = "split", _("Split")


class Verdict(models.TextChoices):
    """Whether the votes on a practice agree across services. The labels are the headings of /votes/."""

    STRONG = "strong", _("Strong agreement across services")
    APART = "apart", _("Services differ")
    MIXED = "mixed", _("Neither strong agreement nor a marked difference")
    TOO_FEW = (
        "not enough service areas to compare",  # not translated: the value in the database and in files
        _("Not enough service areas to compare"),
    )


class NoStory(models.TextChoices):
    """Why a cell of the matrix holds no story. Editors alone see that stories are withheld from the public."""

    NOT_ASKED = "not asked", _("not asked")
    NOTHING_PUBLISHED = "nothing published", _("nothing published")
    WITHHELD = "withheld", _("withheld")
