import datetime
import hashlib

import pytest
from django.core.exceptions import ValidationError

from insights.choices import InsightKind, Role
from insights.models import Evidence, PublishedEvidence
from insights.publications import publishing
from tests.factories import a_practice, a_story, a_theme, a_workshop, an_insight
from workshops.choices import Consent, Status
from workshops.consent import withdrawal
from workshops.stories import review

pytestmark = pytest.mark.django_db

DAY = datetime.date(2020, 10, 5)
NO_SUPPORT = "No published story from any workshop supports it. Add supporting evidence."
NO_CONTRADICTION = "Nothing contradicts it. List a contradiction, or say in “none found” where you looked for one."


def a_draft(**fields):
    """A finding with nothing but what these fields say, not published yet."""
    return an_insight(**{"status": Status.DRAFT} | fields)


def a_ready_insight(**fields):
    return a_draft(supports=[a_story(), a_story()], contradicts=[a_story()], **fields)


def rest_on(insight, role=Role.SUPPORTS, **source):
    return Evidence.objects.create(insight=insight, role=role, **source)


def test_gate_opens_for_two_workshops_and_a_contradiction():
    assert publishing.publication_blockers(a_ready_insight()) == []


def test_gate_needs_support_and_contradiction():
    assert publishing.publication_blockers(a_draft()) == [NO_SUPPORT, NO_CONTRADICTION]


def test_gate_opens_for_one_workshop_under_a_label():
    workshop = a_workshop()
    insight = a_draft(supports=[a_story(workshop=workshop), a_story(workshop=workshop)], none_found="We asked all.")
    assert publishing.publication_blockers(insight) == []
    assert publishing.is_from_single_workshop(insight) is True


def test_label_is_not_borne_with_two_workshops_or_none():
    assert publishing.is_from_single_workshop(a_ready_insight()) is False
    assert publishing.is_from_single_workshop(a_draft(contradicts=[a_story()])) is False


def test_gate_takes_only_support_for_support():
    insight = a_draft(contradicts=[a_story()])
    rest_on(insight, Role.QUALIFIES, story=a_story())
    assert publishing.publication_blockers(insight) == [NO_SUPPORT]


def test_practice_counts_for_the_workshops_of_its_published_stories():
    first, second = a_workshop(), a_workshop()
    practice = a_practice(stories=[a_story(workshop=first), a_story(workshop=second), a_story(status=Status.IN_REVIEW)])
    insight = a_draft(none_found="We asked every service.")
    rest_on(insight, practice=practice)
    assert publishing.publication_blockers(insight) == []
    assert publishing.supporting_workshops(insight) == {first.pk, second.pk}


def test_practice_without_published_stories_is_no_support():
    insight = a_draft(none_found="We asked every service.")
    rest_on(insight, practice=a_practice(stories=[a_story(status=Status.DRAFT)]))
    assert publishing.publication_blockers(insight) == [NO_SUPPORT]


def test_gate_refuses_a_practice_that_is_a_draft():
    insight = a_ready_insight()
    rest_on(insight, practice=a_practice(statement="Weekly calls", status=Status.DRAFT))
    assert publishing.publication_blockers(insight) == [
        "The practice “Weekly calls” is among the evidence, but not published. Publish it, or take it out."
    ]


NOT_SUBMITTED = "still a draft. Ask its facilitators to submit it and publish it then, or take it out."
NOT_PUBLISHED = "not published. Publish it, or take it out."
NOT_AGREED = "whoever told it has not agreed to have it published. Take it out."


@pytest.mark.parametrize(
    ("status", "level", "says"),
    [
        (Status.DRAFT, Consent.PUBLIC, NOT_SUBMITTED),
        (Status.IN_REVIEW, Consent.PUBLIC, NOT_PUBLISHED),
        (Status.UNPUBLISHED, Consent.CREDITED, NOT_PUBLISHED),
        (Status.DRAFT, Consent.TEAM, NOT_AGREED),
        (Status.IN_REVIEW, Consent.TEAM, NOT_AGREED),
        (Status.UNPUBLISHED, Consent.TEAM, NOT_AGREED),
    ],
)
def test_gate_refuses_evidence_that_is_not_published(status, level, says):
    insight = a_ready_insight()
    rest_on(insight, Role.QUALIFIES, story=a_story(title="The van", status=status, consent=level))
    assert publishing.publication_blockers(insight) == [f"The story “The van” is among the evidence, but {says}"]


