import datetime
import re

import pytest
from django.utils import timezone

from insights.choices import Reason, ReviewState, Role
from insights.models import Evidence, Publication, Review, SetAside
from tests.factories import (
    a_commitment,
    a_participant,
    a_place,
    a_practice,
    a_programme,
    a_service_area,
    a_story,
    a_theme,
    a_user,
    a_vote,
    a_workshop,
    an_article,
    an_insight,
)
from workshops.choices import Choice, Consent, Status
from workshops.consent.withdrawal import withdraw_stories
from workshops.roles import ANALYST, EDITOR

pytestmark = pytest.mark.django_db

WITHDRAWN = "A quotation here was removed."


def text_of(client, address):
    """A page without line breaks."""
    return " ".join(client.get(address).content.decode().split())


def insights_at(client, query):
    return [insight.title for insight in client.get(f"/insights/?{query}").context["insight_list"]]


def test_insight_list_shows_findings_first_and_only_what_is_published(client):
    programme = a_programme()
    an_insight(slug="b", title="Recommendation", kind="recommendation", programme=programme)
    an_insight(slug="c", title="Idea", kind="big idea", programme=programme)
    an_insight(slug="d", title="Capacity", nature="capacity", programme=programme)
    an_insight(slug="e", title="Condition", nature="condition", programme=programme)
    an_insight(slug="a", title="Draft", programme=programme, status=Status.DRAFT)
    assert insights_at(client, "") == ["Condition", "Capacity", "Idea", "Recommendation"]


def test_insight_list_shows_what_its_filters_choose(client):
    area, place, theme = a_service_area("Hubs"), a_place(code="B"), a_theme("People")
    story = a_story(service_area=area, place=place, tags=["trust"])
    hidden = a_story(service_area=area, place=place, tags=["trust"], status=Status.DRAFT)
    chosen = an_insight(title="Chosen", supports=[story, a_story(workshop=story.workshop)], themes=[theme])
    an_insight(title="Hidden", supports=[hidden], kind="big idea")
    queries = ["service_area=hubs", "place=B", "tag=trust", f"workshop={story.workshop.slug}", "theme=people"]
    for query in [*queries, f"programme={chosen.programme.slug}", "kind=finding", "place=B&service_area=hubs"]:
        assert insights_at(client, query) == ["Chosen"], query
    assert insights_at(client, "place=x") == []


def test_insight_page_shows_public_evidence_by_what_it_does(client):
    insight = an_insight()
    for order, (role, word) in enumerate(
        [(Role.CONTRADICTS, "Against"), (Role.SUPPORTS, "For"), (Role.QUALIFIES, "But")], 1
    ):
        story = a_story(title=f"{word} story", published_text=f"They said: {word}, indeed.")
        Evidence.objects.create(insight=insight, story=story, role=role, order=order, excerpt=f"{word}, indeed")
    hidden = a_story(status=Status.DRAFT, title="Hidden")
    Evidence.objects.create(insight=insight, story=hidden, order=9, excerpt="Hidden")
    response = client.get(insight.get_absolute_url())
    shown = {
        role: [str(piece.story) for piece in response.context[role]]
        for role in ("supporting", "qualifying", "contradicting")
    }
    assert shown == {"supporting": ["For story"], "qualifying": ["But story"], "contradicting": ["Against story"]}
    html = " ".join(response.content.decode().split())
    assert '<i class="contradicts"></i><i class="supports"></i><i class="qualifies"></i>' in html.replace("> <", "><")
    assert (
        '<a href="#supports">1 story supports this</a>, <a href="#qualifies">1 story qualifies it</a>, '
        '<a href="#contradicts">1 story contradicts it</a>'
    ) in html
    assert all(f'<h3 id="{role}">' in html for role in ("supports", "qualifies", "contradicts"))
    assert "<p>For, indeed</p>" in html
    assert "Hidden" not in html


