"""What editors conclude: insights with their evidence, versions, the matrix, articles and commitments."""

from collections import Counter

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import F, Prefetch, Value
from django.db.models.functions import Coalesce

from innovation_archive.datasets.base import READERS, Audience, Column, Dataset, computed
from innovation_archive.datasets.importing import Importable, LateRefusal
from innovation_archive.datasets.widgets import (
    CountWidget,
    DateWidget,
    LineWidget,
    ListWidget,
    NamedListWidget,
    NamedWidget,
    TagNamesWidget,
    TextWidget,
    WordWidget,
)
from insights.browsing import matrix
from insights.choices import InsightKind, Nature, Reason, ReviewState, Role
from insights.models import Article, Commitment, Evidence, Insight, Publication, Review, SetAside
from insights.publications import publishing
from workshops.choices import Kind, Status
from workshops.models import Place, Practice, Programme, ServiceArea, Story, Theme, Workshop
from workshops.roles import is_editor


class Insights(Importable):
    dataset = "insights"
    row_is = "One conclusion: a finding, a big idea or a recommendation."
    key = ordering = ("slug",)
    model = Insight
    joined = ("programme",)
    related = ("themes", "builds_on")

    slug = Column("slug", LineWidget(), "Its key, used in its address.")
    programme = Column("programme", NamedWidget(Programme), "The programme that learnt it.", required=True)
    title = Column("title", LineWidget(), "The claim.", required=True)
    kind = Column("kind", WordWidget(InsightKind.values), "finding, big idea or recommendation.", required=True)
    nature = Column("nature", WordWidget(Nature.values), "Of a finding: condition or capacity.")
    summary = Column("summary", TextWidget(), "The claim in a sentence or two.")
    body = Column("body", TextWidget(), "The whole of it, in Markdown.")
    themes = Column("themes", NamedListWidget(Theme), "The themes it speaks to.")
    actions = Column("actions", ListWidget(), "What a big idea asks people to do, in order.")
    builds_on = Column("builds_on", NamedListWidget(Insight), "Insights it builds on.")
    none_found = Column("none_found", TextWidget(), "Where nothing contradicts it: where we looked.")

    def rows(self, audience):
        rows = Insight.objects.select_related("programme").prefetch_related("themes")
        if audience == Audience.FULL:
            return rows.prefetch_related("builds_on")
        return rows.published().prefetch_related(Prefetch("builds_on", Insight.objects.published()))


class EvidenceRows(Importable):
    dataset = "evidence"
    row_is = "One story or practice that supports, qualifies or contradicts an insight, with all that is known of it."
    key = ("insight", "story", "practice")
    key_alternatives = ("story", "practice")
    ordering = ("insight__slug", Coalesce("story__ref", Value("")), Coalesce("practice__ref", Value("")))
    model = Evidence
    joined = ("insight",)

    insight = Column("insight", NamedWidget(Insight), "The insight, by slug.")
    order = Column("order", CountWidget(least=1, empty=None), "Its place among the insight's evidence.")
    role = Column("role", WordWidget(Role.values), "supports, qualifies or contradicts.", required=True)
    story = Column("story", NamedWidget(Story), "The story, by ref; empty if it is a practice.")
    practice = Column("practice", NamedWidget(Practice), "The practice, by ref; empty if it is a story.")
    excerpt = Column("excerpt", TextWidget(), "The passage quoted, letter by letter.", public="quotation")
    title = computed("story__title", LineWidget(), "The story's title.")
    statement = computed("practice__statement", TextWidget(), "The practice's words.")
    kind = computed("story__kind", WordWidget(Kind.values), "The story's kind: innovation, elsewhere or message.")
    service_area = computed("story__service_area", NamedWidget(ServiceArea), "The story's service area, by slug.")
    themes = computed("story__themes", NamedListWidget(Theme), "The story's themes.")
    place = computed("story__place", NamedWidget(Place), "The story's place, by code.")
    place_name = computed("story__place__name", LineWidget(), "The name of that place.")
    tags = computed("story__tags", TagNamesWidget(), "The story's free tags.")
    credit = computed("story__shown_credit", LineWidget(), "The credit its teller chose, if they chose one.")
    location = computed("story__location", LineWidget(), "For an example from elsewhere: where.")
    source_url = computed("story__source_url", LineWidget(), "A link to a real source.")
    workshop = computed("story__workshop", NamedWidget(Workshop), "The workshop where the story was told.")
    programme = computed("story__workshop__phase__programme", NamedWidget(Programme), "The programme of that workshop.")
    phase = computed("story__workshop__phase__number", CountWidget(), "The phase of that workshop.")
    held_on = computed("story__workshop__held_on", DateWidget(), "The day of that workshop.")
    url = computed(
        lambda evidence: settings.SITE_URL + evidence.source.get_absolute_url(),
        LineWidget(),
        "The page of story or practice.",
    )

    def rows(self, audience):
        rows = Evidence.objects.select_related("insight", "story", "practice")
        if audience == Audience.FULL:
            return rows
        rows = rows.select_related("story__workshop__phase__programme", "story__service_area", "story__place")
        rows = rows.prefetch_related("story__themes", "story__tags")
        return rows.filter(insight__in=Insight.objects.published()).public()

    def before_import(self, dataset, **kwargs):
        super().before_import(dataset, **kwargs)
        self.places = Counter()

    def is_published(self, evidence):
        return evidence.insight.status == Status.PUBLISHED

    def set_value(self, instance, column, value):
        if column.column_name == "order" and value is None:
            value = self.places[instance.insight_id] + 1  # left empty, the file's own order counts
        super().set_value(instance, column, value)

    def complete(self, instance, row):
        if bool(instance.story) == bool(instance.practice):
            return {"story": "Evidence is one story or one practice: fill in exactly one of the two."}
        self.places[instance.insight_id] = instance.order
        if "excerpt" in self.change.fields:
            instance.excerpt_start = None  # a file does not say which of several like passages is meant: the first
            instance.follow_wording()
            self.change.fields.add("excerpt_start")
        if instance.excerpt and instance.story and instance.story.status == Status.WITHDRAWN:
            self.change.kept = True
        elif instance.excerpt and not instance.quotation:
            line = self.table.lines[self.number - 1]
            self.notices.append(
                f"{self.table.name}, line {line}: the excerpt does not stand in the published wording of "
                f"{instance.source.ref}, so readers do not see it."
            )
        return {}


