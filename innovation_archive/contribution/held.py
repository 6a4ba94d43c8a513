"""What the archive holds of one participant, as their own page and their copy show it."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from insights.choices import Role
from insights.models import Evidence, Insight, Publication, PublishedEvidence, SetAside
from workshops.choices import Consent, Status
from workshops.consent import wordings
from workshops.contribution.slip_codes import own_votes
from workshops.models import (
    ConsentRecord,
    Correction,
    ErasureRequest,
    Identity,
    Participant,
    Practice,
    Slip,
    Story,
    UseSubscription,
    Vote,
)


@dataclass
class QuotedWords:
    """One passage that an insight quotes: in its present text, in versions of it, or in both."""

    words: str
    is_quoted_now: bool = False
    versions: list[Publication] = field(default_factory=list)


@dataclass
class InsightUse:
    """One published insight that uses a story: what the story does to its claim, and what is quoted where."""

    insight: Insight
    piece: Evidence | None = None
    passages: list[QuotedWords] = field(default_factory=list)

    @property
    def says_what_it_does(self) -> str:
        """What the story does to the claim, in plain words."""
        if self.piece is None:
            return _("It was used in older versions of this insight:")
        return {
            Role.SUPPORTS: _("It speaks for this insight:"),
            Role.QUALIFIES: _("It says where this insight holds and where not:"),
            Role.CONTRADICTS: _("It speaks against this insight:"),
        }[Role(self.piece.role)]

    @property
    def quotes(self) -> bool:
        """Whether it quotes the story, now or in a version."""
        return bool(self.passages)


@dataclass
class HeldStory:
    """One story, with what readers see of it and where it is used."""

    story: Story
    uses: list[InsightUse]
    set_aside: list[SetAside]
    practices: list[Practice]
    corrections: list[Correction]
    texts_in_writing: int

    @property
    def says_where_it_is(self) -> str:
        """Its status in plain words."""
        if self.story.is_public:
            return _("It is published: everybody can read it.")
        status = {
            Status.DRAFT: _("It is not published. Those who ran the workshop are still working on it."),
            Status.IN_REVIEW: _("It is not published. It waits for an editor to look at it."),
            Status.UNPUBLISHED: _("It is not published any more."),
        }
        return status[Status(self.story.status)]

    @property
    def is_published_as_told(self) -> bool:
        """Whether the wording for readers is word for word what was taken down."""
        original = getattr(self.story, "original_text", None)
        return original is not None and original.text == self.story.published_text

    @property
    def consent(self) -> Consent:
        """The level that counts: the lower of the story's and the person's."""
        return Consent(self.story.effective_consent)

    @property
    def lower_levels(self) -> list[Consent]:
        """To which levels it can be lowered, the widest first."""
        return [level for level in reversed(Consent) if level < self.consent]

    def use_by(self, slug: str) -> InsightUse | None:
        """The use by the insight with this slug, if it quotes the story."""
        return next((use for use in self.uses if use.quotes and use.insight.slug == slug), None)


class Agreement(NamedTuple):
    """One thing that this person agreed to, in the words of the wording that they read.

    Where nobody recorded which wording that was, `words` are today's.
    """

    record: ConsentRecord
    words: str


@dataclass
class Holdings:
    """All that is held of the participant of a slip. What needs the slip's word is asked for only where it was given."""

    slip: Slip

    @property
    def participant(self) -> Participant:
        return self.slip.participant

    @cached_property
    def stories(self) -> list[HeldStory]:
        """What this person told, the public stories first."""
        told = Story.objects.filter(told_by=self.participant).exclude(status=Status.WITHDRAWN)
        told = told.select_related("workshop__phase__programme", "original_text", "place", "service_area")
        stories = [held_story(story) for story in told.order_by("workshop__held_on", "ref")]
        return sorted(stories, key=lambda held: not held.story.is_public)

    @property
    def public_stories(self) -> list[HeldStory]:
        return [held for held in self.stories if held.story.is_public]

    def story(self, ref: str) -> HeldStory | None:
        return next((held for held in self.stories if held.story.ref == ref), None)

    @cached_property
    def erasure(self) -> ErasureRequest | None:
        return ErasureRequest.objects.filter(participant=self.participant).first()

    @cached_property
    def vote_count(self) -> int:
        return self.participant.votes.count()

    @cached_property
    def votes(self) -> list[Vote]:
        return list(own_votes(self.slip))

    @property
    def votes_kept_back(self) -> int:
        """How many were cast on a phone before this slip was printed."""
        return self.vote_count - len(self.votes)

    @cached_property
    def identity(self) -> Identity | None:
        return Identity.objects.filter(participant=self.participant).first()

    @cached_property
    def subscription(self) -> UseSubscription | None:
        """Where this person wants to be told of uses, whether or not they have confirmed the address yet."""
        return UseSubscription.objects.filter(participant=self.participant, lapses_at__gt=timezone.now()).first()

    @cached_property
    def workshops(self) -> list[Any]:
        return list(self.participant.workshops.order_by("held_on", "slug"))

    @property
    def agreements(self) -> list[Agreement]:
        return [
            Agreement(record, wordings.wording_of(record.level, record.wording or wordings.CURRENT))
            for record in self.consent_records
        ]

    @cached_property
    def consent_records(self) -> list[ConsentRecord]:
        of_person = ConsentRecord.objects.filter(participant=self.participant)
        of_stories = ConsentRecord.objects.filter(story__in=[held.story.pk for held in self.stories])
        return list((of_person | of_stories).select_related("story").order_by("pk"))


def held_story(story: Story) -> HeldStory:
    in_writing = Evidence.with_working_copies.filter(story=story).exclude(insight__status=Status.PUBLISHED)
    aside = SetAside.objects.filter(story=story, insight__status=Status.PUBLISHED)
    return HeldStory(
        story=story,
        uses=insight_uses(story) if story.is_public else [],
        set_aside=list(aside.select_related("insight")) if story.is_public else [],
        practices=list(story.practices.published()),
        corrections=list(story.corrections.filter(is_from_teller=True)),
        texts_in_writing=in_writing.count(),
    )


def insight_uses(story: Story) -> list[InsightUse]:
    """The published insights that use a public story, each with what readers can find quoted now and in versions."""
    uses: dict[int, InsightUse] = {}
    pieces = Evidence.objects.filter(story=story, insight__status=Status.PUBLISHED)
    for piece in pieces.select_related("insight", "story").order_by("insight__slug"):
        uses[piece.insight_id] = InsightUse(piece.insight, piece)
    frozen = PublishedEvidence.objects.filter(story_ref=story.ref, publication__insight__status=Status.PUBLISHED)
    passages: dict[int, dict[str, QuotedWords]] = defaultdict(dict)
    for use in uses.values():
        if use.piece and use.piece.quotation:
            words = use.piece.quotation
            passages[use.insight.pk][words] = QuotedWords(words, is_quoted_now=True)
    for row in frozen.select_related("publication__insight").order_by(
        "publication__insight__slug", "publication__version"
    ):
        insight = row.publication.insight
        uses.setdefault(insight.pk, InsightUse(insight))
        if row.excerpt and row.excerpt in story.published_text:
            quoted = passages[insight.pk].setdefault(row.excerpt, QuotedWords(row.excerpt))
            quoted.versions.append(row.publication)
    for key, use in uses.items():
        use.passages = list(passages[key].values())
    return list(uses.values())
