"""What is captured: programmes, rooms, people, stories, practices and votes."""

from workshops.models.corrections import Correction
from workshops.models.notes import Note
from workshops.models.participants import Identity, Participant
from workshops.models.programmes import Phase, Programme, Workshop
from workshops.models.stories import Story, Telling
from workshops.models.tags import PracticeTag, StoryTag, Tag
from workshops.models.vocabulary import Place, ServiceArea, Theme
from workshops.models.votes import Practice, Tally, Vote

__all__ = [
    "Correction",
    "Identity",
    "Note",
    "Participant",
    "Phase",
    "Place",
    "Practice",
    "PracticeTag",
    "Programme",
    "ServiceArea",
    "Story",
    "StoryTag",
    "Tag",
    "Tally",
    "Telling",
    "Theme",
    "Vote",
    "Workshop",
]
