import datetime
import re

import pytest
from django.utils import timezone

from tests.factories import a_programme, a_story, an_article, an_insight
from workshops.choices import Status

pytestmark = pytest.mark.django_db


def order_of(client, article, *words):
    html = client.get(article.get_absolute_url()).content.decode()
    return sorted(words, key=html.index)


def test_article_shows_the_card_of_an_insight_where_its_body_names_it(client):
    named, other = an_insight(slug="vans", title="Vans help", supports=[a_story()]), an_insight(title="Trams help")
    article = an_article(body="Before.\n\n[[vans]]\n\nAfter.", insights=[named, other])
    response = client.get(article.get_absolute_url())
    html = response.content.decode()
    assert order_of(client, article, "Before.", "Vans help", "After.", "Trams help") == [
        "Before.",
        "Vans help",
        "After.",
        "Trams help",
    ]
    assert html.count(">Vans help<") == 1
    assert "1 story supports this" in html
    assert "[[" not in html
    assert response.context["insights"] == [other]


def test_article_names_an_insight_that_it_is_not_linked_with(client):
    an_insight(slug="vans", title="Vans help")
    assert "Vans help" in client.get(an_article(body="[[vans]]").get_absolute_url()).content.decode()


@pytest.mark.parametrize("slug", ["none", "hidden"])
def test_article_shows_nothing_for_an_insight_that_is_not_public(slug, client):
    hidden = an_insight(slug="hidden", title="Secret", status=Status.UNPUBLISHED)
    article = an_article(body=f"Before.\n\n[[{slug}]]\n\nAfter.", insights=[hidden])
    html = client.get(article.get_absolute_url()).content.decode()
    assert "Before." in html and "After." in html
    assert "[[" not in html
    assert slug not in re.sub("<title>.*?</title>", "", html)
    assert "Secret" not in html


def test_article_leaves_brackets_inside_a_sentence_alone(client):
    an_insight(slug="vans", title="Vans help")
    html = client.get(an_article(body="We say [[vans]] here.").get_absolute_url()).content.decode()
    assert "We say [[vans]] here." in html
    assert "Vans help" not in html


def test_article_stands_in_its_programmes_series(client):
    programme = a_programme()
    first, second, third = (
        an_article(title=title, programme=programme, published_on=datetime.date(2020, 10, day))
        for day, title in ((6, "First"), (13, "Second"), (20, "Third"))
    )
    an_article(title="Secret", programme=programme, published_on=timezone.localdate() + datetime.timedelta(days=1))
    an_article(title="Another programme")
    html = " ".join(client.get(second.get_absolute_url()).content.decode().split())
    assert "2 of 3, 13 October 2020" in html
    assert f'rel="prev" href="{first.get_absolute_url()}"' in html
    assert f'rel="next" href="{third.get_absolute_url()}"' in html
    assert "Secret" not in html and "Another programme" not in html
    assert 'rel="prev"' not in client.get(first.get_absolute_url()).content.decode()
    assert 'rel="next"' not in client.get(third.get_absolute_url()).content.decode()