class SetAsides(Importable):
    dataset = "set_aside"
    row_is = "One story that was considered for an insight and left out."
    key = ("insight", "story")
    ordering = ("insight__slug", "story__ref")
    model = SetAside
    joined = ("insight",)

    insight = Column("insight", NamedWidget(Insight), "The insight, by slug.")
    story = Column("story", NamedWidget(Story), "The story, by ref.")
    reason = Column("reason", WordWidget(Reason.values), "redundant, too old, anecdotal or outlier.", required=True)

    def is_published(self, set_aside):
        return set_aside.insight.status == Status.PUBLISHED

    def rows(self, audience):
        rows = SetAside.objects.select_related("insight", "story")
        if audience == Audience.FULL:
            return rows
        return rows.filter(insight__in=Insight.objects.published(), story__in=Story.objects.published())


class Publications(Importable):
    dataset = "publications"
    row_is = "One version of an insight, as it was published."
    key = ("insight", "published_on")
    ordering = ("insight__slug", F("published_on"))
    model = Publication
    final = "A version that was published stays. Unpublish the insights instead."

    insight = Column("insight", NamedWidget(Insight), "The insight, by slug.")
    published_on = Column("published_on", DateWidget(), "The day it was published.")
    version = computed("version", CountWidget(), "The number of the version.")
    hash = computed("hash", LineWidget(), "SHA-256 over the version's text and the salted digests of its excerpts.")

    def rows(self, audience):
        insights = Insight.objects.published()
        if audience == Audience.FULL:
            # What was changed at the desk since, so that it would not pass the gate as it stands, could not come back.
            insights = [insight for insight in insights if not publishing.publication_blockers(insight)]
        return Publication.objects.select_related("insight").filter(insight__in=insights)

    def complete(self, instance, row):
        if self.user and not is_editor(self.user):
            return {"insight": "Only an editor publishes an insight."}
        return {}

    def clean_instance(self, instance):
        """The gate judges, once every line's insight can be published before those that build on it."""

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        if import_validation_errors:
            raise ValidationError(import_validation_errors)

    def write(self):
        """Publish each insight as it stands, those first that others need: the order of lines does not count."""
        waiting = {}
        for row in sorted(self.pending, key=lambda row: row.instance.published_on):
            waiting.setdefault(row.instance.insight, []).append(row)
        while waiting:
            before, refused = len(waiting), {}
            for insight, rows in list(waiting.items()):
                try:
                    for row in rows:
                        publishing.publish_insight(insight, on=row.instance.published_on)
                    del waiting[insight]
                except ValidationError as problem:
                    refused[rows[0].number] = ValidationError({"insight": problem.messages})
            if len(waiting) == before:
                raise LateRefusal(refused)


