"""The desk: where facilitators enter and tag what was told, and editors review it."""

from workshops.admin import notes, participants, programmes, stories, vocabulary, votes

__all__ = ["notes", "participants", "programmes", "stories", "vocabulary", "votes"]
