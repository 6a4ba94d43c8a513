"""The fixed words of insights. A leaf: anything may import it, and it imports nothing of ours."""

from django.db import models


class InsightKind(models.TextChoices):
    FINDING = "finding", "Finding"
    BIG_IDEA = "big idea", "Big idea"
    RECOMMENDATION = "recommendation", "Recommendation"


class Nature(models.TextChoices):
    """What a finding is about: what had to be so, or what people were able to do."""

    CONDITION = "condition", "Condition"
    CAPACITY = "capacity", "Capacity"


class Role(models.TextChoices):
    """What a piece of evidence does to the claim."""

    SUPPORTS = "supports", "Supports"
    QUALIFIES = "qualifies", "Qualifies"
    CONTRADICTS = "contradicts", "Contradicts"


class Reason(models.TextChoices):
    """Why an editor left a story out of an insight."""

    REDUNDANT = "redundant", "Says what other evidence already says"
    TOO_OLD = "too old", "Too old to speak for the time in question"
    ANECDOTAL = "anecdotal", "Told at second hand, or too slight to lean on"
    OUTLIER = "outlier", "An outlier that no other story is like"


class ReviewState(models.TextChoices):
    """What a review found of a commitment."""

    HOLDING = "holding", "Holding"
    SLIPPING = "slipping", "Slipping"
    REVERTED = "reverted", "Reverted"
    EMBEDDED = "embedded", "Embedded"


class Direction(models.TextChoices):
    """What the groups together would do with a practice."""

    RETAIN = "retain", "Keep or build on"
    DISCARD = "discard", "Discard"
    CREATE = "create", "Create"
    SPLIT = "split", "Split"


class Verdict(models.TextChoices):
    """Whether what people said of a practice holds across services. The labels are the headings of /votes/."""

    STRONG = "strong", "Strong agreement across services"
    APART = "apart", "Services differ"
    MIXED = "mixed", "Neither strong agreement nor a marked difference"
    TOO_FEW = "not enough service areas to compare", "Not enough service areas to compare"
