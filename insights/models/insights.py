from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, StrIndex
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from insights.choices import InsightKind, Nature, Reason, Role
from workshops.choices import Consent, Status
from workshops.fields import LineField, LinesField, PlainTextField
from workshops.keys import exists_in
from workshops.models import Practice, Programme, Story, Theme
from workshops.models.addresses import AddressedModel
from workshops.models.vocabulary import RefField
from workshops.roles import edited_by


class InsightQuerySet(models.QuerySet):
    def published(self):
        return self.filter(status=Status.PUBLISHED)

    def visible_to(self, user):
        """Editors see every insight of their programmes; everyone else those that are published."""
        reach = edited_by(user)
        if reach.is_everything:
            return self
        return self.filter(Q(status=Status.PUBLISHED) | reach.rows("programme"))

    def manageable_by(self, user):
        """Those that a person finds at the desk, where working copies are shown: editors, of their programmes."""
        return edited_by(user).narrow(self, "programme")

    def ever_published(self):
        """Those whose addresses somebody may have cited."""
        return self.filter(Q(status=Status.PUBLISHED) | Q(publications__isnull=False)).distinct()

    def in_reading_order(self):
        """Findings first (conditions before capacities), then big ideas, then recommendations."""
        kinds = {kind: place for place, kind in enumerate(InsightKind)}
        return self.order_by(
            "programme__started",
            "programme__slug",
            models.Case(*(models.When(kind=kind, then=place) for kind, place in kinds.items())),
            models.F("nature").desc(),
            "slug",
        )

    def resting_on(self, stories):
        """Insights with any of these stories among their evidence, whatever its role."""
        return self.filter(pk__in=Evidence.objects.filter(exists_in(stories, "story")).values("insight"))

    def once_called(self, slugs):
        """Insights that have one of these slugs, or had it when a version named them."""
        earlier = Insight.history.filter(slug__in=slugs, working_copy_of=None)
        return self.filter(Q(slug__in=slugs) | Q(pk__in=earlier.values("id")))

    def for_page(self):
        """With all that a card shows; `public_evidence` is the evidence that readers may see, in order."""
        evidence = Evidence.objects.public().for_page()
        return self.select_related("programme").prefetch_related(
            models.Prefetch("evidence", queryset=evidence, to_attr="public_evidence")
        )


class InsightManager(models.Manager.from_queryset(InsightQuerySet)):
    """Insights as people know them: only who asks for working copies meets one."""

    def get_queryset(self):
        return super().get_queryset().filter(working_copy_of=None)


class Insight(AddressedModel):
    """What editors conclude from the stories people told: a finding, a big idea or a recommendation.

    Readers get what was published last. What editors write after that stands in a second row, the *working copy*, with
    evidence, themes and links of its own, until it is published (`insights/publications/working_copies.py`).
    """

    STATUSES = [(status.value, status.label) for status in (Status.DRAFT, Status.PUBLISHED, Status.UNPUBLISHED)]

    slug: "models.CharField[str, str]" = RefField(_("slug"), null=True)  # a working copy alone has none
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="insights", verbose_name=_("programme"))
    title = LineField(_("title"), max_length=250, help_text=_("The claim, in words one can dispute."))
    kind = models.CharField(_("kind"), max_length=20, choices=InsightKind, default=InsightKind.FINDING)
    nature = models.CharField(
        _("nature"), max_length=20, choices=Nature, blank=True, help_text=_("For a finding: what it is about.")
    )
    summary = PlainTextField(
        _("summary"), blank=True, help_text=_("One or two sentences, for cards and search engines.")
    )
    body = PlainTextField(_("body"), blank=True, help_text=_("Markdown: paragraphs, lists, links, ### headings."))
    themes = models.ManyToManyField(Theme, blank=True, related_name="insights", verbose_name=_("themes"))
    actions = LinesField(_("actions"), help_text=_("What a big idea asks people to do, one a line."))
    builds_on = models.ManyToManyField(
        "self", blank=True, symmetrical=False, related_name="built_on_by", verbose_name=_("builds on")
    )
    none_found = PlainTextField(
        _("none found"),
        blank=True,
        help_text=_("If no evidence contradicts it: one public sentence saying where we looked."),
    )
    look_again_on = models.DateField(
        _("look again on"),
        null=True,
        blank=True,
        help_text=_("The day on which editors ask whether it still holds. Without one, a year after it is published."),
    )
    status = models.CharField(_("status"), max_length=20, choices=STATUSES, default=Status.DRAFT, editable=False)

    working_copy_of = models.OneToOneField(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        editable=False,
        related_name="working_copy",
        verbose_name=_("working copy of"),
    )
    next_slug = models.CharField(_("next slug"), max_length=100, blank=True, editable=False)  # the address it is to get
    written_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("written by")
    )
    reading_asked_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("reading asked for by"),
    )
    reading_asked_at = models.DateTimeField(_("reading asked for at"), null=True, blank=True, editable=False)

    public_evidence: list["Evidence"]  # from `for_page()`

    objects = InsightManager()
    with_working_copies = InsightQuerySet.as_manager()
    history = HistoricalRecords(
        m2m_fields=["themes", "builds_on"],
        excluded_fields=["next_slug", "written_by", "reading_asked_by", "reading_asked_at"],
    )

    class Meta:
        verbose_name = _("insight")
        verbose_name_plural = _("insights")
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(working_copy_of__isnull=True, slug__isnull=False)
                | Q(working_copy_of__isnull=False, slug__isnull=True, status=Status.DRAFT),
                name="working_copy_is_never_public",
            ),
            models.CheckConstraint(
                condition=Q(reading_asked_by__isnull=True) | Q(reading_asked_at__isnull=False),
                name="second_reading_is_asked_for_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(nature="") | Q(kind=InsightKind.FINDING), name="insight_nature_is_for_findings"
            ),
            models.CheckConstraint(
                condition=Q(status__in=[Status.DRAFT, Status.PUBLISHED, Status.UNPUBLISHED]),
                name="insight_status_is_known",
            ),
        ]

    def __str__(self):
        return self.title

    def clean(self):
        if self.nature and self.kind != InsightKind.FINDING:
            says = gettext("Only a finding is about a condition or a capacity; this is a %(kind)s. Leave it empty.")
            raise ValidationError({"nature": says % {"kind": self.get_kind_display().lower()}})

    def get_absolute_url(self):
        return reverse("insight", args=[self.slug])

    @property
    def label(self):
        """The one word above its title: a finding is called by its nature."""
        return self.get_nature_display() or self.get_kind_display()

    @property
    def itself(self):
        """The insight as people know it: of a working copy, that of which it is one."""
        return self.working_copy_of or self

    @property
    def as_written(self):
        """The row that editors work on: its working copy if it has one."""
        copy = Insight.with_working_copies.filter(working_copy_of=self.pk).first()
        if copy:
            copy.working_copy_of = self
        return copy or self


