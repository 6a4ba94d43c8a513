"""Which rows have been kept for a whole period of `periods.py`, and what becomes of them.

Everything here is called by housekeeping, once an hour. It changes few rows in a transaction, and nothing when it is
done again.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple

from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from innovation_archive.models import (
    AdministrativeAct,
    Case,
    CaseEvent,
    Controller,
    Download,
    Import,
    ImportedRow,
    ImportState,
)
from innovation_archive.privacy.periods import Period
from insights.models import ErasedVotes, Evidence, Insight, Release, SetAside, Turnout
from insights.votes.erasure import forget_turnouts, turn_votes_into_counts
from workshops.choices import WITH_ITS_FACILITATORS, Status
from workshops.chunks import ROWS_IN_CHUNK, delete_rows, in_chunks
from workshops.consent import free_pages
from workshops.consent.passages import forget_passages
from workshops.models import (
    BallotPaper,
    Correction,
    HiddenPassage,
    Identity,
    MergedVote,
    Note,
    OriginalText,
    Participant,
    Practice,
    PrivateReading,
    Programme,
    Story,
    StoryTag,
    Vote,
    Workshop,
)
from workshops.models.ballots import BALLOT_LIFETIME
from workshops.voting.ballots import forget_voters
from workshops.voting.merging import forget_merged_votes

Rows = QuerySet[Any]
FILES_IN_CHUNK = 5
"""Of imports, which may have thousands of lines."""
TURNOUTS_IN_CHUNK = 50
"""Each may name thousands of people."""


class Ended(NamedTuple):
    """Rows of one table: `due` are those that began before a moment, `forget` is done with some of these.

    `size` is how many go in one transaction: few, where thousands of other rows go with each.
    """

    due: Callable[[datetime], Rows]
    forget: Callable[[Rows], object]
    size: int = ROWS_IN_CHUNK


def end_period(period: Period) -> int:
    """Delete what has been kept for this whole period. Returns how many rows that were. Commits by itself."""
    moment = ended_before(period)
    return sum(in_chunks(each.due(moment), each.forget, each.size) for each in ENDED[period.name])


def count_ended(period: Period, controller: Controller) -> int:
    """How many rows housekeeping would delete now if this controller's length of the period counted."""
    moment = period.ended_before(controller.length_of(period), timezone.now())
    return sum(each.due(moment).count() for each in ENDED[period.name])


def ended_before(period: Period) -> datetime:
    return period.ended_before(Controller.objects.current().length_of(period), timezone.now())


def delete_with_passages(rows: Rows) -> None:
    """Delete rows and the words that were hidden from readers of them."""
    forget_passages(rows.model, rows.values_list("pk", flat=True))
    rows.delete()


def forget_undo(kind: str, rows: Rows) -> None:
    """Delete what undoing an import would bring back of these rows: they have changed since, so it is refused anyway."""
    ImportedRow.objects.filter(of__kind=kind, row__in=list(rows.values_list("pk", flat=True))).exclude(
        before=None
    ).update(before={})


def held_before(path: str, day: date) -> Q:
    """That a workshop was held before this day. Where its day is not known, the day of entry alone counts."""
    return Q(**{f"{path}__lt": day}) | Q(**{path: None})


# Names, words and notes


def names_due(moment: datetime) -> Rows:
    day = timezone.localdate(moment)
    later = Participant.workshops.through._default_manager.filter(
        participant=OuterRef("participant"), workshop__held_on__gte=day
    )
    return Identity.objects.filter(~Exists(later), entered_on__lt=day)


def words_due(moment: datetime) -> Rows:
    day = timezone.localdate(moment)
    return OriginalText.objects.filter(held_before("story__workshop__held_on", day), entered_on__lt=day).exclude(
        text=""
    )


def forget_words(rows: Rows) -> None:
    """A draft whose wording nobody has edited holds the same words: it loses them too. Whoever has one of the stories open
    is told so, for their form would bring the words back."""
    told = dict(rows.values_list("pk", "text"))
    Story.objects.filter(pk__in=told).update(**Story.next_version())
    drafts = Story.objects.filter(pk__in=told, status__in=WITH_ITS_FACILITATORS)
    copies = Story.objects.filter(
        pk__in=[pk for pk, wording in drafts.values_list("pk", "published_text") if wording.strip() == told[pk].strip()]
    )
    forget_passages(Story, copies.values_list("pk", flat=True))
    forget_undo("stories", rows)
    if copies.update(published_text=""):
        free_pages.scrub()
    rows.delete()


def notes_due(moment: datetime) -> Rows:
    day = timezone.localdate(moment)
    return Note.objects.filter(held_before("workshop__held_on", day), entered_on__lt=day)


def pasted_notes_due(moment: datetime) -> Rows:
    day = timezone.localdate(moment)
    return Workshop.objects.filter(held_before("held_on", day), notes_on__lt=day).exclude(notes="")


def forget_pasted_notes(rows: Rows) -> None:
    pks = list(rows.values_list("pk", flat=True))
    HiddenPassage.objects.filter(model=Workshop._meta.label, field="notes", row__in=pks).delete()
    forget_undo("workshops", rows)
    rows.update(notes="")


# Single votes


