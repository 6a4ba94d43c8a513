"""What a phone with a poor signal has to fetch for a page: all of it, before any compression."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.urls import reverse

HEAVIEST, MOST_JAVASCRIPT = 150_000, 30_000
FONT = "fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2"


def size_of(name):
    return Path(finders.find(name)).stat().st_size


def weights(pages):
    """{address: (bytes in all, bytes of JavaScript)} of {address: HTML}, the typeface and every style sheet and picture counted."""
    found = {}
    for address, html in pages.items():
        files = set(re.findall(r'<(?:link|script|img)[^>]*(?:href|src)="/static/([^"]+)"', html))
        scripts = sum(size_of(name) for name in files if name.endswith(".js"))
        found[address] = (len(html.encode()) + size_of(FONT) + sum(map(size_of, files)), scripts)
    return found


def opened(client, addresses):
    return {address: client.get(address).content.decode() for address in addresses}


def too_heavy(found):
    return {
        address: weight
        for address, weight in found.items()
        if weight[0] > HEAVIEST or weight[1] > MOST_JAVASCRIPT
    }  # fmt: skip


@pytest.mark.django_db
def test_no_kind_of_page_is_heavy_with_two_hundred_stories(client):
    call_command("seed_benchmark", stories=200, votes=2000)
    listed = re.findall("<loc>http://[^/]+([^<]+)</loc>", client.get(reverse("sitemap")).content.decode())
    of_each_kind = {address.split("/")[1]: address for address in reversed(listed) if address.count("/") == 3}
    lists = [address for address in listed if address.count("/") < 3]
    found = weights(opened(client, [*lists, *of_each_kind.values(), "/join/", "/stories/?q=the"]))
    assert {"stories", "practices", "service-areas", "tags"} < set(of_each_kind)
    assert too_heavy(found) == {}
