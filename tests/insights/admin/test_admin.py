"""What editors do with insights at the desk."""

import pytest

from insights.models import Article, Commitment, Evidence, Insight, Publication
from insights.publications import publishing
from tests.desk import act, filled, listed, messages, page
from tests.factories import (
    a_commitment,
    a_participant,
    a_story,
    a_user,
    an_article,
    an_insight,
)
from workshops.choices import Consent, Status
from workshops.models import Story
from workshops.roles import ADMINISTRATOR, ANALYST, EDITOR, FACILITATOR, SYSTEM_LEADER

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_editor(client):
    client.force_login(a_user(EDITOR))
    return client


def a_ready_insight(**fields):
    return an_insight(
        supports=[a_story(), a_story()], **{"status": Status.DRAFT, "none_found": "We asked all services."} | fields
    )


def text(response):
    return response.content.decode()


@pytest.mark.parametrize("model", [Insight, Article, Commitment, Publication])
@pytest.mark.parametrize("role", [FACILITATOR, ANALYST, SYSTEM_LEADER, ADMINISTRATOR])
def test_conclusions_are_for_editors(client, model, role):
    client.force_login(a_user(role))
    assert client.get(page(model)).status_code == 403


def test_nature_is_for_findings(as_editor):
    insight = an_insight()
    address = page(Insight, "change", insight.pk)
    response = as_editor.post(address, filled(as_editor.get(address), kind="big idea", nature="condition"))
    assert response.context["adminform"].form.errors == {
        "nature": ["Only a finding is about a condition or a capacity; this is a big idea. Leave it empty."]
    }


def test_page_escapes_the_titles_of_what_is_missing(as_editor):
    insight = an_insight(supports=[a_story(title="<b>Bold</b>", status=Status.DRAFT)], status=Status.DRAFT)
    shown = text(as_editor.get(page(Insight, "change", insight.pk)))
    assert ("<b>Bold</b>" in shown, "&lt;b&gt;Bold" in shown) == (False, True)


def test_action_publishes_or_says_what_is_missing(as_editor):
    ready, poor = a_ready_insight(title="Ready"), an_insight(title="Poor", status=Status.DRAFT, none_found="We asked.")
    single = an_insight(title="Single", supports=[a_story()], status=Status.DRAFT, none_found="We asked.")
    response = act(as_editor, Insight, "publish", ready, poor, single)
    assert sorted(messages(response)) == [
        "“Poor” was not published. No published story from any workshop supports it. Add supporting evidence.",
        "“Ready” was published as version 1.",
        "“Single” was published as version 1. It bears the label “From a single workshop”.",
    ]
    assert {insight.title: insight.status for insight in Insight.objects.all()} == {
        "Ready": "published",
        "Poor": "draft",
        "Single": "published",
    }
    assert Publication.objects.count() == 2


def test_action_asks_names_what_else_comes_down_and_can_be_undone(as_editor):
    finding = a_ready_insight(title="Finding")
    publishing.publish_insight(finding)
    idea = an_insight(title="Idea", kind="big idea", builds_on=[finding], status=Status.DRAFT)
    publishing.publish_insight(idea)
    draft = an_insight(title="Draft", status=Status.DRAFT)

    asked = act(as_editor, Insight, "unpublish_insights", finding, draft)
    assert (asked.context["insights"], asked.context["fall"]) == ([finding], [idea])
    assert set(Insight.objects.exclude(title="Draft").values_list("status", flat=True)) == {"published"}

    response = act(as_editor, Insight, "unpublish_insights", finding, confirmed="1")
    undo = f"/admin/insights/insight/publish-again/?of={finding.pk}&amp;of={idea.pk}"
    assert messages(response) == [f'“Finding”, “Idea” were unpublished. <a href="{undo}">Undo</a>']
    assert set(Insight.objects.exclude(title="Draft").values_list("status", flat=True)) == {"unpublished"}

    opened = as_editor.get(undo.replace("&amp;", "&"))
    assert opened.context["insights"] == [finding, idea]
    response = as_editor.post(page(Insight, "publish_again"), {"of": [finding.pk, idea.pk]}, follow=True)
    assert messages(response) == ["“Finding” is published again.", "“Idea” is published again."]
    assert Publication.objects.count() == 2


def test_undoing_nothing_says_so(as_editor):
    response = as_editor.post(page(Insight, "publish_again"), {"of": ["x", "7"]}, follow=True)
    assert messages(response) == ["There is nothing to undo."]


