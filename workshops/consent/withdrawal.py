"""What a participant may ask for at any time: to withdraw a story, or to narrow who may see it.

Each is one transaction, and has an entry in the ledger, so that no backup and no file brings back what it took away.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple, TypeVar

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Value
from django.db.models.functions import Least
from django.utils import timezone

from workshops import changes, search
from workshops.choices import Consent, Forgetting, Kind, Status
from workshops.consent import confidence, free_pages, ledger, passages
from workshops.consent.records import NOT_SAID, ConsentGiven, record_levels
from workshops.history import current_user
from workshops.judgements.judging import forget_judgements
from workshops.models import (
    ConsentRecord,
    Correction,
    OriginalText,
    Participant,
    RemovedStory,
    Story,
    StoryTag,
    Tag,
)
from workshops.models.stories import forget_history
from workshops.roles import recording_role

Giver = TypeVar("Giver", Story, Participant)
"""Whose consent it is: a story's own, or that of a participant for all they told."""

EMPTIED = {
    "kind": Kind.INNOVATION,
    "title": "",
    "published_text": "",
    "service_area": None,
    "place": None,
    "told_by": None,
    "consent": Consent.FACILITATORS,
    "consent_ceiling": Consent.FACILITATORS,
    "effective_consent": Consent.FACILITATORS,
    "credit": "",
    "agreements": 0,
    "location": "",
    "source_url": "",
    "remark": "",
    **confidence.NOTHING_SAID,
}
"""What a withdrawn story still holds in its own row, besides its ref, workshop, status and day: nothing."""


RECORDER_KEPT = datetime.timedelta(days=365)
"""How long the name of who recorded a withdrawal is kept; then their role alone."""


class ForgettingOutcome(NamedTuple):
    """What an act changed: of how many stories, and the reference for the receipt; no reference if of none."""

    stories: int
    reference: str


def story_subjects(refs: Iterable[str]) -> dict[str, str]:
    """{subject in the ledger: ref} of stories."""
    return {ledger.subject_hash("story", ref): ref for ref in refs}


def participant_subjects(codes: Iterable[str]) -> dict[str, str]:
    """{subject in the ledger: code} of participants."""
    return {ledger.subject_hash("participant", code): code for code in codes}


# Withdrawing


@transaction.atomic
def withdraw_stories(
    stories: Iterable[Story], reference: str = "", at: datetime.datetime | None = None
) -> ForgettingOutcome:
    """Withdraw these stories, for good: from the next request on no page, count, quotation or file holds their words.

    What stays is ref, workshop, status and day, and who recorded it. Stories that were withdrawn before stay as they are.
    """
    kept = Story.objects.filter(pk__in=[story.pk for story in stories]).exclude(status=Status.WITHDRAWN)
    held = list(kept.order_by("pk").select_for_update())
    if not held:
        return ForgettingOutcome(0, reference)
    pks = [story.pk for story in held]
    at = at or timezone.now()
    day = timezone.localdate(at)
    note_removals(pks, Consent.FACILITATORS, day)
    tags = list(Tag.objects.filter(story_tags__content_object__in=pks).distinct())
    told = words_told_in(held)
    forget_judgements(held)
    forget_parts(pks)
    passages.hide_runs(told)
    Story.objects.filter(pk__in=pks).update(
        **EMPTIED,
        status=Status.WITHDRAWN,
        withdrawn_at=at,
        withdrawn_by=current_user(),
        withdrawn_by_role=recording_role(current_user()),
        **Story.next_version(),
    )
    search.delete_entries(pks)
    changes.tell(pks)
    Story.practices.through.objects.filter(story__in=pks).delete()
    delete_unused_tags(tags)
    reference = ledger.enter(
        Forgetting.WITHDRAWAL, story_subjects(story.ref for story in held), reference=reference, day=day
    )
    free_pages.scrub()
    return ForgettingOutcome(len(pks), reference)


def forget_recorders() -> int:
    """Leave of who recorded a withdrawal a year ago only their role. Returns of how many stories."""
    old = Story.objects.filter(withdrawn_at__lt=timezone.now() - RECORDER_KEPT, withdrawn_by__isnull=False)
    return old.update(withdrawn_by=None)


def words_told_in(stories: Iterable[Story]) -> list[str]:
    """All that these stories say: titles, published wordings and words as told."""
    told = OriginalText.objects.filter(story__in=[story.pk for story in stories]).values_list("text", flat=True)
    return [*told, *(text for story in stories for text in (story.title, story.published_text))]


def forget_parts(story_ids: Collection[int]) -> None:
    """Delete what stands beside stories: words as told, tags, records, corrections, and all that remembers them."""
    OriginalText.objects.filter(story__in=story_ids).delete()
    corrections = Correction.objects.filter(story__in=story_ids)
    passages.forget_passages(Correction, corrections.values_list("pk", flat=True))
    corrections.delete()
    ConsentRecord.objects.filter(story__in=story_ids).delete()
    StoryTag.objects.filter(content_object__in=story_ids).delete()
    Story.themes.through.objects.filter(story__in=story_ids).delete()
    forget_history(story_ids)
    forget_admin_log(Story, story_ids)


def forget_admin_log(model: type[models.Model], pks: Iterable[int]) -> None:
    """Delete what the desk's log says of these rows: it has their titles."""
    rows = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(model))
    rows.filter(object_id__in=[str(pk) for pk in pks]).delete()