def test_insight_page_quotes_only_what_the_story_still_says(client):
    story = a_story(published_text="New wording.")
    insight = an_insight(supports=[story])
    insight.evidence.update(excerpt="Old wording")
    html = text_of(client, insight.get_absolute_url())
    assert "Old wording" not in html
    assert story.get_absolute_url() in html


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"status": Status.WITHDRAWN}, True),
        ({"status": Status.UNPUBLISHED, "consent": Consent.TEAM}, True),
        ({"status": Status.UNPUBLISHED}, False),
        ({"status": Status.DRAFT, "consent": Consent.TEAM}, False),
        ({}, False),
    ],
)
def test_insight_page_says_that_a_quotation_was_withdrawn(fields, says, client):
    withdrawn = fields.get("status") == Status.WITHDRAWN
    story = a_story(title="Its title", published_text="Its words", **({} if withdrawn else fields))
    insight = an_insight(supports=[story])
    insight.evidence.update(excerpt="Its words")
    if withdrawn:
        withdraw_stories([story])
        type(insight).objects.update(status=Status.PUBLISHED)  # it stays up where other evidence carries it
    html = text_of(client, insight.get_absolute_url())
    assert (WITHDRAWN in html) is says
    assert ("Its words" in html) is (not fields)


def test_insight_page_shows_how_far_its_support_reaches(client):
    hubs, parks = a_service_area("Hubs"), a_service_area("Parks")
    workshop = a_workshop(service_areas=[hubs, parks], places=[a_place("Bolton")])
    insight = an_insight(programme=workshop.phase.programme, supports=[a_story(workshop=workshop, service_area=hubs)])
    html = text_of(client, insight.get_absolute_url())
    assert "Supported by stories from 1 of 2 services, 0 of 1 place, 1 of 1 workshop." in re.sub("<[^>]+>", "", html)
    assert "These are stories an editor chose; they do not show how common it is." in html
    assert "From a single workshop" in html
    assert "No story here from Parks" in html


def test_insight_page_shows_what_was_set_aside_of_what_is_public(client):
    insight = an_insight()
    SetAside.objects.create(insight=insight, story=a_story(title="Old story"), reason=Reason.TOO_OLD)
    SetAside.objects.create(insight=insight, story=a_story(title="Hidden", status=Status.DRAFT), reason=Reason.OUTLIER)
    html = text_of(client, insight.get_absolute_url())
    assert 'Old story</a> <span class="meta">Too old to speak for the time in question' in html
    assert "Hidden" not in html


def test_insight_page_shows_published_insights_it_is_connected_with(client):
    finding, draft = an_insight(title="Ground"), an_insight(title="Hidden", status=Status.DRAFT)
    idea = an_insight(title="Idea", kind="big idea", builds_on=[finding, draft], actions=["Share the list"])
    an_insight(title="Draft above", builds_on=[finding], status=Status.DRAFT)
    below, above = text_of(client, idea.get_absolute_url()), text_of(client, finding.get_absolute_url())
    assert f'It builds on <a href="{finding.get_absolute_url()}">Ground</a>' in below
    assert "<li>Share the list</li>" in below
    assert f'<a href="{idea.get_absolute_url()}">Idea</a> builds on it' in above
    assert "Hidden" not in below
    assert "Draft above" not in above


def test_insight_page_says_where_editors_looked_for_a_contradiction(client):
    insight = an_insight(supports=[a_story()], none_found="We asked all ten places.")
    assert "We asked all ten places." in text_of(client, insight.get_absolute_url())


def test_insight_page_says_how_to_cite_its_latest_version(client):
    insight = an_insight(title="Claim", programme=a_programme(title="GM", illustrative=True), slug="claim")
    for version in (1, 2):
        Publication.objects.create(
            insight=insight,
            version=version,
            published_on=datetime.date(2020, 11, version),
            text={"title": "Claim"},
            hash=f"{version}" * 64,
        )
    html = text_of(client, insight.get_absolute_url())
    assert (
        "“Claim”. GM, version 2, 2 November 2020, fingerprint 222222222222. "
        "Workshop learning archive, http://testserver/insights/claim/v2/. Illustrative sample: people, stories and votes are invented."
    ) in html
    assert "2" * 64 in html


