"""The datasets of synthesis: insights with their evidence and versions, the matrix, articles and commitments."""

from collections import Counter

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import F, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from innovation_archive.datasets.base import READERS, Audience, Column, Dataset, computed
from innovation_archive.datasets.importing import Importable, LateRefusalError
from innovation_archive.datasets.judged import JudgedWordsImportMixin, may_stand_column, words_by_programme
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
from innovation_archive.datasets.working_copies import PartOfInsightMixin, WrittenInWorkingCopyMixin
from insights.browsing import matrix
from insights.choices import InsightKind, Nature, Reason, ReviewState, Role
from insights.evidence.quotations import may_quote
from insights.models import Article, Commitment, Evidence, Insight, Publication, Review, SetAside
from insights.publications import judged_words, publishing
from workshops.choices import Forgetting, Kind, Status
from workshops.judgements.judging import count_open, note_unjudged
from workshops.models import Forgotten, Place, Practice, Programme, ServiceArea, Story, Theme, Workshop
from workshops.roles import is_editor_of


class OfProgrammeMixin:
    """For datasets whose rows belong to a programme. Its editors write them; no facilitator has rows of their own."""

    def edits(self, instance):
        return all(is_editor_of(self.user, programme) for programme in programmes_of(instance))


def programmes_of(row):
    """The programmes, by primary key, of an article, of an insight or of a part of one: of a working copy also the
    programme that readers find its insight in."""
    if isinstance(row, Review):
        row = row.commitment
    row = getattr(row, "insight", row)
    return {row.programme_id, row.itself.programme_id} if isinstance(row, Insight) else {row.programme_id}


class Insights(OfProgrammeMixin, WrittenInWorkingCopyMixin, JudgedWordsImportMixin, Importable):
    dataset = "insights"
    programme_path = "programme"
    place_column = "programme"
    called = _("insights")
    row_is = _("One insight: a finding, a big idea or a recommendation.")
    key = ordering = ("slug",)
    judged_columns = (*judged_words.INSIGHT_TEXTS, "actions")
    model = Insight
    joined = ("programme",)
    related = ("themes", "builds_on")

    slug = Column("slug", LineWidget(), _("Its key, used in its address."))
    programme = Column("programme", NamedWidget(Programme), _("The programme that learnt it."), required=True)
    title = Column("title", LineWidget(), _("The claim."), required=True)
    kind = Column("kind", WordWidget(InsightKind.values), _("finding, big idea or recommendation."), required=True)
    nature = Column("nature", WordWidget(Nature.values), _("Of a finding: condition or capacity."))
    summary = Column("summary", TextWidget(), _("The claim in a sentence or two."))
    body = Column("body", TextWidget(), _("The whole of it, in Markdown."))
    themes = Column("themes", NamedListWidget(Theme), _("The themes it speaks to."))
    actions = Column("actions", ListWidget(), _("What a big idea asks people to do, in order."))
    builds_on = Column("builds_on", NamedListWidget(Insight), _("Insights it builds on."))
    none_found = Column("none_found", TextWidget(), _("Where nothing contradicts it: where we looked."))
    look_again_on = Column(
        "look_again_on", DateWidget(), _("The day on which editors look at it again; empty: a year after publication.")
    )

    may_stand = may_stand_column()

    def insight_of(self, instance):
        return instance

    def complete(self, instance, row):
        """Publishing asks of its words; here only what the row lists is taken."""
        where = judged_words.judged_in_programme(instance)
        texts = self.judged_texts(instance)
        return self.judge_words(instance, where, lambda: self.reader.read(texts, where), is_for_readers=False)

    def judged_words(self):
        return words_by_programme()

    def counterpart(self, instance, copy):
        return copy

    def set_value(self, instance, column, value):
        if column.column_name == "slug" and instance.working_copy_of_id:
            return  # the file names the insight
        super().set_value(instance, column, value)

    def rows(self, audience):
        rows = Insight.objects.select_related("programme").prefetch_related("themes")
        if audience == Audience.FULL:
            return rows.prefetch_related("builds_on")
        return rows.published().prefetch_related(Prefetch("builds_on", Insight.objects.published()))


