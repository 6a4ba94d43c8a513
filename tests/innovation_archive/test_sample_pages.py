"""What holds on every public page of the sample archive, which is the only one here with words people might have said."""

import re
from collections import Counter
from html import unescape

import pytest
from django.test import Client

from insights.models import Evidence
from tests.innovation_archive.test_weight import FONT, opened, size_of, too_heavy, weights
from workshops.counted import COUNTED, counted

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture(scope="module")
def pages(sample):
    """Every page that the sitemap lists, as {address: HTML}."""
    client = Client()
    listed = re.findall(r"<loc>https?://[^/]+(.*?)</loc>", client.get("/sitemap.xml").content.decode())
    return {unescape(address): client.get(unescape(address)).content.decode() for address in listed}


def words_of(html):
    """The text of a page as one line."""
    body = re.sub(r"<(head|script|style).*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub("<[^>]+>", " ", body)).split())


NOUNS = {noun: counted(2, noun).removeprefix("2 ") for noun in COUNTED}
COUNT = re.compile(rf"(?<!of )\b(\d[\d,]*) ({'|'.join([*NOUNS.values(), *NOUNS])})\b")
LISTS = ("/insights/", "/stories/", "/workshops/", "/votes/", "/articles/", "/commitments/", "/places/")
LINKS_FOLLOWED = 3
"""Of each list from each kind of page: the sample has hundreds, which differ in their numbers alone."""


def links_that_count(pages):
    """The links of these pages to a list that say how many it holds, as [(page, address, "99 stories")]."""
    found, followed = [], Counter()
    for page, html in pages.items():
        for address, inner in re.findall(r'<a[^>]* href="([^"#]*)"[^>]*>(.*?)</a>', html, re.DOTALL):
            says = COUNT.search(words_of(inner))
            kind = page.split("/")[1], address.partition("?")[0], says and says[2]
            if says and kind[1] in LISTS and followed[kind] < LINKS_FOLLOWED:
                followed[kind] += 1
                found.append((page, unescape(address), says[0]))
    return found


def test_count_bears_the_same_word_on_the_list_it_leads_to(pages):
    links, client, other = links_that_count(pages), Client(), []
    for page, address, says in links:
        headings = re.findall(r"<h2>(.*?)</h2>", client.get(address).content.decode(), re.DOTALL)
        counts = [found[0] for found in map(COUNT.match, map(words_of, headings)) if found]
        if counts != [says]:
            other.append((page, address, says, counts))
    assert other == []
    told = {COUNT.match(says)[2] for _, _, says in links}
    assert {"stories", "workshops", "practices", "insights", "findings", "big ideas", "recommendations"} <= told


def test_no_count_of_the_sample_has_another_word_before_its_noun(pages):
    """Nor is anything counted by a name that the vocabulary does not have."""
    names = "|".join(["story", "stories", "findings?", "insights?", "practices?", "workshops?", "conclusions?"])
    qualified = re.compile(rf"\b\d[\d,]* (?!(?:of|big)\b)[a-z]+ (?:{names})\b|\b\d[\d,]* conclusions?\b")
    said = re.compile(r"<(blockquote|div class=\"prose\")>.*?</(?:blockquote|div)>", re.DOTALL)
    found = {address: qualified.findall(words_of(said.sub(" ", html))) for address, html in pages.items()}
    assert {address: words for address, words in found.items() if words} == {}


def test_no_page_of_the_sample_quotes_the_same_words_twice(pages):
    quotations = {" ".join(piece.quotation.split()) for piece in Evidence.objects.public() if piece.quotation}
    texts = {address: words_of(html) for address, html in pages.items()}
    twice = [(address, words) for address, text in texts.items() for words in quotations if text.count(words) > 1]
    assert twice == []
    assert len(quotations) > 60
    assert min(sum(words in text for text in texts.values()) for words in quotations) >= 1


def test_no_page_is_heavy(pages, client):
    found = weights(pages | opened(client, ["/join/", "/stories/?q=family", "/no-such-page/"]))
    assert len(found) > 200
    assert min(found.values())[0] > size_of(FONT) + size_of("archive.css")
    assert too_heavy(found) == {}