def test_insight_page_of_a_draft_is_for_editors(client):
    insight = an_insight(status=Status.DRAFT)
    assert client.get(insight.get_absolute_url()).status_code == 404
    client.force_login(a_user(ANALYST))
    assert client.get(insight.get_absolute_url()).status_code == 404
    client.force_login(a_user(EDITOR))
    assert "Not public." in text_of(client, insight.get_absolute_url())


def test_insight_page_makes_hostile_text_harmless(client):
    insight = an_insight(title="<script>alert(1)</script>", body="<script>alert(2)</script>ok", summary="<img src=x>")
    html = client.get(insight.get_absolute_url()).content.decode()
    assert "<script" not in html
    assert "<img" not in html


def test_matrix_page_links_each_filled_cell_to_as_many_stories(client):
    areas = [a_service_area("Hubs"), a_service_area("Parks")]
    theme, place = a_theme("People"), a_place(code="B")
    workshop = a_workshop(service_areas=areas)
    for _ in range(2):
        a_story(workshop=workshop, service_area=areas[0], themes=[theme], place=place)
    a_story(workshop=workshop, service_area=areas[0], themes=[theme])
    response = client.get("/matrix/?place=B")
    link = "/stories/?place=B&amp;service_area=hubs&amp;theme=people"
    assert f'href="{link}"' in response.content.decode()
    assert [cell.stories for cell in response.context["matrix"].cells] == [2, 0]
    assert client.get(link.replace("&amp;", "&")).context["paginator"].count == 2
    assert "not asked" in response.content.decode()


@pytest.mark.parametrize("query", ["programme=x", "phase=x", "place=x", "phase=2"])
def test_matrix_page_narrowed_by_something_unknown_counts_nothing(query, client):
    a_story(service_area=a_service_area(), themes=[a_theme()])
    response = client.get(f"/matrix/?{query}")
    assert response.context["matrix"].cells == []
    assert "There is no " in response.content.decode()


def test_votes_page_lists_practices_and_never_a_count_of_votes(client):
    practice = a_practice(ref="P-a", statement="A call every week", service_areas=[a_service_area("Hubs")])
    a_practice(statement="A draft", status=Status.DRAFT)
    for _ in range(37):
        a_vote(practice=practice, participant=a_participant(), choice=Choice.DISCARD)
    for address in ("/votes/", practice.get_absolute_url()):
        html = text_of(client, address)
        assert "A call every week" in html
        assert "once an editor releases them" in html
        assert "A draft" not in html
        assert not re.search(r"\b37\b", html)


def test_votes_page_shows_what_its_filters_choose(client):
    story = a_story()
    chosen = a_practice(
        service_areas=[a_service_area("Hubs")], themes=[a_theme("People")], stories=[story], tags=["trust"]
    )
    a_practice(service_areas=[a_service_area("Parks")])
    for query in ("service_area=hubs", "theme=people", "tag=trust", f"programme={story.workshop.phase.programme.slug}"):
        assert list(client.get(f"/votes/?{query}").context["practice_list"]) == [chosen], query
    assert list(client.get("/votes/?theme=x").context["practice_list"]) == []


def test_votes_of_an_illustrative_programme_say_that_they_test_nothing(client):
    practice = a_practice(stories=[a_story(workshop=a_workshop(programme=a_programme(illustrative=True)))])
    sentence = "These votes were written to illustrate the published account. They do not test it."
    assert sentence in text_of(client, "/votes/")
    assert sentence in text_of(client, practice.get_absolute_url())