def test_gate_leaves_out_what_was_taken_back():
    insight = a_ready_insight()
    withdrawn, narrowed = a_story(), a_story()
    rest_on(insight, story=withdrawn)
    rest_on(insight, story=narrowed)
    withdrawal.withdraw_stories([withdrawn])
    withdrawal.lower_consent(narrowed, Consent.FACILITATORS)
    assert publishing.publication_blockers(insight) == []
    assert len(publishing.supporting_workshops(insight)) == 2


def test_contradiction_that_is_not_public_counts_for_none():
    contradiction = a_story()
    insight = a_draft(supports=[a_story(), a_story()], contradicts=[contradiction])
    withdrawal.withdraw_stories([contradiction])
    assert publishing.publication_blockers(insight) == [NO_CONTRADICTION]


def test_none_found_needs_words():
    assert publishing.publication_blockers(a_draft(supports=[a_story()], none_found=" ")) == [NO_CONTRADICTION]
    assert publishing.publication_blockers(a_draft(supports=[a_story()], none_found="We asked.")) == []


@pytest.mark.parametrize("kind", [InsightKind.BIG_IDEA, InsightKind.RECOMMENDATION])
def test_big_idea_may_lean_on_a_published_finding(kind):
    assert publishing.publication_blockers(a_draft(kind=kind, builds_on=[an_insight()])) == []


def test_big_idea_may_not_lean_on_a_draft_or_on_another_big_idea():
    other = an_insight(kind=InsightKind.BIG_IDEA)
    insight = a_draft(kind=InsightKind.BIG_IDEA, builds_on=[a_draft(), other])
    assert publishing.publication_blockers(insight) == [NO_SUPPORT, NO_CONTRADICTION]


def test_finding_may_not_lean_on_another_finding():
    assert publishing.publication_blockers(a_draft(builds_on=[an_insight()])) == [NO_SUPPORT, NO_CONTRADICTION]


def test_big_idea_still_answers_for_its_own_evidence():
    insight = a_draft(kind=InsightKind.BIG_IDEA, builds_on=[an_insight()])
    rest_on(insight, story=a_story(title="The van", status=Status.DRAFT))
    assert publishing.publication_blockers(insight) == [
        f"The story “The van” is among the evidence, but {NOT_SUBMITTED}"
    ]


def test_publish_refuses_with_everything_that_is_missing():
    insight = a_draft()
    with pytest.raises(ValidationError) as refusal:
        publishing.publish_insight(insight)
    assert refusal.value.messages == [NO_SUPPORT, NO_CONTRADICTION]
    insight.refresh_from_db()
    assert insight.status == Status.DRAFT
    assert insight.publications.count() == 0


def test_publish_freezes_the_claim_and_its_evidence():
    van, hub, critic = a_story(published_text="We bought a van. It ran."), a_story(), a_story()
    finding = an_insight(slug="a-finding")
    insight = a_draft(
        title="Vans help",
        nature="capacity",
        summary="They do.",
        body="At length.",
        actions=["Buy vans", "Share them"],
        themes=[a_theme("Vans")],
        builds_on=[finding],
        supports=[van, hub],
        contradicts=[critic],
    )
    insight.evidence.filter(story=van).update(excerpt="We bought a van.")
    practice = a_practice()
    rest_on(insight, Role.QUALIFIES, practice=practice, order=4)

    publication = publishing.publish_insight(insight, on=DAY)

    insight.refresh_from_db()
    assert insight.status == Status.PUBLISHED
    assert (publication.version, publication.published_on) == (1, DAY)
    assert publication.text == {
        "title": "Vans help",
        "kind": "finding",
        "nature": "capacity",
        "summary": "They do.",
        "body": "At length.",
        "actions": ["Buy vans", "Share them"],
        "none_found": "",
        "themes": ["vans"],
        "builds_on": ["a-finding"],
    }
    rows = publication.evidence.values_list("order", "role", "story_ref", "practice_ref", "excerpt")
    assert list(rows) == [
        (1, "supports", van.ref, "", "We bought a van."),
        (2, "supports", hub.ref, "", ""),
        (3, "contradicts", critic.ref, "", ""),
        (4, "qualifies", "", practice.ref, ""),
    ]
    quoted, unquoted = publication.evidence.all()[:2]
    assert quoted.digest == hashlib.sha256(f"{quoted.salt}We bought a van.".encode()).hexdigest()
    assert len(quoted.salt) == 32
    assert (unquoted.salt, unquoted.digest) == ("", "")
    assert publishing.verify_hash(publication) is True


