"""The datasets of voting: practices, votes, tallies and released results."""

from collections import defaultdict

from django.db.models import Prefetch, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from innovation_archive.datasets.base import READERS, SHELL, SIGNED_IN, Audience, Column, Dataset, KeyOrder, computed
from innovation_archive.datasets.importing import Importable
from innovation_archive.datasets.judged import JudgedWordsImportMixin, may_stand_column
from innovation_archive.datasets.people import COARSE, CoarseColumn, CodeColumn, OfPeopleMixin
from innovation_archive.datasets.widgets import (
    CountWidget,
    DateWidget,
    LineWidget,
    ListWidget,
    MarkWidget,
    NamedListWidget,
    NamedWidget,
    ShareWidget,
    TagNamesWidget,
    TextWidget,
    WordWidget,
)
from insights.choices import Direction
from insights.models import ReleasedGroup, ReleasedPractice
from insights.votes.exact import WhoseVotes, exact_votes
from workshops.choices import Choice, Status
from workshops.judgements.passages import JudgedIn, practice_passages, practices_judged_in
from workshops.models import (
    Judgement,
    Participant,
    Place,
    Practice,
    Programme,
    ServiceArea,
    Story,
    Tally,
    Theme,
    Vote,
    Workshop,
)
from workshops.models.programmes import in_workshops_of
from workshops.models.votes import no_practice_of
from workshops.roles import is_editor
from workshops.visibility import edited_workshops, own_workshops

MAX_VOTES_TO_COUNT = 10_000
"""Of so many votes and flip charts /data/ counts the rows of vote_shares anew for each visit."""


class Practices(JudgedWordsImportMixin, Importable):
    dataset = "practices"
    called = _("practices")
    row_is = _("One way of working that people voted on.")
    key = ordering = ("ref",)
    is_long = True
    judged_columns = ("statement", "description")
    model = Practice
    related = ("service_areas", "themes", "tags", "stories")

    ref = Column("ref", LineWidget(), _("Its reference, used in its address."))
    statement = Column("statement", TextWidget(), _("The words people voted on."), required=True)
    description = Column("description", TextWidget(), _("What it is and what it takes."))
    service_areas = Column("service_areas", NamedListWidget(ServiceArea), _("The service areas it speaks of."))
    themes = Column("themes", NamedListWidget(Theme), _("The themes it speaks to."))
    tags = Column("tags", TagNamesWidget(), _("Free tags."))
    stories = Column("stories", NamedListWidget(Story), _("The stories it was drawn from."))
    status = Column("status", WordWidget([Status.DRAFT.value, Status.PUBLISHED.value]), _("draft or published."))
    may_stand = may_stand_column()

    def rows(self, audience):
        rows = Practice.objects.prefetch_related("service_areas", "themes", "tags")
        if audience == Audience.FULL:
            return rows.prefetch_related("stories")
        if audience == Audience.ANALYST:  # drafts too: people may have voted on them
            told = Story.objects.told_to_team().filter(in_workshops_of(self.reach))
            return rows.prefetch_related(Prefetch("stories", told))
        return rows.published().prefetch_related(Prefetch("stories", Story.objects.published()))

    def belongs(self):
        return Q(pk__in=Practice.objects.for_workshops(Workshop.objects.of_programmes(self.reach)).values("pk"))

    def begin(self, rows):
        super().begin(rows)
        found = Practice.objects.filter(pk__in=[row.pk for row in rows])
        self.edited = self.changeable = {row.pk for row in rows}
        if self.user is not None and not is_editor(self.user):
            self.edited = set(found.edited_by(self.user).values_list("pk", flat=True))
            self.changeable = set(found.changeable_by(self.user).values_list("pk", flat=True))

    def edits(self, practice):
        """Whether it comes from programmes that the importing user edits, and a new one from stories of theirs."""
        if not practice._state.adding:
            return practice.pk in self.edited
        stories = self.change.links.get("stories", [])
        edited = edited_workshops(self.user)
        return edited.is_everything or (bool(stories) and all(story.workshop_id in edited for story in stories))

    def is_own(self, practice):
        """Anybody who imports may propose one, as a draft; `complete` keeps what is published for editors."""
        return practice._state.adding or practice.pk in self.changeable or practice.status == Status.PUBLISHED

    def set_value(self, instance, column, value):
        super().set_value(instance, column, value or Status.DRAFT.value if column.column_name == "status" else value)

    def complete(self, instance, row):
        told = self.change.links.get("stories", [])
        if refused := [no_practice_of(story.ref) for story in told if story.in_confidence]:
            return {"stories": refused}
        if instance._state.adding:
            instance.entered_by = self.user
        may_publish = self.user is None or self.edits(instance)
        changed = instance._state.adding or self.change.fields or self.change.links
        if not may_publish and changed and ("status" in self.change.fields or instance.status == Status.PUBLISHED):
            return {
                "status": gettext("Only an editor publishes a practice, or changes one that is published. Use draft.")
            }
        return self.check_words(instance)

    def check_words(self, instance):
        """Errors of a row that readers would get with words that nobody has judged."""
        changed = instance._state.adding or {"status", "statement", "description"} & self.change.fields
        stories = [] if instance._state.adding else list(instance.stories.all())
        there = {story.workshop_id for story in self.change.links.get("stories", stories)}
        if not instance._state.adding:
            there |= set(practices_judged_in([instance.pk])[instance.pk].workshops)
        where = JudgedIn(workshops=tuple(sorted(there)))
        is_for_readers = bool(changed) and instance.status == Status.PUBLISHED
        return self.judge_words(
            instance, where, lambda: practice_passages(instance, where, self.reader), is_for_readers
        )

    def judged_words(self):
        """By ref: the words that are judged in any workshop of a practice, or of practices that have none."""
        everywhere = practices_judged_in(Practice.objects.values_list("pk", flat=True))
        refs, by_workshop = dict(Practice.objects.values_list("ref", "pk")), defaultdict(list)
        for workshop, word in Judgement.objects.filter(programme=None).values_list("workshop", "word"):
            by_workshop[workshop].append(word)
        return lambda row: [
            word for workshop in everywhere[refs[row["ref"]]].workshops or (None,) for word in by_workshop[workshop]
        ]