class EvidenceRows(OfProgrammeMixin, PartOfInsightMixin, Importable):
    dataset = "evidence"
    programme_path = "insight__programme"
    place_column = "insight"
    called = _("evidence")
    row_is = _(
        "One story or practice that supports, qualifies or contradicts an insight, with all that is known of it."
    )
    key = ("insight", "story", "practice")
    key_alternatives = ("story", "practice")
    ordering = ("insight__slug", Coalesce("story__ref", Value("")), Coalesce("practice__ref", Value("")))
    model = Evidence
    joined = ("insight",)

    insight = Column("insight", NamedWidget(Insight), _("The insight, by slug."))
    order = Column("order", CountWidget(least=1, empty=None), _("Its place among the insight's evidence."))
    role = Column("role", WordWidget(Role.values), _("supports, qualifies or contradicts."), required=True)
    story = Column("story", NamedWidget(Story), _("The story, by ref; empty if it is a practice."))
    practice = Column("practice", NamedWidget(Practice), _("The practice, by ref; empty if it is a story."))
    excerpt = Column("excerpt", TextWidget(), _("The passage quoted, letter by letter."), public="quotation")
    title = computed("story__title", LineWidget(), _("The story's title."))
    statement = computed("practice__statement", TextWidget(), _("The practice's words."))
    kind = computed("story__kind", WordWidget(Kind.values), _("The story's kind: innovation, elsewhere or message."))
    service_area = computed("story__service_area", NamedWidget(ServiceArea), _("The story's service area, by slug."))
    themes = computed("story__themes", NamedListWidget(Theme), _("The story's themes."))
    place = computed("story__place", NamedWidget(Place), _("The story's place, by code."))
    place_name = computed("story__place__name", LineWidget(), _("The name of that place."))
    tags = computed("story__tags", TagNamesWidget(), _("The story's free tags."))
    credit = computed("story__shown_credit", LineWidget(), _("The credit its teller chose, if they chose one."))
    location = computed("story__location", LineWidget(), _("For an example from elsewhere: where."))
    source_url = computed("story__source_url", LineWidget(), _("A link to a real source."))
    workshop = computed("story__workshop", NamedWidget(Workshop), _("The workshop where the story was told."))
    programme = computed(
        "story__workshop__phase__programme", NamedWidget(Programme), _("The programme of that workshop.")
    )
    phase = computed("story__workshop__phase__number", CountWidget(), _("The phase of that workshop."))
    held_on = computed("story__workshop__held_on", DateWidget(), _("The day of that workshop."))
    url = computed(
        lambda evidence: settings.SITE_URL + evidence.source.get_absolute_url(),
        LineWidget(),
        _("The page of story or practice."),
    )

    def rows(self, audience):
        rows = Evidence.objects.select_related("insight", "story", "practice")
        if audience == Audience.FULL:
            # Of a published insight what readers have: it must pass the gate where it is imported.
            rows = rows.exclude(story__status=Status.WITHDRAWN)
            return rows.filter(~Q(insight__status=Status.PUBLISHED) | Q(pk__in=Evidence.objects.public().values("pk")))
        rows = rows.select_related("story__workshop__phase__programme", "story__service_area", "story__place")
        rows = rows.prefetch_related("story__themes", "story__tags")
        return rows.filter(insight__in=Insight.objects.published()).public()

    def before_import(self, dataset, **kwargs):
        super().before_import(dataset, **kwargs)
        self.places = Counter()

    def is_published(self, evidence):
        return evidence.insight.status == Status.PUBLISHED

    def counterpart(self, instance, copy):
        self.places[copy.pk] = instance.order - 1
        return super().counterpart(instance, copy)

    def set_value(self, instance, column, value):
        if column.column_name == "order" and value is None:
            value = self.places[instance.insight_id] + 1  # an empty cell: number them in the order of the file
        super().set_value(instance, column, value)

    def complete(self, instance, row):
        if bool(instance.story) == bool(instance.practice):
            return {"story": gettext("Evidence is one story or one practice: fill in exactly one of the two.")}
        self.places[instance.insight_id] = instance.order
        if "excerpt" in self.change.fields:
            instance.excerpt_start = None  # where the passage occurs more than once, take the first occurrence
            instance.follow_wording()
            self.change.fields.add("excerpt_start")
        if instance.excerpt and instance.story and not self.may_be_quoted(instance):
            self.change.kept = True
        elif instance.excerpt and not instance.quotation:
            self.notices.append(self.excerpt_is_missing(instance))
        return {}

    def may_be_quoted(self, evidence):
        if evidence.story.status == Status.WITHDRAWN:
            return False
        return not self.some_taken_back or may_quote(evidence.story, evidence.insight)

    @cached_property
    def some_taken_back(self):
        """Whether anybody ever took a quotation back, so that most files need not ask of each line."""
        return Forgotten.objects.filter(kind=Forgetting.QUOTATION).exists()

    def excerpt_is_missing(self, evidence):
        return gettext(
            "%(file)s, line %(line)s: the excerpt does not stand in the published wording of %(ref)s, so readers do not "
            "see it."
        ) % {"file": self.table.name, "line": self.table.lines[self.number - 1], "ref": evidence.source.ref}


