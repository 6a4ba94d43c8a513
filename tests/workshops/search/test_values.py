"""The index of values: what facets count, kept by everything that writes stories."""

import random

import pytest
from django.core.management import call_command
from django.db import transaction

from innovation_archive.exchange.imports import import_table
from innovation_archive.exchange.reading import Table
from tests.crowd import all_at_once
from tests.factories import a_participant, a_phase, a_place, a_service_area, a_story, a_theme, a_user, a_workshop
from workshops import search
from workshops.choices import Consent, Kind, Status
from workshops.consent import withdrawal
from workshops.models import FacetCount, Participant, Phase, Place, Story, Tag, Theme, Workshop
from workshops.roles import EDITOR
from workshops.search import story_sets, values
from workshops.search.story_sets import StorySet, bits_in
from workshops.stories import review
from workshops.stories.bulk_tagging import TaggingChange, apply_tagging, merge_tags, undo_tagging

pytestmark = pytest.mark.django_db


def kept():
    """All that the index holds, as {(facet, value): primary keys}; the numbers beside it must say the same."""
    found = {}
    for row in FacetCount.objects.exclude(number=0):
        stories = list(StorySet({row.block: bits_in(row.stories)}))
        assert row.number == len(stories)
        found.setdefault((row.facet, row.value), []).extend(stories)
    return {value: sorted(stories) for value, stories in found.items()}


def expected():
    """The same, read from the stories themselves."""
    found = {}
    for story in Story.objects.published().select_related("workshop").prefetch_related("themes", "tags").order_by("pk"):
        of_story = [("public", ""), ("kind", story.kind), ("phase", str(story.workshop.phase_id))]
        of_story += [("service_area", str(story.service_area_id))] if story.service_area_id else []
        of_story += [("place", str(story.place_id))] if story.place_id else []
        of_story += [("theme", str(theme.pk)) for theme in story.themes.all()]
        of_story += [("tag", str(tag.pk)) for tag in story.tags.all()]
        for value in of_story:
            found.setdefault(value, []).append(story.pk)
    return found


@pytest.fixture
def small_blocks(monkeypatch):
    """So that the few stories of a test are several blocks."""
    monkeypatch.setattr(story_sets, "BLOCK_SIZE", 8)
    monkeypatch.setattr(values, "BLOCK_SIZE", 8)


class Writes:
    """What the product does with stories, each method one of its ways, on rows drawn at random."""

    def __init__(self, seed):
        self.draw = random.Random(seed)  # noqa: S311 - nothing secret depends on it
        self.editor = a_user(EDITOR)
        self.phases = [a_phase(number=n) for n in (1, 2, 3)]
        self.workshops = [a_workshop(phase=phase) for phase in self.phases[:2]]
        self.areas = [a_service_area(f"Area {n}") for n in range(3)]
        self.places = [a_place(f"Place {n}") for n in range(3)]
        for _ in range(4):
            a_participant()
        for n in range(4):
            a_theme(f"Theme {n}")
        for _ in range(12):
            self.told()
        self.undoable = []

    def one(self, model):
        rows = list(model.objects.order_by("pk"))
        return self.draw.choice(rows) if rows else None

    def some(self, model, most=4):
        rows = list(model.objects.order_by("pk"))
        return self.draw.sample(rows, min(len(rows), self.draw.randint(1, most)))

    def told(self):
        willing = [person for person in Participant.objects.order_by("pk") if person.consent >= Consent.PUBLIC]
        draft = self.draw.random() < 0.3
        a_story(
            workshop=self.one(Workshop), service_area=self.draw.choice([*self.areas, None]),
            place=self.draw.choice([*self.places, None]), kind=self.draw.choice([Kind.INNOVATION, Kind.MESSAGE]),
            told_by=self.draw.choice([*willing, None]), themes=self.some(Theme, 2),
            tags=self.draw.sample(["trust", "pace", "food", "beds"], 2),
            consent=self.draw.choice([Consent.PUBLIC, Consent.CREDITED]),
            status=Status.DRAFT if draft else Status.PUBLISHED,
        )  # fmt: skip

    def publish(self):
        story = self.one(Story)
        if not story.publication_blockers():
            review.publish_story(story)

    def unpublish(self):
        for story in Story.objects.published().order_by("pk")[:2]:
            review.unpublish_story(story)

    def withdraw(self):
        withdrawal.withdraw_stories(self.some(Story, 2))

    def lower_a_story(self):
        story = self.one(Story)
        if story.status != Status.WITHDRAWN:
            withdrawal.lower_consent(story, Consent.TEAM)

    def lower_a_teller(self):
        withdrawal.lower_consent(self.one(Participant), self.draw.choice([Consent.PUBLIC, Consent.TEAM]))

    def edit(self):
        story = self.one(Story)
        if story.status == Status.WITHDRAWN:
            return  # nobody can, and the database refuses it
        story.service_area, story.place = self.draw.choice([*self.areas, None]), self.draw.choice(self.places)
        story.workshop, story.kind = self.one(Workshop), self.draw.choice([Kind.INNOVATION, Kind.MESSAGE])
        story.save()
        story.themes.set(self.some(Theme, 2))
        story.tags.set(self.draw.sample(["trust", "pace", "food", "beds", "new"], 2))

    def update(self):
        pks = [story.pk for story in self.some(Story) if story.status != Status.WITHDRAWN]
        Story.objects.filter(pk__in=pks).update(place=self.draw.choice(self.places), kind=Kind.MESSAGE)

    def tag_in_bulk(self):
        tag, theme = self.one(Tag), self.one(Theme)
        change = TaggingChange(["hope"], [tag] if tag else [], [theme] if theme else [], self.some(Theme, 1)[:1])
        record = apply_tagging([story.pk for story in self.some(Story)], change, self.editor, lambda story: True)
        self.undoable += [record] if record.pk else []

    def undo(self):
        if self.undoable:
            undo_tagging(self.undoable.pop(), lambda story: True)

    def merge(self):
        tags = self.some(Tag, 3)
        merge_tags(tags, into=tags[0])

    def rename_tag(self):
        tag = self.one(Tag)
        tag.name = f"renamed {self.draw.random()}"
        tag.save()

    def delete_tag(self):
        self.one(Tag).delete()

    def delete_themes(self):
        if Theme.objects.count() > 2:
            Theme.objects.filter(pk=self.one(Theme).pk).delete()

    def unlink_themes(self):
        self.one(Story).themes.clear()

    def move_workshop(self):
        workshop = self.one(Workshop)
        workshop.phase = self.one(Phase)
        workshop.save()

    def bring_in_stories(self):
        rows = [
            [story.ref, self.one(Workshop).slug, "message", story.title, self.one(Place).code, self.one(Theme).slug, "trust|beds",
             self.draw.choice(["draft", "in review", "withdrawn"]) if story.status != Status.WITHDRAWN else "draft"]
            for story in self.some(Story)
        ]  # fmt: skip
        rows.append(
            [f"new-{self.draw.random()}", self.one(Workshop).slug, "message", "New", "", "", "brand new", "draft"]
        )
        columns = ["ref", "workshop", "kind", "title", "place", "themes", "tags", "status"]
        assert import_table("stories", a_table(columns, rows)).problems == []

    def bring_in_workshops(self):
        workshop, phase = self.one(Workshop), self.one(Phase)
        rows = [[workshop.slug, workshop.title, phase.programme.slug, str(phase.number)]]
        assert import_table("workshops", a_table(["slug", "title", "programme", "phase"], rows)).problems == []

    def delete(self):
        self.one(Story).delete()
        Story.objects.filter(pk=self.one(Story).pk).delete()

    def fail_halfway(self):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            self.edit()
            self.publish()
            raise ZeroDivisionError


