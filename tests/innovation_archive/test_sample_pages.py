"""What holds on every public page of the sample archive, which is the only one here with words people might have said."""

import re
from html import unescape

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from insights.models import Evidence

pytestmark = pytest.mark.any_database


@pytest.fixture(scope="module")
def sample(django_db_setup, django_db_blocker, tmp_path_factory):
    """The sample archive, for as long as the tests of this file run."""
    before = settings.DEBUG, settings.DATA_DIR
    settings.DEBUG, settings.DATA_DIR = True, tmp_path_factory.mktemp("sample")  # or the demo refuses
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("demo", no_server=True, verbosity=0)
        settings.DEBUG, settings.DATA_DIR = before
        yield
        transaction.set_rollback(True)


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


def test_no_page_of_the_sample_quotes_the_same_words_twice(pages):
    quotations = {" ".join(piece.quotation.split()) for piece in Evidence.objects.public() if piece.quotation}
    texts = {address: words_of(html) for address, html in pages.items()}
    twice = [(address, words) for address, text in texts.items() for words in quotations if text.count(words) > 1]
    assert twice == []
    assert len(quotations) > 60
    assert min(sum(words in text for text in texts.values()) for words in quotations) >= 1
