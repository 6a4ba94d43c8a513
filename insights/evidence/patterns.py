"""Emerging patterns: tags, and pairs of tags, on enough stories that an insight may lie in them.

They are counted afresh on each request. Stories are numbered, and a set of them is one long integer with a bit for
each story, so that the stories that carry two tags are one `&` of two integers.
"""

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import reduce
from heapq import heappush, heappushpop
from itertools import combinations
from operator import and_

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import get_text_list, slugify
from django.utils.translation import gettext as _

from insights.models import Evidence, Insight
from workshops.choices import Consent, Status
from workshops.models import Programme, ServiceArea, Story, StoryTag, Tag
from workshops.models.stories import new_ref
from workshops.roles import EVERYTHING, edited_by

MIN_STORIES = {1: 5, 2: 4}
"""How many stories make a pattern, by its number of tags."""

MIN_EVIDENCE_IN_USE = 4
"""An insight uses a pattern when this many stories among its evidence carry its tags."""

MAX_PATTERNS = 30
SUPPORT_LEVELS = 4
MAX_EVIDENCE_AT_START = 12
"""How many stories at most a new draft starts with."""


@dataclass
class Pattern:
    """One tag or two, and how many stories carry them all.

    `areas` is [(service area, how many stories, depth)]: the depth is 0 without a story, else 1 to 4 relative to the
    pattern's own fullest service area. `spread` is the effective number of service areas (see `spread()`); stories
    without a service area do not count there.
    """

    tags: list[Tag]
    stories: int
    published: int
    spread: float
    areas: list[tuple[ServiceArea, int, int]]
    used_by: list[Insight]

    def __str__(self) -> str:
        return " + ".join(tag.name for tag in self.tags)


def spread(counts: list[int]) -> float:
    """The exponential of the Shannon entropy of these counts: 1 if all is in one, n if it is even over n, 0 of nothing."""
    total = sum(counts)
    shares = [count / total for count in counts if count]
    return math.exp(-sum(share * math.log(share) for share in shares)) if shares else 0.0


def find_patterns(
    programme: Programme | None = None, reader: User | None = None
) -> tuple[list[Pattern], list[Pattern]]:
    """The tags and the pairs of tags worth a look, as two lists of at most `MAX_PATTERNS` each.

    They lie in what `reader` may read; nobody is the shell, which reads what was told to any team.
    Patterns that no insight uses come first, then those with the most stories, then those with the most even spread.
    """
    stories, used = NumberedStories(stories_by_number(programme, reader)), uses(reader)
    return ranked(single_tags(stories), stories, used), ranked(pairs(stories, used), stories, used)


