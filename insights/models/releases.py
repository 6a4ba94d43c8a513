from django.db import models
from django.db.models import Q

from workshops.models import Practice, Programme


class Release(models.Model):
    """The moment an editor published a programme's vote results. The public sees released results and nothing else."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="releases")
    released_on = models.DateField()

    class Meta:
        ordering = ["released_on", "pk"]

    def __str__(self):
        return f"{self.programme}, {self.released_on}"


class ReleasedGroup(models.Model):
    """What the public knows of one group's votes on one practice: rounded, and banded where few.

    An empty count reads "fewer than 5". Groups are service areas, or several joined where they were small.
    """

    release = models.ForeignKey(Release, models.CASCADE, related_name="groups")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="released_groups")
    group = models.TextField()
    base = models.PositiveIntegerField()
    keep = models.PositiveIntegerField(null=True, blank=True)
    amplify = models.PositiveIntegerField(null=True, blank=True)
    discard = models.PositiveIntegerField(null=True, blank=True)
    create = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["practice", "group"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "group"], name="one_released_row_a_practice_and_group"),
            models.CheckConstraint(condition=Q(base__gte=10), name="released_base_is_ten_or_more"),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{choice}__isnull": True}) | Q(**{f"{choice}__gte": 5}),
                    name=f"released_{choice}_is_five_or_more",
                )
                for choice in ("keep", "amplify", "discard", "create")
            ),
        ]

    def __str__(self):
        return f"{self.practice_id}, {self.group}"