def test_change_below_the_gate_waits_in_the_working_copy(as_editor):
    insight = a_ready_insight(title="Finding")
    publishing.publish_insight(insight)
    address = page(Insight, "change", insight.pk)
    response = as_editor.post(address, filled(as_editor.get(address), none_found="", _publish="1"), follow=True)
    insight.refresh_from_db()
    assert (insight.status, insight.none_found) == ("published", "We asked all services.")
    assert messages(response) == [
        "“Finding” was not published. "
        "Nothing contradicts it. List a contradiction, or say in “none found” where you looked for one."
    ]


def test_status_is_not_a_field(as_editor):
    insight = an_insight(status=Status.DRAFT)
    address = page(Insight, "change", insight.pk)
    as_editor.post(address, filled(as_editor.get(address), status="published"))
    insight.refresh_from_db()
    assert insight.status == Status.DRAFT


def test_insight_that_was_published_is_not_deleted(as_editor):
    published, draft = a_ready_insight(), an_insight(status=Status.DRAFT)
    publishing.publish_insight(published)
    assert as_editor.post(page(Insight, "delete", published.pk), {"post": "yes"}).status_code == 403
    as_editor.post(page(Insight, "delete", draft.pk), {"post": "yes"})
    assert list(Insight.objects.all()) == [published]


def test_versions_are_read_only(client):
    story = a_story(published_text="We bought a van.")
    insight = an_insight(supports=[story], status=Status.DRAFT, none_found="We asked.")
    insight.evidence.update(excerpt="We bought a van.")
    publication = publishing.publish_insight(insight)
    for person in (a_user(EDITOR), a_user(is_superuser=True)):
        client.force_login(person)
        shown = text(client.get(page(Publication, "change", publication.pk)))
        assert ("We bought a van." in shown, publication.evidence.get().salt in shown) == (True, False)
        assert client.post(page(Publication, "change", publication.pk), {"version": 9}).status_code == 403
        assert client.post(page(Publication, "delete", publication.pk), {"post": "yes"}).status_code == 403
        assert client.get(page(Publication, "add")).status_code == 403


def test_team_level_story_is_evidence_to_consider_but_not_to_publish(as_editor):
    insight = a_ready_insight()
    story = a_story(title="To the team", consent=Consent.TEAM, status=Status.DRAFT, told_by=a_participant())
    Evidence.objects.create(insight=insight, story=story)
    response = act(as_editor, Insight, "publish", insight)
    assert messages(response) == [
        f"“{insight}” was not published. The story “To the team” is among the evidence, but whoever told it has not "
        "agreed to have it published. Take it out."
    ]


def test_editor_reviews_a_commitment(as_editor):
    commitment = a_commitment()
    address = page(Commitment, "change", commitment.pk)
    fields = {"reviews-TOTAL_FORMS": 1, "reviews-0-due_on": "2021-03-01", "reviews-0-state": "holding"}
    response = as_editor.post(address, filled(as_editor.get(address), **fields))
    (reviews,) = response.context["inline_admin_formsets"]
    assert reviews.formset.errors == [{"reviewed_on": ["It has a state: say on which day it was reviewed."]}]
    as_editor.post(address, filled(as_editor.get(address), **fields, **{"reviews-0-reviewed_on": "2021-03-02"}))
    assert list(commitment.reviews.values_list("state", flat=True)) == ["holding"]


def test_editor_writes_an_article(as_editor):
    article = an_article(insights=[an_insight()])
    address = page(Article, "change", article.pk)
    as_editor.post(address, filled(as_editor.get(address), title="Another title"))
    assert listed(as_editor.get(page(Article))) == ["Another title"]
    assert article.insights.count() == 1


def test_story_that_an_insight_rests_on_is_unpublished_after_a_question(as_editor):
    story, free = a_story(title="The van"), a_story(title="Free")
    insight = an_insight(supports=[story], title="Vans help", none_found="We asked.")
    falls = ["The insight “Vans help” is unpublished with it: it would not have the support that publishing needs."]

    asked = act(as_editor, Story, "unpublish", story, free)
    assert (set(asked.context["stories"]), asked.context["falls"]) == ({story, free}, falls)
    address = page(Story, "change", story.pk)
    response = as_editor.post(address, filled(as_editor.get(address), _unpublish="1"))
    assert response.url == page(Story, "unpublish", story.pk)
    assert as_editor.get(response.url).context["falls"] == falls
    insight.refresh_from_db()
    assert insight.status == "published"

    assert messages(act(as_editor, Story, "unpublish", free)) == ["“Free” was unpublished."]
    assert messages(as_editor.post(response.url, {"confirmed": "1"}, follow=True)) == ["“The van” was unpublished."]
    insight.refresh_from_db()
    assert insight.status == "unpublished"
