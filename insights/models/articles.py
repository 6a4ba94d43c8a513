from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from insights.choices import ReviewState
from insights.models.insights import Insight
from workshops.choices import Status
from workshops.fields import LineField, PlainTextField
from workshops.models import Place, Programme
from workshops.models.addresses import AddressedModel
from workshops.models.versioned import VersionedModel
from workshops.models.vocabulary import RefField
from workshops.roles import edited_by


class ArticleQuerySet(models.QuerySet):
    def manageable_by(self, user):
        """Those that an editor finds at the desk: of their programmes."""
        return edited_by(user).narrow(self, "programme")

    def published(self):
        return self.filter(published_on__lte=timezone.localdate())

    def for_page(self):
        return self.select_related("programme")


class Article(AddressedModel, VersionedModel):
    """A post of the public series, or the page of the full report; a draft until its publication date."""

    slug = RefField(_("slug"))
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="articles", verbose_name=_("programme"))
    title = LineField(_("title"), max_length=250)
    published_on = models.DateField(_("published on"), null=True, blank=True, help_text=_("Empty while it is a draft."))
    summary = PlainTextField(_("summary"), blank=True)
    body = PlainTextField(
        _("body"),
        blank=True,
        help_text=_(
            "Markdown: paragraphs, lists, links, ### headings. A line [[key-of-an-insight]] shows its card there."
        ),
    )
    insights = models.ManyToManyField(Insight, blank=True, related_name="articles", verbose_name=_("insights"))

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["published_on", "slug"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("article", args=[self.slug])


class CommitmentQuerySet(models.QuerySet):
    def manageable_by(self, user):
        return edited_by(user).narrow(self, "insight__programme")

    def published(self):
        """Commitments on insights that are published."""
        return self.filter(insight__status=Status.PUBLISHED)

    def for_page(self):
        """With the insight, the place and all reviews in order."""
        return self.select_related("insight__programme", "place").prefetch_related("reviews")

    def overdue_first(self):
        """Those whose review is overdue first, the longest overdue at the top; adds `overdue_since`."""
        waiting = Q(reviews__reviewed_on=None, reviews__due_on__lt=timezone.localdate())
        return self.annotate(overdue_since=Min("reviews__due_on", filter=waiting)).order_by(
            F("overdue_since").asc(nulls_last=True), "made_on", "ref"
        )


class Commitment(VersionedModel):
    """What a place undertakes to do because of an insight."""

    ref = RefField(_("ref"))
    insight = models.ForeignKey(Insight, models.PROTECT, related_name="commitments", verbose_name=_("insight"))
    place = models.ForeignKey(Place, models.PROTECT, related_name="commitments", verbose_name=_("place"))
    text = PlainTextField(_("text"))
    owner_role = LineField(
        _("owner role"), max_length=200, blank=True, help_text=_("Who answers for it: a role, never a name.")
    )
    owner_email = models.EmailField(
        _("owner’s e-mail"),
        blank=True,
        help_text=_(
            "Where reminders of its reviews go; best a shared mailbox. Readers never see it and no file holds it."
        ),
    )
    made_on = models.DateField(_("made on"), null=True, blank=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["made_on", "ref"]

    def __str__(self):
        return self.text.strip()

    def get_absolute_url(self):
        return f"{reverse('commitments')}#{self.ref}"

    @property
    def last_review(self):
        """The latest review that took place, None before the first. Uses the reviews that `for_page()` fetched."""
        return next((review for review in reversed(self.reviews.all()) if review.reviewed_on), None)

    @property
    def next_review(self):
        """The first review that has not taken place yet, if one is planned."""
        return next((review for review in self.reviews.all() if not review.reviewed_on), None)


class ReviewQuerySet(models.QuerySet):
    def manageable_by(self, user):
        return edited_by(user).narrow(self, "commitment__insight__programme")

    def due(self):
        """Reviews that are due today or earlier and have not taken place."""
        return self.filter(reviewed_on=None, due_on__lte=timezone.localdate())


class Review(models.Model):
    """A date on which a commitment is reviewed, and what the review found."""

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="reviews", verbose_name=_("commitment"))
    due_on = models.DateField(_("due on"))
    reviewed_on = models.DateField(_("reviewed on"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=ReviewState, blank=True)
    note = PlainTextField(_("note"), blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["commitment", "due_on"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "due_on"], name="commitment_reviewed_once_a_due_date"),
            models.CheckConstraint(
                condition=Q(reviewed_on__isnull=True, state="") | (Q(reviewed_on__isnull=False) & ~Q(state="")),
                name="review_has_a_state_once_it_happened",
            ),
        ]

    def __str__(self):
        return gettext("%(commitment)s, due %(day)s") % {"commitment": self.commitment_id, "day": self.due_on}

    @property
    def is_overdue(self):
        return self.reviewed_on is None and self.due_on < timezone.localdate()

    def clean(self):
        if bool(self.reviewed_on) != bool(self.state):
            missing = "state" if self.reviewed_on else "reviewed_on"
            says = {
                "state": _("It was reviewed: say what was found (holding, slipping, reverted or embedded)."),
                "reviewed_on": _("It has a state: say on which day it was reviewed."),
            }
            raise ValidationError({missing: says[missing]})


class Reminder(models.Model):
    """Records that the owner of a commitment was reminded of a review: once for each due date."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="reminders", verbose_name=_("review"))
    due_on = models.DateField(_("due on"))
    sent_at = models.DateTimeField(_("sent at"), default=timezone.now)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["review", "due_on"]
        constraints = [models.UniqueConstraint(fields=["review", "due_on"], name="review_reminded_once_a_due_date")]

    def __str__(self):
        return gettext("%(review)s, due %(day)s") % {"review": self.review_id, "day": self.due_on}
