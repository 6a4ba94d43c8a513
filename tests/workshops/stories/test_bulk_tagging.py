"""Tags and themes of many stories at once, taken back exactly; merging tags; and doing so all at the same time."""

import datetime
from collections import Counter
from threading import Event

import pytest
from django.db import connection, transaction
from django.utils import timezone

from tests.crowd import all_at_once
from tests.factories import a_practice, a_story, a_theme, a_user, a_workshop
from workshops.choices import Consent, Status
from workshops.consent import withdrawal
from workshops.models import BulkTagging, PracticeTag, Story, StoryTag, Tag
from workshops.roles import EDITOR, FACILITATOR
from workshops.stories import bulk_tagging
from workshops.stories.bulk_tagging import (
    TaggingChange,
    apply_tagging,
    merge_tags,
    preview_tagging,
    preview_undo,
    undo_tagging,
)

pytestmark = pytest.mark.django_db


def anyone(story):
    return True


def tags_of(*stories):
    return [sorted(story.tags.names()) for story in stories]


def tagged(stories, change, by=None, may_write=anyone):
    return apply_tagging([story.pk for story in stories], change, by or a_user(EDITOR), may_write)


def named(name):
    return Tag.objects.get(name=name)


def test_tags_and_themes_are_added_and_removed():
    kept, old, new = a_theme("Kept"), a_theme("Old"), a_theme("New")
    first, second = a_story(tags=["hope", "trust"], themes=[kept, old]), a_story(tags=["hope"])
    other = a_story(tags=["hope"], themes=[old])
    change = TaggingChange(["Trust", "pace"], [named("hope")], [new], [old])
    record = tagged([first, second], change)
    assert tags_of(first, second, other) == [["pace", "trust"], ["pace", "trust"], ["hope"]]
    assert [list(story.themes.all()) for story in (first, second, other)] == [[kept, new], [new], [old]]
    assert record.story_count == 2


def test_change_that_changes_nothing_leaves_no_record():
    story = a_story(tags=["trust"])
    record = tagged([story], TaggingChange(["TRUST"]))
    assert (record.pk, record.story_count, BulkTagging.objects.count()) == (None, 0, 0)


def test_only_what_may_be_written_is_changed():
    mine, theirs, withdrawn = a_story(), a_story(), a_story()
    withdrawal.withdraw_stories([withdrawn])
    tagged([mine, theirs, withdrawn], TaggingChange(["trust"]), may_write=lambda story: story.pk != theirs.pk)
    assert tags_of(mine, theirs, withdrawn) == [["trust"], [], []]


def test_stories_one_does_not_see_stay_as_they_are():
    hidden = a_story(status=Status.DRAFT, consent=Consent.FACILITATORS)
    tagged([hidden], TaggingChange(["trust"]))
    assert tags_of(hidden) == [[]]


def test_foresight_says_what_happens_and_makes_nothing():
    theme = a_theme("Pace")
    first, second, third = a_story(tags=["trust"]), a_story(tags=["hope"]), a_story(themes=[theme])
    ids = [first.pk, second.pk, third.pk]
    change = TaggingChange(["TRUST", "new"], [named("hope")], [theme], [])
    assert [(effect.word, effect.removes, effect.count) for effect in preview_tagging(ids, change)] == [
        ("trust", False, 2),
        ("new", False, 3),
        ("hope", True, 1),
        ("Pace", False, 2),
    ]
    assert sorted(Tag.objects.values_list("name", flat=True)) == ["hope", "trust"]


def test_queries_do_not_grow_with_the_stories(django_assert_max_num_queries):
    theme, user = a_theme(), a_user(EDITOR)
    workshop = a_workshop()
    stories = [a_story(workshop=workshop, tags=["old"]) for _ in range(60)]
    change = TaggingChange(["trust", "pace"], [named("old")], [theme])
    with django_assert_max_num_queries(40):  # eight of them count the stories anew for the filters
        tagged(stories, change, by=user)
    assert StoryTag.objects.count() == 120


