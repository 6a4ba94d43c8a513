"""The desk: where facilitators enter and tag what was told, and editors review it."""

from workshops.admin import ballots, notes, participants, programmes, stories, tags, vocabulary, votes

__all__ = ["ballots", "notes", "participants", "programmes", "stories", "tags", "vocabulary", "votes"]
