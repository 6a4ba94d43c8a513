import datetime

import pytest

from insights.choices import InsightKind
from insights.models import Evidence
from insights.publications import publishing, story_changes
from tests.factories import a_participant, a_practice, a_story, an_insight
from workshops import changes
from workshops.choices import Consent, Status
from workshops.consent import withdrawal
from workshops.stories import review

pytestmark = pytest.mark.django_db


def a_published_insight(*stories, **fields):
    """Published through the gate, quoting each of these stories in full."""
    insight = an_insight(supports=stories, none_found="We asked.", **{"status": Status.DRAFT} | fields)
    for evidence in insight.evidence.all():
        evidence.excerpt = evidence.story.published_text
        evidence.save()
    publishing.publish_insight(insight, on=datetime.date(2020, 10, 5))
    return insight


def excerpts(insight):
    return list(insight.evidence.order_by("order").values_list("excerpt", flat=True))


def frozen_excerpts(insight):
    return list(insight.publications.get().evidence.values_list("excerpt", flat=True))


def status(insight):
    insight.refresh_from_db()
    return insight.status


def test_insights_listen_once():
    assert changes.listeners.count(story_changes.stories_changed) == 1


def test_withdrawal_deletes_quotations_and_the_hash_still_verifies():
    gone, kept = a_story(published_text="Take this back."), a_story(published_text="Keep this.")
    insight = a_published_insight(gone, kept)

    withdrawal.withdraw_stories([gone])

    assert excerpts(insight) == ["", "Keep this."]
    assert frozen_excerpts(insight) == ["", "Keep this."]
    first, second = insight.publications.get().evidence.all()
    assert (first.salt, len(first.digest)) == ("", 64)
    assert (len(second.salt), len(second.digest)) == (32, 64)
    assert publishing.verify_hash(insight.publications.get()) is True
    assert status(insight) == "published"


def test_withdrawal_of_the_last_support_unpublishes():
    story = a_story()
    insight, other = a_published_insight(story), a_published_insight(a_story())
    withdrawal.withdraw_stories([story])
    assert status(insight) == "unpublished"
    assert status(other) == "published"
    assert publishing.verify_hash(insight.publications.get()) is True


def test_withdrawal_of_the_only_contradiction_unpublishes():
    contradiction = a_story()
    insight = an_insight(supports=[a_story(), a_story()], contradicts=[contradiction])
    withdrawal.withdraw_stories([contradiction])
    assert status(insight) == "unpublished"


def test_withdrawal_reaches_insights_through_a_practice():
    story = a_story()
    insight = an_insight(none_found="We asked.")
    Evidence.objects.create(insight=insight, practice=a_practice(stories=[story]))
    withdrawal.withdraw_stories([story])
    assert status(insight) == "unpublished"


def test_withdrawal_reaches_what_builds_on_the_insight():
    story = a_story()
    finding = a_published_insight(story)
    idea = an_insight(kind=InsightKind.BIG_IDEA, builds_on=[finding])
    withdrawal.withdraw_stories([story])
    assert status(idea) == "unpublished"


def test_lowered_consent_of_a_teller_is_heard():
    teller = a_participant()
    insight = a_published_insight(a_story(told_by=teller))
    withdrawal.lower_consent(teller, Consent.TEAM)
    assert (excerpts(insight), frozen_excerpts(insight)) == ([""], [""])
    assert status(insight) == "unpublished"


def test_narrower_consent_on_an_unpublished_story_is_heard():
    story = a_story(published_text="It was said once.")
    insight = a_published_insight(story, a_story())
    review.unpublish_story(story)
    story.consent = Consent.TEAM
    story.save()
    assert frozen_excerpts(insight)[0] == ""


def test_unpublished_story_keeps_its_quotations_for_its_return():
    story = a_story(published_text="Said.")
    insight = a_published_insight(story)
    review.unpublish_story(story)
    assert (excerpts(insight), frozen_excerpts(insight)) == (["Said."], ["Said."])
    assert status(insight) == "unpublished"


def test_returned_practice_is_heard():
    practice = a_practice(stories=[a_story()])
    insight = an_insight(none_found="We asked.")
    Evidence.objects.create(insight=insight, practice=practice)
    review.return_practice_to_draft(practice)
    assert status(insight) == "unpublished"


def test_credit_taken_back_leaves_quotations():
    story = a_story(consent=Consent.CREDITED, published_text="Said.")
    insight = a_published_insight(story)
    withdrawal.lower_consent(story, Consent.PUBLIC)
    assert excerpts(insight) == ["Said."]
    assert status(insight) == "published"


def test_evidence_that_is_not_published_yet_does_not_take_an_insight_down():
    gone = a_story()
    insight = a_published_insight(gone, a_story())
    Evidence.objects.create(insight=insight, story=a_story(status=Status.DRAFT))
    withdrawal.withdraw_stories([gone])
    assert status(insight) == "published"


def test_what_would_come_down_with_a_story_is_told_and_stays():
    story, other = a_story(), a_story()
    finding = a_published_insight(story, title="Vans help")
    idea = an_insight(kind=InsightKind.BIG_IDEA, builds_on=[finding], title="Buy vans")
    Evidence.objects.create(
        insight=(through := an_insight(none_found="We asked.", title="Lifts help")),
        practice=a_practice(stories=[story]),
    )
    a_published_insight(story, other)
    assert sorted(changes.foretell([story.pk])) == [
        f"The insight “{title}” is unpublished with it: it would not have the support that publishing needs."
        for title in ("Buy vans", "Lifts help", "Vans help")
    ]
    assert changes.foretell([other.pk]) == []
    assert [status(each) for each in (finding, idea, through)] == ["published"] * 3
    story.refresh_from_db()
    assert story.status == "published"
