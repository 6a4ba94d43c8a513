"""Saves the entries of pasted notes as stories, practices and notes of the workshop: all of them or none."""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import TypedDict

from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils import dateformat, timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops import search
from workshops.choices import Consent, Kind
from workshops.history import ADDED, record_bulk_history
from workshops.models import (
    Note,
    OriginalText,
    Place,
    Practice,
    PracticeTag,
    ServiceArea,
    Story,
    StoryTag,
    Tag,
    Theme,
    Workshop,
)
from workshops.notes import title_of
from workshops.notes.reading import NOTE, PRACTICE
from workshops.tags import tag_key

PASTED_BEFORE = _(
    "These notes are with this workshop already: their stories and practices would be there twice. "
    "If you want that, tick “Save them once more”."
)

NO_PRACTICE = _("It was said in confidence, and editors see practices. Make it a story or a note.")


class EntryToSave(TypedDict):
    """One entry of notes as it is saved. `kind` is that of a story, “practice” or “note”; `tags` are names.

    `private` says whether it was said in confidence.
    """

    kind: str
    title: str
    text: str
    choice: str
    location: str
    service_area: ServiceArea | None
    place: Place | None
    themes: list[Theme]
    tags: list[str]
    consent: int
    private: bool
    agreements: int


class SavedCounts(TypedDict):
    """How many entries became what."""

    stories: int
    practices: int
    notes: int


def was_pasted(workshop: Workshop, raw: str) -> bool:
    """Whether the workshop's notes hold this text, blank lines and spaces aside."""
    return " ".join(raw.split()) in " ".join(workshop.notes.split())


@transaction.atomic
def save_pasted(
    workshop: Workshop, raw: str, entries: Sequence[EntryToSave], user: User, *, again: bool = False
) -> SavedCounts:
    """Write the entries of pasted notes, and keep the notes themselves with the workshop, as they were pasted.

    Raises a ValidationError if these notes were saved before, as by a second click, unless they are to be saved
    `again`; and if one of the practices was said in confidence.
    """
    if any(entry["kind"] == PRACTICE and entry["private"] for entry in entries):
        raise ValidationError(NO_PRACTICE, code="private")
    workshop = Workshop.objects.select_for_update().get(pk=workshop.pk)
    if was_pasted(workshop, raw):
        if not again:
            raise ValidationError(PASTED_BEFORE, code="pasted")
    else:
        when = dateformat.format(timezone.localtime(), "j F Y, H:i")
        stamp = gettext("Pasted on %(when)s by %(user)s") % {"when": when, "user": user}
        workshop.notes = f"{workshop.notes.rstrip()}\n\n[{stamp}]\n\n{raw.strip()}\n".lstrip()
        workshop.save(update_fields=["notes"])
    told = [entry for entry in entries if entry["kind"] in Kind.values]
    agreed = [entry for entry in entries if entry["kind"] == PRACTICE]
    noted = [entry for entry in entries if entry["kind"] == NOTE]
    tags = Tag.objects.for_names(chain.from_iterable(entry["tags"] for entry in [*told, *agreed]))
    save_stories(workshop, told, tags)
    save_notes(workshop, agreed, save_practices(agreed, tags, user))
    save_notes(workshop, noted, [None] * len(noted))
    return {"stories": len(told), "practices": len(agreed), "notes": len(noted)}


@search.indexing_once()
def save_stories(workshop: Workshop, entries: Sequence[EntryToSave], tags: Mapping[str, Tag]) -> list[Story]:
    """Make drafts of stories whose teller is not known. Their published wording starts as a copy of the words told."""
    stories = []
    for entry in entries:
        consent = Consent.FACILITATORS if entry["private"] else entry["consent"]
        stories.append(
            Story(
                workshop=workshop,
                kind=entry["kind"],
                title=entry["title"] or title_of(entry["text"]),
                published_text=entry["text"],
                service_area=entry["service_area"],
                place=entry["place"],
                location=entry["location"],
                agreements=entry["agreements"],
                consent=consent,
                effective_consent=consent,
                in_confidence=entry["private"],
            )
        )
    Story.objects.bulk_create(stories)
    told = list(zip(stories, entries, strict=True))
    OriginalText.objects.bulk_create(OriginalText(story=story, text=entry["text"]) for story, entry in told)
    link(Story.themes.through, "story", "theme", [(story, entry["themes"]) for story, entry in told])
    record_bulk_history(stories, ADDED)
    tag_rows(StoryTag, told, tags)
    return stories


