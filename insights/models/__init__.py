"""Insights and their evidence, their published versions, articles, commitments and released votes."""

from insights.models.articles import Article, Commitment, Reminder, Review
from insights.models.insights import Evidence, Insight, SetAside
from insights.models.looks import FreshLook
from insights.models.publications import Publication, PublishedEvidence
from insights.models.releases import (
    ErasedVotes,
    ExactCounts,
    Release,
    ReleasedGroup,
    ReleasedPractice,
    ReleaseRequest,
    Turnout,
)

__all__ = [
    "Article",
    "Commitment",
    "ErasedVotes",
    "Evidence",
    "ExactCounts",
    "FreshLook",
    "Insight",
    "Publication",
    "PublishedEvidence",
    "Release",
    "ReleaseRequest",
    "ReleasedGroup",
    "ReleasedPractice",
    "Reminder",
    "Review",
    "SetAside",
    "Turnout",
]
