"""Files of who has a role for some programmes: what analysts take out, and what editors bring in."""

import io
import json
import zipfile

import pytest
from django.urls import reverse

from innovation_archive.datasets import Audience
from innovation_archive.datasets.votes import VoteShares
from innovation_archive.exchange.imports import import_table
from innovation_archive.exchange.reading import Table
from innovation_archive.exchange.uploads import kinds_for, workshops_for
from innovation_archive.models import Download
from insights.models import Insight
from tests.factories import (
    a_participant,
    a_practice,
    a_programme,
    a_service_area,
    a_story,
    a_tally,
    a_theme,
    a_user,
    a_user_for,
    a_vote,
    a_workshop,
    an_insight,
)
from workshops.choices import Consent, Status
from workshops.models import Participant, Practice, Programme, Story
from workshops.roles import ANALYST, EDITOR, Reach

pytestmark = pytest.mark.django_db

OTHER_PROGRAMME = "It is of a programme that you do not edit. Ask one of its editors to import the row."


@pytest.fixture
def here():
    return a_workshop(programme=a_programme(slug="ours", title="Ours"), slug="here", title="Here")


@pytest.fixture
def there():
    return a_workshop(programme=a_programme(slug="theirs", title="Theirs"), slug="there", title="There")


@pytest.fixture
def told(here, there):
    """In both programmes a draft told to the team, its practice, a vote and hands; one person came to both."""
    both = a_participant([here, there], code="p-both")
    for room in (here, there):
        draft = {"status": Status.DRAFT, "consent": Consent.TEAM}
        story = a_story(title=f"x{room.slug}x", tags=[f"tag-{room.slug}"], workshop=room, told_by=both, **draft)
        practice = a_practice([story], statement=f"x{room.slug}x", ref=f"P-{room.slug}", status=Status.DRAFT)
        a_vote(practice=practice, participant=a_participant([room], role=f"x{room.slug}x"), workshop=room)
        a_tally(practice=practice, workshop=room, service_area=a_service_area(), keep=1)
        an_insight([a_story(workshop=room)], programme=room.phase.programme, slug=f"of-{room.slug}")


def taken(client, file):
    response = client.post(f"/data/{file}?audience=analyst", {"purpose": "A review"})
    assert response.status_code == 200
    return b"".join(response).strip()


def words_in(body):
    """Everything that a file holds, a ZIP archive unpacked."""
    if not body.startswith(b"PK"):
        return body.decode()
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())


@pytest.mark.parametrize("role", [ANALYST, EDITOR])
@pytest.mark.parametrize("file", ["archive.zip", "archive.qdpx"])
def test_archive_of_an_analyst_holds_their_programmes_alone(client, told, here, role, file):
    client.force_login(a_user_for(here.phase.programme, role))
    words = words_in(taken(client, file))
    assert ("xherex" in words, "xtherex" in words) == (True, False)
    assert "tag-there" not in words
    client.force_login(a_user(role))
    assert "xtherex" in words_in(taken(client, file))


@pytest.mark.parametrize(
    ("dataset", "column", "value"),
    [
        ("workshops", "slug", "here"),
        ("stories", "title", "xherex"),
        ("practices", "ref", "P-here"),
        ("votes", "practice", "P-here"),
        ("tallies", "practice", "P-here"),
        ("insights", "slug", "of-here"),
        ("evidence", "insight", "of-here"),
        ("programmes", "slug", "ours"),
    ],
)
def test_file_of_an_analyst_holds_their_programmes_alone(client, told, here, dataset, column, value):
    client.force_login(a_user_for(here.phase.programme, ANALYST))
    rows = json.loads(taken(client, f"{dataset}.json"))
    assert {row[column] for row in rows} - {"Story"} == {value, *published(dataset, rows)}


def published(dataset, rows):
    """The titles of published stories of the programme: the draft alone is told by its name."""
    return {row["title"] for row in rows if row["status"] == Status.PUBLISHED} if dataset == "stories" else set()


def test_matrix_of_an_analyst_is_that_of_their_programmes(client, here, there):
    """As the page narrowed to the programme has it: published stories, under the services and themes that it knows."""
    hubs, help_, trust, time = a_service_area("Hubs"), a_service_area("Help"), a_theme("Trust"), a_theme("Time")
    here.service_areas.add(hubs, help_)
    a_story([trust], workshop=here, service_area=hubs)
    a_story([trust], workshop=here, service_area=hubs, status=Status.DRAFT, consent=Consent.TEAM)
    a_story([trust], workshop=there, service_area=hubs)
    a_story([time], workshop=there, service_area=a_service_area("Homes"))

    def cells(user):
        client.force_login(user)
        rows = json.loads(taken(client, "matrix.json"))
        return {(row["service_area"], row["theme"]): row["stories"] or row["empty"] for row in rows}

    assert cells(a_user_for(here.phase.programme, ANALYST)) == {
        ("hubs", "trust"): 1,
        ("help", "trust"): "nothing published",
    }
    assert len(cells(a_user(ANALYST))) == 6
    assert cells(a_user(ANALYST))["hubs", "trust"] == 2
    page = client.get("/matrix/", {"programme": "ours", "format": "json"})
    assert len(json.loads(b"".join(page))) == 2


