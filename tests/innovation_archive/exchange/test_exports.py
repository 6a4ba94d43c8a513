import csv
import io
import json

import pytest

from innovation_archive.datasets import DATASETS, Audience
from innovation_archive.exchange.exports import CsvFile, JsonFile, datasets_for, export_archive
from insights.models import Evidence, SetAside
from tests import factories as make
from workshops.choices import Consent, Status
from workshops.consent.withdrawal import withdraw_stories
from workshops.models import Vote

pytestmark = pytest.mark.django_db


def rows(dataset, audience=Audience.PUBLIC):
    text = "".join(CsvFile(DATASETS[dataset](), audience))
    return list(csv.DictReader(io.StringIO(text)))


def files(folder):
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.iterdir()))


@pytest.fixture
def secrets():
    """An archive in which everything that the public may not have bears the word "secret"."""
    area, theme = make.a_service_area("Hubs"), make.a_theme("Culture")
    facilitator = make.a_user("facilitator", username="secret-facilitator")
    workshop = make.a_workshop([facilitator], [area], notes="secret notes", slug="w")
    teller = make.a_participant([workshop], code="secret-code", role="secret role", sector="secret sector")
    public = {"workshop": workshop, "service_area": area, "themes": [theme], "told_by": teller}
    shown = make.a_story(**public, tags=["shown"], ref="shown", text="secret as told", credit="secret credit")
    hidden = [
        make.a_story(**public, title=f"secret {status} {consent}", published_text="secret", tags=["secret tag"],
                     status=status, consent=consent, ref=f"secret-{status.replace(' ', '-')}-{consent}")
        for status, consent in [
            (Status.DRAFT, Consent.PUBLIC), (Status.IN_REVIEW, Consent.CREDITED), (Status.UNPUBLISHED, Consent.PUBLIC),
            (Status.DRAFT, Consent.TEAM), (Status.DRAFT, Consent.FACILITATORS),
        ]
    ]  # fmt: skip
    withdrawn = make.a_story(**public, title="secret withdrawn", published_text="secret", ref="taken-back")
    withdraw_stories([withdrawn])
    hidden.append(withdrawn)
    practice = make.a_practice([shown, *hidden], ref="P-shown")
    draft = make.a_practice(
        [shown], statement="secret practice", description="secret", ref="P-secret", status=Status.DRAFT
    )
    for each in (practice, draft):
        Vote.objects.create(practice=each, participant=teller, choice="keep", workshop=workshop)
    insight = make.an_insight([shown, *hidden], programme=workshop.phase.programme, slug="shown")
    Evidence.objects.create(insight=insight, practice=draft, order=99)
    Evidence.objects.filter(insight=insight, story__in=hidden).update(excerpt="secret excerpt")
    SetAside.objects.create(insight=make.an_insight(slug="other"), story=hidden[0], reason="outlier")
    secret_insight = make.an_insight([shown], slug="secret-insight", title="secret insight", status=Status.DRAFT)
    make.an_insight(slug="builder", builds_on=[secret_insight, insight])
    make.an_article([secret_insight, insight], slug="article")
    make.an_article(slug="secret-article", published_on=None)
    make.an_article(slug="secret-future-article", published_on="2999-01-01")
    make.a_commitment(ref="C-secret", insight=secret_insight)
    return workshop


def test_public_files_hold_nothing_that_is_not_public(secrets, tmp_path):
    export_archive(tmp_path)
    assert "secret" not in files(tmp_path)
    assert rows("stories")[0]["ref"] == "shown"
    assert rows("practices")[0]["stories"] == "shown"


def test_public_json_holds_nothing_that_is_not_public(secrets):
    assert "secret" not in "".join("".join(JsonFile(dataset)) for dataset in datasets_for(Audience.PUBLIC))


def test_analyst_files_hold_team_level_stories_and_no_identity(secrets, tmp_path):
    export_archive(tmp_path, Audience.ANALYST)
    assert sorted(story["ref"] for story in rows("stories", Audience.ANALYST)) == [
        "secret-draft-1", "secret-draft-2", "secret-in-review-3", "secret-unpublished-2", "shown",
    ]  # fmt: skip
    text = files(tmp_path)
    for word in ("secret-code", "secret-facilitator", "secret notes", "secret as told", "secret withdrawn"):
        assert word not in text
    assert rows("votes", Audience.ANALYST)[0]["participant"] == rows("participants", Audience.ANALYST)[0]["code"]


