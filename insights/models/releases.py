from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from insights.choices import Direction, Share, Verdict
from workshops.choices import Choice, Status
from workshops.fields import LinesField
from workshops.models import Practice, Programme, ServiceArea, Workshop
from workshops.roles import edited_by, read_by

LEAST_VOTERS = 10
"""No smaller group is ever published, and a result changes only with this many newcomers."""
COUNTED = ("keep", "amplify", "discard", "create", "hands")


class ReleaseQuerySet(models.QuerySet):
    def manageable_by(self, user):
        """Those that a person finds at the desk: editors and analysts, of their programmes."""
        return read_by(user).narrow(self, "programme")


class Release(models.Model):
    """The moment an editor published a programme's vote results. The public sees released results and nothing else."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="releases", verbose_name=_("programme"))
    released_on = models.DateField(_("released on"))
    least_voters = models.PositiveIntegerField(
        _("least voters"),
        default=LEAST_VOTERS,
        validators=[MinValueValidator(LEAST_VOTERS)],
        help_text=_("The fewest people in a group when this was released."),
    )
    present_low = models.PositiveIntegerField(_("present, at least"), null=True, blank=True, editable=False)
    present_high = models.PositiveIntegerField(_("present, at most"), null=True, blank=True, editable=False)
    voted_low = models.PositiveIntegerField(_("voted, at least"), null=True, blank=True, editable=False)
    voted_high = models.PositiveIntegerField(_("voted, at most"), null=True, blank=True, editable=False)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asked for by"),
    )
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("released by"),
    )

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["released_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(least_voters__gte=LEAST_VOTERS), name="release_is_of_ten_voters_or_more")
        ]

    def __str__(self):
        return f"{self.programme}, {self.released_on}"


class ReleaseRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        return read_by(user).narrow(self, "programme")


class ReleaseRequest(models.Model):
    """An editor prepared the release of a programme's votes and asks another to release what both have seen."""

    programme = models.OneToOneField(
        Programme, models.CASCADE, related_name="release_request", verbose_name=_("programme")
    )
    fingerprint = models.CharField(_("fingerprint"), max_length=64, help_text=_("Of the preview they saw."))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("asked for by")
    )
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)

    objects = ReleaseRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for a release")
        verbose_name_plural = _("requests for a release")

    def __str__(self):
        return gettext("Release of %(programme)s") % {"programme": self.programme_id}


class ReleasedPracticeQuerySet(models.QuerySet):
    def manageable_by(self, user):
        return read_by(user).narrow(self, "programme")

    def current(self):
        """What is published now; a result that was replaced stays for the desk alone."""
        return self.filter(is_current=True)

    def published(self):
        """Current results of published practices: an editor may unpublish a practice after its release."""
        return self.current().filter(practice__status=Status.PUBLISHED)


class ReleasedPractice(models.Model):
    """The result of the votes on one practice in one programme's workshops, as a release published it.

    Words are judged on exact counts, and empty where too few people voted to say any. The groups are ranges; there
    are none where too few voted to show them. A result that was replaced or corrected is kept, and is not current.
    """

    release = models.ForeignKey(Release, models.CASCADE, related_name="practices", verbose_name=_("release"))
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="results", verbose_name=_("practice"))
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="results", verbose_name=_("programme"))
    is_current = models.BooleanField(_("is current"), default=True)
    statement = models.TextField(_("statement"), help_text=_("The words people voted on."))
    voters_low = models.PositiveIntegerField(_("voters, at least"), null=True, blank=True)
    voters_high = models.PositiveIntegerField(_("voters, at most"), null=True, blank=True)
    direction = models.CharField(_("direction"), max_length=20, choices=Direction, blank=True)
    share = models.CharField(_("share"), max_length=20, choices=Share, blank=True)
    verdict = models.CharField(_("verdict"), max_length=20, choices=Verdict, blank=True)
    less = LinesField(_("chose it less"))
    more = LinesField(_("chose it more"))
    joined = LinesField(
        _("shown only together"), help_text=_("Service areas that are shown only together with others.")
    )
    silent = LinesField(_("silent"), help_text=_("Service areas of these workshops from which nobody voted."))
    least_share = models.FloatField(
        _("least share"), null=True, help_text=_("In the group least in favour, by the middles of the ranges.")
    )
    gap = models.FloatField(_("gap"), null=True, help_text=_("Between the groups most and least in favour, likewise."))
    is_by_first_rule = models.BooleanField(_("by the rule until 2026"), default=False)
    corrected_on = models.DateField(_("corrected on"), null=True, blank=True)
    correction = models.TextField(_("correction"), blank=True, help_text=_("Why it was corrected, for everyone."))
    is_taken_back = models.BooleanField(_("taken back"), default=False)
    digest = models.CharField(
        _("digest"), max_length=64, blank=True, help_text=_("SHA-256 over the salt and the exact counts.")
    )

    objects = ReleasedPracticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("released practice")
        verbose_name_plural = _("released practices")
        ordering = ["practice", "programme", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "programme"],
                condition=Q(is_current=True),
                name="one_current_result_a_practice_and_programme",
            ),
            models.CheckConstraint(
                condition=Q(corrected_on__isnull=True, correction="", is_taken_back=False)
                | (Q(corrected_on__isnull=False) & ~Q(correction="")),
                name="correction_has_a_day_and_a_reason",
            ),
        ]

    unsaved_groups: list[str] = []
    """The names of the groups that a result will have once it is saved: a preview has no others."""

    def __str__(self):
        return f"{self.practice_id}, {self.release_id}"

    @property
    def group_names(self) -> list[str]:
        return [row.group for row in self.groups.all()] if self.pk else self.unsaved_groups