def test_file_does_not_say_that_somebody_also_came_to_another_programme(client, told, here):
    client.force_login(a_user_for(here.phase.programme, ANALYST))
    rows = json.loads(taken(client, "participants.json"))
    assert [row["workshops"] for row in rows] == [["here"], ["here"]]
    assert Participant.objects.count() == 3


def test_download_says_which_programmes_it_holds(client, told, here):
    here_alone, everything = a_user_for(here.phase.programme, ANALYST), a_user(ANALYST)
    for user in (here_alone, everything):
        client.force_login(user)
        taken(client, "stories.csv")
    narrow, whole = Download.objects.order_by("pk")
    assert (narrow.of_all_programmes, list(narrow.programmes.all())) == (False, [here.phase.programme])
    assert (whole.of_all_programmes, list(whole.programmes.all())) == (True, [])


def test_downloads_are_seen_by_editors_of_what_they_held(here, there):
    mine, theirs = a_user_for(here.phase.programme, EDITOR), a_user_for(there.phase.programme, ANALYST)
    of_there = Download.objects.record(theirs, "stories.csv", "A review")
    of_all = Download.objects.record(a_user(ANALYST), "stories.csv", "A review")
    assert list(Download.objects.visible_to(mine)) == [of_all]
    assert list(Download.objects.visible_to(theirs)) == [of_there]
    assert set(Download.objects.visible_to(a_user(EDITOR))) == {of_there, of_all}


def test_data_page_counts_the_rows_of_the_programmes(client, told, here):
    client.force_login(a_user_for(here.phase.programme, ANALYST))
    offers = client.get(reverse("data")).context["for_analysts"]
    assert {offer.dataset.dataset: offer.rows for offer in offers}["stories"] == 2
    assert {offer.written for offer in offers} == {None}  # those sizes are of files of all programmes


@pytest.mark.parametrize(("reaches", "programmes"), [(["ours"], {"ours"}), (["ours", "theirs"], {"ours", "theirs"})])
def test_exact_shares_are_those_of_the_programmes(here, there, reaches, programmes):
    for room in (here, there):
        person = a_participant([room], consent=Consent.TEAM, service_area=a_service_area())
        a_vote(practice=a_practice(), participant=person, workshop=room)
    reach = Reach(frozenset(Programme.objects.filter(slug__in=reaches).values_list("pk", flat=True)))
    rows = VoteShares().within(reach).records(Audience.ANALYST)
    assert {row[1] for row in rows} == programmes


# In.


def brought_in(kind, header, *lines, user):
    rows = [line.split(",") for line in lines]
    table = Table(f"{kind}.csv", header.split(","), rows, list(range(2, 2 + len(rows))))
    report = import_table(kind, table, user=user)
    return [(problem.line, problem.column, problem.message) for problem in report.problems]


def test_rows_of_another_programme_are_refused_by_line(here, there):
    editor = a_user_for(here.phase.programme, EDITOR)
    found = brought_in("insights", "slug,programme,title,kind", "a,ours,A,finding", "b,theirs,B,finding", user=editor)
    assert found == [(3, "programme", OTHER_PROGRAMME)]
    assert Insight.objects.count() == 0


def test_insight_is_not_moved_to_another_programme(here, there):
    an_insight(slug="a", programme=here.phase.programme, status=Status.DRAFT)
    editor = a_user_for(here.phase.programme, EDITOR)
    assert brought_in("insights", "slug,programme", "a,theirs", user=editor) == [(2, "programme", OTHER_PROGRAMME)]
    assert brought_in("insights", "slug,title", "a,Better", user=editor) == []


@pytest.mark.parametrize("beside", [[], [ANALYST]])
def test_story_of_another_programme_is_refused_also_where_it_may_be_read(here, there, beside):
    editor = a_user_for(here.phase.programme, EDITOR)
    for role in beside:
        editor.role_grants.create(role=role, programme=there.phase.programme)
    header = "ref,workshop,kind,title"
    assert [
        line for line, *_ in brought_in("stories", header, "a,here,message,A", "b,there,message,B", user=editor)
    ] == [3]
    assert brought_in("stories", header, "a,here,message,A", user=editor) == []
    assert Story.objects.get().workshop == here


def test_practice_and_person_of_another_programme_are_refused(here, there):
    a_practice([a_story(workshop=there)], ref="P-1", statement="Theirs")
    a_participant([there], code="p-1")
    editor = a_user_for(here.phase.programme, EDITOR)
    assert [line for line, *_ in brought_in("practices", "ref,statement", "P-1,Mine", user=editor)] == [2]
    assert [line for line, *_ in brought_in("participants", "code,role", "p-1,Mine", user=editor)] == [2]
    assert [line for line, *_ in brought_in("participants", "code,workshops", "p-2,there", user=editor)] == [2]
    assert brought_in("participants", "code,workshops", "p-2,here", user=editor) == []
    assert (Practice.objects.get().statement, Participant.objects.count()) == ("Theirs", 2)


def test_editor_of_a_programme_imports_into_it_but_not_what_all_share(here, there):
    editor = a_user_for(here.phase.programme, EDITOR)
    shared = {"programmes", "service_areas", "themes", "places"}
    assert set(kinds_for(a_user(EDITOR))) - set(kinds_for(editor)) == shared
    assert list(workshops_for(editor)) == [here]