class InsightPartQuerySet(models.QuerySet):
    """Rows that belong to one insight, and are read by those who read it."""

    def visible_to(self, user):
        reach = edited_by(user)
        if reach.is_everything:
            return self
        published = Q(insight__in=Insight.objects.published().values("pk"))
        return self.filter(published | reach.rows("insight__programme"))


class InsightPartManagerMixin:
    """Leaves out the parts of working copies, unless they are asked of the working copy itself."""

    def get_queryset(self):
        parts = super().get_queryset()
        return parts if isinstance(getattr(self, "instance", None), Insight) else parts.filter(PART_OF_NO_WORKING_COPY)


PART_OF_NO_WORKING_COPY = Q(insight__working_copy_of=None)


class EvidenceQuerySet(InsightPartQuerySet):
    def public(self):
        """What a reader may see: evidence whose story or practice is published."""
        return self.filter(
            Q(story__status=Status.PUBLISHED, story__effective_consent__gte=Consent.PUBLIC)
            | Q(practice__status=Status.PUBLISHED)
        )

    def withdrawn(self):
        """Evidence whose contributor withdrew the story, or the consent it was published with."""
        return self.filter(
            Q(story__status=Status.WITHDRAWN)
            | Q(story__status=Status.UNPUBLISHED, story__effective_consent__lt=Consent.PUBLIC)
        )

    def at_bench(self):
        """What editors work with: not stories that were withdrawn, or that only their facilitators may see by now.

        The row of a withdrawn story stays, so that readers can be told of it, but no editor may read it.
        """
        return self.filter(Q(practice__isnull=False) | Q(story__in=Story.objects.told_to_team()))

    def readable_by(self, user):
        """Those whose story or practice this editor may read; the others are of a programme that is not theirs."""
        if edited_by(user).is_everything:
            return self
        stories, practices = Story.objects.visible_to(user), Practice.objects.visible_to(user)
        return self.filter(Q(practice__in=practices.values("pk")) | Q(story__in=stories.values("pk")))

    def broken(self):
        """Those whose excerpt is no longer in the published wording, so that readers do not see it."""
        wording = Coalesce("story__published_text", "practice__statement")
        return self.exclude(excerpt="").alias(found=StrIndex(wording, F("excerpt"))).filter(found=0)

    def for_page(self):
        return self.select_related(
            "story__workshop__phase__programme", "story__service_area", "story__place", "practice"
        ).order_by("order", "pk")


class EvidenceManager(InsightPartManagerMixin, models.Manager.from_queryset(EvidenceQuerySet)):
    pass