class CountsDataset(Importable):
    """Votes or tallies: owned by the workshop where they were counted, and public once they have been released."""

    def edits(self, instance):
        return instance.workshop_id in edited_workshops(self.user)

    def is_own(self, instance):
        return instance.workshop_id in own_workshops(self.user)

    def is_published(self, instance):
        return instance.practice_id in self.released

    @cached_property
    def released(self):
        """The primary keys of the practices whose results have been released since the import."""
        results = ReleasedPractice.objects.filter(release__released_on__gte=self.imported_on, voters_low__isnull=False)
        return set(results.values_list("practice", flat=True))


def of_the_voter(part, widget, means):
    return CoarseColumn(f"participant__{part}", widget, means, part=part, person="participant__pk", audiences=READERS)


class Votes(OfPeopleMixin, CountsDataset):
    dataset = "votes"
    programme_path = "workshop__phase__programme"
    place_column = "workshop"
    called = _("votes")
    row_is = _("One participant's choice on one practice.")
    care = COARSE
    key = ("practice", "participant")
    ordering = ("practice__ref", "participant__code")
    is_flat = True
    is_long = True
    audiences = SIGNED_IN
    model = Vote

    practice = Column("practice", NamedWidget(Practice), _("The practice, by ref."))
    participant = CodeColumn(
        "participant",
        NamedWidget(Participant),
        _("The participant, by code."),
        pseudonym="participant__pseudonym",
    )
    choice = Column("choice", WordWidget(Choice.values), _("keep, amplify, discard or create."), required=True)
    workshop = Column("workshop", NamedWidget(Workshop), _("Where it was cast."), required=True)
    from_phone = Column(
        "from_phone",
        MarkWidget(),
        _("1 if it was cast on a phone, so that nobody is shown it by itself; empty leaves it as it is."),
        audiences=SHELL,
    )
    role = of_the_voter("role", LineWidget(), _("The participant's role."))
    sector = of_the_voter("sector", LineWidget(), _("The participant's sector."))
    service_area = computed(
        "participant__service_area", NamedWidget(ServiceArea), _("The participant's service area, by slug.")
    )
    place = of_the_voter("place", NamedWidget(Place), _("The participant's place, by code."))

    def rows(self, audience):
        """Readers' files leave out the votes of open ballots, and of people who agreed to no more than facilitators or
        asked to be erased; the full file holds every vote."""
        votes = Vote.objects.all()
        if audience in READERS:
            votes = votes.from_closed_ballots().open_to_team()
        return votes.select_related("practice", "participant__service_area", "participant__place", "workshop")

    def set_value(self, instance, column, value):
        if column.column_name != "from_phone" or value is not None:
            super().set_value(instance, column, value)

    def ordering_for(self, audience):
        if audience in READERS:
            return "practice__ref", KeyOrder(self.fields["participant"].code)
        return self.ordering


