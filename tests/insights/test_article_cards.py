import datetime
import re

import pytest
from django.utils import timezone

from insights.models import Article
from tests.desk import messages, page
from tests.factories import a_programme, a_story, a_user, an_article, an_insight
from workshops.choices import Status
from workshops.roles import EDITOR

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


BODY = "Before.\n\n[[vans]]\n\n[[draft]]\n\n[[ down ]]\n\n[[no-such]]\n\n[[no-such]]\n\nWe say [[nothing]] here."


def test_desk_warns_by_name_of_cards_that_readers_will_not_see(client):
    an_insight(slug="vans")
    an_insight(slug="draft", status=Status.DRAFT)
    an_insight(slug="down", status=Status.UNPUBLISHED)
    client.force_login(a_user(EDITOR))
    fields = {"title": "Opening", "slug": "opening", "programme": a_programme().pk, "body": BODY}
    response = client.post(page(Article, "add"), fields, follow=True)
    assert Article.objects.get().body == BODY
    assert [message for message in messages(response) if message.startswith("[[")] == [
        "[[draft]] shows readers nothing: it is a draft.",
        "[[down]] shows readers nothing: it is unpublished.",
        "[[no-such]] shows readers nothing: there is no insight with that key.",
    ]


def test_desk_warns_of_nothing_where_every_card_is_shown(client):
    an_insight(slug="vans")
    client.force_login(a_user(EDITOR))
    fields = {"title": "Opening", "slug": "opening", "programme": a_programme().pk, "body": "[[vans]]"}
    response = client.post(page(Article, "add"), fields, follow=True)
    assert len(messages(response)) == 1


def test_article_costs_the_same_however_many_cards_stand_in_it(client, django_assert_num_queries):
    for slug in ("vans", "trams", "buses"):
        an_insight(slug=slug, supports=[a_story()])
    named = an_article(body="[[vans]]\n\n[[trams]]")
    with django_assert_num_queries(8):
        client.get(named.get_absolute_url())
