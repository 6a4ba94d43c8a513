import csv
import io
import json

import pytest

from innovation_archive.datasets import DATASETS, Audience
from tests import factories as make
from workshops.choices import Consent, Status
from workshops.models import Theme

pytestmark = pytest.mark.django_db

PUBLIC = [name for name, each in DATASETS.items() if Audience.PUBLIC in each.audiences]
ANALYST_ONLY = [name for name in DATASETS if name not in PUBLIC]


def text(response):
    return b"".join(response.streaming_content).decode()


def table(response):
    return list(csv.DictReader(io.StringIO(text(response))))


@pytest.mark.parametrize("dataset", PUBLIC)
def test_dataset_answers_everyone_as_csv_and_json(dataset, client):
    make.a_story(themes=[make.a_theme()])
    as_csv, as_json = client.get(f"/data/{dataset}.csv"), client.get(f"/data/{dataset}.json")
    assert as_csv["Content-Type"] == "text/csv; charset=utf-8"
    assert len(table(as_csv)) == len(json.loads(text(as_json)))


@pytest.mark.parametrize("dataset", ANALYST_ONLY)
def test_analysts_dataset_is_for_editors_and_analysts_alone(dataset, client):
    make.a_story()
    for role, status in [(None, 403), ("facilitator", 403), ("system leader", 403), ("analyst", 200), ("editor", 200)]:
        client.logout()
        if role:
            client.force_login(make.a_user(role))
        assert client.get(f"/data/{dataset}.csv").status_code == status, role


def test_analysts_edition_of_a_public_dataset_is_asked_for_by_name(client):
    make.a_story(ref="public")
    make.a_story(ref="team", status=Status.DRAFT, consent=Consent.TEAM)
    assert client.get("/data/stories.csv?audience=analyst").status_code == 403
    client.force_login(make.a_user("analyst"))
    assert [row["ref"] for row in table(client.get("/data/stories.csv"))] == ["public"]
    response = client.get("/data/stories.csv?audience=analyst")
    assert response["Cache-Control"] == "private, no-store"
    assert [row["ref"] for row in table(response)] == ["public", "team"]


@pytest.mark.parametrize("address", ["/data/secrets.csv", "/data/stories.xml", "/data/stories.", "/data/users.json"])
def test_unknown_dataset_or_format_is_not_found(address, client):
    assert client.get(address).status_code == 404


def test_download_of_an_archive_with_invented_people_says_so_in_its_name(client):
    assert 'filename="stories.csv"' in client.get("/data/stories.csv")["Content-Disposition"]
    make.a_programme(illustrative=True)
    assert 'filename="stories-illustrative-sample.csv"' in client.get("/data/stories.csv")["Content-Disposition"]


def test_data_page_lists_each_dataset_with_its_rows(client):
    make.a_story()
    make.a_story()
    make.a_story(status=Status.DRAFT)
    page = client.get("/data/").content.decode()
    assert all(f'href="/data/{dataset}.csv"' in page for dataset in PUBLIC)
    assert not any(f"/data/{dataset}.csv" in page for dataset in ANALYST_ONLY)
    assert "2 rows as" in " ".join(page.split())
    client.force_login(make.a_user("analyst"))
    page = client.get("/data/").content.decode()
    assert all(f'href="/data/{dataset}.csv?audience=analyst"' in page for dataset in ANALYST_ONLY)


@pytest.mark.parametrize(
    ("address", "dataset"),
    [
        ("/insights/", "insights"),
        ("/votes/", "practices"),
        ("/stories/", "stories"),
        ("/workshops/", "workshops"),
        ("/articles/", "articles"),
        ("/commitments/", "commitments"),
        ("/matrix/", "matrix"),
    ],
)
def test_list_as_a_file_gives_all_its_rows(address, dataset, client):
    area = make.a_service_area("Hubs")
    stories = [make.a_story(service_area=area, themes=[theme]) for theme in (make.a_theme(), make.a_theme())]
    insight = make.an_insight(stories)
    make.a_practice(stories)
    make.an_article([insight])
    make.a_commitment(insight=insight)
    rows = table(client.get(f"{address}?format=csv"))
    assert rows == table(client.get(f"/data/{dataset}.csv"))
    assert len(rows) == len(json.loads(text(client.get(f"{address}?format=json")))) > 0


def test_list_as_a_file_keeps_the_filters_of_its_page_and_pages_nothing(client):
    hubs, culture = make.a_service_area("Hubs"), make.a_theme("Culture")
    for n in range(60):
        make.a_story(ref=f"s{n:02}", service_area=hubs if n % 2 else None, themes=[culture] if n % 3 else [])
    expected = [f"s{n:02}" for n in range(60) if n % 2 and n % 3]
    assert len(expected) == 20
    query = "service_area=hubs&theme=culture"
    assert client.get(f"/stories/?{query}").context["paginator"].count == 20
    assert [row["ref"] for row in table(client.get(f"/stories/?{query}&format=csv&page=2"))] == expected
    assert [row["ref"] for row in json.loads(text(client.get(f"/stories/?{query}&format=json")))] == expected


def test_list_filtered_by_something_unknown_is_an_empty_file_and_never_everything(client):
    make.a_story()
    assert table(client.get("/stories/?place=nowhere&format=csv")) == []


def test_list_refuses_an_unknown_format_in_words(client):
    response = client.get("/stories/?format=xml")
    assert (response.status_code, response.content.decode()) == (
        400,
        "There is no such format. Use ?format=csv or ?format=json.",
    )


def test_matrix_file_counts_what_the_stories_file_holds(client):
    hubs, help_ = make.a_service_area("Hubs"), make.a_service_area("Help")
    culture, space = make.a_theme("Culture"), make.a_theme("Space")
    for area, themes in [(hubs, [culture]), (hubs, [culture, space]), (help_, [space]), (None, [space])]:
        make.a_story(service_area=area, themes=themes)
    make.a_story(service_area=help_, themes=[culture], status=Status.DRAFT)
    stories = table(client.get("/data/stories.csv"))
    for cell in table(client.get("/data/matrix.csv")):
        held = [
            s for s in stories if s["service_area"] == cell["service_area"] and cell["theme"] in s["themes"].split("|")
        ]
        assert int(cell["stories"]) == len(held)
    assert Theme.objects.count() == 2
