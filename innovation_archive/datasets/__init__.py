"""Every dataset of the archive, described once: import, export, /data/ and the README's tables all read this.

`DATASETS` holds them by name, in the order in which imports resolve each other's names; `KINDS` are those
that a file may bring in.
"""

from innovation_archive.datasets.base import Audience, Dataset
from innovation_archive.datasets.importing import Importable
from innovation_archive.datasets.insights import (
    Articles,
    Commitments,
    EvidenceRows,
    Insights,
    MatrixDataset,
    Publications,
    Reviews,
    SetAsides,
)
from innovation_archive.datasets.stories import Stories
from innovation_archive.datasets.story_files import RemovedStories, StoryCodes, StoryTags
from innovation_archive.datasets.vocabularies import Places, Programmes, ServiceAreas, Themes
from innovation_archive.datasets.votes import Practices, Tallies, VoteResults, Votes, VoteShares, VoteVerdicts
from innovation_archive.datasets.workshops import Participants, Workshops

DATASETS = {
    each.dataset: each
    for each in (
        Programmes,
        ServiceAreas,
        Themes,
        Places,
        Workshops,
        Participants,
        Stories,
        StoryTags,
        StoryCodes,
        RemovedStories,
        Practices,
        Votes,
        Tallies,
        VoteShares,
        VoteResults,
        VoteVerdicts,
        Insights,
        EvidenceRows,
        SetAsides,
        Publications,
        Articles,
        MatrixDataset,
        Commitments,
        Reviews,
    )
}
KINDS = {name: each for name, each in DATASETS.items() if issubclass(each, Importable)}

__all__ = ["DATASETS", "KINDS", "Audience", "Dataset", "Importable"]
