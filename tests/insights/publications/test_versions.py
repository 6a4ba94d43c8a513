import datetime
import hashlib
import json
import re

import pytest

from insights.choices import Role
from insights.models import Evidence, Insight
from insights.publications import publishing
from insights.publications.versions import changes_since
from tests.factories import (
    a_place,
    a_practice,
    a_programme,
    a_service_area,
    a_story,
    a_user,
    a_workshop,
    an_insight,
    may_stand,
)
from workshops.choices import Consent, Status
from workshops.consent import withdrawal
from workshops.consent.passages import give_back, hide_runs, keep_out
from workshops.models import HiddenPassage
from workshops.roles import EDITOR
from workshops.stories import review

pytestmark = pytest.mark.django_db

DAY = datetime.date(2020, 10, 5)
NEXT_DAY = datetime.date(2020, 10, 6)


def quoting(*stories, against=(), **fields):
    """An insight published on DAY through its gate, quoting each of these stories in full."""
    fields = {"slug": "vans", "title": "Vans help", "status": Status.DRAFT, "none_found": "We asked."} | fields
    insight = an_insight(supports=stories, contradicts=against, **fields)
    for evidence in insight.evidence.all():
        evidence.excerpt = evidence.story.published_text
        evidence.save()
    publishing.publish_insight(may_stand(insight), on=DAY)
    return insight


def words(response):
    return " ".join(re.sub("<[^>]+>", " ", response.content.decode()).split())


def changes_of(insight):
    insight = Insight.objects.for_page().get(pk=insight.pk)
    return [
        f"{change.says}: {change.source}" if change.source else change.says
        for change in changes_since(insight.publications.last(), insight)
    ]


def test_version_page_shows_text_evidence_and_reach_as_they_were_published(client):
    hubs = a_service_area("Hubs")
    workshop = a_workshop(service_areas=[hubs, a_service_area("Parks")], places=[a_place("Bolton")])
    van = a_story(title="The van", published_text="We bought a van.", workshop=workshop, service_area=hubs)
    critic = a_story(title="The bill", published_text="It cost us the spring.", workshop=workshop)
    insight = quoting(van, against=[critic], programme=workshop.phase.programme, body="At *length*.")
    insight.title, insight.body = "Vans harm", "In short."
    insight.save()
    Evidence.objects.create(insight=insight, story=a_story(title="Told later"))
    publishing.publish_insight(insight, on=NEXT_DAY)

    response = client.get("/insights/vans/v1/")

    assert [piece.quotation for piece in response.context["supporting"]] == ["We bought a van."]
    assert [piece.quotation for piece in response.context["contradicting"]] == ["It cost us the spring."]
    page = words(response)
    assert "Version 1 of 2, published on 5 October 2020" in page
    assert "Supported by stories from 1 of 2 services, 0 of 1 place, 1 of 1 workshop, on that day" in page
    assert "<p>At <em>length</em>.</p>" in response.content.decode()
    assert "Vans help" in page
    assert "Told later" not in page
    assert "In short." not in page
    assert "text and quotations are those of that day" in page


def test_version_of_another_number_or_insight_is_not_found(client):
    quoting(a_story())
    an_insight(slug="other")
    assert client.get("/insights/vans/v1/").status_code == 200
    assert client.get("/insights/vans/v2/").status_code == 404
    assert client.get("/insights/other/v1/").status_code == 404


def test_withdrawn_quotation_is_gone_from_every_version_and_each_says_so(client):
    gone = a_story(title="Secret title", published_text="Secret words.")
    insight = quoting(gone, a_story())
    Evidence.objects.create(insight=insight, story=a_story())
    publishing.publish_insight(insight, on=NEXT_DAY)
    assert "Secret words." in words(client.get("/insights/vans/v1/"))

    withdrawal.withdraw_stories([gone])

    for version in (1, 2):
        page = words(client.get(f"/insights/vans/v{version}/"))
        assert page.count("A quotation here was removed.") == 1
        assert "text and quotations are those of that day" in page
        for kept in (page, client.get(f"/insights/vans/v{version}/?format=json").content.decode()):
            assert "Secret" not in kept
            assert gone.ref not in kept


@pytest.mark.parametrize(
    ("leave", "sentence"),
    [
        (lambda story: withdrawal.withdraw_stories([story]), "A story here was removed."),
        (lambda story: withdrawal.lower_consent(story, Consent.TEAM), "A story here was removed."),
        (review.unpublish_story, "A story here is not public any more, so it is not shown."),
    ],
)
def test_version_says_why_a_story_that_it_did_not_quote_is_gone(leave, sentence, client):
    gone = a_story(title="Secret title", published_text="Secret words.")
    insight = quoting(a_story())
    Evidence.objects.create(insight=insight, story=gone)
    publishing.publish_insight(insight, on=NEXT_DAY)
    leave(gone)
    page = words(client.get("/insights/vans/v2/"))
    assert sentence in page
    assert "Secret" not in page


