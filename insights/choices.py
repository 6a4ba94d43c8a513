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


class Traced(models.TextChoices):
    """What a record in the history of evidence tells besides its fields. Where evidence was taken out, it is the reason."""

    PUBLISHED = "published"  # readers get what an editor did before; the history tells that already
    QUOTED = "quoted"
    UNQUOTED = "unquoted"
    MOVED = "moved"


class LookOutcome(models.TextChoices):
    """What editors found when they looked at a published insight again."""

    HOLDS = "holds", _("It holds")
    NARROWED = "narrowed", _("It holds for less than it said")
    NO_LONGER = "no longer", _("It no longer holds")
    NEEDS_STORIES = "needs stories", _("It needs more stories before anyone can say")


class ReviewState(models.TextChoices):
    """What a review found about a commitment."""

    HOLDING = "holding", _("Holding")
    SLIPPING = "slipping", _("Slipping")
    REVERTED = "reverted", _("Reverted")
    EMBEDDED = "embedded", _("Embedded")


class Direction(models.TextChoices):
    """What most of those who voted would do with a practice. Split: no way leads by five points."""

    RETAIN = "retain", _("Keep or build on")
    DISCARD = "discard", _("Discard")
    CREATE = "create", _("Create")
    SPLIT = "split", _("Split")


class Share(models.TextChoices):
    """How large the largest share of the votes is."""

    NEARLY_EVERYONE = "nearly everyone", _("nearly everyone")
    MOST = "most", _("most")
    MORE_THAN_HALF = "more than half", _("more than half")  # not translated: the first is a value in files
    ABOUT_HALF = "about half", _("about half")
    NO_MAJORITY = "no majority", _("no majority")


class Verdict(models.TextChoices):
    """Whether the service areas agree on a practice, in the order in which practices are listed by agreement."""

    AGREE = "agree", _("The services agree")
    MIXED = "mixed", _("No clear agreement and no clear difference")
    DIFFER = "differ", _("The services differ")
    NOT_COMPARED = "not compared", _("The services are not compared")


class NoStory(models.TextChoices):
    """Why a cell of the matrix holds no story. Editors alone see that stories are withheld from the public."""

    NOT_ASKED = "not asked", _("not asked")
    NOTHING_PUBLISHED = "nothing published", _("nothing published")
    WITHHELD = "withheld", _("withheld")