class ReleasedGroupQuerySet(models.QuerySet):
    def manageable_by(self, user):
        return read_by(user).narrow(self, "result__programme")

    def published(self):
        return self.filter(result__in=ReleasedPractice.objects.published().values("pk"))


class ReleasedGroup(models.Model):
    """What the public knows of one group's votes on one practice: ranges, both ends included.

    A group is a service area, or several small ones together. `hands` are those of the base that were hands counted
    in the room.
    """

    result = models.ForeignKey(
        ReleasedPractice, models.CASCADE, related_name="groups", verbose_name=_("released practice")
    )
    group = models.TextField(_("group"))
    base_low = models.PositiveIntegerField(_("voters, at least"))
    base_high = models.PositiveIntegerField(_("voters, at most"))
    keep_low = models.PositiveIntegerField(_("keep, at least"))
    keep_high = models.PositiveIntegerField(_("keep, at most"))
    amplify_low = models.PositiveIntegerField(_("amplify, at least"))
    amplify_high = models.PositiveIntegerField(_("amplify, at most"))
    discard_low = models.PositiveIntegerField(_("discard, at least"))
    discard_high = models.PositiveIntegerField(_("discard, at most"))
    create_low = models.PositiveIntegerField(_("create, at least"))
    create_high = models.PositiveIntegerField(_("create, at most"))
    hands_low = models.PositiveIntegerField(_("hands, at least"), default=0)
    hands_high = models.PositiveIntegerField(_("hands, at most"), default=4)

    objects = ReleasedGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("released group")
        verbose_name_plural = _("released groups")
        ordering = ["result", "group"]
        constraints = [
            models.UniqueConstraint(fields=["result", "group"], name="one_released_row_a_result_and_group"),
            models.CheckConstraint(
                condition=Q(base_low__gte=LEAST_VOTERS, base_high__gte=F("base_low")),
                name="released_base_is_ten_or_more",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{counted}_low": 0, f"{counted}_high": 4})
                    | Q(**{f"{counted}_low__gte": 5, f"{counted}_high__gte": F(f"{counted}_low")}),
                    name=f"released_{counted}_is_few_or_five_or_more",
                )
                for counted in COUNTED
            ),
        ]

    def __str__(self):
        return f"{self.result_id}, {self.group}"

    @property
    def base(self) -> tuple[int, int]:
        return self.base_low, self.base_high

    @property
    def hands(self) -> tuple[int, int]:
        return self.hands_low, self.hands_high

    @property
    def counts(self) -> list[tuple[Choice, tuple[int, int]]]:
        """(choice, (low, high)) for each choice."""
        return [(choice, (getattr(self, f"{choice}_low"), getattr(self, f"{choice}_high"))) for choice in Choice]


class ExactCountsQuerySet(models.QuerySet):
    def visible_to(self, user):
        """To editors of their programme. Analysts would see votes in them of people whom their files leave out."""
        return edited_by(user).narrow(self, "result__programme")


class ExactCounts(models.Model):
    """The exact counts that a result was made of: for editors, and for an auditor who is given them.

    They stand apart from the result, so that nothing that shows results can show them by accident.
    """

    result = models.OneToOneField(
        ReleasedPractice, models.CASCADE, related_name="exact", verbose_name=_("released practice")
    )
    table = models.JSONField(_("table"), help_text=_("{service area: [keep, amplify, discard, create, of them hands]}"))
    salt = models.CharField(_("salt"), max_length=64)

    objects = ExactCountsQuerySet.as_manager()

    class Meta:
        verbose_name = _("exact counts")
        verbose_name_plural = _("exact counts")

    def __str__(self):
        return gettext("Exact counts of %(result)s") % {"result": self.result_id}


class TurnoutQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.none()


class Turnout(models.Model):
    """Who had voted on a practice in a programme when its result last changed. No page or file shows it.

    It decides whether enough people have voted for the first time since. An erased person may have come back under
    another code, so their number stays among the participants, which names nobody any more.
    """

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="turnouts", verbose_name=_("practice"))
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="+", verbose_name=_("programme"))
    participants = models.JSONField(_("participants"), help_text=_("Primary keys."))
    voters = models.PositiveIntegerField(_("voters"))
    hands = models.PositiveIntegerField(_("hands"))

    objects = TurnoutQuerySet.as_manager()

    class Meta:
        verbose_name = _("turnout")
        verbose_name_plural = _("turnouts")
        constraints = [
            models.UniqueConstraint(fields=["practice", "programme"], name="one_turnout_a_practice_and_programme")
        ]

    def __str__(self):
        return gettext("Turnout of %(practice)s") % {"practice": self.practice_id}


class ErasedVotes(models.Model):
    """Votes of people who were erased after a release had counted them, and votes whose period has ended: how many chose
    what, and nobody's name.

    Later releases count them still, so that no difference between two releases tells how an erased person voted.
    """

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="erased_votes", verbose_name=_("practice"))
    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="+", verbose_name=_("workshop"))
    service_area = models.ForeignKey(
        ServiceArea, models.PROTECT, null=True, related_name="+", verbose_name=_("service area")
    )
    choice = models.CharField(_("choice"), max_length=10, choices=Choice)
    people = models.PositiveIntegerField(_("people"))

    objects = TurnoutQuerySet.as_manager()

    class Meta:
        verbose_name = _("erased votes")
        verbose_name_plural = _("erased votes")
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "workshop", "service_area", "choice"], name="erased_votes_once_a_service_and_choice"
            ),
            models.UniqueConstraint(
                fields=["practice", "workshop", "choice"],
                condition=Q(service_area__isnull=True),
                name="erased_votes_once_a_choice_without_service",
            ),
        ]

    def __str__(self):
        return gettext("Erased votes on %(practice)s") % {"practice": self.practice_id}
