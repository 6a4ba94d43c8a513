from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Min, Q
from django.urls import reverse
from django.utils import timezone

from insights.choices import ReviewState
from insights.models.insights import Insight
from workshops.choices import Status
from workshops.fields import LineField, PlainTextField
from workshops.models import Place, Programme
from workshops.models.shared import SharedQuerySet
from workshops.models.versioned import VersionedModel
from workshops.models.vocabulary import RefField


class ArticleQuerySet(SharedQuerySet):
    def published(self):
        return self.filter(published_on__lte=timezone.localdate())

    def for_page(self):
        return self.select_related("programme")


class Article(VersionedModel):
    """A post of the public series, or the page of the full report; a draft until its day has come."""

    slug = RefField()
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="articles")
    title = LineField(max_length=250)
    published_on = models.DateField(null=True, blank=True, help_text="Empty while it is a draft.")
    summary = PlainTextField(blank=True)
    body = PlainTextField(
        blank=True,
        help_text="Markdown: paragraphs, lists, links, ### headings. A line [[key-of-an-insight]] shows its card there.",
    )
    insights = models.ManyToManyField(Insight, blank=True, related_name="articles")

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["published_on", "slug"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("article", args=[self.slug])


class CommitmentQuerySet(SharedQuerySet):
    def published(self):
        """Commitments on insights that are published."""
        return self.filter(insight__status=Status.PUBLISHED)

    def for_page(self):
        """With its insight, its place and what each review found, in order."""
        return self.select_related("insight__programme", "place").prefetch_related("reviews")

    def overdue_first(self):
        """Those that wait longest for a review before the others; adds `overdue_since`."""
        waiting = Q(reviews__reviewed_on=None, reviews__due_on__lt=timezone.localdate())
        return self.annotate(overdue_since=Min("reviews__due_on", filter=waiting)).order_by(
            F("overdue_since").asc(nulls_last=True), "made_on", "ref"
        )


class Commitment(VersionedModel):
    """What a place undertakes to do about an insight."""

    ref = RefField()
    insight = models.ForeignKey(Insight, models.PROTECT, related_name="commitments")
    place = models.ForeignKey(Place, models.PROTECT, related_name="commitments")
    text = PlainTextField()
    owner_role = LineField(max_length=200, blank=True, help_text="Who answers for it: a role, never a name.")
    owner_email = models.EmailField(
        "owner’s e-mail",
        blank=True,
        help_text="Where reminders of its reviews go; best a shared mailbox. Readers never see it and no file holds it.",
    )
    made_on = models.DateField(null=True, blank=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ["made_on", "ref"]

    def __str__(self):
        return self.text.strip()

    def get_absolute_url(self):
        return f"{reverse('commitments')}#{self.ref}"

    @property
    def last_review(self):
        """The latest review that happened; None before the first. It reads what `for_page()` fetched."""
        return next((review for review in reversed(self.reviews.all()) if review.reviewed_on), None)

    @property
    def next_review(self):
        """The first review that did not happen yet, if one is planned."""
        return next((review for review in self.reviews.all() if not review.reviewed_on), None)


class ReviewQuerySet(SharedQuerySet):
    def due(self):
        """Reviews whose day has come and which did not happen yet."""
        return self.filter(reviewed_on=None, due_on__lte=timezone.localdate())


class Review(models.Model):
    """A date on which a commitment is looked at again, and what that found."""

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="reviews")
    due_on = models.DateField()
    reviewed_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=20, choices=ReviewState, blank=True)
    note = PlainTextField(blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["commitment", "due_on"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "due_on"], name="commitment_reviewed_once_a_due_date"),
            models.CheckConstraint(
                condition=Q(reviewed_on__isnull=True, state="") | (Q(reviewed_on__isnull=False) & ~Q(state="")),
                name="review_has_a_state_once_it_happened",
            ),
        ]

    def __str__(self):
        return f"{self.commitment_id}, due {self.due_on}"

    @property
    def is_overdue(self):
        return self.reviewed_on is None and self.due_on < timezone.localdate()

    def clean(self):
        if bool(self.reviewed_on) != bool(self.state):
            missing = "state" if self.reviewed_on else "reviewed_on"
            says = {
                "state": "It was reviewed: say what was found (holding, slipping, reverted or embedded).",
                "reviewed_on": "It has a state: say on which day it was reviewed.",
            }
            raise ValidationError({missing: says[missing]})


class Reminder(models.Model):
    """That the owner of a commitment was written to about a review, once for each day it was due on."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="reminders")
    due_on = models.DateField()
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["review", "due_on"]
        constraints = [models.UniqueConstraint(fields=["review", "due_on"], name="review_reminded_once_a_due_date")]

    def __str__(self):
        return f"{self.review_id}, due {self.due_on}"