def test_undo_takes_back_exactly_that_action():
    old, new = a_theme("Old"), a_theme("New")
    first, second = a_story(tags=["hope", "trust"], themes=[old]), a_story(tags=["hope"])
    record = tagged([first, second], TaggingChange(["trust", "pace"], [named("hope")], [new], [old]))
    first.tags.add("mine")
    done = undo_tagging(record, anyone)
    assert tags_of(first, second) == [["hope", "mine", "trust"], ["hope"]]
    assert [list(story.themes.all()) for story in (first, second)] == [[old], []]
    assert (done.stories, done.left, done.lost) == (2, 0, 0)


def test_undo_leaves_links_that_others_made_anew():
    first, second = a_story(), a_story(tags=["hope"])
    record = tagged([first, second], TaggingChange(["trust"], [named("hope")]))
    first.tags.remove("trust")
    first.tags.add("trust")
    second.tags.add("hope")
    undo_tagging(record, anyone)
    assert tags_of(first, second) == [["trust"], ["hope"]]
    assert StoryTag.objects.count() == 2


def test_undo_works_once():
    story = a_story(tags=["hope"])
    record = tagged([story], TaggingChange([], [named("hope")]))
    assert undo_tagging(record, anyone).stories == 1
    story.tags.remove("hope")
    assert undo_tagging(record, anyone) is None
    assert tags_of(story) == [[]]


def test_undo_leaves_what_may_no_longer_be_changed():
    first, second = a_story(), a_story()
    record = tagged([first, second], TaggingChange(["trust"]))
    done = undo_tagging(record, lambda story: story.pk == first.pk)
    assert tags_of(first, second) == [[], ["trust"]]
    assert (done.stories, done.left) == (1, 1)


def test_undo_says_what_is_gone():
    story = a_story(tags=["hope", "trust"])
    record = tagged([story], TaggingChange([], [named("hope"), named("trust")]))
    merge_tags([named("hope")], into=Tag.objects.create(name="faith"))
    done = undo_tagging(record, anyone)
    assert tags_of(story) == [["trust"]]
    assert (done.stories, done.lost) == (1, 1)


def test_undo_after_a_merge_takes_the_tag_under_its_new_name():
    added, had = a_story(), a_story(tags=["trust"])
    record = tagged([added, had], TaggingChange(["trsut"]))
    merge_tags([named("trsut")], into=named("trust"))
    undo_tagging(record, anyone)
    assert tags_of(added, had) == [[], ["trust"]]


def test_undo_says_before_what_it_does():
    first, second = a_story(tags=["hope"]), a_story(tags=["hope"])
    record = tagged([first, second], TaggingChange(["trust"], [named("hope")]))
    second.tags.remove("trust")
    effects = [(effect.word, effect.removes, effect.count) for effect in preview_undo(record)]
    assert effects == [("trust", True, 1), ("hope", False, 2)]


def test_undo_is_open_for_hours_and_to_oneself():
    me, other = a_user(EDITOR), a_user(EDITOR)
    record = tagged([a_story()], TaggingChange(["trust"]), by=me)
    assert list(BulkTagging.objects.open_to(me)) == [record]
    assert list(BulkTagging.objects.open_to(other)) == []
    BulkTagging.objects.update(made_at=timezone.now() - datetime.timedelta(hours=12, minutes=1))
    assert list(BulkTagging.objects.open_to(me)) == []
    tagged([a_story()], TaggingChange(["trust"]), by=other)
    assert [row.by for row in BulkTagging.objects.all()] == [other]


def test_history_tells_who_tagged_what():
    theme = a_theme("Pace")
    story = a_story(tags=["hope"])
    entries = Story.history.filter(id=story.pk).count()
    record = tagged([story], TaggingChange(["trust"], [named("hope")], [theme]))
    kinds = list(StoryTag.history.order_by("history_id").values_list("history_type", "tag"))
    assert kinds == [("+", named("hope").pk), ("+", named("trust").pk), ("-", named("hope").pk)]
    entry = Story.history.filter(id=story.pk).latest("history_id")
    assert Story.history.filter(id=story.pk).count() == entries + 1
    assert [link.theme for link in entry.themes.all()] == [theme]
    undo_tagging(record, anyone)
    entry = Story.history.filter(id=story.pk).latest("history_id")
    assert entry.themes.count() == 0


def test_history_tells_of_a_merge():
    story = a_story(tags=["trsut"])
    trsut, trust = named("trsut"), Tag.objects.create(name="trust")
    merge_tags([trsut], into=trust)
    kinds = list(
        StoryTag.history.filter(content_object=story).order_by("history_id").values_list("history_type", "tag")
    )
    assert kinds == [("+", trsut.pk), ("-", trsut.pk), ("+", trust.pk)]


