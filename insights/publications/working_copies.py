"""What editors write of a published insight before readers get it: begun, compared, published, discarded.

A working copy is a row of Insight with evidence and stories set aside of its own. It is begun by the first change at the
desk and goes when it is published or discarded. An insight that is not published needs none: its own row is changed.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from insights.choices import Traced
from insights.evidence.editing import lock_insight
from insights.models import Evidence, Insight, Publication, PublishedEvidence, SetAside
from insights.publications.second_reader import note_writer
from workshops.choices import Status
from workshops.models import MovedAddress, Practice, Story, Theme

COPIED_FIELDS = [
    "programme_id", "title", "kind", "nature", "summary", "body", "actions", "none_found", "look_again_on",
]  # fmt: skip
FROZEN_FIELDS = {
    "title": "", "kind": "finding", "nature": "", "summary": "", "body": "", "actions": [], "none_found": "",
}  # fmt: skip
"""The fields that a version keeps, each with what a version without it means."""
PIECE_FIELDS = ["order", "role", "excerpt", "excerpt_start"]


@transaction.atomic
def row_to_write(insight: Insight) -> Insight:
    """The row in which a change is written: the working copy of a published insight, else the insight's own.

    Locks the insight, begins the working copy if there is none, and remembers who writes. Call it in the transaction of
    the change, so that a change that is refused leaves no working copy.
    """
    itself = insight.itself
    lock_insight(itself)
    itself.refresh_from_db()
    row = itself.as_written
    if row == itself and itself.status == Status.PUBLISHED:
        row = begin_working_copy(itself)
    note_writer(row)
    return row


def begin_working_copy(itself: Insight) -> Insight:
    """A copy of what readers have. Nothing has changed yet, so no history is written."""
    copy = Insight(working_copy_of=itself, **{name: getattr(itself, name) for name in COPIED_FIELDS})
    Insight.with_working_copies.bulk_create([copy])
    for through, column in ((Insight.themes.through, "insight_id"), (Insight.builds_on.through, "from_insight_id")):
        links: list[Any] = list(through.objects.filter(**{column: itself.pk}))
        for link in links:
            link.pk = None
            setattr(link, column, copy.pk)
        through.objects.bulk_create(links)
    Evidence.with_working_copies.bulk_create(
        Evidence(
            insight=copy,
            story_id=piece.story_id,
            practice_id=piece.practice_id,
            **{name: getattr(piece, name) for name in PIECE_FIELDS},
        )
        for piece in itself.evidence.all()
    )
    SetAside.with_working_copies.bulk_create(
        SetAside(insight=copy, story_id=left.story_id, reason=left.reason) for left in itself.set_aside.all()
    )
    return copy


def carry_over(copy: Insight, itself: Insight) -> None:
    """Make what readers have that of the working copy, and end the copy. Evidence of the same source stays the same row."""
    for name in COPIED_FIELDS:
        setattr(itself, name, getattr(copy, name))
    itself.slug = copy.next_slug or itself.slug
    itself.save()
    for field in Insight._meta.many_to_many:
        getattr(itself, field.name).set(getattr(copy, field.name).all())
    carry_evidence_over(copy, itself)
    carry_aside_over(copy, itself)
    remove_working_copy(copy)


def carry_evidence_over(copy: Insight, itself: Insight) -> None:
    mine = {source_pks(piece): piece for piece in itself.evidence.select_related("story", "practice")}
    for piece in copy.evidence.select_related("story", "practice"):
        story, practice = source_pks(piece)
        target = mine.pop((story, practice), None) or Evidence(
            insight=itself, story=piece.story, practice=piece.practice
        )
        if not target.pk or any(getattr(target, name) != getattr(piece, name) for name in PIECE_FIELDS):
            for name in PIECE_FIELDS:
                setattr(target, name, getattr(piece, name))
            target._change_reason = Traced.PUBLISHED
            target.save()
    for piece in mine.values():
        piece._change_reason = Traced.PUBLISHED
        piece.delete()


def source_pks(piece: Evidence) -> tuple[int | None, int | None]:
    return piece.story_id, piece.practice_id


def carry_aside_over(copy: Insight, itself: Insight) -> None:
    reasons = dict(copy.set_aside.values_list("story", "reason"))
    for left in itself.set_aside.all():
        if reasons.get(left.story_id) == left.reason:
            del reasons[left.story_id]
        else:
            left._change_reason = Traced.PUBLISHED
            left.delete()
    for story, reason in reasons.items():
        left = SetAside(insight=itself, story_id=story, reason=reason)
        left._change_reason = Traced.PUBLISHED
        left.save()


def remove_working_copy(copy: Insight) -> None:
    """Delete a working copy. That its evidence goes with it is no change of the evidence, and enters no history."""
    for parts in (Evidence.with_working_copies, SetAside.with_working_copies):
        of_copy = parts.filter(insight=copy)
        of_copy._raw_delete(of_copy.db)
    copy.delete()


@transaction.atomic
def discard_working_copy(insight: Insight) -> None:
    itself = insight.itself
    lock_insight(itself)
    copy = itself.as_written
    if copy == itself:
        raise ValidationError(_("There is no working copy any more: somebody published or discarded it meanwhile."))
    remove_working_copy(copy)


@transaction.atomic
def restore_version(publication: Publication, by: User | None = None) -> int:
    """Make a version what editors work on. Returns how many pieces of its evidence are left out, for they may not be read
    by whoever restores it; nobody is the shell.

    What is not in a version stays as it is: the stories set aside, and evidence that editors may not see any more.
    """
    row = row_to_write(publication.insight)
    for name, without in FROZEN_FIELDS.items():
        setattr(row, name, publication.text.get(name, without))
    row.save()
    row.themes.set(Theme.objects.filter(slug__in=publication.text.get("themes", [])))
    row.builds_on.set(Insight.objects.once_called(publication.text.get("builds_on", [])))
    frozen = list(publication.evidence.all())
    sources = sources_of(frozen, by)
    kept = [each for each in frozen if (each.story_ref, each.practice_ref) in sources]
    wanted: dict[Story | Practice, PublishedEvidence] = {}
    for each in kept:  # two practices of a version may be one by now
        wanted.setdefault(sources[each.story_ref, each.practice_ref], each)
    restore_evidence(row, list(wanted.items()), by)
    return len(frozen) - len(kept)


def sources_of(frozen: Iterable[PublishedEvidence], by: User | None) -> dict[tuple[str, str], Story | Practice]:
    """The stories and practices of a version's evidence that an editor may read, as {(story ref, practice ref): source}."""
    readable = Story.objects.visible_to(by) if by else Story.objects.all()
    stories = readable.told_to_team().filter(ref__in=[each.story_ref for each in frozen])
    return {(story.ref, ""): story for story in stories} | {
        ("", ref): practice for ref, practice in practices_once_called({each.practice_ref for each in frozen} - {""})
    }