def programmes_due(moment: datetime) -> Rows:
    """The programmes of which votes were released, and for the last time before this moment."""
    releases = Release.objects.filter(programme=OuterRef("pk"))
    lately = releases.filter(released_on__gte=timezone.localdate(moment))
    return Programme.objects.filter(Exists(releases), ~Exists(lately)).order_by().values("pk")


def votes_due(moment: datetime) -> Rows:
    votes = Vote.objects.from_closed_ballots().filter(entered_on__lt=timezone.localdate(moment))
    return votes.filter(workshop__phase__programme__in=programmes_due(moment))


def forget_votes(rows: Rows) -> None:
    forget_undo("votes", rows)
    turn_votes_into_counts(rows)


def merged_votes_due(moment: datetime) -> Rows:
    merged = MergedVote.objects.filter(merge__merged_at__lt=moment)
    return merged.filter(workshop__phase__programme__in=programmes_due(moment))


def turnouts_due(moment: datetime) -> Rows:
    counts = ErasedVotes.objects.filter(practice=OuterRef("practice"), workshop__phase__programme=OuterRef("programme"))
    turnouts = Turnout.objects.filter(Exists(counts), programme__in=programmes_due(moment))
    return turnouts.exclude(participants=[])


def papers_due(moment: datetime) -> Rows:
    """Ballot papers of votes that are gone: as long as there is a vote, its paper says to whom it may be shown by a slip."""
    papers = BallotPaper.objects.filter(joined_at__lt=moment - BALLOT_LIFETIME).exclude(participant=None)
    return papers.filter(ballot__workshop__phase__programme__in=programmes_due(moment))


# Histories


def earlier_entries_due(model: type[Model]) -> Callable[[datetime], Rows]:
    """Entries of a model's history, without the last of each row that is still there. Of a story the last that was
    published stays too: it tells, when the story is withdrawn, that it was public."""
    entries = model.history.model  # type: ignore[attr-defined] # simple_history adds it

    def due(moment: datetime) -> Rows:
        of_row = entries.objects.filter(id=OuterRef("id")).order_by("-history_date", "-history_id")
        stays = Q(history_id=Subquery(of_row.values("history_id")[:1]))
        if model is Story:
            public = of_row.filter(status=Status.PUBLISHED)
            stays |= Q(history_id=Subquery(public.values("history_id")[:1]))
        there = Exists(model._base_manager.filter(pk=OuterRef("id")))
        return entries.objects.filter(history_date__lt=moment).exclude(stays & there)

    return due


def forget_entries(rows: Rows) -> None:
    """Their links are rows of their own, which nothing deletes with them."""
    pks = list(rows.values_list("pk", flat=True))
    for link in rows.model._meta.related_objects:
        link.related_model._base_manager.filter(**{f"{link.field.name}__in": pks}).delete()
    delete_with_passages(rows.model.objects.filter(pk__in=pks))


# Records of what was done


def decided_imports_due(moment: datetime) -> Rows:
    return Import.objects.exclude(state=ImportState.WAITING).filter(decided_at__lt=moment)


def forget_cases(rows: Rows) -> None:
    events = CaseEvent.objects.filter(case__in=list(rows.values_list("pk", flat=True)))
    forget_passages(CaseEvent, events.values_list("pk", flat=True))
    delete_with_passages(rows)


def before(model: type[Model], field: str) -> Callable[[datetime], Rows]:
    """Rows whose moment in this field is over."""
    return lambda moment: model._default_manager.filter(**{f"{field}__lt": moment})


def before_day(model: type[Model], field: str) -> Callable[[datetime], Rows]:
    """The same of a field that is a day."""
    return lambda moment: model._default_manager.filter(**{f"{field}__lt": timezone.localdate(moment)})


ENDED: dict[str, tuple[Ended, ...]] = {
    "names": (Ended(names_due, delete_rows),),
    "words": (Ended(words_due, forget_words),),
    "votes": (
        Ended(votes_due, forget_votes),
        Ended(merged_votes_due, forget_merged_votes),
        Ended(turnouts_due, forget_turnouts, size=TURNOUTS_IN_CHUNK),
        Ended(papers_due, forget_voters),
    ),
    "notes": (Ended(notes_due, delete_with_passages), Ended(pasted_notes_due, forget_pasted_notes)),
    "history": (
        *(
            Ended(earlier_entries_due(model), forget_entries)
            for model in (Story, StoryTag, Practice, Insight, Evidence, SetAside)
        ),
        Ended(before(Correction, "decided_at"), delete_with_passages),
    ),
    "uploads": (
        Ended(
            lambda moment: Import.objects.filter(state=ImportState.WAITING, uploaded_at__lt=moment),
            delete_with_passages,
            size=FILES_IN_CHUNK,
        ),
    ),
    "logs": (
        Ended(before(LogEntry, "action_time"), delete_with_passages),
        Ended(before(PrivateReading, "read_at"), delete_rows),
        Ended(before(AdministrativeAct, "done_at"), delete_rows),
        Ended(before_day(Download, "expires_on"), delete_with_passages),
        Ended(decided_imports_due, delete_with_passages, size=FILES_IN_CHUNK),
    ),
    "cases": (Ended(before_day(Case, "closed_on"), forget_cases),),
    "sessions": (Ended(before(Session, "expire_date"), delete_rows),),
}
"""{name of a period: the rows that it covers}, in the order in which they go."""
