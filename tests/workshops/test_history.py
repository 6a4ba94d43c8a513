"""What is remembered of a story, and what never is."""

import pytest
from django.db import connection, transaction
from django.db.models import CASCADE, ProtectedError

from innovation_archive.exchange.imports import import_table
from innovation_archive.exchange.reading import read_content
from tests.factories import (
    a_participant,
    a_place,
    a_service_area,
    a_story,
    a_theme,
    a_user,
    a_workshop,
    an_insight,
)
from workshops.choices import Consent, Status
from workshops.consent import withdrawal
from workshops.history import ADDED, CHANGED, REMOVED
from workshops.models import Correction, Story, StoryTag
from workshops.stories import review

pytestmark = pytest.mark.django_db

MODELS = [Story.history.model, Story.history.model.themes.model, StoryTag.history.model]


def remembered(story, *fields):
    """The entries of a story's history, oldest first."""
    return list(Story.history.filter(id=story.pk).order_by("history_id").values_list(*fields))


def everything_remembered():
    """Every cell of every table of history there is, as one text."""
    tables = [name for name in connection.introspection.table_names() if "historical" in name]
    assert "workshops_historicalstory" in tables
    cells = []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - our own tables
            cells += [str(row) for row in cursor.fetchall()]
    return "\n".join(cells)


def test_draft_is_remembered_without_its_wording():
    story = a_story(status=Status.DRAFT, title="Ann's van", published_text="Ann bought a van.", text="Ann did.")
    assert remembered(story, "history_type", "title", "published_text") == [(ADDED, "", "")]
    assert "Ann" not in everything_remembered()


def test_wording_is_remembered_from_the_day_it_is_submitted():
    story = a_story(status=Status.DRAFT, title="The van", published_text="A van.", text="Ann bought a van.")
    review.submit_story(story)
    review.publish_story(story)
    entries = remembered(story, "history_type", "status", "title", "published_text")
    assert entries == [
        (ADDED, "draft", "", ""),
        (CHANGED, "in review", "The van", "A van."),
        (CHANGED, "published", "The van", "A van."),
    ]
    assert "Ann" not in everything_remembered()


def test_credit_is_never_remembered():
    a_story(consent=Consent.CREDITED, credit="Ann Field")
    assert "Ann Field" not in everything_remembered()


def test_tags_and_themes_are_remembered_one_by_one():
    story = a_story(themes=[a_theme("Culture")], tags=["vans", "trust"])
    story.tags.set(["trust", "hubs"])
    links = StoryTag.history.order_by("history_id").values_list("history_type", "tag__name")
    added, removed = sorted(name for kind, name in links if kind == ADDED), [n for kind, n in links if kind == REMOVED]
    assert (added, removed) == (["hubs", "trust", "vans"], ["vans"])
    last = Story.history.filter(id=story.pk).latest()
    assert [link.theme.name for link in last.themes.all()] == ["Culture"]


def test_consent_that_falls_for_a_tellers_stories_is_remembered():
    teller = a_participant()
    story = a_story(told_by=teller)
    withdrawal.lower_consent(teller, Consent.TEAM)
    fields = ["status", "consent", "effective_consent"]
    assert remembered(story, *fields) == [("published", 2, 2), ("unpublished", 1, 1)]


def test_consent_that_falls_is_remembered_of_a_story_that_was_as_narrow():
    teller = a_participant(consent=Consent.TEAM)
    story = a_story(told_by=teller, status=Status.DRAFT, consent=Consent.PUBLIC)
    withdrawal.lower_consent(teller, Consent.TEAM)
    assert remembered(story, "consent", "effective_consent") == [(2, 1), (1, 1)]


def test_withdrawn_story_is_nowhere_in_a_history():
    story, other = (a_story(themes=[a_theme()], tags=["vans"], published_text=words) for words in ("Gone.", "Kept."))
    Correction.objects.create(story=story, title="Gone too", published_text="Gone.", why="Gone as well.")
    withdrawal.withdraw_stories([story])
    assert "Gone" not in everything_remembered()
    assert [model.objects.count() for model in MODELS] == [2, 1, 1]
    assert not Correction.objects.exists()
    assert remembered(other, "published_text") == [("Kept.",), ("Kept.",)]