def test_version_hides_a_practice_that_went_back_to_draft(client):
    practice = a_practice(statement="Secret practice", stories=[a_story()])
    insight = quoting(a_story())
    Evidence.objects.create(insight=insight, practice=practice)
    publishing.publish_insight(insight, on=NEXT_DAY)
    assert "Secret practice" in words(client.get("/insights/vans/v2/"))
    review.return_practice_to_draft(practice)
    page = words(client.get("/insights/vans/v2/"))
    assert "A practice here is not public any more, so it is not shown." in page
    assert "Secret" not in page


def test_version_stops_quoting_a_name_that_was_taken_out_of_the_wording(client):
    story = a_story(title="The van", published_text="Mrs Secret bought a van.")
    quoting(story)
    story.published_text = "A neighbour bought a van."
    story.save()
    for address in ("/insights/vans/v1/", "/insights/vans/v1/?format=json"):
        page = words(client.get(address))
        assert "The quotation is not shown any more: the wording it was taken from has changed since." in page
        assert "Secret" not in page
    assert publishing.verify_hash(Insight.objects.get(slug="vans").publications.get()) is True


def test_version_of_an_insight_that_was_taken_down_is_gone_but_for_its_date_and_fingerprint(client):
    insight = quoting(a_story(published_text="Secret words."), title="Secret claim")
    publishing.unpublish_insight(insight)
    for address in ("/insights/vans/v1/", "/insights/vans/v1/?format=json"):
        response = client.get(address)
        page = words(response)
        assert response.status_code == 410
        assert "Its version 1 was published on 5 October 2020" in page
        assert insight.publications.get().hash in page
        assert "Secret" not in page
    client.force_login(a_user(EDITOR))
    assert "Secret claim" in words(client.get("/insights/vans/v1/"))


def test_version_that_was_tampered_with_says_that_its_fingerprint_does_not_fit(client):
    insight = quoting(a_story())
    insight.publications.update(text={"title": "Another claim"})
    assert "The fingerprint does not fit." in words(client.get("/insights/vans/v1/"))


def test_fingerprint_covers_how_far_the_support_reached():
    publication = quoting(a_story()).publications.get()
    assert publication.reach == {"parts": [], "stories": 1, "single_workshop": True}
    publication.reach["stories"] = 9
    assert publishing.verify_hash(publication) is False


def test_json_of_a_version_is_enough_to_work_its_fingerprint_out(client):
    quoting(a_story(published_text="We bought a van."), a_story(), programme=a_programme(illustrative=True))
    version = json.loads(client.get("/insights/vans/v1/?format=json").content)
    assert version["disclosure"] == "Illustrative sample: people, stories and votes are invented."
    for row in version["evidence"]:
        assert row["digest"] == hashlib.sha256((row["salt"] + row["excerpt"]).encode()).hexdigest()
    content = {
        "version": version["version"],
        "published_on": version["published_on"],
        "text": version["text"],
        "reach": version["reach"],
        "evidence": [
            [row["order"], row["role"], row["story"], row["practice"], row["digest"]] for row in version["evidence"]
        ],
    }
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert version["hash"] == hashlib.sha256(canonical.encode()).hexdigest()


def test_version_knows_no_other_format(client):
    quoting(a_story())
    assert client.get("/insights/vans/v1/?format=xml").status_code == 400


def test_version_is_cited_under_the_address_of_the_site(client, settings):
    settings.SITE_URL = "https://archive.example.org"
    publication = quoting(a_story(), programme=a_programme(title="GM")).publications.get()
    cited = (
        f"“Vans help”. GM, version 1, 5 October 2020, fingerprint {publication.hash[:12]}. "
        "Workshop learning archive, https://archive.example.org/insights/vans/v1/"
    )
    for address in ("/insights/vans/", "/insights/vans/v1/"):
        assert f'<p class="cite">{cited}</p>' in client.get(address).content.decode()


def test_nothing_changed_since_an_insight_was_published(client):
    insight = quoting(a_story(), against=[a_story()])
    assert changes_of(insight) == []
    assert "Nothing in its text or its evidence has changed since." in words(client.get("/insights/vans/"))


