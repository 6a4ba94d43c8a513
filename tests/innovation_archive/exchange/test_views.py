import csv
import datetime
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from html import unescape
from zipfile import BadZipFile, ZipFile

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from innovation_archive.datasets import DATASETS, Audience
from innovation_archive.datasets.people import code_for
from innovation_archive.exchange import measurements
from innovation_archive.exchange.exports import zip_pieces
from innovation_archive.models import DOWNLOAD_LIFETIME, Download
from tests import factories as make
from workshops.choices import Consent, Status
from workshops.models import Participant, Story, Theme

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
        assert client.post(f"/data/{dataset}.csv", {"purpose": "A test"}).status_code == status, role


def test_analysts_edition_of_a_public_dataset_is_asked_for_by_name(client):
    make.a_story(ref="public")
    make.a_story(ref="team", status=Status.DRAFT, consent=Consent.TEAM)
    assert client.get("/data/stories.csv?audience=analyst").status_code == 403
    client.force_login(make.a_user("analyst"))
    assert [row["ref"] for row in table(client.get("/data/stories.csv"))] == ["public"]
    response = client.post("/data/stories.csv?audience=analyst", {"purpose": "A test"})
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
    archive_of(client)
    page = client.get("/data/").content.decode()
    assert all(f'href="/data/{dataset}.csv"' in page for dataset in PUBLIC)
    assert not any(f"/data/{dataset}.csv" in page for dataset in ANALYST_ONLY)
    assert "2 rows as" in " ".join(page.split())
    assert page.count(", the same since") == len(PUBLIC)
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


# What analysts say before they take files.


def test_first_file_of_an_analyst_asks_what_for_and_the_next_do_not(client):
    make.a_story(ref="team", status=Status.DRAFT, consent=Consent.TEAM)
    analyst = make.a_user("analyst")
    client.force_login(analyst)
    address = "/data/stories.csv?audience=analyst"
    asked = client.get(address)
    assert asked["Location"] == "/data/purpose/?next=%2Fdata%2Fstories.csv%3Faudience%3Danalyst"
    assert Download.objects.count() == 0
    told = client.post("/data/purpose/", {"purpose": "=Review of the hubs", "next": address})
    assert told["Location"] == address
    until = timezone.localdate() + DOWNLOAD_LIFETIME
    form = client.get(client.get(address)["Location"]).content.decode()
    assert f'method="post" action="{address}"' in " ".join(form.split()) and 'value="=Review of the hubs"' in form
    response = client.post(address, {"purpose": "=Review of the hubs"})
    assert response["Content-Disposition"] == f'attachment; filename="stories-for-review-of-the-hubs-until-{until}.csv"'
    assert [row["ref"] for row in table(response)] == ["team"]
    assert list(Download.objects.values_list("user", "file", "purpose", "expires_on")) == [
        (analyst.pk, "stories.csv", "=Review of the hubs", until)
    ]
    assert "=Review of the hubs" in client.get("/data/").content.decode()


@pytest.mark.parametrize("purpose", ["", "  ", "ab", "x" * 201])
def test_purpose_that_says_nothing_is_refused_and_what_was_typed_stays(purpose, client):
    client.force_login(make.a_user("analyst"))
    response = client.post("/data/votes.csv", {"purpose": purpose})
    assert response.status_code == 400
    assert "What do you need the files for?" in response.content.decode()
    assert 'action="/data/votes.csv"' in response.content.decode()
    refused = client.post("/data/purpose/", {"purpose": purpose, "next": "/data/votes.csv"})
    assert refused.status_code == 400
    assert f'value="{purpose}"' in refused.content.decode() or not purpose.strip()
    assert 'name="next" value="/data/votes.csv"' in refused.content.decode()
    assert Download.objects.count() == 0


def test_purpose_of_several_lines_is_kept_in_one(client):
    client.force_login(make.a_user("analyst"))
    client.post("/data/votes.csv", {"purpose": "For the board\r\n\n# All may read this"})
    assert Download.objects.get().purpose == "For the board # All may read this"