class SetAsides(OfProgrammeMixin, PartOfInsightMixin, Importable):
    dataset = "set_aside"
    programme_path = "insight__programme"
    place_column = "insight"
    called = _("set aside")
    row_is = _("One story that was considered for an insight and left out.")
    key = ("insight", "story")
    ordering = ("insight__slug", "story__ref")
    model = SetAside
    joined = ("insight",)

    insight = Column("insight", NamedWidget(Insight), _("The insight, by slug."))
    story = Column("story", NamedWidget(Story), _("The story, by ref."))
    reason = Column("reason", WordWidget(Reason.values), _("redundant, too old, anecdotal or outlier."), required=True)

    def is_published(self, set_aside):
        return set_aside.insight.status == Status.PUBLISHED

    def rows(self, audience):
        rows = SetAside.objects.select_related("insight", "story")
        if audience == Audience.FULL:
            return rows.exclude(story__status=Status.WITHDRAWN)
        return rows.filter(insight__in=Insight.objects.published(), story__in=Story.objects.published())


class Publications(OfProgrammeMixin, JudgedWordsImportMixin, Importable):
    dataset = "publications"
    programme_path = "insight__programme"
    place_column = "insight"
    called = _("publications")
    row_is = _("One version of an insight, as it was published.")
    key = ("insight", "published_on")
    readers_key = ("insight", "version")
    ordering = ("insight__slug", F("version"))
    model = Publication
    judged_columns = ("insight",)
    is_listed = False  # publishing notes itself what nobody has judged
    final = _("A version that was published stays. Unpublish the insights instead.")

    insight = Column("insight", NamedWidget(Insight), _("The insight, by slug."))
    published_on = Column("published_on", DateWidget(), _("The day it was published."))
    version = computed("version", CountWidget(), _("The number of the version."))
    hash = computed("hash", LineWidget(), _("SHA-256 over the version's text and the salted digests of its excerpts."))

    def rows(self, audience):
        rows = Publication.objects.select_related("insight").filter(insight__in=Insight.objects.published())
        return self.latest(rows) if audience == Audience.FULL else rows

    def latest(self, rows):
        """The latest version of each insight that could be imported again, through the gate of today."""
        of_same = Publication.objects.filter(insight=OuterRef("insight")).order_by("-version")
        insights = [each for each in Insight.objects.published() if not publishing.blockers_elsewhere(each)]
        return rows.filter(insight__in=insights, pk=Subquery(of_same.values("pk")[:1]))

    def with_related(self):
        """In the order of versions, so that of several on one day the latest is the one that a line names."""
        return super().with_related().order_by("insight", "version")

    def complete(self, instance, row):
        if self.user and not self.edits(instance):
            return {"insight": gettext("Only an editor publishes an insight.")}
        if publishing.is_up_to_date(instance.insight):
            return {}
        where = judged_words.judged_in_programme(instance.insight)
        written = instance.insight.as_written
        return self.judge_words(instance, where, lambda: judged_words.insight_passages(written), is_for_readers=True)

    def records(self, audience, among=None):
        """No judgements are listed here: they stand with the words, in the file of insights."""
        return Importable.records(self, audience, among)

    def skip_row(self, instance, original, row, import_validation_errors=None):
        """Also a line about an insight that readers have already as it stands."""
        skips = super().skip_row(instance, original, row, import_validation_errors)
        return skips or (not import_validation_errors and publishing.is_up_to_date(instance.insight))

    def clean_instance(self, instance):
        """Checked in `write` instead: an insight may only pass the gate once those it builds on are published."""

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        if import_validation_errors:
            raise ValidationError(import_validation_errors)

    def write(self):
        """Publish each insight as it stands, in whatever order the gate lets them through."""
        self.keep_judgements()
        waiting = {}
        for row in sorted(self.pending, key=lambda row: row.instance.published_on):
            waiting.setdefault(row.instance.insight, []).append(row)
        while waiting:
            before, refused = len(waiting), {}
            for insight, rows in list(waiting.items()):
                try:
                    for row in rows:
                        publishing.publish_insight(
                            insight,
                            on=row.instance.published_on,
                            is_imported=True,
                            is_from_shell=self.user is None,
                        )
                    del waiting[insight]
                except ValidationError as problem:
                    refused[rows[0].number] = ValidationError({"insight": problem.messages})
            if len(waiting) == before:
                raise LateRefusalError(refused)


