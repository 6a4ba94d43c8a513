"""Old addresses of pages, and old keys in filters, lead for ever to where the page is now."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from innovation_archive.exchange.imports import import_table
from innovation_archive.exchange.reading import Table
from tests.factories import (
    a_place,
    a_practice,
    a_programme,
    a_service_area,
    a_story,
    a_theme,
    a_user,
    a_workshop,
    an_article,
    an_insight,
)  # fmt: skip
from workshops.choices import Status
from workshops.models import MovedAddress, Place, Tag, Theme
from workshops.roles import ADMINISTRATOR, EDITOR
from workshops.stories.bulk_tagging import merge_tags

pytestmark = pytest.mark.django_db


def renamed(row, key):
    setattr(row, row.KEY, key)
    row.save()
    return row


def leads_to(response):
    assert response.status_code == 301
    assert response["Cache-Control"] == "no-cache"
    return response["Location"]


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (a_programme, "programmes"), (a_workshop, "workshops"), (a_service_area, "service-areas"), (a_theme, "themes"),
        (a_place, "places"), (an_insight, "insights"), (an_article, "articles"),
    ],
)  # fmt: skip
def test_page_whose_key_changed_answers_from_its_old_address(make, path, client):
    row = make()
    before = getattr(row, row.KEY)
    renamed(row, "new-key")
    assert leads_to(client.get(f"/{path}/{before}/?q=a%20b&format=csv")) == f"/{path}/new-key/?q=a%20b&format=csv"
    assert client.get(f"/{path}/new-key/").status_code == 200


def test_page_that_moves_twice_is_found_at_once_from_both_old_addresses(client):
    theme = a_theme(slug="a")
    renamed(renamed(theme, "b"), "c")
    assert [leads_to(client.get(f"/themes/{key}/")) for key in "ab"] == ["/themes/c/", "/themes/c/"]


def test_page_that_moves_back_answers_itself(client):
    theme = renamed(renamed(a_theme(slug="a"), "b"), "a")
    assert client.get("/themes/a/").status_code == 200
    assert leads_to(client.get("/themes/b/")) == theme.get_absolute_url()


def test_new_page_that_takes_an_old_key_wins_and_leaves_it_to_itself(client):
    renamed(a_theme("Old", slug="a"), "b")
    newcomer = a_theme("New", slug="a")
    assert client.get("/themes/a/").context["term"] == newcomer
    renamed(newcomer, "c")
    assert leads_to(client.get("/themes/a/")) == "/themes/c/"


def test_key_that_a_draft_has_taken_leads_nowhere(client):
    renamed(an_insight(slug="a"), "b")
    an_insight(slug="a", status=Status.DRAFT)
    assert client.get("/insights/a/").status_code == 404


def test_old_address_says_nothing_of_a_draft(client):
    renamed(an_insight(slug="a", status=Status.DRAFT), "secret-title")
    assert client.get("/insights/a/").status_code == 404


def test_versions_and_files_of_an_insight_move_with_it(client):
    renamed(an_insight(slug="a"), "b")
    assert leads_to(client.get("/insights/a/v1/?format=json")) == "/insights/b/v1/?format=json"
    assert leads_to(client.get("/insights/a/evidence.csv")) == "/insights/b/evidence.csv"


def test_merged_tag_leads_to_the_one_that_stayed(client):
    a_story(tags=["phone", "phones", "telephone", "hope"])
    tags = {tag.name: tag for tag in Tag.objects.all()}
    merge_tags([tags["phone"]], into=tags["phones"])
    merge_tags([tags["phones"], tags["telephone"]], into=tags["telephone"])
    assert [leads_to(client.get(f"/tags/{name}/")) for name in ("phone", "phones")] == ["/tags/telephone/"] * 2
    assert client.get("/tags/hope/").status_code == 200


def test_tag_of_drafts_alone_is_not_named(client):
    a_story(tags=["phone", "secret"], status=Status.DRAFT)
    merge_tags([Tag.objects.get(name="phone")], into=Tag.objects.get(name="secret"))
    assert client.get("/tags/phone/").status_code == 404


@pytest.mark.parametrize("make", [a_practice, a_place])
def test_addresses_of_a_row_that_went_into_another_lead_there(make, client):
    gone, stays = make(), make()
    gone.refresh_from_db()
    old, first = getattr(gone, gone.KEY), "first"
    MovedAddress.objects.remember(gone, first)
    MovedAddress.objects.remember_merge([gone, stays], stays)
    gone.delete()
    there = stays.get_absolute_url()
    path = there.split("/")[1]
    assert [leads_to(client.get(f"/{path}/{key}/")) for key in (old, first)] == [there, there]
    assert client.get(there).status_code == 200


@pytest.mark.parametrize("path", ["/stories/", "/insights/", "/votes/"])
def test_filter_by_an_old_key_leads_to_the_list_by_the_new(path, client):
    a_story(tags=["phone", "telephone"], themes=[a_theme(slug="people")])
    merge_tags([Tag.objects.get(name="phone")], into=Tag.objects.get(name="telephone"))
    renamed(Theme.objects.get(), "folk")
    asked = "?tag=phone&theme=people&format=csv&page=2"
    assert leads_to(client.get(path + asked)) == f"{path}?tag=telephone&theme=folk&format=csv&page=2"


def test_filter_of_the_matrix_and_of_places_follows_too(client):
    renamed(a_place(code="E1"), "E2")
    assert leads_to(client.get("/matrix/?place=E1")) == "/matrix/?place=E2"
    renamed(a_programme(slug="old"), "new")
    assert leads_to(client.get("/places/?programme=old")) == "/places/?programme=new"


@pytest.mark.parametrize(
    ("key", "sentence"),
    [("nowhere", "There is no theme “nowhere”."), ("a\0b", "Null characters are not allowed.")],
)
def test_filter_by_a_key_that_never_was_says_so(key, sentence, client):
    a_theme(slug="people")
    response = client.get("/stories/", {"theme": key})
    assert response.status_code == 200
    assert response.context["filter"].errors["theme"] == [sentence]


def test_page_that_exists_asks_nothing_of_moved_addresses(client, connection_queries):
    renamed(a_theme(slug="a"), "b")
    for path in ["/themes/b/", "/stories/?theme=b"]:
        assert not [sql for sql in connection_queries(lambda path=path: client.get(path)) if "movedaddress" in sql]
    assert [sql for sql in connection_queries(lambda: client.get("/themes/a/")) if "movedaddress" in sql]


@pytest.fixture
def connection_queries():
    def run(ask):
        with CaptureQueriesContext(connection) as captured:
            ask()
        return [query["sql"] for query in captured]

    return run


def test_nothing_is_posted_to_an_old_address(client):
    renamed(a_theme(slug="a"), "b")
    assert client.post("/themes/a/").status_code == 405


def test_key_changed_at_the_desk_is_remembered(client):
    client.force_login(a_user(EDITOR, ADMINISTRATOR, is_superuser=True))
    place = a_place("Bolton", code="E1")
    page = f"/admin/workshops/place/{place.pk}/change/"
    assert client.post(page, {"name": "Bolton", "code": "E9", "aliases": ""}).status_code == 302
    assert leads_to(client.get("/places/E1/")) == "/places/E9/"


def test_import_leaves_addresses_as_they_are(client):
    renamed(a_place("Bolton", code="E1"), "E9")
    table = Table("places.csv", ["code", "name"], [["E9", "Bolton town"], ["E1", "Elsewhere"]], [2, 3])
    assert import_table("places", table).problems == []
    assert client.get("/places/E1/").context["term"] == Place.objects.get(name="Elsewhere")
    assert client.get("/places/E9/").context["term"].name == "Bolton town"