def test_practice_page_shows_its_public_stories_and_published_insights(client):
    practice = a_practice(stories=[a_story(title="Open"), a_story(title="Hidden", status=Status.DRAFT)])
    for title, status in (("Rests on it", Status.PUBLISHED), ("Not yet", Status.DRAFT)):
        Evidence.objects.create(insight=an_insight(title=title, status=status), practice=practice)
    html = text_of(client, practice.get_absolute_url())
    assert "Open" in html
    assert "Rests on it" in html
    assert "Hidden" not in html
    assert "Not yet" not in html


def test_practice_page_says_under_its_title_what_it_is_and_what_it_takes(client):
    described = a_practice(statement="Ring first", description="A call <b>before</b> the form.\n\nIt takes an hour.")
    html = text_of(client, described.get_absolute_url())
    assert (
        '<h1>Ring first</h1> <div class="prose"><p>A call &lt;b&gt;before&lt;/b&gt; the form.</p> <p>It takes an hour.</p></div>'
    ) in html
    assert '<div class="prose">' not in text_of(client, a_practice().get_absolute_url())


def test_article_page_shows_its_body_and_published_insights(client):
    insights = [an_insight(title="Open"), an_insight(title="Hidden", status=Status.DRAFT)]
    article = an_article(body="# First\n\nWords.", insights=insights)
    html = text_of(client, article.get_absolute_url())
    assert "<h2>First</h2> <p>Words.</p>" in html
    assert "Open" in html
    assert "Hidden" not in html


@pytest.mark.parametrize(("days", "status"), [(-1, 200), (0, 200), (1, 404)])
def test_article_is_public_from_its_day_on(days, status, client):
    article = an_article(title="Soon", published_on=timezone.localdate() + datetime.timedelta(days=days))
    assert client.get(article.get_absolute_url()).status_code == status
    assert ("Soon" in text_of(client, "/articles/")) is (status == 200)


def test_commitment_list_tells_what_each_review_found_and_what_is_overdue(client):
    commitment = a_commitment(text="Keep the call", place=a_place("Northbrook"), owner_role="Director")
    today = timezone.localdate()
    for due_on, reviewed_on, state in [
        (datetime.date(2021, 2, 1), datetime.date(2021, 2, 3), ReviewState.SLIPPING),
        (datetime.date(2021, 8, 1), None, ""),
        (today + datetime.timedelta(days=1), None, ""),
        (today, None, ""),
    ]:
        Review.objects.create(commitment=commitment, due_on=due_on, reviewed_on=reviewed_on, state=state)
    html = text_of(client, "/commitments/")
    assert "Slipping</strong> at the latest review, on 3 February 2021" in html
    assert "Overdue</strong> for review since 1 August 2021" in html
    assert html.count("Overdue") == 3  # in the sentence, the picture and the table
    assert html.count("To come") == 4  # twice in the picture, twice in the table
    assert commitment.insight.get_absolute_url() in html


def test_commitment_list_shows_what_its_filters_choose(client):
    chosen, other = a_commitment(place=a_place(code="B")), a_commitment()
    for query in ("place=B", f"programme={chosen.insight.programme.slug}"):
        assert list(client.get(f"/commitments/?{query}").context["commitment_list"]) == [chosen], query
    assert other.text in text_of(client, "/commitments/")
    assert other.text not in text_of(client, chosen.place.get_absolute_url())
    assert chosen.text in text_of(client, chosen.place.get_absolute_url())


def test_feed_gives_published_insights_newest_version_first(client):
    for slug, days, status in [
        ("old", (1, 3), "published"),
        ("new", (2, 4), "published"),
        ("hidden", (5,), "unpublished"),
    ]:
        insight = an_insight(slug=slug, title=slug, status=status)
        for version, day in enumerate(days, 1):
            Publication.objects.create(
                insight=insight, version=version, published_on=datetime.date(2020, 11, day), text={}, hash="0" * 64
            )
    feed = client.get("/feeds/insights.atom").content.decode()
    assert feed.index("<title>new</title>") < feed.index("<title>old</title>")
    assert "<published>2020-11-02T00:00:00+00:00</published><updated>2020-11-04T00:00:00+00:00</updated>" in feed
    assert "hidden" not in feed