def test_changes_since_a_version_tell_what_was_added_taken_out_and_turned(client):
    stays, turned, left = a_story(), a_story(title="The bill"), a_story(title="The tram")
    insight = quoting(stays, turned, left)
    insight.evidence.filter(story=left).delete()
    insight.evidence.filter(story=turned).update(role=Role.CONTRADICTS)
    Evidence.objects.create(insight=insight, role=Role.QUALIFIES, order=4, story=a_story(title="The bus"))
    Evidence.objects.create(insight=insight, order=5, story=a_story(title="Secret", status=Status.DRAFT))
    assert changes_of(insight) == [
        "Taken out: The tram",
        "It contradicts this now; before, it supports it: The bill",
        "Added: it qualifies this: The bus",
    ]
    page = words(client.get("/insights/vans/"))
    assert "Changed since version 1:" in page
    assert "Secret" not in page


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ("supports", "qualifies", "It qualifies this now; before, it supports it"),
        ("supports", "contradicts", "It contradicts this now; before, it supports it"),
        ("qualifies", "supports", "It supports this now; before, it qualifies it"),
        ("qualifies", "contradicts", "It contradicts this now; before, it qualifies it"),
        ("contradicts", "supports", "It supports this now; before, it contradicts it"),
        ("contradicts", "qualifies", "It qualifies this now; before, it contradicts it"),
    ],
)
def test_changes_since_a_version_tell_every_turn_of_a_role(before, now, said):
    insight = an_insight(supports=[a_story(), a_story(title="The bill")], none_found="We asked everybody.")
    bill = insight.evidence.filter(story__title="The bill")
    bill.update(role=before)
    publishing.publish_insight(insight)
    bill.update(role=now)
    assert changes_of(insight) == [f"{said}: The bill"]


def test_changes_since_a_version_tell_of_quotations_and_withdrawals():
    reworded, requoted, withdrawn = (
        a_story(title="Reworded", published_text="Mrs Khan came."),
        a_story(title="Quoted", published_text="We came. We saw."),
        a_story(),
    )
    insight = quoting(reworded, requoted, withdrawn)
    reworded.published_text = "A neighbour came."
    reworded.save()
    insight.evidence.filter(story=requoted).update(excerpt="We saw.")
    withdrawal.withdraw_stories([withdrawn])
    assert changes_of(insight) == [
        "A quotation here was removed.",
        "Not quoted any more: Reworded",
        "Quoted anew: Quoted",
    ]


def test_changes_since_a_version_name_the_parts_of_the_text():
    insight = quoting(a_story())
    insight.title, insight.body = "Vans harm", "In short."
    insight.save()
    assert changes_of(insight) == ["Changed in the text: the claim, the text"]


def test_version_finds_what_it_builds_on_under_another_address(client):
    finding = an_insight(slug="vans", title="Vans help")
    idea = an_insight(kind="big idea", slug="buy", builds_on=[finding], status=Status.DRAFT)
    version = publishing.publish_insight(idea)
    finding.slug = "vehicles"
    finding.save()
    page = client.get("/insights/buy/v1/").content.decode()
    assert '<a href="/insights/vehicles/">Vans help</a>' in page
    idea = Insight.objects.for_page().get(slug="buy")
    assert changes_since(version, idea) == []
    assert version.text["builds_on"] == ["vans"]
    assert publishing.verify_hash(version) is True
    idea.builds_on.set([an_insight()])
    assert [change.says for change in changes_since(version, idea)] == [
        "Changed in the text: the insights it builds on"
    ]


REMOVED = (
    "Words were removed from this version on 6 October 2020 at the wish of who said them; its fingerprint is of the text "
    "before."
)


def test_version_says_that_words_were_removed_and_verifies_once_they_are_back(client):
    told = "We bought a van for the whole estate"
    publication = quoting(a_story(), body=f"She said: {told}.").publications.get()
    passage = next(each for each in hide_runs([told]) if each.model == "insights.Publication")
    HiddenPassage.objects.update(hidden_at=datetime.datetime(2020, 10, 6, 12, tzinfo=datetime.UTC))
    page = words(client.get("/insights/vans/v1/"))
    assert (REMOVED in page, "The fingerprint does not fit" in page, "We worked the fingerprint out" in page) == (
        True, False, False,
    )  # fmt: skip
    as_data = json.loads(client.get("/insights/vans/v1/?format=json").content)
    assert (as_data["note"], as_data["text"]["body"]) == (REMOVED, "She said: [words removed].")
    give_back(passage)
    publication.refresh_from_db()
    assert publishing.verify_hash(publication) is True
    assert "We worked the fingerprint out" in words(client.get("/insights/vans/v1/"))
    assert json.loads(client.get("/insights/vans/v1/?format=json").content)["note"] == ""


def test_version_whose_words_are_kept_out_goes_on_saying_so(client):
    told = "We bought a van for the whole estate"
    quoting(a_story(), body=f"She said: {told}.")
    for passage in hide_runs([told]):
        keep_out(passage)
    assert "Words were removed from this version" in words(client.get("/insights/vans/v1/"))


def test_version_that_somebody_changed_still_does_not_verify(client):
    publication = quoting(a_story()).publications.get()
    publication.text["body"] = "Something else."
    publication.save()
    assert "The fingerprint does not fit" in words(client.get("/insights/vans/v1/"))
