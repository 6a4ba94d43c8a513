"""What people would keep, amplify, discard and create: practices, votes, tallies and released results."""

from django.db.models import Prefetch, TextField, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.functional import cached_property

from innovation_archive.datasets.base import READERS, SIGNED_IN, Audience, Column, Dataset, computed
from innovation_archive.datasets.importing import Importable
from innovation_archive.datasets.widgets import Count, Day, Line, Measure, Named, NamedList, TagNames, Text, Word
from insights.models import ReleasedGroup
from workshops.choices import Choice, Status
from workshops.models import Participant, Place, Practice, ServiceArea, Story, Tally, Theme, Vote, Workshop
from workshops.roles import is_editor
from workshops.visibility import own_workshops


class Practices(Importable):
    dataset = "practices"
    row_is = "One way of working that people voted on."
    key = ordering = ("ref",)
    model = Practice
    related = ("service_areas", "themes", "tags", "stories")

    ref = Column("ref", Line(), "Its reference, used in its address.")
    statement = Column("statement", Text(), "The words people voted on.", required=True)
    service_areas = Column("service_areas", NamedList(ServiceArea), "The service areas it speaks of.")
    themes = Column("themes", NamedList(Theme), "The themes it speaks to.")
    tags = Column("tags", TagNames(), "Free tags.")
    stories = Column("stories", NamedList(Story), "The stories it was drawn from.")
    status = Column("status", Word([Status.DRAFT.value, Status.PUBLISHED.value]), "draft or published.")
    direction = computed("released__direction", Line(), "Where the services lean: retain, discard, create or split.")
    consensus = computed("released__consensus", Measure(), "How far they agree in that direction, from 0 to 1.")
    divergence = computed("released__divergence", Measure(), "How much services differ, from 0 to 1.")
    apart = computed("released__apart", Line(), "The group that stands apart, where the divergence is 0.1 or more.")
    stability = computed("released__stability", Measure(), "The least consensus when any one group is left out.")
    verdict = computed("released__verdict", Line(), "strong, apart, mixed, or why there is none; empty: not released.")

    def rows(self, audience):
        rows = Practice.objects.select_related("released").prefetch_related("service_areas", "themes", "tags")
        if audience == Audience.FULL:
            return rows.prefetch_related("stories")
        if audience == Audience.ANALYST:  # whose votes may be on practices that are drafts still
            return rows.prefetch_related(Prefetch("stories", Story.objects.told_to_team()))
        return rows.published().prefetch_related(Prefetch("stories", Story.objects.published()))

    def set_value(self, instance, column, value):
        super().set_value(instance, column, value or Status.DRAFT.value if column.column_name == "status" else value)

    def complete(self, instance, row):
        if instance._state.adding:
            instance.entered_by = self.user
        may_publish = self.user is None or is_editor(self.user)
        changed = instance._state.adding or self.change.fields or self.change.links
        if not may_publish and changed and ("status" in self.change.fields or instance.status == Status.PUBLISHED):
            return {"status": "Only an editor publishes a practice, or changes one that is published. Use draft."}
        return {}


class Counts(Importable):
    """What belongs to the workshop where it was counted, and to the public from the release that follows."""

    def is_own(self, instance):
        return instance.workshop_id in own_workshops(self.user)

    def is_published(self, instance):
        return instance.practice_id in self.released

    @cached_property
    def released(self):
        """The primary keys of the practices whose results were released since the import."""
        groups = ReleasedGroup.objects.filter(release__released_on__gte=self.imported_on)
        return set(groups.values_list("practice", flat=True))


class Votes(Counts):
    dataset = "votes"
    row_is = "One participant's choice on one practice."
    key = ("practice", "participant")
    ordering = ("practice__ref", "participant__code")
    readers_ordering = ("practice__ref", "participant__pseudonym")
    is_flat = True
    audiences = SIGNED_IN
    model = Vote

    practice = Column("practice", Named(Practice), "The practice, by ref.")
    participant = Column(
        "participant", Named(Participant), "The participant, by code.", public="participant__pseudonym"
    )
    choice = Column("choice", Word(Choice.values), "keep, amplify, discard or create.", required=True)
    workshop = Column("workshop", Named(Workshop), "Where it was cast.", required=True)
    role = computed("participant__role", Line(), "The participant's role.")
    sector = computed("participant__sector", Line(), "The participant's sector.")
    service_area = computed("participant__service_area", Named(ServiceArea), "The participant's service area, by slug.")
    place = computed("participant__place", Named(Place), "The participant's place, by code.")

    def rows(self, audience):
        """Whoever reads a file waits for open ballots to close; `full` keeps all that was ever cast."""
        votes = Vote.objects.all() if audience == Audience.FULL else Vote.objects.settled()
        return votes.select_related("practice", "participant__service_area", "participant__place", "workshop")


class Tallies(Counts):
    dataset = "tallies"
    row_is = "Hands counted on a flip chart for one practice, in one workshop, from one service area."
    key = ("practice", "workshop", "service_area")
    ordering = ("practice__ref", "workshop__slug", "service_area__slug")
    is_flat = True
    audiences = SIGNED_IN
    model = Tally

    practice = Column("practice", Named(Practice), "The practice, by ref.")
    workshop = Column("workshop", Named(Workshop), "Where hands were counted.")
    service_area = Column("service_area", Named(ServiceArea), "Whose hands.")
    keep = Column("keep", Count(), "Hands for keep.")
    amplify = Column("amplify", Count(), "Hands for amplify.")
    discard = Column("discard", Count(), "Hands for discard.")
    create = Column("create", Count(), "Hands for create.")

    def rows(self, audience):
        return Tally.objects.select_related("practice", "workshop", "service_area")


class Banded(Count):
    """A released count; an empty one is said in words, and read back as missing."""

    BAND = "fewer than 5"

    def native(self, value):
        return self.BAND if value is None else value

    def expression(self, path):
        return Coalesce(Cast(path, TextField()), Value(self.BAND), output_field=TextField())


class VoteResults(Dataset):
    dataset = "vote_results"
    row_is = "The released votes of one group on one practice: rounded to 5, and in words where fewer than 5."
    key = ("practice", "group")
    ordering = ("practice__ref", "group")
    is_flat = True
    audiences = READERS

    practice = Column("practice", Named(Practice), "The practice, by ref.")
    statement = Column("practice__statement", Text(), "The words people voted on.")
    released_on = Column("release__released_on", Day(), "When these results were released.")
    group = Column("group", Line(), "A service area, or several joined where they were small.")
    base = Column("base", Count(), "About how many voted.")
    keep = Column("keep", Banded(), "About how many said keep.")
    amplify = Column("amplify", Banded(), "About how many said amplify.")
    discard = Column("discard", Banded(), "About how many said discard.")
    create = Column("create", Banded(), "About how many said create.")
    hands = Column("hands", Banded(), "About how many of them were hands counted in the room.")

    def rows(self, audience):
        return ReleasedGroup.objects.published().select_related("practice", "release")