class Evidence(models.Model):
    """The ordered link from an insight to a story or a practice, and what it does to the claim."""

    insight = models.ForeignKey(Insight, models.CASCADE, related_name="evidence", verbose_name=_("insight"))
    order = models.PositiveIntegerField(_("order"), default=1)
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.SUPPORTS)
    story = models.ForeignKey(
        Story, models.PROTECT, null=True, blank=True, related_name="evidence", verbose_name=_("story")
    )
    practice = models.ForeignKey(
        Practice, models.PROTECT, null=True, blank=True, related_name="evidence", verbose_name=_("practice")
    )
    excerpt = PlainTextField(
        _("excerpt"), blank=True, help_text=_("A passage of the published wording, letter by letter.")
    )
    # In code points. Tells identical passages apart, and shows whether the wording around it has changed.
    excerpt_start = models.PositiveIntegerField(_("excerpt start"), null=True, blank=True, editable=False)

    _change_reason: str | None  # what its history keeps of the next save or deletion

    objects = EvidenceManager()
    with_working_copies = EvidenceQuerySet.as_manager()
    # A quotation belongs to the person quoted: what they withdraw must not stay in a history.
    history = HistoricalRecords(excluded_fields=["excerpt", "excerpt_start"])

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["insight", "order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(story__isnull=False, practice__isnull=True) | Q(story__isnull=True, practice__isnull=False),
                name="evidence_is_one_story_or_one_practice",
            ),
            models.UniqueConstraint(fields=["insight", "story"], name="story_is_evidence_once_an_insight"),
            models.UniqueConstraint(fields=["insight", "practice"], name="practice_is_evidence_once_an_insight"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="evidence_role_is_known"),
            models.CheckConstraint(
                condition=Q(excerpt_start__isnull=True) | ~Q(excerpt=""), name="evidence_without_excerpt_has_no_start"
            ),
        ]

    def __str__(self):
        # By ref, because the admin's history keeps this line, and a story may be withdrawn.
        return f"{self.get_role_display()}: {self.source.ref if self.source else ''}"

    def clean(self):
        if bool(self.story_id) == bool(self.practice_id):
            raise ValidationError(
                {"story": gettext("Evidence is one story or one practice. Choose exactly one of the two.")}
            )

    def save(self, *args, **kwargs):
        """Save with the present position of the excerpt; if the wording lost it, the last position stays."""
        self.follow_wording()
        if kwargs.get("update_fields"):
            kwargs["update_fields"] = {*kwargs["update_fields"], "excerpt_start"}
        super().save(*args, **kwargs)

    @property
    def source(self):
        return self.story or self.practice

    @property
    def source_key(self):
        """What it is about, which is the same in the working copy and in what readers see: `story-7kq2m`."""
        return f"story-{self.story.ref}" if self.story else f"practice-{self.practice.ref}"

    @property
    def wording(self):
        """What an excerpt may be taken from: what readers see of the story or practice."""
        return self.story.published_text if self.story else self.practice.statement if self.practice else ""

    @property
    def quotation(self):
        """The excerpt while the published wording still contains it, else an empty string."""
        return self.excerpt if self.excerpt and self.excerpt in self.wording else ""

    @property
    def is_broken(self):
        return bool(self.excerpt) and not self.quotation

    def follow_wording(self):
        """Update `excerpt_start`: of several identical passages, take the one nearest to the old position."""
        if not self.excerpt:
            self.excerpt_start = None
        elif starts := starts_of(self.excerpt, self.wording):
            self.excerpt_start = min(starts, key=lambda start: abs(start - (self.excerpt_start or 0)))


def starts_of(passage, text):
    """Every position, in code points, at which a passage occurs in a text."""
    starts, start = [], text.find(passage)
    while start >= 0:
        starts.append(start)
        start = text.find(passage, start + 1)
    return starts


class SetAsideManager(InsightPartManagerMixin, models.Manager.from_queryset(InsightPartQuerySet)):
    pass


class SetAside(models.Model):
    """A story that an editor considered for an insight and left out, with the reason."""

    insight = models.ForeignKey(Insight, models.CASCADE, related_name="set_aside", verbose_name=_("insight"))
    story = models.ForeignKey(Story, models.PROTECT, related_name="set_aside", verbose_name=_("story"))
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)

    _change_reason: str | None  # what its history keeps of the next save or deletion

    objects = SetAsideManager()
    with_working_copies = InsightPartQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("story set aside")
        verbose_name_plural = _("stories set aside")
        ordering = ["insight", "story"]
        constraints = [
            models.UniqueConstraint(fields=["insight", "story"], name="story_is_set_aside_once_an_insight"),
            models.CheckConstraint(condition=Q(reason__in=Reason.values), name="set_aside_reason_is_known"),
        ]

    def __str__(self):
        return f"{self.story.ref if self.story_id else ''}: {self.reason}"