def test_publish_freezes_no_passage_that_its_story_no_longer_says():
    story = a_story(published_text="A neighbour bought a van.")
    insight = a_draft(supports=[story], none_found="We asked.")
    insight.evidence.update(excerpt="Mrs Khan bought a van.")
    publication = publishing.publish_insight(insight)
    assert publication.evidence.get().excerpt == ""


def test_publish_twice_a_day_gives_the_same_version():
    insight = a_ready_insight()
    first = publishing.publish_insight(insight, on=DAY)
    publishing.unpublish_insight(insight)
    assert publishing.publish_insight(insight, on=DAY) == first
    insight.refresh_from_db()
    assert insight.status == Status.PUBLISHED
    assert PublishedEvidence.objects.count() == 3


@pytest.mark.parametrize("change", ["title", "evidence"])
def test_change_published_on_the_same_day_is_the_next_version(change):
    insight = a_ready_insight()
    publishing.publish_insight(insight, on=DAY)
    if change == "title":
        insight.title = "Another claim"
        insight.save()
    else:
        rest_on(insight, story=a_story())
    publishing.publish_insight(insight, on=DAY)
    assert list(insight.publications.values_list("version", "published_on")) == [(1, DAY), (2, DAY)]
    assert [publishing.verify_hash(version) for version in insight.publications.all()] == [True, True]


def test_publish_of_what_has_not_changed_makes_no_version_on_any_day():
    insight = a_ready_insight()
    first = publishing.publish_insight(insight, on=DAY)
    assert publishing.publish_insight(insight, on=datetime.date(2020, 10, 6)) == first
    assert insight.publications.count() == 1


def test_publish_sets_the_day_to_look_again_and_keeps_one_to_come():
    insight = a_ready_insight()
    publishing.publish_insight(insight, on=datetime.date(2020, 2, 29))
    assert insight.look_again_on == datetime.date(2021, 2, 28)
    insight.look_again_on, insight.title = datetime.date(2025, 1, 1), "Another claim"
    insight.save()
    publishing.publish_insight(insight, on=DAY)
    assert insight.look_again_on == datetime.date(2025, 1, 1)
    insight.look_again_on, insight.title = DAY, "A third claim"
    insight.save()
    publishing.publish_insight(insight, on=DAY)
    assert insight.look_again_on == datetime.date(2021, 10, 5)


EMPTY = {
    "summary": "The summary is empty. Say the claim in one or two sentences.",
    "body": "The body is empty. Write what readers get below the claim.",
}


@pytest.mark.parametrize("words", ["", " \n "])
@pytest.mark.parametrize("field", EMPTY)
def test_gate_refuses_an_empty_text(field, words):
    assert publishing.publication_blockers(a_ready_insight(**{field: words})) == [EMPTY[field]]


