import datetime

import pytest
from django.core.exceptions import ValidationError

from insights.evidence import editing
from insights.models import Evidence, Insight, SetAside
from insights.publications import publishing, working_copies
from tests.factories import a_practice, a_story, a_theme, an_insight
from workshops.choices import Consent, Status
from workshops.consent import withdrawal

pytestmark = pytest.mark.django_db

DAY = datetime.date(2020, 10, 5)


def a_published_insight(**fields):
    """Published as version 1, quoting a van; a story is set aside."""
    van = a_story(ref="van", title="The van", published_text="We bought a van. It ran.")
    insight = an_insight(
        **{"slug": "vans", "title": "Vans help", "status": Status.DRAFT, "none_found": "We asked."} | fields,
        supports=[van, a_story(ref="hub", title="The hub")],
        themes=[a_theme("Trust")],
    )
    editing.change_evidence(insight.evidence.get(story=van), "supports", "a van")
    editing.set_stories_aside(insight, [a_story(ref="aside")], "outlier")
    publishing.publish_insight(insight, on=DAY)
    return insight


def pieces(insight):
    return list(insight.evidence.order_by("order").values_list("order", "role", "story__ref", "excerpt"))


def begun(insight, **fields):
    """Its working copy, with these fields changed."""
    copy = working_copies.row_to_write(insight)
    for name, value in fields.items():
        setattr(copy, name, value)
    copy.save()
    return copy


def test_draft_and_unpublished_insight_are_written_in_their_own_row():
    draft, unpublished = an_insight(status=Status.DRAFT), an_insight(status=Status.UNPUBLISHED)
    assert [working_copies.row_to_write(each) for each in (draft, unpublished)] == [draft, unpublished]
    assert Insight.with_working_copies.count() == 2


def test_working_copy_begins_as_what_readers_have():
    insight = a_published_insight()
    copy = working_copies.row_to_write(insight)
    assert copy.itself == insight
    assert (copy.slug, copy.status, copy.title, copy.none_found) == (None, "draft", "Vans help", "We asked.")
    assert list(copy.themes.values_list("slug", flat=True)) == ["trust"]
    assert pieces(copy) == pieces(insight) == [(1, "supports", "van", "a van"), (2, "supports", "hub", "")]
    assert list(copy.set_aside.values_list("story__ref", "reason")) == [("aside", "outlier")]
    assert working_copies.row_to_write(insight) == copy


def test_working_copy_is_met_by_nobody_who_does_not_ask_for_it():
    insight = a_published_insight()
    finding = an_insight()
    copy = begun(insight, title="Vans help a lot")
    copy.builds_on.add(finding)
    theme = copy.themes.get()
    assert list(Insight.objects.filter(pk=copy.pk)) == []
    assert list(theme.insights.all()) == [insight]
    assert list(finding.built_on_by.all()) == []
    assert list(insight.programme.insights.all()) == [insight]
    story = insight.evidence.first().story
    assert (story.evidence.count(), Evidence.objects.filter(story=story).count()) == (1, 1)
    assert (Evidence.objects.count(), Evidence.with_working_copies.count()) == (2, 4)
    assert (SetAside.objects.count(), SetAside.with_working_copies.count()) == (1, 2)
    assert Insight.objects.resting_on(type(story).objects.all()).get() == insight


def test_publishing_carries_everything_over_and_ends_the_working_copy():
    insight = a_published_insight()
    van_piece = insight.evidence.get(story__ref="van")
    copy = begun(insight, title="Vans help a lot", next_slug="vans-help")
    copy.themes.set([a_theme("Pace")])
    editing.move_evidence(copy.evidence.get(story__ref="hub"), 0)
    editing.change_evidence(copy.evidence.get(story__ref="van"), "qualifies", "It ran.")
    editing.attach_evidence(copy, a_practice(ref="lift"), "supports")
    copy.set_aside.all().delete()
    editing.set_stories_aside(copy, [a_story(ref="late")], "too old")

    version = publishing.publish_insight(insight, on=DAY)

    assert (version.version, version.published_on, version.text["title"]) == (2, DAY, "Vans help a lot")
    insight = Insight.objects.get()
    assert (insight.slug, insight.title, insight.status) == ("vans-help", "Vans help a lot", "published")
    assert list(insight.themes.values_list("slug", flat=True)) == ["pace"]
    assert pieces(insight) == [
        (1, "supports", "hub", ""),
        (2, "qualifies", "van", "It ran."),
        (3, "supports", None, ""),
    ]
    assert insight.evidence.get(story__ref="van") == van_piece
    assert list(insight.set_aside.values_list("story__ref", "reason")) == [("late", "too old")]
    assert (Insight.with_working_copies.count(), Evidence.with_working_copies.count()) == (1, 3)
    assert SetAside.with_working_copies.count() == 1


