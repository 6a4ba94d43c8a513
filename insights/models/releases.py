from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from insights.choices import Direction, Verdict
from workshops.choices import Choice, Status
from workshops.models import Participant, Practice, Programme
from workshops.models.shared import SharedQuerySet

LEAST_VOTERS = 10
"""No smaller group is ever published, and a practice's rows change only with this many newcomers."""
CHOICES = ("keep", "amplify", "discard", "create")


class Release(models.Model):
    """The moment an editor published a programme's vote results. The public sees released results and nothing else."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="releases")
    released_on = models.DateField()
    least_voters = models.PositiveIntegerField(
        default=LEAST_VOTERS,
        validators=[MinValueValidator(LEAST_VOTERS)],
        help_text=_("The fewest people in a group when this was released."),
    )

    objects = SharedQuerySet.as_manager()

    class Meta:
        ordering = ["released_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(least_voters__gte=LEAST_VOTERS), name="release_is_of_ten_voters_or_more")
        ]

    def __str__(self):
        return f"{self.programme}, {self.released_on}"


class ReleasedGroupQuerySet(SharedQuerySet):
    def published(self):
        """Groups of published practices: an editor may unpublish a practice after its release."""
        return self.filter(practice__status=Status.PUBLISHED)


class ReleasedGroup(models.Model):
    """What the public knows of one group's votes on one practice: rounded, and banded where few.

    An empty count reads "fewer than 5". A group is a service area, or several small ones merged. `hands` says how
    many of the base were hands counted in the room; 0 means none.
    """

    release = models.ForeignKey(Release, models.CASCADE, related_name="groups")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="released_groups")
    group = models.TextField()
    base = models.PositiveIntegerField()
    keep = models.PositiveIntegerField(null=True, blank=True)
    amplify = models.PositiveIntegerField(null=True, blank=True)
    discard = models.PositiveIntegerField(null=True, blank=True)
    create = models.PositiveIntegerField(null=True, blank=True)
    hands = models.PositiveIntegerField(null=True, blank=True, default=0)

    objects = ReleasedGroupQuerySet.as_manager()

    class Meta:
        ordering = ["practice", "group"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "group"], name="one_released_row_a_practice_and_group"),
            models.CheckConstraint(condition=Q(base__gte=LEAST_VOTERS), name="released_base_is_ten_or_more"),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{choice}__isnull": True}) | Q(**{f"{choice}__gte": 5}),
                    name=f"released_{choice}_is_five_or_more",
                )
                for choice in CHOICES
            ),
            models.CheckConstraint(
                condition=Q(hands__isnull=True) | Q(hands=0) | Q(hands__gte=5), name="released_hands_are_five_or_more"
            ),
        ]

    def __str__(self):
        return f"{self.practice_id}, {self.group}"

    @property
    def counts(self) -> list[tuple[Choice, int | None]]:
        """(choice, count) for each choice, None being "fewer than 5"."""
        return [(choice, getattr(self, choice)) for choice in Choice]


class ReleasedPractice(models.Model):
    """A practice whose results were released, with the measures of its released groups.

    The measures are derived from the released rows alone (see insights.votes.measures) and stored so that lists can
    be ordered by them. Where too few people voted there are no rows, and the verdict says so.
    """

    practice = models.OneToOneField(Practice, models.PROTECT, related_name="released")
    release = models.ForeignKey(Release, models.CASCADE, related_name="practices")
    direction = models.CharField(max_length=20, choices=Direction, blank=True)
    consensus = models.FloatField(null=True, blank=True)
    divergence = models.FloatField(null=True, blank=True)
    apart = models.TextField(blank=True)
    stability = models.FloatField(null=True, blank=True)
    verdict = models.CharField(max_length=50, choices=Verdict, default=Verdict.TOO_FEW)

    class Meta:
        ordering = ["practice"]

    def __str__(self):
        return f"{self.practice_id}: {self.verdict}"


class Turnout(models.Model):
    """Who had voted on a practice when its rows were last released. No page or file shows it.

    It decides whether enough people have voted for the first time since. Erased participants disappear from
    `participants`, so `voters` keeps the number: an erased person may have come back under another code.
    """

    practice = models.OneToOneField(Practice, models.CASCADE, related_name="turnout")
    participants = models.ManyToManyField(Participant, related_name="+")
    voters = models.PositiveIntegerField()
    hands = models.PositiveIntegerField()

    def __str__(self):
        return gettext("Turnout of %(practice)s") % {"practice": self.practice_id}
