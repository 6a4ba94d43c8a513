"""What an import changes of a published insight waits in its working copy."""

import pytest

from innovation_archive.datasets import KINDS
from innovation_archive.exchange.reading import Table
from innovation_archive.models import Import
from insights.models import Evidence, Insight, SetAside
from insights.publications import publishing, working_copies
from tests.factories import a_story, a_user, an_insight
from tests.innovation_archive.admin.test_imports import confirm, undo, upload
from workshops.choices import Status
from workshops.roles import EDITOR

pytestmark = pytest.mark.django_db


def bring_in(kind, *lines, **options):
    columns, *rows = [line.split(",") for line in lines]
    table = Table(f"{kind}.csv", columns, rows, list(range(2, len(rows) + 2)))
    report = KINDS[kind]().bring_in(table, **options)
    assert report.problem_lines() == []
    return report.added, report.changed, report.unchanged


@pytest.fixture
def insight():
    finding = an_insight(
        supports=[a_story(ref="van", published_text="We bought a van."), a_story(ref="hub")], slug="vans",
        title="Vans help", none_found="We asked.", status=Status.DRAFT,
    )  # fmt: skip
    SetAside.objects.create(insight=finding, story=a_story(ref="aside"), reason="outlier")
    publishing.publish_insight(finding)
    a_story(ref="new")
    return finding


def pieces(row):
    return list(row.evidence.order_by("order").values_list("order", "role", "story__ref", "excerpt"))


def test_changed_text_waits_in_the_working_copy(insight):
    lines = ["slug,title,summary", "vans,Vans hinder,Another."]
    assert bring_in("insights", *lines) == (0, 1, 0)
    insight.refresh_from_db()
    assert (insight.title, insight.as_written.title) == ("Vans help", "Vans hinder")
    assert insight.as_written.slug is None
    assert bring_in("insights", *lines) == (0, 0, 1)
    assert bring_in("publications", "insight,published_on", "vans,2020-10-06") == (1, 0, 0)
    insight.refresh_from_db()
    assert (insight.title, insight.publications.count()) == ("Vans hinder", 2)
    assert bring_in("publications", "insight,published_on", "vans,2020-10-07") == (0, 0, 1)


def test_text_that_readers_have_already_leaves_the_working_copy(insight):
    copy = working_copies.row_to_write(insight)
    copy.title = "Vans hinder"
    copy.save()
    assert bring_in("insights", "slug,title", "vans,Vans help") == (0, 0, 1)
    assert insight.as_written.title == "Vans hinder"


def test_changed_evidence_waits_in_the_working_copy(insight):
    lines = [
        "insight,order,role,story,excerpt",
        "vans,1,qualifies,van,a van",
        "vans,2,supports,hub,",
        "vans,,supports,new,",
    ]
    assert bring_in("evidence", *lines) == (1, 1, 1)
    assert pieces(insight) == [(1, "supports", "van", ""), (2, "supports", "hub", "")]
    assert pieces(insight.as_written) == [
        (1, "qualifies", "van", "a van"),
        (2, "supports", "hub", ""),
        (3, "supports", "new", ""),
    ]
    assert Evidence.with_working_copies.get(insight=insight.as_written, story__ref="van").excerpt_start == 10
    assert bring_in("evidence", *lines) == (0, 0, 3)
    assert Evidence.with_working_copies.count() == 5


def test_changed_set_aside_waits_in_the_working_copy(insight):
    assert bring_in("set_aside", "insight,story,reason", "vans,aside,too old", "vans,new,anecdotal") == (1, 1, 0)
    assert dict(insight.set_aside.values_list("story__ref", "reason")) == {"aside": "outlier"}
    written = dict(insight.as_written.set_aside.values_list("story__ref", "reason"))
    assert written == {"aside": "too old", "new": "anecdotal"}


def test_dry_run_begins_no_working_copy(insight):
    assert bring_in("insights", "slug,title", "vans,Vans hinder", dry_run=True) == (0, 1, 0)
    assert Insight.with_working_copies.count() == 1


def test_draft_is_changed_in_its_own_row_and_knows_its_writer():
    draft, editor = an_insight(slug="vans", status=Status.DRAFT), a_user(EDITOR)
    bring_in("insights", "slug,title", "vans,Vans hinder", user=editor)
    draft.refresh_from_db()
    assert (draft.title, draft.written_by) == ("Vans hinder", editor)
    assert Insight.with_working_copies.count() == 1


def test_import_into_a_working_copy_is_previewed_and_can_be_undone(insight, client):
    client.force_login(a_user(EDITOR))
    response = upload(client, "insights", "slug,title", "vans,Vans hinder", workshop="")
    assert [line.changes for line in response.context["page"]] == [[["title", "Vans help", "Vans hinder"]]]
    assert Insight.with_working_copies.count() == 1
    confirm(client)
    assert insight.as_written.title == "Vans hinder"
    undo(client, Import.objects.get())
    assert insight.as_written.title == "Vans help"


def test_undo_takes_new_evidence_out_of_the_working_copy(insight, client):
    client.force_login(a_user(EDITOR))
    upload(client, "evidence", "insight,role,story", "vans,contradicts,new", workshop="")
    confirm(client)
    assert insight.as_written.evidence.count() == 3
    undo(client, Import.objects.get())
    assert (insight.as_written.evidence.count(), insight.evidence.count()) == (2, 2)
