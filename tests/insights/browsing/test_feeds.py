"""The feed, held to what RFC 4287 asks of one."""

import datetime

import pytest
from defusedxml import ElementTree

from insights.models import Insight, Publication
from tests.factories import an_insight

ATOM = "{http://www.w3.org/2005/Atom}"


def published(slug, *days):
    insight = an_insight(slug=slug, title=f"On {slug}")
    for version, day in enumerate(days, start=1):
        Publication.objects.create(
            insight=insight, version=version, published_on=datetime.date(2020, 11, day), text={}, hash=f"{version}" * 64
        )


@pytest.mark.django_db
def test_feed_has_what_atom_asks_of_a_feed_and_of_each_entry(client):
    published("trust", 1)
    published("risk", 2, 9)
    feed = ElementTree.fromstring(client.get("/feeds/insights.atom").content)
    assert feed.find(f"{ATOM}id").text == "http://testserver/insights/"
    assert feed.find(f"{ATOM}author/{ATOM}name").text == "Workshop learning archive"
    assert feed.find(f"{ATOM}updated").text.startswith("2020-11-09T00:00:00")
    assert feed.find(f"{ATOM}link[@rel='self']").get("href") == "http://testserver/feeds/insights.atom"
    entries = [
        [entry.find(f"{ATOM}{name}").text for name in ("id", "title", "published", "updated")]
        for entry in feed.findall(f"{ATOM}entry")
    ]
    assert [[identity, title, first[:10], latest[:10]] for identity, title, first, latest in entries] == [
        ["http://testserver/insights/risk/", "On risk", "2020-11-02", "2020-11-09"],
        ["http://testserver/insights/trust/", "On trust", "2020-11-01", "2020-11-01"],
    ]


@pytest.mark.django_db
def test_feed_leaves_out_signs_that_xml_does_not_have(client):
    published("bell", 1)
    Insight.objects.update(title="A bell\x07", summary="One\x0btwo.")
    (entry,) = ElementTree.fromstring(client.get("/feeds/insights.atom").content).findall(f"{ATOM}entry")
    assert (entry.find(f"{ATOM}title").text, entry.find(f"{ATOM}summary").text) == ("A bell", "Onetwo.")


@pytest.mark.django_db
def test_feed_gives_programs_a_summary_as_text_and_no_markup(client):
    published("trust", 1)
    Insight.objects.update(title="Trust <b>", summary="Ask & <script>alert(1)</script>")
    (entry,) = ElementTree.fromstring(client.get("/feeds/insights.atom").content).findall(f"{ATOM}entry")
    title, summary = entry.find(f"{ATOM}title"), entry.find(f"{ATOM}summary")
    assert (title.get("type", "text"), title.text) == ("text", "Trust <b>")
    assert (summary.get("type"), summary.text) == ("html", "Ask &amp; &lt;script&gt;alert(1)&lt;/script&gt;")