def test_whoever_has_the_story_open_is_told():
    story, other = a_story(), a_story()
    tagged([story], TaggingChange(["trust"]))
    assert Story.objects.get(pk=story.pk).version == story.version + 1
    merge_tags([named("trust")], into=Tag.objects.create(name="faith"))
    assert Story.objects.get(pk=story.pk).version == story.version + 2
    assert Story.objects.get(pk=other.pk).version == other.version


def test_merge_keeps_every_link_once():
    one, two, three = a_story(tags=["trsut", "trust"]), a_story(tags=["trsut", "Trusts"]), a_story(tags=["hope"])
    both, old = a_practice(tags=["trust", "Trusts"]), a_practice(tags=["Trusts"])
    into = named("trust")
    merge_tags([named("trsut"), named("Trusts"), into], into=into)
    assert tags_of(one, two, three, both, old) == [["trust"], ["trust"], ["hope"], ["trust"], ["trust"]]
    assert (StoryTag.objects.count(), PracticeTag.objects.count()) == (3, 2)
    assert sorted(Tag.objects.values_list("name", flat=True)) == ["hope", "trust"]


def test_merge_reaches_stories_that_an_editor_does_not_see():
    hidden = a_story(tags=["trsut"], status=Status.DRAFT, consent=Consent.FACILITATORS)
    merge_tags([named("trsut")], into=Tag.objects.create(name="trust"))
    assert tags_of(hidden) == [["trust"]]


def test_merge_into_a_tag_that_is_gone_changes_nothing():
    story = a_story(tags=["trsut"])
    gone = Tag.objects.create(name="trust")
    Tag.objects.filter(pk=gone.pk).delete()
    with pytest.raises(Tag.DoesNotExist, match="“trust” is no longer there"):
        merge_tags([named("trsut")], into=gone)
    assert tags_of(story) == [["trsut"]]


def test_merge_that_is_cut_short_is_ended_by_asking_again(monkeypatch):
    workshop = a_workshop()
    stories = [a_story(workshop=workshop, tags=["trsut"]) for _ in range(5)]
    trsut, trust = named("trsut"), Tag.objects.create(name="trust")
    monkeypatch.setattr(bulk_tagging, "OWNERS_PER_MERGE", 2)
    lots, move_links = [], bulk_tagging.move_links_of_tags

    def move_twice(links, owners, *others):
        lots.append(list(owners))
        if len(lots) == 3:
            raise InterruptedError
        move_links(links, owners, *others)

    with monkeypatch.context() as cut_short:
        cut_short.setattr(bulk_tagging, "move_links_of_tags", move_twice)
        with pytest.raises(InterruptedError):
            merge_tags([trsut], into=trust)
    assert lots == [[story.pk for story in stories[start : start + 2]] for start in (0, 2, 4)]
    assert tags_of(*stories) == [["trust"], ["trust"], ["trust"], ["trust"], ["trsut"]]
    merge_tags([trsut], into=trust)
    assert tags_of(*stories) == [["trust"]] * 5
    assert [tag.name for tag in Tag.objects.all()] == ["trust"]


def test_merge_takes_as_many_queries_for_many_stories(django_assert_max_num_queries):
    workshop = a_workshop()
    for number in range(60):
        a_story(workshop=workshop, tags=["trsut"] if number % 2 else ["trsut", "trust"])
    # Eight count anew, six note where the old address leads, seven look for more to move; on PostgreSQL three more lock.
    with django_assert_max_num_queries(65):
        merge_tags([named("trsut")], into=named("trust"))
    assert Counter(StoryTag.objects.values_list("tag__name", flat=True)) == {"trust": 60}