def test_purpose_leads_to_no_other_site(client):
    client.force_login(make.a_user("analyst"))
    told = client.post("/data/purpose/", {"purpose": "A test", "next": "https://example.org/"})
    assert told["Location"] == "/data/#analysts"


def test_whoever_has_not_signed_in_is_told_to_and_led_back(client):
    assert '<a href="/admin/login/?next=/data/purpose/">sign in</a>' in client.get("/data/purpose/").content.decode()
    client.force_login(make.a_user("facilitator"))
    assert "Your account does not allow it." in client.get("/data/purpose/").content.decode()


@pytest.mark.parametrize("role", ["facilitator", "system leader", "administrator"])
def test_purpose_is_asked_of_nobody_else(role, client):
    client.force_login(make.a_user(role))
    assert client.get("/data/purpose/").status_code == 403
    assert client.post("/data/archive.zip?audience=analyst", {"purpose": "A test"}).status_code == 403
    assert Download.objects.count() == 0


@pytest.mark.parametrize("query", ["", "&purpose=Of+somebody+else"])
def test_link_takes_no_file_in_an_analysts_name(query, client):
    client.force_login(make.a_user("analyst"))
    client.post("/data/purpose/", {"purpose": "Review of the hubs"})
    response = client.get(f"/data/archive.zip?audience=analyst{query}")
    assert response["Location"].startswith("/data/purpose/?next=%2Fdata%2Farchive.zip")
    assert client.head("/data/votes.csv").status_code == 302
    assert Download.objects.count() == 0


def test_form_of_another_site_takes_no_file_in_an_analysts_name():
    client = Client(enforce_csrf_checks=True)
    client.force_login(make.a_user("analyst"))
    assert client.post("/data/votes.csv", {"purpose": "A test"}).status_code == 403
    assert Download.objects.count() == 0
    asked = client.get("/data/purpose/?next=/data/votes.csv")
    token = asked.context["csrf_token"]
    assert client.post("/data/votes.csv", {"purpose": "A test", "csrfmiddlewaretoken": str(token)}).status_code == 200
    assert Download.objects.count() == 1


@pytest.mark.parametrize(
    ("address", "action", "button"),
    [
        ("/data/votes.csv", "/data/votes.csv", "Download votes.csv"),
        ("/data/archive.qdpx?audience=analyst", "/data/archive.qdpx?audience=analyst", "Download archive.qdpx"),
        ("/admin/workshops/story/1/delete/", "/data/purpose/", "Continue"),
        ("https://example.org/data/votes.csv", "/data/purpose/", "Continue"),
        ("/nowhere", "/data/purpose/", "Continue"),
    ],
)
def test_purpose_is_sent_to_a_file_or_kept_and_to_no_other_address(address, action, button, client):
    client.force_login(make.a_user("analyst"))
    form = " ".join(client.get("/data/purpose/", {"next": address}).content.decode().split())
    assert f'method="post" action="{action}"' in form
    assert f'<button type="submit"> {button} </button>' in form


@pytest.mark.parametrize("address", ["/data/stories.csv", "/data/archive.zip", "/data/archive.qdpx"])
def test_public_file_is_asked_for_by_get_alone(address, client):
    client.force_login(make.a_user("analyst"))
    assert client.post(address, {"purpose": "A test"}).status_code == 405
    assert client.post(f"{address}?audience=analyst", {"purpose": "A test"}).status_code == 200
    assert client.put(f"{address}?audience=analyst").status_code == 405


def test_public_files_are_taken_without_a_record(client):
    client.force_login(make.a_user("analyst"))
    client.get("/data/stories.csv")
    client.get("/data/archive.zip")
    assert Download.objects.count() == 0


@pytest.mark.parametrize("role", ["editor", "administrator"])
def test_editors_and_administrators_see_who_took_what_and_change_nothing(role, client):
    taken = Download.objects.create(user=make.a_user(username="anna"), file="votes.csv", purpose="The board's review")
    client.force_login(make.a_user(role))
    page = client.get(reverse("admin:innovation_archive_download_changelist")).content.decode()
    assert "anna" in page and "The board&#x27;s review" in page
    address = reverse("admin:innovation_archive_download_change", args=[taken.pk])
    assert client.post(address, {"purpose": "Another"}).status_code == 403
    taken.refresh_from_db()
    assert taken.purpose == "The board's review"