class MatrixDataset(Dataset):
    dataset = "matrix"
    programme_path = ""
    row_is = _("One service area and one theme: what was published where they meet.")
    key = ("service_area", "theme")
    audiences = READERS

    service_area = Column("service_area", NamedWidget(ServiceArea), _("The service area, by slug."))
    theme = Column("theme", NamedWidget(Theme), _("The theme, by slug."))
    stories = Column("stories", CountWidget(), _("Published stories."))
    workshops = Column("workshops", CountWidget(), _("Workshops they were told in."))
    places = Column("places", CountWidget(), _("Places they come from."))
    insights = Column("insights", CountWidget(), _("Published insights that rest on them."))
    empty = Column("empty", LineWidget(), _("Why there is nothing: not asked, or nothing published."))

    def count(self, audience):
        return len(matrix.build_matrix(reach=self.reach).cells)

    def records(self, audience, among=None):
        """`among` is the cells of a filtered page."""
        columns = self.columns(audience)
        cells = matrix.build_matrix(reach=self.reach).cells if among is None else among
        for cell in sorted(cells, key=lambda cell: (cell.service_area.slug, cell.theme.slug)):
            yield [column.native(cell, audience) for column in columns]


class Articles(OfProgrammeMixin, JudgedWordsImportMixin, Importable):
    dataset = "articles"
    programme_path = "programme"
    place_column = "programme"
    called = _("articles")
    row_is = _("One post of the public series.")
    key = ordering = ("slug",)
    judged_columns = judged_words.ARTICLE_TEXTS
    model = Article
    joined = ("programme",)
    related = ("insights",)

    slug = Column("slug", LineWidget(), _("Its key, used in its address."))
    programme = Column("programme", NamedWidget(Programme), _("The programme it is about."), required=True)
    title = Column("title", LineWidget(), _("Its title."), required=True)
    published_on = Column("published_on", DateWidget(), _("The day from which it is public; empty is a draft."))
    summary = Column("summary", TextWidget(), _("What it says, in a sentence or two."))
    body = Column("body", TextWidget(), _("The whole of it, in Markdown."))
    insights = Column("insights", NamedListWidget(Insight), _("The insights it tells of."))
    may_stand = may_stand_column()

    def complete(self, instance, row):
        """Errors of a row that readers would get with words that nobody has judged."""
        where = judged_words.judged_in_programme(instance)
        changed = instance._state.adding or {"published_on", *self.judged_columns} & self.change.fields
        texts = self.judged_texts(instance)
        is_for_readers = bool(changed) and instance.published_on is not None
        return self.judge_words(instance, where, lambda: self.reader.read(texts, where), is_for_readers)

    def judged_words(self):
        return words_by_programme()

    def is_published(self, article):
        return article.published_on is not None

    def rows(self, audience):
        rows = Article.objects.select_related("programme")
        if audience == Audience.FULL:
            return rows.prefetch_related("insights")
        return rows.published().prefetch_related(Prefetch("insights", Insight.objects.published()))