class NumberedStories:
    """The stories that editors may use, each with a number, and sets of them as integers."""

    def __init__(self, stories):
        rows = list(stories.order_by().values_list("pk", "service_area", "workshop", "status"))
        self.count = len(rows)
        self.workshops = [workshop for pk, area, workshop, status in rows]
        self.published = self.bits(n for n, row in enumerate(rows) if row[3] == Status.PUBLISHED)
        in_area = defaultdict(list)
        for number, row in enumerate(rows):
            in_area[row[1]].append(number)
        self.areas = [(area, self.bits(in_area[area.pk])) for area in ServiceArea.objects.all()]
        self.bearers = defaultdict(list)
        """{tag's key: the numbers of the stories that bear it}"""
        self.sets = {}
        numbers = {row[0]: number for number, row in enumerate(rows)}
        for story, tag in StoryTag.objects.order_by().values_list("content_object", "tag").iterator(10_000):
            if (number := numbers.get(story)) is not None:
                self.bearers[tag].append(number)

    def bits(self, numbers):
        held = bytearray(self.count // 8 + 1)
        for number in numbers:
            held[number >> 3] |= 1 << (number & 7)
        return int.from_bytes(held, "little")

    def bearing(self, tag):
        if tag not in self.sets:
            self.sets[tag] = self.bits(self.bearers[tag])
        return self.sets[tag]

    def are_from_two_workshops(self, numbers):
        one = self.workshops[numbers[0]]
        return any(self.workshops[number] != one for number in numbers)


def stories_by_number(programme, reader):
    readable = Story.objects.visible_to(reader) if reader else Story.objects.all()
    stories = readable.told_to_team()
    return stories.filter(workshop__phase__programme=programme) if programme else stories


def single_tags(stories):
    """The tags with enough stories from more than one workshop, as {(tag's key,): how many stories}."""
    return {
        (tag,): len(numbers)
        for tag, numbers in stories.bearers.items()
        if len(numbers) >= MIN_STORIES[1] and stories.are_from_two_workshops(numbers)
    }


def pairs(stories, used):
    """The pairs of tags with enough stories, as {(tag's key, tag's key): how many stories}.

    Goes from the most frequent tag down and stops when no remaining tag can bring a pair into the first
    `MAX_PATTERNS`: a pair has at most as many stories as the rarer of its tags.
    """
    frequent_first = sorted(stories.bearers, key=lambda tag: -len(stories.bearers[tag]))
    found, most = {}, []
    for place, tag in enumerate(frequent_first):
        least = most[0] if len(most) == MAX_PATTERNS else MIN_STORIES[2]
        if len(stories.bearers[tag]) < least:
            break
        for other in frequent_first[:place]:
            count = (stories.bearing(tag) & stories.bearing(other)).bit_count()
            if count >= MIN_STORIES[2]:
                pair = (min(tag, other), max(tag, other))
                found[pair] = count
                if pair not in used:
                    heappush(most, count) if len(most) < MAX_PATTERNS else heappushpop(most, count)
    return found


def ranked(found, stories, used):
    """The first `MAX_PATTERNS`; the spread is computed only where the number of stories leaves their order open."""

    def order(keys):
        return keys in used, -found[keys]

    first = sorted(found, key=order)
    if len(first) > MAX_PATTERNS:
        last = order(first[MAX_PATTERNS - 1])
        first = [keys for keys in first if order(keys) <= last]
    tags = Tag.objects.in_bulk({tag for keys in first for tag in keys})
    patterns = [as_pattern([tags[key] for key in keys], stories, used.get(keys, [])) for keys in first]
    patterns.sort(
        key=lambda pattern: (bool(pattern.used_by), -pattern.stories, -round(pattern.spread, 9), str(pattern))
    )
    return patterns[:MAX_PATTERNS]


def as_pattern(tags, stories, used_by):
    members = reduce(and_, (stories.bearing(tag.pk) for tag in tags))
    counts = [(members & in_area).bit_count() for area, in_area in stories.areas]
    depths = [math.ceil(SUPPORT_LEVELS * count / max(counts)) if count else 0 for count in counts]
    return Pattern(
        tags=sorted(tags, key=lambda tag: tag.name),
        stories=members.bit_count(),
        published=(members & stories.published).bit_count(),
        spread=spread(counts),
        areas=[
            (area, count, depth) for (area, in_area), count, depth in zip(stories.areas, counts, depths, strict=True)
        ],
        used_by=used_by,
    )


def uses(reader):
    """The insights at this person's desk that already use a pattern, as {(tag's key, …): [insight]}."""
    evidence = Evidence.objects.filter(story__effective_consent__gte=Consent.TEAM).order_by()
    evidence = evidence.exclude(story__status=Status.WITHDRAWN)
    borne = defaultdict(set)
    for insight, story, tag in evidence.values_list("insight", "story", "story__story_tags__tag"):
        if tag:
            borne[insight, story].add(tag)
    counts = Counter(
        (insight, keys)
        for (insight, story), tags in borne.items()
        for size in MIN_STORIES
        for keys in combinations(sorted(tags), size)
    )
    at_desk = Insight.objects.manageable_by(reader) if reader else Insight.objects.all()
    insights = at_desk.in_bulk({insight for insight, keys in counts})
    used = defaultdict(list)
    for (insight, keys), count in counts.items():
        if count >= MIN_EVIDENCE_IN_USE and insight in insights:
            used[keys].append(insights[insight])
    return used


@transaction.atomic
def start_insight(tags: list[Tag], programme: Programme | None = None, by: User | None = None) -> tuple[Insight, int]:
    """Create a draft supported by stories that carry all these tags. Returns it and how many stories carry them.

    It is of the programme that most of them are from, of those that `by` edits; nobody is the shell.
    """
    stories = stories_by_number(programme, by)
    for tag in tags:
        stories = stories.filter(story_tags__tag=tag)
    stories = list(
        stories.order_by("ref")
        .select_related("workshop__phase__programme")
        .only("ref", "status", "service_area", "workshop__phase__programme__slug")
    )
    if not stories:
        raise ValidationError(_("No story bears these tags any more."))
    edited = edited_by(by) if by else EVERYTHING
    told_in = Counter(
        story.workshop.phase.programme for story in stories if story.workshop.phase.programme_id in edited
    )
    if not told_in:
        raise ValidationError(_("The stories that bear these tags are of programmes that you do not edit."))
    programme = programme or told_in.most_common(1)[0][0]
    names = [tag.name for tag in tags]
    insight = Insight.objects.create(
        programme=programme,
        title=_("To be written: what stories of %(tags)s say") % {"tags": get_text_list(names, _("and"))},
        # The random end keeps two drafts of one pattern apart; an editor writes the address with the claim.
        slug=f"{slugify(' and '.join(names))[:80] or 'pattern'}-{new_ref()[:4]}",
    )
    for order, story in enumerate(across_areas(stories)[:MAX_EVIDENCE_AT_START], 1):
        Evidence.objects.create(insight=insight, order=order, story=story)
    return insight, len(stories)


def across_areas(stories):
    """These stories, taking turns among service areas; in each area published ones first, and workshops in turn."""
    nth_of_workshop, nth_of_area = Counter(), Counter()
    by_room = []
    for story in sorted(stories, key=lambda story: (story.status != Status.PUBLISHED, story.ref)):
        nth_of_workshop[story.service_area_id, story.workshop_id] += 1
        nth = nth_of_workshop[story.service_area_id, story.workshop_id]
        by_room.append((story.status != Status.PUBLISHED, nth, story.ref, story))
    in_turn = []
    for *_order, story in sorted(by_room, key=lambda row: row[:3]):
        nth_of_area[story.service_area_id] += 1
        in_turn.append((nth_of_area[story.service_area_id], len(in_turn), story))
    return [story for *_order, story in sorted(in_turn, key=lambda row: row[:2])]