def save_practices(entries: Sequence[EntryToSave], tags: Mapping[str, Tag], user: User) -> list[Practice]:
    practices = Practice.objects.bulk_create(Practice(statement=entry["text"], entered_by=user) for entry in entries)
    drawn = list(zip(practices, entries, strict=True))
    link(Practice.themes.through, "practice", "theme", [(practice, entry["themes"]) for practice, entry in drawn])
    areas = [(practice, [area]) for practice, entry in drawn if (area := entry["service_area"])]
    link(Practice.service_areas.through, "practice", "servicearea", areas)
    record_bulk_history(practices, ADDED)
    tag_rows(PracticeTag, drawn, tags)
    return practices


def save_notes(workshop: Workshop, entries: Sequence[EntryToSave], practices: Sequence[Practice | None]) -> None:
    """Make notes of the workshop, each beside its practice if it has one, with what the room would do with it."""
    notes = Note.objects.bulk_create(
        Note(
            workshop=workshop,
            practice=practice,
            text=entry["text"],
            choice=entry["choice"],
            agreements=entry["agreements"],
            in_confidence=entry["private"],
            service_area=entry["service_area"],
            place=entry["place"],
            tags=entry["tags"],
        )
        for entry, practice in zip(entries, practices, strict=True)
    )
    themes = [(note, entry["themes"]) for note, entry in zip(notes, entries, strict=True)]
    link(Note.themes.through, "note", "theme", themes)


def link(through: type[Model], owner: str, target: str, rows: Iterable[tuple[Model, Iterable[Model]]]) -> None:
    """Link each row of [(row, terms)] to its terms. `owner` and `target` name the two columns of the link table."""
    through._default_manager.bulk_create(
        through(**{f"{owner}_id": row.pk, f"{target}_id": term.pk}) for row, terms in rows for term in terms
    )


def tag_rows(
    through: type[StoryTag | PracticeTag], rows: Iterable[tuple[Model, EntryToSave]], tags: Mapping[str, Tag]
) -> None:
    """Tag each row of [(row, entry)] with the tags its entry names, each once. `tags` is {key: tag}."""
    links = through.objects.bulk_create(
        through(content_object=row, tag=tags[key])
        for row, entry in rows
        for key in dict.fromkeys(tag_key(name) for name in entry["tags"])
    )
    record_bulk_history(links, ADDED)


@transaction.atomic
def promote(note: Note, user: User) -> Story | None:
    """Make a story of a note: a draft for its facilitators, with all that the note holds. The note is gone.

    None if that was done already: of two who press the button at the same moment, the second waits here and then
    finds no note. `story_made_of` gives them the story.
    """
    locked = Note.objects.unsorted().select_for_update().filter(pk=note.pk).first()
    if locked is None:
        return None
    (story,) = save_stories(locked.workshop, [entry_of(locked)], Tag.objects.for_names(locked.tags))
    record_promotion(locked, story, user)
    locked.delete()
    return story


def entry_of(note: Note) -> EntryToSave:
    """A note as the story it becomes: for its facilitators only, until they say otherwise."""
    return {
        "kind": Kind.INNOVATION,
        "title": "",
        "text": note.text,
        "choice": "",
        "location": "",
        "service_area": note.service_area,
        "place": note.place,
        "themes": list(note.themes.all()),
        "tags": note.tags,
        "consent": Consent.FACILITATORS,
        "private": note.in_confidence,
        "agreements": note.agreements,
    }


def record_promotion(note: Note, story: Story, user: User) -> None:
    """Log that the note is gone and which story it became, in the form that Django's own log entries have."""
    became = [{"added": {"name": "story", "object": story.ref}}]
    LogEntry.objects.log_actions(user.pk, [note], DELETION, change_message=became, single_object=True)


def story_made_of(note_pk: int, user: User) -> Story | None:
    """The story that a note became, for those who ran its workshop; None if it is gone, or the note was deleted."""
    gone = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Note), action_flag=DELETION)
    entry = gone.filter(object_id=str(note_pk)).exclude(change_message="").first()
    if entry is None:
        return None
    (became,) = json.loads(entry.change_message)
    told = Story.objects.visible_to(user).filter(workshop__in=Workshop.objects.facilitated_by(user).values("pk"))
    return told.filter(ref=became["added"]["object"]).first()