class Tallies(CountsDataset):
    dataset = "tallies"
    programme_path = "workshop__phase__programme"
    place_column = "workshop"
    called = _("tallies")
    row_is = _("Hands counted on a flip chart for one practice, in one workshop, from one service area.")
    key = ("practice", "workshop", "service_area")
    ordering = ("practice__ref", "workshop__slug", "service_area__slug")
    is_flat = True
    audiences = SIGNED_IN
    model = Tally

    practice = Column("practice", NamedWidget(Practice), _("The practice, by ref."))
    workshop = Column("workshop", NamedWidget(Workshop), _("Where hands were counted."))
    service_area = Column("service_area", NamedWidget(ServiceArea), _("Whose hands."))
    keep = Column("keep", CountWidget(), _("Hands for keep."))
    amplify = Column("amplify", CountWidget(), _("Hands for amplify."))
    discard = Column("discard", CountWidget(), _("Hands for discard."))
    create = Column("create", CountWidget(), _("Hands for create."))

    def rows(self, audience):
        return Tally.objects.select_related("practice", "workshop", "service_area")


def share_column(way, means):
    return Column(lambda votes: votes.share(way), ShareWidget(), means)


def low_column(way, means):
    return Column(lambda votes: votes.interval(way)[0], ShareWidget(), means)


def high_column(way, means):
    return Column(lambda votes: votes.interval(way)[1], ShareWidget(), means)


class VoteShares(Dataset):
    dataset = "vote_shares"
    row_is = _(
        "Votes on one practice in one programme, exactly: of all, of one service area, or without one service area or "
        "workshop."
    )
    care = _(
        "Neither people whose consent is “facilitators” nor votes of people who were erased or asked for it are counted, so "
        "totals can be lower than on pages. Where nobody of a service area voted in a workshop, hands counted there stand in."
    )
    key = ("practice", "programme", "among", "name")
    audiences = frozenset({Audience.ANALYST})

    practice = Column("practice", NamedWidget(Practice), _("The practice, by ref."))
    programme = Column("programme", NamedWidget(Programme), _("The programme whose workshops voted, by slug."))
    among = Column("among", WordWidget(WhoseVotes.values), _("Whose votes: all, or those of or without what is named."))
    name = Column("name", LineWidget(), _("The service area's name, or the workshop's slug; “all” for all."))
    voters = Column("counts__voters", CountWidget(), _("How many voted, hands included."))
    hands = Column("hands", CountWidget(), _("How many of them were hands counted in the room."))
    keep = Column("counts__keep", CountWidget(), _("How many said keep."))
    amplify = Column("counts__amplify", CountWidget(), _("How many said amplify."))
    discard = Column("counts__discard", CountWidget(), _("How many said discard."))
    create = Column("counts__create", CountWidget(), _("How many said create."))
    direction = Column(
        "direction", LineWidget(), _("What most chose: retain (keep or amplify), discard, create or split.")
    )
    retain_share = share_column(Direction.RETAIN, _("The share that said keep or amplify."))
    retain_low = low_column(Direction.RETAIN, _("Where its 95 % Wilson interval begins."))
    retain_high = high_column(Direction.RETAIN, _("Where its 95 % Wilson interval ends."))
    discard_share = share_column(Direction.DISCARD, _("The share that said discard."))
    discard_low = low_column(Direction.DISCARD, _("Where its 95 % Wilson interval begins."))
    discard_high = high_column(Direction.DISCARD, _("Where its 95 % Wilson interval ends."))
    create_share = share_column(Direction.CREATE, _("The share that said create."))
    create_low = low_column(Direction.CREATE, _("Where its 95 % Wilson interval begins."))
    create_high = high_column(Direction.CREATE, _("Where its 95 % Wilson interval ends."))

    def count(self, audience):
        """How many rows there are is known only when all votes have been counted, which is quick only of few."""
        counted = in_workshops_of(self.reach)
        at_most = MAX_VOTES_TO_COUNT + 1
        votes = sum(model.objects.filter(counted)[:at_most].count() for model in (Vote, Tally))
        return None if votes > MAX_VOTES_TO_COUNT else sum(1 for _row in exact_votes(self.reach))

    def records(self, audience, among=None):
        columns = self.columns(audience)
        for votes in exact_votes(self.reach):
            yield [column.native(votes, audience) for column in columns]