@pytest.mark.parametrize(
    "delete",
    [
        lambda story: story.delete(),
        lambda story: Story.objects.filter(pk=story.pk).delete(),
        lambda story: story.workshop.stories.all().delete(),
    ],
    ids=["one story", "a queryset", "the stories of a workshop"],
)
def test_deleted_story_leaves_no_history(delete):
    gone = a_story(themes=[a_theme()], tags=["vans"], title="Gone", published_text="Gone as well.")
    kept = a_story(themes=[a_theme()], tags=["trust"], published_text="Kept.")
    delete(gone)
    assert "Gone" not in everything_remembered()
    assert [model.objects.count() for model in MODELS] == [2, 1, 1]
    assert remembered(kept, "published_text") == [("Kept.",), ("Kept.",)]


def test_histories_stay_if_stories_cannot_be_deleted():
    story = a_story(tags=["vans"])
    an_insight(supports=[story])
    with pytest.raises(ProtectedError), transaction.atomic():
        Story.objects.all().delete()
    assert (remembered(story, "history_type"), StoryTag.history.count()) == ([(ADDED,)], 1)


@pytest.mark.parametrize(
    "owner",
    [
        lambda story: story.workshop,
        lambda story: story.workshop.phase,
        lambda story: story.workshop.phase.programme,
        lambda story: story.told_by,
        lambda story: story.place,
        lambda story: story.service_area,
    ],
    ids=["workshop", "phase", "programme", "teller", "place", "service area"],
)
def test_nothing_takes_its_stories_along_when_it_is_deleted(owner):
    """Django would delete them without asking the story, and leave their histories."""
    story = a_story(told_by=a_participant(), place=a_place(), service_area=a_service_area())
    with pytest.raises(ProtectedError):
        owner(story).delete()
    with pytest.raises(ProtectedError):
        type(owner(story)).objects.all().delete()
    assert Story.objects.get() == story


def test_no_link_of_a_story_cascades():
    links = [field for field in Story._meta.fields if field.remote_field]
    names = ["place", "raised_by", "service_area", "told_by", "withdrawn_by", "workshop"]
    assert sorted(field.name for field in links) == names
    assert [field.name for field in links if field.remote_field.on_delete is CASCADE] == []


def bring_in(*lines, **options):
    report = import_table("stories", read_content("\n".join(lines).encode(), "stories.csv"), **options)
    assert report.problems == []
    return report


HEADER = "ref,workshop,kind,title,text,published_text,themes,tags,consent,status"


@pytest.fixture
def imported():
    a_workshop(slug="w")
    a_theme("Culture")
    bring_in(HEADER, "s,w,message,The van,Ann bought it.,Somebody bought it.,culture,vans|trust,public,in review")
    return Story.objects.get()


def test_import_is_remembered_with_themes_and_tags(imported):
    entry = Story.history.get(id=imported.pk)
    assert (entry.history_type, entry.published_text) == (ADDED, "Somebody bought it.")
    assert [link.theme.name for link in entry.themes.all()] == ["Culture"]
    assert sorted(StoryTag.history.values_list("history_type", "tag__name")) == [(ADDED, "trust"), (ADDED, "vans")]
    assert "Ann" not in everything_remembered()


def test_import_that_changes_is_remembered(imported):
    bring_in("ref,tags,themes", "s,trust|hubs,")
    last = Story.history.filter(id=imported.pk).latest()
    assert (last.history_type, list(last.themes.all())) == (CHANGED, [])
    later = StoryTag.history.order_by("history_id").values_list("history_type", "tag__name")[2:]
    assert sorted(later) == [(ADDED, "hubs"), (REMOVED, "vans")]


def test_import_that_changes_nothing_is_not_remembered(imported):
    bring_in("ref,tags,themes", "s,vans|trust,culture")
    assert Story.history.count() == 1


def test_import_counts_as_a_save(imported):
    bring_in("ref,title", "s,The bus")
    imported.refresh_from_db()
    assert imported.version == 1


def test_import_that_withdraws_forgets(imported):
    bring_in("ref,status", "s,withdrawn")
    assert [model.objects.count() for model in MODELS] == [0, 0, 0]


def test_history_knows_who_made_a_change(client):
    editor, story = a_user("editor"), a_story(status=Status.IN_REVIEW)
    client.force_login(editor)
    client.post("/admin/workshops/story/", {"action": "publish", "_selected_action": [story.pk]})
    assert Story.history.filter(id=story.pk).latest().history_user == editor