# The page and the package.


def test_data_page_says_since_when_a_file_is_the_same(client):
    make.a_story(ref="a")
    archive_of(client)
    moment = datetime.datetime(2020, 5, 3, 9, tzinfo=datetime.UTC)
    for dataset in PUBLIC:
        was = measurements.recall_measurement(DATASETS[dataset](), Audience.PUBLIC)
        key = measurements.cache_key_of(DATASETS[dataset](), Audience.PUBLIC)
        cache.set(key, replace(was, changed_at=moment, measured_at=moment))
    assert "the same since 3 May 2020, 10:00" in client.get("/data/").content.decode()
    make.a_story(ref="b")
    assert "Rows have come or gone since." in client.get("/data/").content.decode()
    archive_of(client)
    stories, themes = (
        measurements.recall_measurement(DATASETS[name](), Audience.PUBLIC) for name in ("stories", "themes")
    )
    assert (stories.rows, stories.changed_at.date()) == (2, timezone.now().date())
    assert themes.changed_at.year == 2020


def test_long_file_is_measured_by_its_download(client, monkeypatch):
    monkeypatch.setattr("innovation_archive.exchange.views.MAX_ROWS_TO_MEASURE", 0)
    make.a_story()
    assert "not known before somebody has downloaded it" in client.get("/data/").content.decode()
    size = len(text(client.get("/data/stories.csv")))
    assert measurements.recall_measurement(DATASETS["stories"](), Audience.PUBLIC).bytes == size
    text(client.get("/stories/?kind=message&format=csv"))
    assert measurements.recall_measurement(DATASETS["stories"](), Audience.PUBLIC).bytes == size


def test_rows_of_many_votes_are_not_counted_before_the_file_is_written(client, monkeypatch):
    """Counting them is as much work as the download itself, and /data/ would do it at each visit."""
    monkeypatch.setattr("innovation_archive.datasets.votes.MAX_VOTES_TO_COUNT", 1)
    practice, workshop = make.a_practice(), make.a_workshop()
    client.force_login(make.a_user("analyst"))

    def vote():
        make.a_vote(practice=practice, participant=make.a_participant(), workshop=workshop)

    def page():
        return " ".join(client.get("/data/").content.decode().split())

    vote()
    assert '2 rows as <a href="/data/vote_shares.csv' in page()
    cache.clear()
    vote()
    assert 'As <a href="/data/vote_shares.csv' in page()
    assert "Its rows are counted when it is downloaded" in page()
    text(client.post("/data/vote_shares.csv", {"purpose": "A test"}))
    assert '2 rows as <a href="/data/vote_shares.csv' in page()


def test_data_page_states_the_licence_of_the_owner_and_none_of_its_own(client, settings):
    assert "has stated no licence" in client.get("/data/").content.decode()
    settings.ARCHIVE_LICENCE, settings.ARCHIVE_LICENCE_URL = "CC BY 4.0", "https://example.org/by"
    page = client.get("/data/").content.decode()
    assert '<a href="https://example.org/by" rel="license">CC BY 4.0</a>' in page
    assert package_of(client)["licenses"] == [{"title": "CC BY 4.0", "path": "https://example.org/by"}]


def archive_of(client, query="", purpose=None):
    address = f"/data/archive.zip{query}"
    response = client.post(address, {"purpose": purpose}) if purpose else client.get(address)
    return ZipFile(io.BytesIO(b"".join(response.streaming_content)))


def package_of(client, query=""):
    return json.loads(archive_of(client, query).read("datapackage.json"))