def test_tags_of_hidden_stories_are_not_offered():
    facilitator = a_user(FACILITATOR)
    workshop = a_workshop(facilitators=[facilitator])
    secret = {"status": Status.DRAFT, "consent": Consent.FACILITATORS}
    a_story(workshop=workshop, tags=["ours", "shared"], **secret)
    a_story(tags=["theirs", "shared"], **secret)
    a_story(tags=["public"])
    Tag.objects.create(name="unused")
    a_practice(tags=["practised"])

    def seen(user):
        return [(tag.name, tag.story_count) for tag in Tag.objects.visible_to(user).with_uses(user)]

    assert seen(facilitator) == [("ours", 1), ("practised", 0), ("public", 1), ("shared", 1), ("unused", 0)]
    assert seen(a_user(EDITOR)) == [("practised", 0), ("public", 1), ("unused", 0)]


PEOPLE = 20


@pytest.mark.django_db(transaction=True)
def test_twenty_people_tagging_at_once_lose_nothing():
    stories = [a_story() for _ in range(10)]
    users = [a_user(EDITOR) for _ in range(PEOPLE)]
    ids = [story.pk for story in stories]

    def work(number):
        # Every second one in the other order, as two lists sorted differently would give it.
        names = [f"tag {number % 4}", "shared", f"own {number}"]
        order = (ids, names) if number % 2 else (ids[::-1], names[::-1])
        return apply_tagging(order[0], TaggingChange(order[1]), users[number], anyone).story_count

    assert all_at_once(work, PEOPLE) == [10] * PEOPLE
    links = Counter(StoryTag.objects.values_list("content_object", "tag__name"))
    names = ["shared", *(f"tag {n}" for n in range(4)), *(f"own {n}" for n in range(PEOPLE))]
    assert links == {(pk, name): 1 for pk in ids for name in names}
    added = [pk for record in BulkTagging.objects.all() for pk in record.links["tags"]["added"]]
    assert sorted(added) == sorted(StoryTag.objects.values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
def test_tagging_while_an_editor_merges_loses_nothing():
    stories = [a_story() for _ in range(5)]
    users = [a_user(EDITOR) for _ in range(PEOPLE)]
    a_story(tags=["trsut", "trust"])
    trsut, trust = named("trsut"), named("trust")

    def work(number):
        if number == 0:
            return merge_tags([trsut], into=trust)
        if number % 2:
            return stories[number % 5].tags.add(f"own {number}", "trsut")
        return apply_tagging([stories[number % 5].pk], TaggingChange([f"own {number}", "trsut"]), users[number], anyone)

    all_at_once(work, PEOPLE)
    links = Counter(StoryTag.objects.values_list("content_object", "tag__name"))
    assert set(links.values()) == {1}
    for number in range(1, PEOPLE):
        pk = stories[number % 5].pk
        assert (pk, f"own {number}") in links
        # Under its old name where somebody made it anew just after the merge.
        assert (pk, "trust") in links or (pk, "trsut") in links


@pytest.mark.django_db(transaction=True)
def test_tags_that_are_merged_renamed_and_deleted_while_people_tag_stop_nobody():
    stories = [a_story(tags=["trsut", "trust", "hub", "old"]) for _ in range(3)]
    users = [a_user(EDITOR) for _ in range(PEOPLE)]
    trsut, trust, hub, old = (named(name) for name in ("trsut", "trust", "hub", "old"))
    hub.name = "hubs"
    once = [lambda: merge_tags([trsut], into=trust), hub.save, old.delete]

    def work(number):
        if number < len(once):
            return once[number]()
        story = stories[number % 3]
        if number % 2:
            return story.tags.set(["trsut", "hub", "old", f"own {number}"], clear=True)
        return apply_tagging(
            [each.pk for each in stories], TaggingChange(["hub", "old", "trsut"]), users[number], anyone
        )

    all_at_once(work, PEOPLE)
    assert set(Counter(StoryTag.objects.values_list("content_object", "tag")).values()) == {1}


@pytest.mark.django_db(transaction=True)
def test_merge_waits_for_whoever_is_tagging():
    """A link that is being made as the merge begins goes where the merge leads."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one transaction write at a time")
    story = a_story()
    a_story(tags=["trsut", "trust"])
    trsut, trust = named("trsut"), named("trust")
    linked, merged = Event(), Event()

    def work(number):
        if number == 0:
            with transaction.atomic():
                story.tags.add("trsut")
                linked.set()
                assert not merged.wait(timeout=0.5)
        else:
            linked.wait(timeout=30)
            merge_tags([trsut], into=trust)
            merged.set()

    all_at_once(work, count=2)
    assert tags_of(story) == [["trust"]]