def test_full_export_holds_everything(secrets, tmp_path):
    export_archive(tmp_path, Audience.FULL)
    text = files(tmp_path)
    for word in ("secret-code", "secret-facilitator", "secret notes", "secret as told"):
        assert word in text
    assert "secret withdrawn" not in text


def test_credit_is_public_only_where_the_teller_chose_credit():
    make.a_story(ref="a", credit="Ann, Bury", consent=Consent.CREDITED)
    make.a_story(ref="b", credit="Bob, Bury", consent=Consent.PUBLIC)
    make.a_story(ref="c", credit="Cy", consent=Consent.CREDITED, told_by=make.a_participant(consent=Consent.PUBLIC))
    assert [row["credit"] for row in rows("stories")] == ["Ann, Bury", "", ""]


def test_files_are_guarded_and_lists_joined():
    make.a_story(ref="a", title="=HYPERLINK(1)", tags=["b|c", "@a"], published_text="-5 degrees")
    (row,) = rows("stories")
    assert (row["title"], row["tags"], row["published_text"]) == ("'=HYPERLINK(1)", "'@a|b\\|c", "'-5 degrees")


def test_json_gives_lists_numbers_and_nulls():
    make.a_story(ref="a", tags=["b|c", "a"], workshop=make.a_workshop(held_on=None))
    (story,) = json.loads("".join(JsonFile(DATASETS["stories"]())))
    assert (story["tags"], story["phase"], story["held_on"], story["place"]) == (["a", "b|c"], 1, None, None)
    assert json.loads("".join(JsonFile(DATASETS["articles"]()))) == []


def test_rows_stand_in_key_order_by_code_point_on_every_database():
    for ref in ("b", "B", "a-1", "a1", "A", "a_1", "a.1"):
        make.a_story(ref=ref)
    assert [row["ref"] for row in rows("stories")] == ["A", "B", "a-1", "a.1", "a1", "a_1", "b"]


def test_untagged_story_is_a_row_of_the_codes_like_any_other():
    make.a_theme("Culture")
    make.a_story(ref="bare")
    make.a_story(ref="full", tags=["rotas"], themes=[make.a_theme("Space")])
    assert rows("story_codes", Audience.ANALYST) == [
        {"story": "bare", "theme: culture": "0", "theme: space": "0", "tag: rotas": "0"},
        {"story": "full", "theme: culture": "0", "theme: space": "1", "tag: rotas": "1"},
    ]
    assert rows("story_tags") == [
        {"story": "full", "axis": "tag", "value": "rotas"},
        {"story": "full", "axis": "theme", "value": "space"},
    ]


@pytest.mark.parametrize("audience", Audience)
def test_every_dataset_counts_the_rows_it_gives(secrets, audience):
    for dataset in datasets_for(audience):
        assert len(rows(dataset.dataset, audience)) == dataset.count(audience), dataset.dataset


def test_datapackage_describes_each_file_as_it_is(secrets, tmp_path):
    counts = export_archive(tmp_path, Audience.ANALYST)
    package = json.loads((tmp_path / "datapackage.json").read_text())
    assert [resource["name"] for resource in package["resources"]] == list(counts)
    for resource in package["resources"]:
        content = (tmp_path / resource["path"]).read_bytes()
        header = next(csv.reader(io.StringIO(content.decode())))
        assert [field["name"] for field in resource["schema"]["fields"]] == header
        assert (resource["bytes"], resource["rows"]) == (len(content), counts[resource["name"]])


def test_files_of_an_illustrative_programme_say_so(tmp_path):
    make.a_programme(title="GM", illustrative=True)
    export_archive(tmp_path)
    said = "Illustrative sample: people, stories and votes of “GM” are invented."
    assert said in (tmp_path / "README.md").read_text()
    assert said in json.loads((tmp_path / "datapackage.json").read_text())["description"]


@pytest.mark.parametrize("dataset", ["stories", "votes", "practices", "evidence", "insights"])
def test_export_takes_no_more_queries_for_more_rows(dataset, secrets, django_assert_max_num_queries):
    for n in range(30):
        make.a_story(workshop=secrets, tags=[f"t{n}"])
    with django_assert_max_num_queries(12):
        "".join(CsvFile(DATASETS[dataset](), Audience.FULL))