def test_publishing_takes_out_what_the_working_copy_took_out():
    insight = a_published_insight()
    copy = working_copies.row_to_write(insight)
    editing.remove_evidence(copy.evidence.get(story__ref="hub"))
    assert pieces(insight) == [(1, "supports", "van", "a van"), (2, "supports", "hub", "")]
    publishing.publish_insight(insight)
    assert pieces(insight) == [(1, "supports", "van", "a van")]


def test_gate_asks_the_working_copy():
    insight = a_published_insight()
    begun(insight, body="TBC")
    with pytest.raises(ValidationError, match="still to be written"):
        publishing.publish_insight(insight)
    assert (insight.publications.count(), Insight.with_working_copies.count()) == (1, 2)


def test_working_copy_without_a_change_makes_no_version():
    insight = a_published_insight()
    working_copies.row_to_write(insight)
    assert publishing.publish_insight(insight).version == 1
    assert Insight.with_working_copies.count() == 1


def test_discarded_working_copy_leaves_what_readers_have():
    insight = a_published_insight()
    copy = begun(insight, title="Another")
    editing.remove_evidence(copy.evidence.first())
    working_copies.discard_working_copy(insight)
    assert (Insight.with_working_copies.get().title, len(pieces(insight))) == ("Vans help", 2)
    assert Evidence.with_working_copies.count() == 2
    with pytest.raises(ValidationError, match="There is no working copy any more"):
        working_copies.discard_working_copy(insight)


def test_withdrawal_reaches_the_working_copy():
    insight = a_published_insight()
    copy = working_copies.row_to_write(insight)
    withdrawal.withdraw_stories([insight.evidence.get(story__ref="van").story])
    assert pieces(copy)[0] == (1, "supports", "van", "")
    withdrawal.lower_consent(copy.evidence.get(story__ref="hub").story, Consent.TEAM)
    insight.refresh_from_db()
    assert (insight.status, working_copies.row_to_write(insight)) == ("unpublished", copy)


def test_unpublished_insight_goes_on_with_its_working_copy():
    insight = a_published_insight()
    copy = begun(insight, title="Vans help a lot")
    publishing.unpublish_insight(insight)
    assert working_copies.row_to_write(insight) == copy
    assert publishing.publish_insight(insight).text["title"] == "Vans help a lot"


def test_writing_in_a_working_copy_that_is_gone_is_refused():
    insight = a_published_insight()
    copy = working_copies.row_to_write(insight)
    working_copies.discard_working_copy(insight)
    with pytest.raises(ValidationError, match="Somebody published or discarded this working copy meanwhile"):
        editing.attach_evidence(copy, a_story(), "supports")


def test_version_is_made_the_working_copy_and_published_as_the_next():
    insight = a_published_insight()
    first = insight.publications.get()
    copy = begun(insight, title="Another claim")
    copy.themes.clear()
    editing.remove_evidence(copy.evidence.get(story__ref="van"))
    editing.attach_evidence(copy, a_story(ref="new"), "contradicts")
    publishing.publish_insight(insight, on=DAY)
    editing.set_stories_aside(working_copies.row_to_write(insight), [a_story(ref="x")], "outlier")

    assert working_copies.restore_version(first) == 0

    copy = insight.as_written
    assert (copy.title, insight.title) == ("Vans help", "Another claim")
    assert pieces(copy) == [(1, "supports", "van", "a van"), (2, "supports", "hub", "")]
    assert set(copy.set_aside.values_list("story__ref", flat=True)) == {"aside", "x"}
    third = publishing.publish_insight(insight, on=DAY)
    assert (third.version, third.text) == (3, first.text)
    assert first.hash != third.hash
    assert publishing.verify_hash(first) is True


def test_version_comes_back_without_what_was_withdrawn():
    insight = a_published_insight()
    withdrawal.withdraw_stories([insight.evidence.get(story__ref="van").story])
    assert working_copies.restore_version(insight.publications.get()) == 1
    copy = insight.as_written
    assert [row for row in pieces(copy) if row[2] == "hub"] == [(2, "supports", "hub", "")]


def test_version_of_an_unpublished_insight_is_restored_into_its_own_row():
    insight = a_published_insight()
    publishing.unpublish_insight(insight)
    insight.title = "Another"
    insight.save()
    working_copies.restore_version(insight.publications.get())
    assert Insight.with_working_copies.get().title == "Vans help"


@pytest.mark.parametrize(
    ("before", "after", "moved"),
    [
        ("abc", "abc", []),
        ("abc", "bac", [("b", 2, 1)]),
        ("abcd", "dabc", [("d", 4, 1)]),
        ("abc", "xacb", [("c", 3, 2)]),
        ("abc", "c", []),
    ],
)
def test_moves_are_the_fewest_that_explain_the_order(before, after, moved):
    stories = {letter: a_story(ref=letter) for letter in "abcdx"}
    old, new = ([Evidence(story=stories[letter]) for letter in order] for order in (before, after))
    found = working_copies.moves_between(old, new)
    assert [(move.source.ref, move.was, move.now) for move in found] == moved
