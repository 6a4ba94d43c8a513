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


def weights(client, addresses):
    """{address: (bytes in all, bytes of JavaScript)}, the typeface and every style sheet and picture counted."""
    found = {}
    for address in addresses:
        html = client.get(address).content
        files = set(re.findall(r'<(?:link|script|img)[^>]*(?:href|src)="/static/([^"]+)"', html.decode()))
        scripts = sum(size_of(name) for name in files if name.endswith(".js"))
        found[address] = (len(html) + size_of(FONT) + sum(map(size_of, files)), scripts)
    return found


def addresses(client):
    sitemap = client.get(reverse("sitemap")).content.decode()
    return [*re.findall("<loc>http://[^/]+([^<]+)</loc>", sitemap), "/join/", "/stories/?q=family", "/no-such-page/"]


def too_heavy(found):
    return {
        address: weight
        for address, weight in found.items()
        if weight[0] > HEAVIEST or weight[1] > MOST_JAVASCRIPT
    }  # fmt: skip


@pytest.mark.django_db
def test_no_page_of_the_sample_is_heavy(client, settings, tmp_path):
    settings.DEBUG, settings.DATA_DIR = True, tmp_path
    call_command("demo", no_server=True)
    settings.DEBUG = False
    found = weights(client, addresses(client))
    assert len(found) > 200
    assert min(found.values())[0] > size_of(FONT) + size_of("archive.css")
    assert too_heavy(found) == {}


@pytest.mark.django_db
def test_no_kind_of_page_is_heavy_with_two_hundred_stories(client):
    call_command("seed_benchmark", stories=200, votes=2000)
    of_each_kind = {
        address.split("/")[1]: address for address in reversed(addresses(client)) if address.count("/") == 3
    }
    lists = [address for address in addresses(client) if address.count("/") < 3]
    found = weights(client, [*lists, *of_each_kind.values(), "/stories/?q=the"])
    assert {"stories", "practices", "service-areas", "tags"} < set(of_each_kind)
    assert too_heavy(found) == {}
