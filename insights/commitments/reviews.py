"""How commitments were kept: the small picture of one commitment's reviews, and a summary over many."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from insights.choices import ReviewState
from insights.models import Commitment, Review

HEIGHTS = {ReviewState.EMBEDDED: 16, ReviewState.HOLDING: 38, ReviewState.SLIPPING: 60, ReviewState.REVERTED: 82}
"""Where a state stands in the picture, from the top: the better kept, the higher."""

FOUND = {
    ReviewState.EMBEDDED: ngettext_lazy("%(count)s was embedded", "%(count)s were embedded", "count"),
    ReviewState.HOLDING: ngettext_lazy("%(count)s was holding", "%(count)s were holding", "count"),
    ReviewState.SLIPPING: ngettext_lazy("%(count)s was slipping", "%(count)s were slipping", "count"),
    ReviewState.REVERTED: ngettext_lazy("%(count)s was reverted", "%(count)s were reverted", "count"),
}


@dataclass
class ReviewStep:
    """One review in the picture. The line enters at the height `comes_from` and leaves at `goes_to`."""

    review: Review
    y: int
    comes_from: float | None = None
    goes_to: float | None = None

    @property
    def letter(self) -> str:
        return self.review.get_state_display()[:1].upper() or "?"

    @property
    def word(self) -> str:
        return self.review.get_state_display() or (_("Overdue") if self.review.is_overdue else _("To come"))

    @property
    def day(self) -> date:
        return self.review.reviewed_on or self.review.due_on


def review_steps(commitment: Commitment) -> list[ReviewStep]:
    """The reviews of a commitment from `for_page()`, in order. A review to come stays at the height of the last one."""
    found, y = [], HEIGHTS[ReviewState.HOLDING]
    for review in commitment.reviews.all():
        y = HEIGHTS.get(review.state, y)
        found.append(ReviewStep(review, y))
    for before, after in pairwise(found):
        before.goes_to = after.comes_from = (before.y + after.y) / 2
    return found


@dataclass
class ReviewSummary:
    """How many commitments the latest reviews found in each state, how many await their first, and are overdue."""

    states: dict[ReviewState, int]
    not_reviewed: int
    overdue: int

    @property
    def found(self) -> str:
        """Such as "2 were holding, 1 was slipping"."""
        return ", ".join(FOUND[state] % {"count": count} for state, count in self.states.items())


def summarise_reviews(commitments: QuerySet[Commitment]) -> ReviewSummary:
    latest = Review.objects.filter(commitment=OuterRef("pk"), reviewed_on__isnull=False).order_by("-due_on")
    rows = commitments.order_by().overdue_first().annotate(latest=Subquery(latest.values("state")[:1]))
    rows = list(rows.values_list("latest", "overdue_since"))
    states = Counter(state for state, since in rows)
    return ReviewSummary(
        states={state: states[state] for state in HEIGHTS if states[state]},
        not_reviewed=states[None],
        overdue=sum(since is not None for state, since in rows),
    )
