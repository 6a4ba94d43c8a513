"""What editors do with insights at the desk."""

import pytest
from django.contrib.admin.models import LogEntry

from insights import publishing
from insights.models import Article, Commitment, Evidence, Insight, Publication, Release, SetAside
from tests.desk import act, filled, listed, messages, page
from tests.factories import (
    a_commitment,
    a_participant,
    a_practice,
    a_programme,
    a_story,
    a_user,
    an_article,
    an_insight,
)
from workshops import consent
from workshops.choices import Consent, Status
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


@pytest.mark.parametrize("model", [Insight, Article, Commitment, Publication, Release])
@pytest.mark.parametrize("role", [FACILITATOR, ANALYST, SYSTEM_LEADER, ADMINISTRATOR])
def test_conclusions_are_for_editors(client, model, role):
    client.force_login(a_user(role))
    assert client.get(page(model)).status_code == 403


def test_editor_writes_an_insight_with_its_evidence(as_editor):
    programme, story, practice = a_programme(), a_story(published_text="We bought a van. It ran."), a_practice()
    fields = {
        "title": "Vans help",
        "slug": "vans-help",
        "programme": programme.pk,
        "nature": "capacity",
        "actions": "Buy vans\r\nShare them",
        "evidence-TOTAL_FORMS": 2,
        "evidence-0-order": 1,
        "evidence-0-role": "supports",
        "evidence-0-story": story.pk,
        "evidence-0-excerpt": "We bought a van.",
        "evidence-1-order": 2,
        "evidence-1-role": "qualifies",
        "evidence-1-practice": practice.pk,
        "set_aside-TOTAL_FORMS": 1,
        "set_aside-0-story": a_story(title="The hub").pk,
        "set_aside-0-reason": "redundant",
    }
    response = as_editor.post(page(Insight, "add"), filled(as_editor.get(page(Insight, "add")), **fields))
    assert response.status_code == 302
    insight = Insight.objects.get()
    assert (insight.title, insight.status, insight.actions) == ("Vans help", "draft", ["Buy vans", "Share them"])
    assert list(insight.evidence.values_list("order", "role", "story", "practice", "excerpt")) == [
        (1, "supports", story.pk, None, "We bought a van."),
        (2, "qualifies", None, practice.pk, ""),
    ]
    assert list(SetAside.objects.values_list("story__title", "reason")) == [("The hub", "redundant")]


def evidence_errors(client, insight, **fields):
    address = page(Insight, "change", insight.pk)
    response = client.post(address, filled(client.get(address), **{f"evidence-0-{k}": v for k, v in fields.items()}))
    return response.context["inline_admin_formsets"][0].formset.errors[0]


def test_evidence_is_one_story_or_one_practice(as_editor):
    insight = an_insight(supports=[a_story()])
    one_of_two = {"story": ["Evidence is one story or one practice. Choose exactly one of the two."]}
    assert evidence_errors(as_editor, insight, practice=a_practice().pk) == one_of_two
    assert evidence_errors(as_editor, insight, story="") == one_of_two


def test_story_set_aside_is_named(as_editor):
    insight = an_insight()
    SetAside.objects.create(insight=insight, story=a_story(), reason="outlier")
    address = page(Insight, "change", insight.pk)
    response = as_editor.post(address, filled(as_editor.get(address), **{"set_aside-0-story": ""}))
    assert response.context["inline_admin_formsets"][1].formset.errors == [{"story": ["This field is required."]}]


def test_excerpt_is_in_the_published_wording(as_editor):
    insight = an_insight(supports=[a_story(published_text="A neighbour came.", text="Mrs Khan came.")])
    assert evidence_errors(as_editor, insight, excerpt="Mrs Khan came.") == {
        "excerpt": ["Its published wording does not say this. Copy the passage letter by letter."]
    }


def test_evidence_of_facilitators_is_not_there_to_choose(as_editor):
    insight = an_insight(supports=[a_story()])
    hidden = a_story(status=Status.DRAFT, consent=Consent.FACILITATORS)
    errors = evidence_errors(as_editor, insight, story=hidden.pk)
    assert errors["story"] == ["Select a valid choice. That choice is not one of the available choices."]


def test_withdrawn_evidence_is_nobodys_to_read_and_stays_for_the_page_to_tell(as_editor):
    gone, kept = a_story(title="Taken back"), a_story(title="Kept")
    insight = an_insight(supports=[gone, kept], none_found="We asked.")
    SetAside.objects.create(insight=insight, story=gone, reason="outlier")
    consent.withdraw([gone])
    address = page(Insight, "change", insight.pk)
    response = as_editor.get(address)
    assert ("Taken back" in text(response), "Kept" in text(response)) == (False, True)
    assert as_editor.post(address, filled(response, title="Changed")).status_code == 302
    assert set(insight.evidence.values_list("story__title", flat=True)) == {"Taken back", "Kept"}