def practices_once_called(refs: set[str]) -> Iterator[tuple[str, Practice]]:
    """(ref, practice) for each ref that a practice has, or that leads to one since another was merged into it."""
    found = {practice.ref: practice for practice in Practice.objects.filter(ref__in=refs)}
    yield from found.items()
    for ref in refs - found.keys():
        if moved := MovedAddress.objects.find(Practice.objects.all(), ref):
            yield ref, moved


def restore_evidence(row: Insight, wanted: list[tuple[Story | Practice, PublishedEvidence]], by: User | None) -> None:
    pieces = row.evidence.at_bench().readable_by(by) if by else row.evidence.at_bench()
    mine = {piece.source: piece for piece in pieces.select_related("story", "practice")}
    for source, frozen in wanted:
        kind = "story" if isinstance(source, Story) else "practice"
        piece = mine.pop(source, None) or Evidence(insight=row, **{kind: source})
        piece.order, piece.role, piece.excerpt, piece.excerpt_start = frozen.order, frozen.role, frozen.excerpt, None
        piece.save()
    for piece in mine.values():
        piece.delete()
    for left in row.set_aside.filter(story__in=row.evidence.values("story")):
        left.delete()


class Move(NamedTuple):
    """Where a piece of evidence stood and where it stands, both counted from 1."""

    source: Story | Practice
    was: int
    now: int


def moves_between(before: list[Evidence], after: list[Evidence]) -> list[Move]:
    """The pieces that have another place among those that both lists have; the fewest that explain the new order."""
    now = [piece.source_key for piece in after]
    shared = [piece for piece in before if piece.source_key in now]
    order = [piece.source_key for piece in shared]
    places = {key: place for place, key in enumerate((key for key in now if key in order), 1)}
    stay = longest_rise([places[piece.source_key] for piece in shared])
    return [
        Move(piece.source, was, places[piece.source_key])
        for was, piece in enumerate(shared, 1)
        if places[piece.source_key] not in stay
    ]


def longest_rise(numbers: list[int]) -> set[int]:
    """The members of a longest rising subsequence of different numbers."""
    best: list[list[int]] = [[]]
    for number in numbers:
        longest = max((run for run in best if not run or run[-1] < number), key=len)
        best.append([*longest, number])
    run = max(best, key=len)
    return set(run)