class MatrixDataset(Dataset):
    dataset = "matrix"
    row_is = "One service area and one theme: what was published where they meet."
    key = ("service_area", "theme")
    audiences = READERS

    service_area = Column("service_area", NamedWidget(ServiceArea), "The service area, by slug.")
    theme = Column("theme", NamedWidget(Theme), "The theme, by slug.")
    stories = Column("stories", CountWidget(), "Published stories.")
    workshops = Column("workshops", CountWidget(), "Workshops they were told in.")
    places = Column("places", CountWidget(), "Places they come from.")
    insights = Column("insights", CountWidget(), "Published insights that rest on them.")
    empty = Column("empty", LineWidget(), "Why there is nothing: not asked, or nothing published.")

    def count(self, audience):
        return len(matrix.build_matrix().cells)

    def records(self, audience, among=None):
        """`among` is the cells of a filtered page."""
        columns = self.columns(audience)
        cells = matrix.build_matrix().cells if among is None else among
        for cell in sorted(cells, key=lambda cell: (cell.service_area.slug, cell.theme.slug)):
            yield [column.native(cell, audience) for column in columns]


class Articles(Importable):
    dataset = "articles"
    row_is = "One post of the public series."
    key = ordering = ("slug",)
    model = Article
    joined = ("programme",)
    related = ("insights",)

    slug = Column("slug", LineWidget(), "Its key, used in its address.")
    programme = Column("programme", NamedWidget(Programme), "The programme it is about.", required=True)
    title = Column("title", LineWidget(), "Its title.", required=True)
    published_on = Column("published_on", DateWidget(), "The day from which it is public; empty is a draft.")
    summary = Column("summary", TextWidget(), "What it says, in a sentence or two.")
    body = Column("body", TextWidget(), "The whole of it, in Markdown.")
    insights = Column("insights", NamedListWidget(Insight), "The insights it tells of.")

    def is_published(self, article):
        return article.published_on is not None

    def rows(self, audience):
        rows = Article.objects.select_related("programme")
        if audience == Audience.FULL:
            return rows.prefetch_related("insights")
        return rows.published().prefetch_related(Prefetch("insights", Insight.objects.published()))


class Commitments(Importable):
    dataset = "commitments"
    row_is = "What one place undertook to do about an insight."
    key = ordering = ("ref",)
    model = Commitment
    joined = ("insight", "place")

    ref = Column("ref", LineWidget(), "Its reference.")
    insight = Column("insight", NamedWidget(Insight), "The insight it answers, by slug.", required=True)
    place = Column("place", NamedWidget(Place), "The place that made it, by code.", required=True)
    text = Column("text", TextWidget(), "What was undertaken.", required=True)
    owner_role = Column("owner_role", LineWidget(), "Who answers for it: a role.")
    made_on = Column("made_on", DateWidget(), "When it was made.")

    def is_published(self, commitment):
        return commitment.insight.status == Status.PUBLISHED

    def rows(self, audience):
        rows = self.with_related()
        return rows if audience == Audience.FULL else rows.published()


class Reviews(Importable):
    dataset = "reviews"
    row_is = "One look at whether a commitment is kept."
    key = ("commitment", "due_on")
    ordering = ("commitment__ref", F("due_on"))
    model = Review
    joined = ("commitment__insight",)

    commitment = Column("commitment", NamedWidget(Commitment), "The commitment, by ref.")
    due_on = Column("due_on", DateWidget(), "When it was to be looked at.")
    reviewed_on = Column("reviewed_on", DateWidget(), "When it was; empty if not yet.")
    state = Column("state", WordWidget(ReviewState.values), "holding, slipping, reverted or embedded.")
    note = Column("note", TextWidget(), "What was found.")

    def is_published(self, review):
        return review.commitment.insight.status == Status.PUBLISHED

    def rows(self, audience):
        rows = self.with_related()
        return rows if audience == Audience.FULL else rows.filter(commitment__in=Commitment.objects.published())

    def write(self):
        """Reviews stand in the form of their commitment, so whoever has that open is told."""
        super().write()
        Commitment.objects.filter(pk__in={row.instance.commitment_id for row in self.pending}).update(
            **Commitment.next_version()
        )
