"""The index of words, kept beside the stories by everything that writes them."""

import datetime

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from tests.factories import a_story, a_user, a_workshop
from workshops import search
from workshops.choices import Status
from workshops.consent import withdrawal
from workshops.models import Story, StoryTag, Tag
from workshops.roles import EDITOR
from workshops.stories.bulk_tagging import TaggingChange, apply_tagging, merge_tags, undo_tagging

pytestmark = pytest.mark.django_db


def entries():
    """All that the index holds, entry by entry."""
    columns = {"postgresql": "story_id, vector::text", "sqlite": "rowid, title, body, tags, spellings"}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns[connection.vendor]} FROM workshops_search ORDER BY 1")  # noqa: S608
        return cursor.fetchall()


def found(typed):
    stories = search.matching(Story.objects.all(), search.read_query(typed))
    return sorted(stories.values_list("title", flat=True))


def anyone(story):
    return True


def write_bulk_create(story):
    Story.objects.bulk_create([Story(title="Kites", published_text="A sky.", workshop=story.workshop)])


def write_bulk_update(story):
    story.title = "Kites"
    Story.objects.bulk_update([story], ["title"])


def write_update(story):
    Story.objects.filter(pk=story.pk).update(published_text="Kites.")


def write_save(story):
    story.title = "Kites"
    story.save()


def tag_set(story):
    story.tags.set(["Kites", "sky"])


def tag_removed(story):
    story.tags.remove("trust")


def tags_cleared(story):
    story.tags.clear()


def tag_renamed(story):
    tag = Tag.objects.get(key="trust")
    tag.name = "Kites"
    tag.save()


def tag_deleted(story):
    Tag.objects.get(key="trust").delete()


def tags_deleted(story):
    Tag.objects.filter(key="trust").delete()


def tags_merged(story):
    other = a_story(tags=["Kites"], workshop=story.workshop).tags.get()
    merge_tags([Tag.objects.get(key="trust")], into=other)


def tagged_in_bulk(story):
    apply_tagging([story.pk], TaggingChange(["Kites"], [Tag.objects.get(key="trust")]), a_user(EDITOR), anyone)


def tagging_undone(story):
    record = apply_tagging([story.pk], TaggingChange(["Kites"], [Tag.objects.get(key="trust")]), a_user(EDITOR), anyone)
    undo_tagging(record, anyone)


def links_made(story):
    tag = Tag.objects.create(name="Kites")
    StoryTag.objects.bulk_create([StoryTag(content_object=story, tag=tag)])


def links_deleted(story):
    StoryTag.objects.filter(content_object=story).delete()


def story_deleted(story):
    story.delete()


def stories_deleted(story):
    Story.objects.filter(pk=story.pk).delete()


def withdrawn(story):
    withdrawal.withdraw_stories([story])


WRITERS = [
    write_bulk_create,
    write_bulk_update,
    write_update,
    write_save,
    tag_set,
    tag_removed,
    tags_cleared,
    tag_renamed,
    tag_deleted,
    tags_deleted,
    tags_merged,
    tagged_in_bulk,
    tagging_undone,
    links_made,
    links_deleted,
    story_deleted,
    stories_deleted,
    withdrawn,
]


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
def test_kept_index_is_the_one_that_a_rebuild_makes(write):
    workshop = a_workshop()
    a_story(title="Other", published_text="Somebody rang.", tags=["trust", "hope"], workshop=workshop)
    story = a_story(title="Beds", published_text="A hotel.", tags=["trust"], workshop=workshop)
    before = entries()
    write(Story.objects.get(pk=story.pk))
    kept = entries()
    search.rebuild()
    assert kept == entries()
    if write is not tagging_undone:
        assert kept != before


def test_change_that_fails_leaves_the_index_as_it_was():
    story = a_story(title="Beds")
    before = entries()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        story.title = "Kites"
        story.save()
        story.tags.add("sky")
        raise ZeroDivisionError
    assert entries() == before
    assert (found("beds"), found("kites")) == (["Beds"], [])


def test_rebuild_reads_every_story_and_drops_what_is_left_over(capsys):
    a_story(title="Beds", status=Status.DRAFT)
    a_story(title="Calls")
    before = entries()
    with connection.cursor() as cursor:
        search.store().delete(cursor, [Story.objects.get(title="Beds").pk])
        search.store().insert(cursor, [search.read_entry(10**6, "Nobody", "", [])])
    assert entries() != before
    call_command("rebuild_search")
    assert entries() == before
    assert capsys.readouterr().out == "Read 2 stories.\n"


def test_words_as_told_are_not_in_the_index():
    a_story(title="Beds", published_text="A hotel opened.", text="Mrs Secret opened a hotel.")
    assert found("hotel") == ["Beds"]
    assert found("secret") == []
    assert "secret" not in str(entries())


def test_words_of_a_withdrawn_story_leave_the_index():
    story = a_story(title="Beds", published_text="Kites", tags=["Sky"])
    a_story(title="Calls")
    withdrawal.withdraw_stories([story])
    assert found("kites") == []
    assert "kite" not in str(entries())


def test_withdrawn_story_that_is_saved_again_stays_out_of_the_index():
    withdrawn_at = datetime.datetime(2021, 1, 1, tzinfo=datetime.UTC)
    story = a_story(title="Kites", status=Status.WITHDRAWN, withdrawn_at=withdrawn_at)
    story.save()
    story.tags.add("sky")
    assert entries() == []


def test_very_long_story_is_kept_and_found_by_its_beginning():
    words = " ".join(f"word{number}" for number in range(20_000))
    a_story(title="Long", published_text=f"start {words} finish", tags=["tagged"])
    assert found("start word15000") == ["Long"]
    assert found("tagged") == ["Long"]
    assert found("finish") == []


def test_very_long_words_are_kept():
    a_story(title="Long", published_text="a" * 30_000 + "\U00020000" * 30_000)
    a_story(title="Signs", published_text=r"\' \\ ''' \" (& | !:*) <-> ¦ {title} NEAR AND NOT")
    assert found('"near and not"') == ["Signs"]
    assert found("a" * 50) == ["Long"]
