"""How commitments were kept: each review as a step on a small picture, and what became of all of them together."""

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import OuterRef, Subquery

from insights.choices import ReviewState
from insights.models import Review

HEIGHTS = {ReviewState.EMBEDDED: 16, ReviewState.HOLDING: 38, ReviewState.SLIPPING: 60, ReviewState.REVERTED: 82}
"""Where a state stands in the picture: the better kept, the higher."""


@dataclass
class ReviewStep:
    """One review in the picture. The line comes in from the left and goes out at these heights."""

    review: Review
    y: int
    comes_from: float | None = None
    goes_to: float | None = None

    @property
    def letter(self):
        return self.review.state[:1].upper() or "?"

    @property
    def word(self):
        return self.review.get_state_display() or ("Overdue" if self.review.is_overdue else "To come")

    @property
    def day(self):
        return self.review.reviewed_on or self.review.due_on


def review_steps(commitment):
    """The reviews of a commitment from `for_page()`, in order. A review to come stands where the last one left it."""
    found, y = [], HEIGHTS[ReviewState.HOLDING]
    for review in commitment.reviews.all():
        y = HEIGHTS.get(review.state, y)
        found.append(ReviewStep(review, y))
    for before, after in pairwise(found):
        before.goes_to = after.comes_from = (before.y + after.y) / 2
    return found


def summarise_reviews(commitments):
    """What the latest reviews found, as [(state's label, number)], and how many commitments are overdue for one."""
    latest = Review.objects.filter(commitment=OuterRef("pk"), reviewed_on__isnull=False).order_by("-due_on")
    rows = commitments.order_by().overdue_first().annotate(latest=Subquery(latest.values("state")[:1]))
    rows = list(rows.values_list("latest", "overdue_since"))
    states = Counter(state for state, _ in rows)
    return {
        "states": [(state.label.lower(), states[state]) for state in HEIGHTS if states[state]],
        "not_reviewed": states[None],
        "overdue": sum(since is not None for _, since in rows),
    }