class VoteResults(Dataset):
    dataset = "vote_results"
    programme_path = "result__programme"
    row_is = _("The released votes of one group on one practice in one programme, as ranges.")
    key = ("practice", "programme", "group")
    ordering = ("result__practice__ref", "result__programme__slug", "group")
    is_flat = True
    audiences = READERS

    practice = Column("result__practice", NamedWidget(Practice), _("The practice, by ref."))
    programme = Column("result__programme", NamedWidget(Programme), _("The programme whose workshops voted, by slug."))
    statement = Column("result__statement", TextWidget(), _("The words people voted on."))
    released_on = Column("result__release__released_on", DateWidget(), _("When these results were released."))
    group = Column("group", LineWidget(), _("A service area, or several joined where they were small."))
    base_low = Column("base_low", CountWidget(), _("At least so many voted."))
    base_high = Column("base_high", CountWidget(), _("At most so many voted."))
    keep_low = Column("keep_low", CountWidget(), _("At least so many said keep."))
    keep_high = Column("keep_high", CountWidget(), _("At most so many said keep."))
    amplify_low = Column("amplify_low", CountWidget(), _("At least so many said amplify."))
    amplify_high = Column("amplify_high", CountWidget(), _("At most so many said amplify."))
    discard_low = Column("discard_low", CountWidget(), _("At least so many said discard."))
    discard_high = Column("discard_high", CountWidget(), _("At most so many said discard."))
    create_low = Column("create_low", CountWidget(), _("At least so many said create."))
    create_high = Column("create_high", CountWidget(), _("At most so many said create."))
    hands_low = Column("hands_low", CountWidget(), _("At least so many of them were hands counted in the room."))
    hands_high = Column("hands_high", CountWidget(), _("At most so many of them were hands counted in the room."))

    def rows(self, audience):
        groups = ReleasedGroup.objects.published()
        return groups.select_related("result__practice", "result__programme", "result__release")


class VoteVerdicts(Dataset):
    dataset = "vote_verdicts"
    programme_path = "programme"
    row_is = _("What the released votes on one practice in one programme come to, in words judged on exact counts.")
    key = ("practice", "programme")
    ordering = ("practice__ref", "programme__slug")
    audiences = READERS

    practice = Column("practice", NamedWidget(Practice), _("The practice, by ref."))
    programme = Column("programme", NamedWidget(Programme), _("The programme whose workshops voted, by slug."))
    statement = Column("statement", TextWidget(), _("The words people voted on."))
    released_on = Column("release__released_on", DateWidget(), _("When this result was released."))
    voters_low = Column("voters_low", CountWidget(), _("At least so many voted: the sum of the groups shown."))
    voters_high = Column("voters_high", CountWidget(), _("At most so many voted: the sum of the groups shown."))
    direction = Column(
        "direction",
        LineWidget(),
        _("What most chose: retain (keep or amplify), discard, create or split; empty: too few."),
    )
    share = Column("share", LineWidget(), _("How large that share is, from nearly everyone to no majority."))
    verdict = Column("verdict", LineWidget(), _("Whether the services agree: agree, mixed, differ or not compared."))
    less = Column("less", ListWidget(), _("Who chose it less often than the others."))
    more = Column("more", ListWidget(), _("Who chose it more often than the others."))
    joined = Column("joined", ListWidget(), _("Service areas that are shown only together with others."))
    silent = Column("silent", ListWidget(), _("Service areas of these workshops from which nobody voted."))
    corrected_on = Column("corrected_on", DateWidget(), _("When it was corrected or taken back."))
    correction = Column("correction", TextWidget(), _("Why, in words for everyone."))

    def rows(self, audience):
        return ReleasedPractice.objects.published().select_related("practice", "programme", "release")