WAYS = [name for name in vars(Writes) if not name.startswith("_") and name not in {"one", "some"}]


def a_table(columns, rows):
    return Table("file.csv", columns, rows, list(range(2, len(rows) + 2)))


def test_kept_numbers_are_exact_after_any_sequence_of_writes(small_blocks):
    writes, changed = Writes(seed=11), set()
    ways = WAYS * 5
    writes.draw.shuffle(ways)
    for way in ways:
        while Story.objects.published().count() < 8:
            writes.told()
        before = kept()
        getattr(writes, way)()
        assert kept() == expected(), way
        changed |= {way} if kept() != before else set()
    before = kept()
    search.rebuild()
    assert kept() == before
    assert set(WAYS) - changed == {"fail_halfway", "rename_tag"}


@pytest.mark.django_db(transaction=True)
def test_what_many_people_change_at_once_is_counted_once_each():
    workshop, theme = a_workshop(), a_theme()
    stories = [a_story(workshop=workshop, status=Status.IN_REVIEW) for _ in range(6)]

    def change(number):
        story = Story.objects.get(pk=stories[number // 2].pk)
        if number % 2:
            story.themes.add(theme)
            story.tags.add("trust", f"tag {number}")
        else:
            review.publish_story(story)
            Story.objects.filter(pk=stories[-1 - number // 2].pk).update(status=Status.PUBLISHED)

    all_at_once(change, 6)
    assert len(kept()["public", ""]) == 6
    assert len(kept()["theme", str(theme.pk)]) == 3
    assert kept() == expected()


def test_rebuild_counts_anew_what_was_lost(capsys, small_blocks):
    for n in range(10):
        a_story(themes=[a_theme(f"Theme {n}")])
    a_story(status=Status.DRAFT)
    before = kept()
    FacetCount.objects.filter(facet="theme").delete()
    FacetCount.objects.update(number=7)
    call_command("rebuild_search")
    assert kept() == before == expected()
    assert "Read 11 stories." in capsys.readouterr().out


def test_drafts_leave_no_trace():
    a_story(status=Status.DRAFT, tags=["secret"], themes=[a_theme()])
    assert list(FacetCount.objects.all()) == []


def test_totals_are_those_of_the_whole_archive(small_blocks):
    hubs = a_service_area("Hubs")
    for n in range(20):
        a_story(service_area=hubs, status=Status.DRAFT if n % 4 == 0 else Status.PUBLISHED)
    assert values.totals()["service_area"] == {str(hubs.pk): 15}
    assert values.totals()["public"] == {"": 15}
    assert FacetCount.objects.filter(facet="service_area").count() > 1


def test_sets_of_stories_are_cut_joined_and_counted():
    low, high = StorySet.of([1, 5, 4095, 4096]), StorySet.of([5, 4096, 90_000])
    assert list(low & high) == [5, 4096]
    assert list(low | high) == [1, 5, 4095, 4096, 90_000]
    assert len(low) == 4
    assert list(StorySet.of([])) == []
