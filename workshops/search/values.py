"""The index of values: how many public stories have each value of a facet, and which.

It is kept like the index of words, in the transaction that changes a story, and by what the story then is, not by what
was done to it: whatever came before, its bits are right afterwards. A story is locked before it is read, and the row
of its block before that is written, so what two people change at once is counted once each.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.apps import apps
from django.db import transaction
from django.db.models import QuerySet, Sum

from workshops.choices import Consent, Status
from workshops.search.story_sets import BLOCK_SIZE, StorySet, bits_in, written

COLUMNS = {"service_area": "service_area", "place": "place", "phase": "workshop__phase", "kind": "kind"}
LINKS = {"theme": ("Story_themes", "story", "theme"), "tag": ("StoryTag", "content_object", "tag")}
FACETS = [*COLUMNS, *LINKS]
PUBLIC = ("public", "")
"""The facet and value of the rows that count all public stories."""

Value = tuple[str, str]
"""A facet, and one of its values as text: the primary key of a term, tag or phase, or a kind."""


# Writing


def count_anew(story_ids: Collection[int]) -> None:
    """Count these stories anew, in the transaction that changed them."""
    blocks = defaultdict(list)
    for pk in sorted(set(story_ids)):
        blocks[pk // BLOCK_SIZE].append(pk)
    for block, pks in blocks.items():
        count_block(block, pks)


@transaction.atomic(savepoint=False)
def count_block(block: int, pks: Collection[int]) -> None:
    """Count anew these stories, which are of one block."""
    changing = StorySet.of(pks).blocks[block]
    now = values_of(pks)
    rows = apps.get_model("workshops", "FacetCount").objects.filter(block=block)
    public = rows.filter(facet=PUBLIC[0]).first()
    if not now and not (public and bits_in(public.stories) & changing):
        return  # drafts, before and after
    lock_block(block, is_new=public is None)
    before = {(row.facet, row.value): row for row in rows}
    bits = {value: bits_in(row.stories) for value, row in before.items()}
    after = {value: bits.get(value, 0) & ~changing | now.get(value, 0) for value in bits.keys() | now.keys()}
    write_block(block, {value: new for value, new in after.items() if new != bits.get(value)})
    # The row that is locked stays, for whoever waits for it.
    rows.filter(pk__in=[before[value].pk for value, new in after.items() if not new and value != PUBLIC]).delete()


def values_of(pks: Collection[int]) -> dict[Value, int]:
    """The bits of those of these stories of one block that are public, by each value they have. Locks the stories."""
    stories = apps.get_model("workshops", "Story").objects.filter(pk__in=pks)
    held = stories.order_by("pk").select_for_update(no_key=True, of=("self",))
    public = {}
    for pk, status, consent, *values in held.values_list("pk", "status", "effective_consent", *COLUMNS.values()):
        if status == Status.PUBLISHED and consent >= Consent.PUBLIC:
            public[pk] = values
    found: dict[Value, int] = defaultdict(int)
    for pk, values in public.items():
        found[PUBLIC] |= 1 << pk % BLOCK_SIZE
        for facet, value in zip(COLUMNS, values, strict=True):
            if value is not None:
                found[facet, str(value)] |= 1 << pk % BLOCK_SIZE
    for facet, (links, story, term) in LINKS.items():
        of_these = apps.get_model("workshops", links).objects.filter(**{f"{story}__in": list(public)}).order_by()
        for pk, value in of_these.values_list(story, term):
            found[facet, str(value)] |= 1 << pk % BLOCK_SIZE
    return dict(found)


def lock_block(block: int, is_new: bool) -> None:
    """Let nobody else change the rows of a block until this transaction ends."""
    counts, (facet, value) = apps.get_model("workshops", "FacetCount"), PUBLIC
    if is_new:
        row = counts(block=block, facet=facet, value=value, number=0, stories=b"")
        counts.objects.bulk_create([row], ignore_conflicts=True)
    counts.objects.select_for_update(no_key=True).get(block=block, facet=facet, value=value)


def write_block(block: int, changed: Mapping[Value, int]) -> None:
    """Write these bits, but for values that no story has any more."""
    counts = apps.get_model("workshops", "FacetCount")
    counts.objects.bulk_create(
        [
            counts(block=block, facet=facet, value=value, number=bits.bit_count(), stories=written(bits))
            for (facet, value), bits in changed.items()
            if bits or (facet, value) == PUBLIC
        ],
        batch_size=500,
        update_conflicts=True,
        unique_fields=["block", "facet", "value"],
        update_fields=["number", "stories"],
    )


def rebuild_values() -> None:
    """Count all stories anew. Call it in a transaction."""
    apps.get_model("workshops", "FacetCount").objects.all().delete()
    count_anew(list(apps.get_model("workshops", "Story").objects.values_list("pk", flat=True)))


# Reading


def totals() -> dict[str, dict[str, int]]:
    """How many public stories there are of each value, by facet. All of them stand under PUBLIC."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    rows = apps.get_model("workshops", "FacetCount").objects.order_by().values_list("facet", "value")
    for facet, value, number in rows.annotate(total=Sum("number")):
        found[facet][value] = number
    return found


def public_stories() -> StorySet:
    return stories_with(*PUBLIC)


def stories_with(facet: str, *values: str) -> StorySet:
    """The public stories that have any of these values."""
    blocks: dict[int, int] = defaultdict(int)
    for block, _value, stored in bits_of(facet, values):
        blocks[block] |= bits_in(stored)
    return StorySet(blocks)


def count_among(stories: StorySet, facet: str, values: Iterable[str]) -> dict[str, int]:
    """How many of these public stories have each of these values of a facet."""
    counts: dict[str, int] = defaultdict(int)
    for block, value, stored in bits_of(facet, values):
        counts[value] += stories.shares(block, bits_in(stored))
    return counts


def bits_of(facet: str, values: Iterable[str]) -> QuerySet:
    rows = apps.get_model("workshops", "FacetCount").objects.filter(facet=facet, value__in=list(values))
    return rows.order_by().values_list("block", "value", "stories")