@pytest.mark.parametrize(
    ("field", "words", "says"),
    [
        ("title", "To be written: what stories of vans say", "“To be written: what stories of vans say” in the title"),
        ("summary", "Vans help. TBC", "“TBC” in the summary"),
        ("body", "Vans help.\n\n…\n", "“…” in the body"),
        ("actions", ["Buy vans", "TODO"], "“TODO” in the actions"),
        ("none_found", "tbd.", "“tbd.” in the none found"),
    ],
)
def test_gate_refuses_placeholders(field, words, says):
    blockers = publishing.publication_blockers(a_ready_insight(**{field: words}))
    assert blockers == [f"{says} says that something is still to be written. Write it, or take it out."]


@pytest.mark.parametrize("field", ["title", "hash", "role", "excerpt", "order", "published_on"])
def test_verify_sees_what_was_tampered_with(field):
    story = a_story(published_text="We bought a van.")
    insight = a_draft(supports=[story], none_found="We asked.")
    insight.evidence.update(excerpt="We bought a van.")
    publication = publishing.publish_insight(insight, on=DAY)
    assert publishing.verify_hash(publication) is True
    if field == "title":
        publication.text["title"] = "Something else"
    elif field == "hash":
        publication.hash = "0" * 64
    elif field == "published_on":
        publication.published_on = datetime.date(2020, 10, 6)
    else:
        publication.evidence.update(**{field: {"role": "contradicts", "excerpt": "We bought two.", "order": 9}[field]})
    assert publishing.verify_hash(publication) is False


def test_unpublish_takes_down_what_rested_on_it_alone():
    finding, other = an_insight(), an_insight()
    alone = an_insight(kind=InsightKind.BIG_IDEA, builds_on=[finding])
    on_two = an_insight(kind=InsightKind.BIG_IDEA, builds_on=[finding, other])
    on_its_own = an_insight(
        kind=InsightKind.RECOMMENDATION, builds_on=[finding], supports=[a_story()], none_found="We asked."
    )

    assert publishing.unpublish_insight(finding) == [finding, alone]

    for insight in (finding, alone, on_two, on_its_own):
        insight.refresh_from_db()
    assert [finding.status, alone.status] == ["unpublished", "unpublished"]
    assert [on_two.status, on_its_own.status] == ["published", "published"]


def test_unpublish_ends_where_insights_build_on_each_other():
    finding = an_insight()
    one = an_insight(kind=InsightKind.BIG_IDEA, builds_on=[finding])
    two = an_insight(kind=InsightKind.BIG_IDEA, builds_on=[finding, one])
    one.builds_on.add(two)
    assert {down.pk for down in publishing.unpublish_insight(finding)} == {finding.pk, one.pk, two.pk}


def test_unpublish_of_a_draft_does_nothing():
    insight = a_draft()
    assert publishing.unpublish_insight(insight) == []
    insight.refresh_from_db()
    assert insight.status == Status.DRAFT


def test_unpublished_story_does_not_count():
    story = a_story()
    insight = a_draft(supports=[story], none_found="We asked.")
    review.unpublish_story(story)
    assert publishing.missing_support(insight) == [NO_SUPPORT]


def test_unpublish_can_be_taken_back_for_all_that_came_down():
    finding = a_ready_insight()
    publishing.publish_insight(finding)
    idea = a_draft(kind=InsightKind.BIG_IDEA, builds_on=[finding])
    publishing.publish_insight(idea)
    changed = a_draft(kind=InsightKind.BIG_IDEA, builds_on=[finding])
    publishing.publish_insight(changed)
    down = publishing.unpublish_insight(finding)
    changed.refresh_from_db()
    changed.title = "Written anew"
    changed.save()
    again = publishing.publish_again([changed, idea, finding])
    assert (len(down), [each.pk for each in again]) == (3, [finding.pk, idea.pk])
    changed.refresh_from_db()
    assert (changed.status, idea.publications.count()) == ("unpublished", 1)


def test_what_would_be_unpublished_is_told_and_stays():
    finding = an_insight()
    idea = an_insight(kind=InsightKind.BIG_IDEA, builds_on=[finding])
    assert publishing.would_be_unpublished([finding]) == [finding, idea]
    idea.refresh_from_db()
    assert (idea.status, finding.__class__.objects.get(pk=finding.pk).status) == ("published", "published")