class Commitments(OfProgrammeMixin, JudgedWordsImportMixin, Importable):
    dataset = "commitments"
    programme_path = "insight__programme"
    place_column = "insight"
    called = _("commitments")
    row_is = _("What one place undertook to do about an insight.")
    key = ordering = ("ref",)
    judged_columns = judged_words.COMMITMENT_TEXTS
    model = Commitment
    joined = ("insight", "place")

    ref = Column("ref", LineWidget(), _("Its reference."))
    insight = Column("insight", NamedWidget(Insight), _("The insight it answers, by slug."), required=True)
    place = Column("place", NamedWidget(Place), _("The place that made it, by code."), required=True)
    text = Column("text", TextWidget(), _("What was undertaken."), required=True)
    owner_role = Column("owner_role", LineWidget(), _("Who answers for it: a role."))
    made_on = Column("made_on", DateWidget(), _("When it was made."))
    may_stand = may_stand_column()

    def complete(self, instance, row):
        """Errors of a row that readers would get with words that nobody has judged; with its insight, publishing asks."""
        where = judged_words.judged_in_programme(instance.insight)
        changed = instance._state.adding or {"insight", *self.judged_columns} & self.change.fields
        texts = self.judged_texts(instance)
        is_for_readers = bool(changed) and self.is_published(instance)
        return self.judge_words(instance, where, lambda: self.reader.read(texts, where), is_for_readers)

    def judged_words(self):
        return words_of_insights("insight", Insight.objects.values_list("slug", "programme__slug"))

    def is_published(self, commitment):
        return commitment.insight.status == Status.PUBLISHED

    def rows(self, audience):
        rows = self.with_related()
        return rows if audience == Audience.FULL else rows.published()


def words_of_insights(column, programmes):
    """For a row that names in this column what belongs to an insight: the words that are judged in its programme."""
    words, programme_of = words_by_programme(), dict(programmes)
    return lambda row: words({"programme": programme_of[row[column]]})


class Reviews(OfProgrammeMixin, JudgedWordsImportMixin, Importable):
    dataset = "reviews"
    programme_path = "commitment__insight__programme"
    place_column = "commitment"
    called = _("reviews")
    row_is = _("One look at whether a commitment is kept.")
    key = ("commitment", "due_on")
    ordering = ("commitment__ref", F("due_on"))
    judged_columns = ("note",)
    is_listed = False  # it counts as part of its commitment
    model = Review
    joined = ("commitment__insight",)

    commitment = Column("commitment", NamedWidget(Commitment), _("The commitment, by ref."))
    due_on = Column("due_on", DateWidget(), _("When it was to be looked at."))
    reviewed_on = Column("reviewed_on", DateWidget(), _("When it was; empty if not yet."))
    state = Column("state", WordWidget(ReviewState.values), _("holding, slipping, reverted or embedded."))
    note = Column("note", TextWidget(), _("What was found."))
    may_stand = may_stand_column()

    def complete(self, instance, row):
        """Errors of a row that readers would get with words that nobody has judged."""
        where = judged_words.judged_in_programme(instance.commitment.insight)
        is_for_readers = "note" in self.change.fields and self.is_published(instance)
        return self.judge_words(instance, where, lambda: self.reader.read([instance.note], where), is_for_readers)

    def judged_words(self):
        return words_of_insights("commitment", Commitment.objects.values_list("ref", "insight__programme__slug"))

    def is_published(self, review):
        return review.commitment.insight.status == Status.PUBLISHED

    def rows(self, audience):
        rows = self.with_related()
        return rows if audience == Audience.FULL else rows.filter(commitment__in=Commitment.objects.published())

    def write(self):
        """Reviews are edited in their commitment's form, so count as a change of the commitment."""
        super().write()
        Commitment.objects.filter(pk__in={row.instance.commitment_id for row in self.pending}).update(
            **Commitment.next_version()
        )
        for commitment in {row.instance.commitment for row in self.pending if row.number in self.soft}:
            note_unjudged(commitment, count_open(judged_words.commitment_passages(commitment)))
