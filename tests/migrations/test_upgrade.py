"""An archive of each release, with the sample in it, is upgraded to the newest migrations; everything is there."""

import csv
import json
import re
from collections import Counter

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection

from innovation_archive.exchange.exports import export_archive
from insights.models import Publication
from insights.publications import publishing
from tests import factories as make
from tests.databases import execute, own_database
from tests.migrations.releases import VERSIONS, Snapshot, fill, migrate_to, migrations_of, rows_of
from workshops import search
from workshops.models import Story, Tag

pytestmark = pytest.mark.django_db

RENAMED_MODELS = {"telling": "originaltext", "paper": "ballotpaper", "mistypedcode": "failedattempt"}
"""Models of workshops that a later migration gave another name, and with it their tables and permissions."""
DROPPED_TABLES = {"innovation_archive_writtenfile", "insights_turnout_participants"}
LEFT_OUT = {"practices.csv": {"direction", "consensus", "divergence", "apart", "stability", "verdict"}}
"""Columns that files no longer have."""
CHANGED = {"insights_releasedpractice": {"direction", "verdict"}}
"""Columns that an upgrade empties on purpose: results of the first rule have no words."""


def name_today(name):
    """A table, or the name of a model in a permission or content type, as it is called now."""
    start, separator, model = name.rpartition("_")
    return start + separator + RENAMED_MODELS.get(model, model)


def rows_today(table, rows):
    if table not in ("auth_permission", "django_content_type"):
        return rows
    return [[name_today(value) if isinstance(value, str) else value for value in row] for row in rows]


@pytest.fixture(scope="module", params=VERSIONS)
def release(request, django_db_setup, django_db_blocker, tmp_path_factory):
    """What a release kept. The database holds it, upgraded."""
    snapshot = Snapshot.read(request.param)
    with django_db_blocker.unblock(), own_database(tmp_path_factory.mktemp("upgrade")):
        migrate_to(migrations_of(request.param))
        fill(snapshot.database)
        call_command("migrate", verbosity=0)
        ContentType.objects.clear_cache()
        with django_db_blocker.block():
            yield snapshot
    ContentType.objects.clear_cache()


def comparable(row):
    """A row whose JSON is read: PostgreSQL keeps it with its keys in another order."""
    return tuple(json.dumps(parsed(value), sort_keys=True) for value in row)


def parsed(value):
    try:
        return json.loads(value) if isinstance(value, str) and value[:1] in ("[", "{") else value
    except ValueError:
        return value


def lost_rows(table, content):
    """How many of these rows a table does not have, in the columns that are still there."""
    there = {*rows_of(table)["columns"], "rowid"}
    kept = [number for number, name in enumerate(content["columns"]) if name in there - CHANGED.get(table, set())]
    rows = rows_today(table, content["rows"])
    before = Counter(comparable(row[number] for number in kept) for row in rows)
    after = rows_of(table, [content["columns"][number] for number in kept])["rows"]
    return (before - Counter(map(comparable, after))).total()


def test_upgrade_loses_no_row(release):
    tables = {name_today(table): content for table, content in release.database.items()}
    assert set(tables) - set(connection.introspection.table_names()) == DROPPED_TABLES
    lost = {table: lost_rows(table, content) for table, content in tables.items() if table not in DROPPED_TABLES}
    assert {table: count for table, count in lost.items() if count} == {}


def test_lost_and_changed_rows_are_seen(release):
    title = release.tables["workshops_story"]["columns"].index("title")
    changed = release.tables["workshops_story"]["rows"][0][title]
    execute("UPDATE workshops_story SET title = 'Other' WHERE id = (SELECT MIN(id) FROM workshops_story)")
    execute("DELETE FROM workshops_correction")
    assert changed != "Other"
    assert {
        table: lost_rows(table, release.tables[table])
        for table in ["workshops_story", "workshops_correction", "workshops_tag"]
    } == {"workshops_story": 1, "workshops_correction": 1, "workshops_tag": 0}


@pytest.mark.parametrize(
    ("words", "refs"),
    [
        ("fridge", ["apzzrka2ts", "s6kq255z6r"]),
        ("cheque book", ["ataj38wqcb"]),
        ("zebra", []),
    ],
)
def test_upgraded_index_finds_words(release, words, refs):
    found = search.matching(Story.objects.published(), search.read_query(words))
    assert list(found.values_list("ref", flat=True)) == refs


@pytest.mark.parametrize(
    ("username", "may", "may_not"),
    [
        ("facilitator", "workshops.add_story", "insights.change_insight"),
        ("editor", "insights.change_insight", "workshops.add_workshop"),
        ("analyst", "workshops.view_vote", "workshops.view_participant"),
        ("administrator", "auth.add_user", "workshops.view_story"),
    ],
)
def test_upgraded_roles_may_what_they_might(release, username, may, may_not):
    user = User.objects.get(username=username)
    assert (user.has_perm(may), user.has_perm(may_not)) == (True, False)


@pytest.mark.any_database
def test_upgraded_pages_answer(release, client):
    sitemap = client.get("/sitemap.xml").content.decode()
    addresses = [re.sub(r"https?://[^/]+", "", address) for address in re.findall(r"<loc>(.*?)</loc>", sitemap)]
    answers = {address: client.get(address).status_code for address in addresses}
    assert {address: status for address, status in answers.items() if status != 200} == {}
    assert len(answers) >= 200


def test_upgraded_desk_opens_for_its_people(release, client):
    client.force_login(User.objects.get(username="editor"))
    story = Story.objects.published().first()
    pages = ["/admin/", "/admin/workshops/story/", f"/admin/workshops/story/{story.pk}/history/"]
    assert [client.get(page).status_code for page in pages] == [200, 200, 200]


def test_upgraded_versions_verify(release):
    versions = Publication.objects.all()
    assert (len(versions), [str(version) for version in versions if not publishing.verify_hash(version)]) == (14, [])


def test_upgraded_archive_gives_the_same_public_files(release, tmp_path):
    export_archive(tmp_path)
    for name, text in release.files.items():
        before = list(csv.DictReader(text.splitlines(keepends=True)))
        with (tmp_path / name).open(newline="") as file:
            after = list(csv.DictReader(file))
        if name == "vote_results.csv":
            assert [as_rounded(row) for row in after] == before
            continue
        left = [column for column in before[0] if column not in LEFT_OUT.get(name, ())]
        assert [{column: row[column] for column in left} for row in after] == [
            {column: row[column] for column in left} for row in before
        ], name
    assert len(release.files) == 17


def as_rounded(row):
    """A row of ranges as release 1.0 wrote it: the middle of each range, which was the rounded number."""
    counts = ["base", "keep", "amplify", "discard", "create", "hands"]
    ends = {counted: (int(row.pop(f"{counted}_low")), int(row.pop(f"{counted}_high"))) for counted in counts}
    del row["programme"]
    return row | {counted: rounded(counted, *between) for counted, between in ends.items()}


def rounded(counted, low, high):
    if high == 4:
        return "0" if counted == "hands" else "fewer than 5"
    return str(high - 2)


def test_upgraded_archive_takes_new_rows(release):
    story = make.a_story(tags=["a new tag"], title="The quokka", themes=[make.a_theme()])
    practice = make.a_practice(tags=["a new tag"], stories=[story])
    make.a_vote(practice=practice, participant=make.a_participant())
    make.an_article([make.an_insight(supports=[story])])
    make.a_commitment()
    assert list(search.matching(Story.objects.all(), search.read_query("quokka"))) == [story]
    assert Tag.objects.get(name="a new tag").story_tags.get().content_object == story