def delete_unused_tags(tags: Iterable[Tag]) -> None:
    """Delete those of these tags that nothing bears any more: their names came from what was withdrawn."""
    unused = Tag.objects.filter(pk__in=[tag.pk for tag in tags], story_tags=None, practice_tags=None)
    pks = list(unused.values_list("pk", flat=True))
    forget_admin_log(Tag, pks)
    unused.delete()


def note_removals(story_ids: Collection[int], level: int, day: datetime.date) -> None:
    """Note which of these stories had reached more people than `level` allows, in the transaction that ends it."""
    once_public = set(
        Story.history.filter(id__in=story_ids, status=Status.PUBLISHED).values_list("id", flat=True)
    ) | set(Story.objects.published().filter(pk__in=story_ids).values_list("pk", flat=True))
    reached = dict(Story.objects.filter(pk__in=story_ids).values_list("pk", "effective_consent"))
    rows = [
        RemovedStory(story_id=pk, day=day, reach=reach)
        for pk, consent in reached.items()
        if (reach := Consent.PUBLIC if pk in once_public else min(consent, Consent.TEAM)) > level
    ]
    RemovedStory.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["story"], update_fields=["day"], batch_size=1000
    )


# Lowering


@transaction.atomic
def lower_consent(
    giver: Giver, level: Consent, given: ConsentGiven = NOT_SAID, reference: str = "", day: datetime.date | None = None
) -> ForgettingOutcome:
    """Narrow the consent of a story or a participant to `level`, so that nobody can widen it again.

    What the new consent no longer allows is unpublished in the same transaction. A participant's consent applies to
    all that they told.
    """
    giver.refresh_from_db(from_queryset=type(giver).objects.select_for_update())
    day = day or timezone.localdate()
    pks = [giver.pk] if isinstance(giver, Story) else list(giver.stories.values_list("pk", flat=True))
    note_removals(pks, level, day)
    giver.consent_ceiling = min(giver.consent_ceiling, level)
    giver.consent = min(giver.consent, level)
    giver.consent_given = given
    if isinstance(giver, Story) and giver.status == Status.PUBLISHED and giver.lowest_consent < Consent.PUBLIC:
        giver.status = Status.UNPUBLISHED
    if isinstance(giver, Participant):
        lower_stories_of(giver, level, given)
    record_levels([giver], given)
    giver.save()
    subjects = story_subjects([giver.ref]) if isinstance(giver, Story) else participant_subjects([giver.code])
    return ForgettingOutcome(
        len(pks), ledger.enter(Forgetting.LOWERING, subjects, level=level, reference=reference, day=day)
    )


def lower_stories_of(teller: Participant, level: Consent, given: ConsentGiven = NOT_SAID) -> None:
    """Lower the consent of each story of a teller, so that it stays low if the story later names another teller or none."""
    told = teller.stories.filter(consent_ceiling__gt=level).exclude(status=Status.WITHDRAWN)
    told.set_effective_consent(
        Least("effective_consent", Value(int(level))),
        given=given,
        consent=Least("consent", Value(int(level))),
        consent_ceiling=level,
    )


# What the ledger asks for again


def refs_among(lines: Collection[ledger.LedgerLine]) -> dict[str, ledger.LedgerLine]:
    """{ref of a story that is not withdrawn: the line that is about it}."""
    wanted = {line.subject: line for line in lines}
    subjects = story_subjects(Story.objects.exclude(status=Status.WITHDRAWN).values_list("ref", flat=True))
    return {ref: wanted[subject] for subject, ref in subjects.items() if subject in wanted}


@ledger.replays(Forgetting.WITHDRAWAL)
def withdraw_again(lines: Collection[ledger.LedgerLine]) -> None:
    acts = defaultdict(list)
    for ref, line in refs_among(lines).items():
        acts[line.reference, line.day].append(ref)
    for (reference, day), refs in acts.items():
        withdraw_stories(Story.objects.filter(ref__in=refs), reference, noon_of(day))


@ledger.replays(Forgetting.LOWERING)
def lower_again(lines: Collection[ledger.LedgerLine]) -> None:
    by_ref = refs_among(lines)
    for story in Story.objects.filter(ref__in=by_ref):
        lower_as(story, by_ref[story.ref])
    wanted = {line.subject: line for line in lines}
    for subject, code in participant_subjects(Participant.objects.values_list("code", flat=True)).items():
        if subject in wanted:
            lower_as(Participant.objects.get(code=code), wanted[subject])


def enter_earlier_withdrawals() -> None:
    """Enter what was withdrawn before there was a ledger, unless its line would go at once."""
    refs = Story.objects.filter(status=Status.WITHDRAWN).values_list("ref", "withdrawn_at")
    first = ledger.first_day_kept() or datetime.date.min
    days = {ref: day for ref, at in refs if (day := timezone.localdate(at)) >= first}
    subjects = story_subjects(days)
    entered = ledger.forgotten_among(Forgetting.WITHDRAWAL, subjects)
    for subject, ref in subjects.items():
        if ref not in entered:
            ledger.enter(Forgetting.WITHDRAWAL, [subject], day=days[ref])


ledger.backfillers.append(enter_earlier_withdrawals)


def lower_as(giver: Giver, line: ledger.LedgerLine) -> None:
    lower_consent(giver, Consent(line.level), reference=line.reference, day=datetime.date.fromisoformat(line.day))


def noon_of(day: str) -> datetime.datetime:
    """The day of a line of the ledger as a moment, for rows that hold one."""
    return timezone.make_aware(datetime.datetime.fromisoformat(f"{day} 12:00"))