def test_archive_holds_every_public_file_with_its_count_and_hash(client):
    make.a_story(themes=[make.a_theme()], tags=["trust"])
    archive = archive_of(client)
    manifest = json.loads(archive.read("manifest.json"))
    assert [each["file"] for each in manifest] == [f"{name}.csv" for name in PUBLIC]
    assert sorted(archive.namelist()) == sorted(
        [*(f"{name}.csv" for name in PUBLIC), "README.md", "datapackage.json", "manifest.json"]
    )
    for each in manifest:
        content = archive.read(each["file"])
        assert content.decode() == text(client.get(f"/data/{each['file']}"))
        assert (each["bytes"], each["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
        assert each["rows"] == len(list(csv.DictReader(io.StringIO(content.decode()))))


def test_archive_for_analysts_says_what_it_was_taken_for(client):
    client.force_login(make.a_user("analyst"))
    archive = archive_of(client, "?audience=analyst", "The board")
    package = json.loads(archive.read("datapackage.json"))
    until = (timezone.localdate() + DOWNLOAD_LIFETIME).isoformat()
    assert (package["purpose"], package["expires"]) == ("The board", until)
    assert f"Taken for: The board. Delete these files by {until}." in archive.read("README.md").decode()
    assert {"votes.csv", "participants.csv"} <= set(archive.namelist())
    assert Download.objects.get().file == "archive.zip"


def test_archive_that_was_broken_off_does_not_open(monkeypatch):
    for _ in range(3):
        make.a_story(published_text="word " * 2000)
    whole = b"".join(zip_pieces(Audience.PUBLIC))
    assert ZipFile(io.BytesIO(whole)).testzip() is None

    def fails(self, audience, among=None):
        raise OSError("the disk is gone")

    monkeypatch.setattr(DATASETS["reviews"], "records", fails)
    sent = []
    with pytest.raises(OSError, match="the disk is gone"):
        sent.extend(zip_pieces(Audience.PUBLIC))
    assert len(b"".join(sent)) > 100
    with pytest.raises(BadZipFile):
        ZipFile(io.BytesIO(b"".join(sent)))


@pytest.fixture
def example_archive():
    """Stories with and without themes, and results of two groups, some of their counts below 5."""
    hubs = make.a_service_area("Hubs")
    culture, space = make.a_theme("Culture"), make.a_theme("Space")
    for ref, themes in [("s1", [culture]), ("s2", [culture, space]), ("s3", [])]:
        make.a_story(ref=ref, service_area=hubs, themes=themes, title="=1+1, “quoted”")
    make.a_result(groups={"Hubs": (10, 5, 0, 5), "Help": (20, 0, 0, 10)})


@pytest.mark.parametrize("audience", ["public", "analyst"])
def test_archive_is_a_valid_data_package(audience, client, example_archive, tmp_path):
    frictionless = pytest.importorskip("frictionless")
    workshop = make.a_workshop(service_areas=[make.a_service_area("Early years")])
    teller = make.a_participant([workshop], role="=HYPERLINK(1)", service_area=make.a_service_area("Early help"))
    story = make.a_story(workshop=workshop, told_by=teller, tags=["a|b"], place=make.a_place(), themes=[make.a_theme()])
    draft = make.a_practice([story], status=Status.DRAFT)
    make.a_vote(practice=draft, participant=teller, workshop=workshop)
    insight = make.an_insight([story], contradicts=[make.a_story()])
    make.an_article([insight])
    make.a_commitment(insight=insight)
    client.force_login(make.a_user("analyst"))
    archive_of(client, f"?audience={audience}", "A test" if audience == "analyst" else None).extractall(tmp_path)
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert report.flatten(["name", "rowNumber", "fieldName", "note", "message"]) == []
    assert report.valid
    assert [task.name for task in report.tasks] == list(PUBLIC if audience == "public" else DATASETS)


@pytest.mark.django_db(transaction=True)
def test_example_for_pandas_runs_as_printed(example_archive, live_server, client, tmp_path):
    pytest.importorskip("pandas")
    pytest.importorskip("matplotlib")
    run = run_example("python", [sys.executable, "-"], live_server, tmp_path)
    assert (run.returncode, run.stderr) == (0, "")
    first, totals = run.stdout.rsplit("\ngroup", 1)[0], run.stdout.rsplit("\n", 3)[1:3]
    assert "theme: culture" in first and "theme: space" in first
    assert [line.split() for line in totals] == [
        ["Help", "20.0", "2.0", "2.0", "10.0"],
        ["Hubs", "10.0", "6.0", "2.0", "6.0"],
    ]
    assert (tmp_path / "votes.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.django_db(transaction=True)
def test_example_for_r_runs_as_printed(example_archive, live_server, tmp_path):
    if not shutil.which("Rscript"):
        pytest.skip("R is not installed here")
    run = run_example("r", ["Rscript", "-"], live_server, tmp_path)
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "votes.png").read_bytes().startswith(b"\x89PNG")


def run_example(language, command, live_server, folder):
    page = Client().get("/data/", headers={"host": live_server.url.removeprefix("http://")}).content.decode()
    code = unescape(re.search(rf'<code class="language-{language}">(.*?)</code>', page, re.DOTALL)[1])
    return subprocess.run(
        command,
        input=code,
        cwd=folder,
        env=os.environ | {"MPLBACKEND": "Agg", "COLUMNS": "500", "MPLCONFIGDIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


# Wide and long.


def test_evidence_has_a_row_a_quotation_with_all_that_is_known_of_its_story(client):
    area, place, theme = make.a_service_area("Hubs"), make.a_place("Bolton", code="B1"), make.a_theme("Culture")
    workshop = make.a_workshop(slug="w", phase=make.a_phase(programme=make.a_programme(slug="gm"), number=2))
    story = make.a_story(ref="s1", workshop=workshop, service_area=area, place=place, themes=[theme], tags=["trust"],
                         title="A hub", published_text="We asked.", credit="Ann", consent=Consent.CREDITED)  # fmt: skip
    insight = make.an_insight([story, make.a_story(ref="hidden", status=Status.DRAFT)], slug="i")
    insight.evidence.filter(story=story).update(excerpt="We asked.")
    insight.evidence.create(practice=make.a_practice(ref="P-1", statement="Ask first"), order=3)
    rows = table(client.get("/data/evidence.csv"))
    assert [row["story"] or row["practice"] for row in rows] == ["P-1", "s1"]
    kept = {name: value for name, value in rows[1].items() if value}
    assert kept == {
        "insight": "i", "order": "1", "role": "supports", "story": "s1", "excerpt": "We asked.", "title": "A hub",
        "kind": "innovation", "service_area": "hubs", "themes": "culture", "place": "B1", "place_name": "Bolton",
        "tags": "trust", "credit": "Ann", "workshop": "w", "programme": "gm", "phase": "2", "held_on": "2020-06-01",
        "url": "/stories/s1/",
    }  # fmt: skip
    assert {name: value for name, value in rows[0].items() if value} == {
        "insight": "i", "order": "3", "role": "supports", "practice": "P-1", "statement": "Ask first",
        "url": "/practices/P-1/",
    }  # fmt: skip


def test_votes_name_participants_by_a_code_whose_order_tells_nothing(client):
    area, place = make.a_service_area("Hubs"), make.a_place("Bolton", code="B1")
    workshop, practice = make.a_workshop(slug="w"), make.a_practice(ref="P-1")
    for number, pseudonym in [(1, "v-c"), (2, "v-a"), (3, "v-b")]:
        voter = make.a_participant(
            code=f"code-{number}", pseudonym=pseudonym, role="resident", sector="health", place=place
        )
        make.a_vote(practice=practice, participant=voter, workshop=workshop)
    Participant.objects.filter(code="code-1").update(service_area=area)
    client.force_login(make.a_user("analyst"))
    votes = table(client.post("/data/votes.csv", {"purpose": "A test"}))
    codes = {name: code_for("A test", name) for name in ("v-a", "v-b", "v-c")}
    assert [row["participant"] for row in votes] == sorted(codes.values())
    assert next(row for row in votes if row["service_area"]) == {
        "practice": "P-1", "participant": codes["v-c"], "choice": "keep", "workshop": "w", "role": "resident",
        "sector": "health", "service_area": "hubs", "place": "B1",
    }  # fmt: skip
    people = table(client.post("/data/participants.csv", {"purpose": "A test"}))
    assert [row["code"] for row in people] == sorted(codes.values())


# Page, CSV and JSON of any filter agree.


@pytest.fixture
def many_stories():
    areas = [make.a_service_area(name) for name in ("Hubs", "Help")]
    themes = [make.a_theme(name) for name in ("Culture", "Space")]
    places = [make.a_place(code=code) for code in ("B1", "B2")]
    workshops = [make.a_workshop(slug=slug, phase=make.a_phase(number=n)) for n, slug in enumerate(("one", "two"), 1)]
    for n in range(60):
        make.a_story(
            ref=f"s{n}",
            service_area=[*areas, None][n % 3],
            themes=themes[: n % 3],
            place=[*places, None][n % 5 % 3],
            workshop=workshops[n % 2],
            tags=["trust"] if n % 4 else ["rotas", "trust"],
            kind=["innovation", "message"][n % 7 == 0],
            title="A tram" if n % 5 else "A bus",
            status=Status.DRAFT if n % 11 == 0 else Status.PUBLISHED,
        )


FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "service_area": st.sampled_from(["hubs", "help", "nowhere"]),
        "theme": st.sampled_from(["culture", "space", "none"]),
        "place": st.sampled_from(["B1", "B2", "B3"]),
        "phase": st.sampled_from(["1", "2", "9"]),
        "kind": st.sampled_from(["innovation", "message", "elsewhere"]),
        "tag": st.sampled_from(["trust", "rotas", "none"]),
        "workshop": st.sampled_from(["one", "two"]),
        "q": st.sampled_from(["tram", "bus", "trust", "TRAM -rotas", '"a tram"', "none", "“", "%"]),
        "page": st.sampled_from(["1", "2"]),
    },
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=FILTERS)
def test_page_csv_and_json_of_any_filter_agree(many_stories, client, chosen):
    page = client.get("/stories/", {name: value for name, value in chosen.items() if name != "page"})
    rows = table(client.get("/stories/", chosen | {"format": "csv"}))
    records = json.loads(text(client.get("/stories/", chosen | {"format": "json"})))
    assert page.context["paginator"].count == len(rows) == len(records)
    assert [row["ref"] for row in rows] == [record["ref"] for record in records]
    assert {row["ref"] for row in rows} <= set(Story.objects.published().values_list("ref", flat=True))


def test_file_of_one_insight_holds_its_public_evidence_alone(client):
    story, other = make.a_story(ref="S-1"), make.a_story(ref="S-2")
    secret = make.a_story(ref="Secret", status=Status.DRAFT)
    make.an_insight(slug="vans", supports=[story, secret], contradicts=[other])
    make.an_insight(slug="trams", supports=[story])
    page = client.get("/insights/vans/").content.decode()
    assert 'href="/insights/vans/evidence.csv"' in page and 'href="/insights/vans/evidence.json"' in page
    response = client.get("/insights/vans/evidence.csv")
    assert response["Content-Disposition"] == 'attachment; filename="evidence-vans.csv"'
    assert [(row["insight"], row["role"], row["story"]) for row in table(response)] == [
        ("vans", "supports", "S-1"),
        ("vans", "contradicts", "S-2"),
    ]
    records = json.loads(text(client.get("/insights/vans/evidence.json")))
    assert [record["story"] for record in records] == ["S-1", "S-2"]


@pytest.mark.parametrize(
    "address", ["/insights/hidden/evidence.csv", "/insights/none/evidence.csv", "/insights/vans/evidence.xlsx"]
)
def test_file_of_an_insight_that_is_not_public_is_not_found(address, client):
    make.an_insight(slug="vans", supports=[make.a_story()])
    make.an_insight(slug="hidden", supports=[make.a_story()], status=Status.UNPUBLISHED)
    assert client.get(address).status_code == 404