def test_nature_is_for_findings(as_editor):
    insight = an_insight()
    address = page(Insight, "change", insight.pk)
    response = as_editor.post(address, filled(as_editor.get(address), kind="big idea", nature="condition"))
    assert response.context["adminform"].form.errors == {
        "nature": ["Only a finding is about a condition or a capacity; this is a big idea. Leave it empty."]
    }


def test_page_says_what_is_missing(as_editor):
    insight, ready = an_insight(status=Status.DRAFT), a_ready_insight()
    shown = text(as_editor.get(page(Insight, "change", insight.pk)))
    assert "No published story from any workshop supports it. Add supporting evidence." in shown
    assert "Nothing is missing." in text(as_editor.get(page(Insight, "change", ready.pk)))


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


def test_action_unpublishes_and_names_what_came_down_with_it(as_editor):
    finding = a_ready_insight(title="Finding")
    publishing.publish(finding)
    an_insight(title="Idea", kind="big idea", builds_on=[finding])
    response = act(as_editor, Insight, "unpublish", finding)
    assert messages(response) == ["“Finding” was unpublished.", "“Idea” was unpublished."]
    assert set(Insight.objects.values_list("status", flat=True)) == {"unpublished"}


def test_change_below_the_gate_unpublishes(as_editor):
    insight = a_ready_insight(title="Finding")
    publishing.publish(insight)
    address = page(Insight, "change", insight.pk)
    response = as_editor.post(address, filled(as_editor.get(address), none_found=""), follow=True)
    insight.refresh_from_db()
    assert insight.status == Status.UNPUBLISHED
    assert messages(response)[0] == (
        "“Finding” was unpublished by this change. "
        "Nothing contradicts it. List a contradiction, or say in “none found” where you looked for one."
    )


def test_status_is_not_a_field(as_editor):
    insight = an_insight(status=Status.DRAFT)
    address = page(Insight, "change", insight.pk)
    as_editor.post(address, filled(as_editor.get(address), status="published"))
    insight.refresh_from_db()
    assert insight.status == Status.DRAFT


def test_insight_that_was_published_is_not_deleted(as_editor):
    published, draft = a_ready_insight(), an_insight(status=Status.DRAFT)
    publishing.publish(published)
    assert as_editor.post(page(Insight, "delete", published.pk), {"post": "yes"}).status_code == 403
    as_editor.post(page(Insight, "delete", draft.pk), {"post": "yes"})
    assert list(Insight.objects.all()) == [published]


def test_versions_are_read_only(client):
    story = a_story(published_text="We bought a van.")
    insight = an_insight(supports=[story], status=Status.DRAFT, none_found="We asked.")
    insight.evidence.update(excerpt="We bought a van.")
    publication = publishing.publish(insight)
    for person in (a_user(EDITOR), a_user(is_superuser=True)):
        client.force_login(person)
        shown = text(client.get(page(Publication, "change", publication.pk)))
        assert ("We bought a van." in shown, publication.evidence.get().salt in shown) == (True, False)
        assert client.post(page(Publication, "change", publication.pk), {"version": 9}).status_code == 403
        assert client.post(page(Publication, "delete", publication.pk), {"post": "yes"}).status_code == 403
        assert client.get(page(Publication, "add")).status_code == 403


def test_history_of_an_insight_names_no_story(as_editor):
    insight = an_insight(supports=[a_story(title="The hub", published_text="Said.")], none_found="We asked.")
    address = page(Insight, "change", insight.pk)
    as_editor.post(address, filled(as_editor.get(address), **{"evidence-0-excerpt": "Said."}))
    story = Evidence.objects.get().story
    assert LogEntry.objects.get().get_change_message() == f"Changed Excerpt for evidence “Supports: {story.ref}”."


def test_team_level_story_is_evidence_to_consider_but_not_to_publish(as_editor):
    insight = a_ready_insight()
    story = a_story(title="To the team", consent=Consent.TEAM, status=Status.DRAFT, told_by=a_participant())
    Evidence.objects.create(insight=insight, story=story)
    response = act(as_editor, Insight, "publish", insight)
    assert messages(response) == [
        f"“{insight}” was not published. The story “To the team” is among the evidence, but not published with public "
        "consent. Publish it, or take it out."
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
