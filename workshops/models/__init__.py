"""What workshops bring in: programmes, workshops, people, stories, practices and votes."""

from workshops.models.addresses import MovedAddress
from workshops.models.ballots import Ballot, BallotPaper, FailedAttempt
from workshops.models.consents import ConsentRecord
from workshops.models.corrections import Correction
from workshops.models.facet_counts import FacetCount
from workshops.models.forgotten import Forgotten, RemovedStory
from workshops.models.grants import RoleGrant
from workshops.models.judgements import ContextAnswer, Judgement, UnjudgedPublication
from workshops.models.mail import OutgoingMail, UseSubscription
from workshops.models.merges import MergedVote, PracticeMerge
from workshops.models.notes import Note
from workshops.models.participants import ErasureRequest, Identity, Participant, Slip
from workshops.models.passages import HiddenPassage, HiddenShingle
from workshops.models.programmes import Phase, Programme, Workshop
from workshops.models.readings import PrivateReading
from workshops.models.spellings import SpellingCorrection
from workshops.models.stories import OriginalText, Story
from workshops.models.tags import BulkTagging, PracticeTag, StoryTag, Tag
from workshops.models.traces import WordingTrace
from workshops.models.vocabulary import Place, ServiceArea, Theme
from workshops.models.votes import Practice, Tally, Vote

__all__ = [
    "Ballot",
    "BallotPaper",
    "BulkTagging",
    "ConsentRecord",
    "ContextAnswer",
    "Correction",
    "ErasureRequest",
    "FacetCount",
    "FailedAttempt",
    "Forgotten",
    "HiddenPassage",
    "HiddenShingle",
    "Identity",
    "Judgement",
    "MergedVote",
    "MovedAddress",
    "Note",
    "OriginalText",
    "OutgoingMail",
    "Participant",
    "Phase",
    "Place",
    "Practice",
    "PracticeMerge",
    "PracticeTag",
    "PrivateReading",
    "Programme",
    "RemovedStory",
    "RoleGrant",
    "ServiceArea",
    "Slip",
    "SpellingCorrection",
    "Story",
    "StoryTag",
    "Tag",
    "Tally",
    "Theme",
    "UnjudgedPublication",
    "UseSubscription",
    "Vote",
    "WordingTrace",
    "Workshop",
]
