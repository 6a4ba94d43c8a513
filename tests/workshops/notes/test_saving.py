"""What becomes of notes beyond their pages: many people at once."""

import pytest
from django.contrib.admin.models import LogEntry

from tests.crowd import all_at_once
from tests.factories import a_user, a_workshop
from workshops.models import Note, Story
from workshops.notes import saving
from workshops.roles import FACILITATOR


@pytest.mark.django_db(transaction=True)
def test_note_promoted_by_several_at_once_becomes_one_story():
    users = [a_user(FACILITATOR) for _ in range(4)]
    workshop = a_workshop(facilitators=users)
    note = Note.objects.create(workshop=workshop, text="What was said", tags=["trust"])
    made = all_at_once(lambda number: saving.promote(Note(pk=note.pk), users[number]), 4)
    story = Story.objects.get()
    assert sorted(made, key=bool) == [None, None, None, story]
    assert [saving.story_made_of(note.pk, user) for user in users] == [story] * 4
    assert list(story.tags.names()) == ["trust"]
    assert (Note.objects.count(), LogEntry.objects.count()) == (0, 1)
