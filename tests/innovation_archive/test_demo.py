import re
import threading

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.views import debug

from innovation_archive.datasets import DATASETS, Audience
from innovation_archive.exchange.exports import CsvFile
from innovation_archive.management.commands import demo as command
from insights.models import Insight
from insights.publications.publishing import publication_blockers, verify_hash
from insights.votes.results import summarise_results
from workshops.judgements.context import wider_places
from workshops.models import Participant, Place, Practice, Programme, Slip, Story, Vote, Workshop

pytestmark = pytest.mark.django_db


def test_demo_answers_a_wrong_address_with_the_page_of_the_archive(db, settings, tmp_path, monkeypatch, client):
    settings.DEBUG, settings.DATA_DIR = True, tmp_path
    monkeypatch.setattr(debug, "technical_404_response", debug.technical_404_response)  # and put it back afterwards
    assert "URLconf" in client.get("/no-such-page/").content.decode()
    monkeypatch.setattr("innovation_archive.management.commands.demo.call_command", lambda *args, **options: None)
    call_command("demo")
    for address in ["/no-such-page/", "/stories/none/", "/insights/none/"]:
        response = client.get(address)
        assert (response.status_code, "There is no such page" in response.content.decode()) == (404, True)


def test_demo_keeps_house_once_it_serves_and_stops_with_the_server(monkeypatch):
    called, twice = [], threading.Event()

    def call(name, **options):
        called.append(threading.current_thread())
        assert name == "housekeeping"
        if len(called) == 2:
            twice.set()
        raise CommandError("1 of the tasks failed")

    monkeypatch.setattr(command, "call_command", call)
    monkeypatch.setattr(command, "HOUR", 0.01)
    with command.housekeeping_every_hour():
        assert twice.wait(10)
    called[0].join(10)
    assert not called[0].is_alive()
    assert called[0] is not threading.current_thread()


def test_demo_refuses_without_debug(db, settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="only with DEBUG on"):
        call_command("demo", no_server=True)
    assert not User.objects.exists()


def test_demo_refuses_a_database_elsewhere(db, settings, monkeypatch):
    if connection.vendor == "sqlite":
        pytest.skip("an embedded database is always on this machine")
    settings.DEBUG = True
    monkeypatch.setitem(connection.settings_dict, "HOST", "db.example.org")
    with pytest.raises(CommandError, match=r"points to db\.example\.org"):
        call_command("demo", no_server=True)
    assert not User.objects.exists()


# Below, the archive holds the sample from the first test that asks for it to the end of the file.


def everything():
    return {
        name: "".join(CsvFile(each(), Audience.FULL))
        for name, each in DATASETS.items()
        if Audience.FULL in each.audiences
    }


def test_demo_loads_the_sample_archive(sample):
    stories = Story.objects.published()
    assert (Workshop.objects.count(), Place.objects.filter(code__startswith="E08").count()) == (12, 10)
    assert stories.count() >= 90
    assert Participant.objects.count() >= 104
    assert Practice.objects.published().count() >= 30
    assert Vote.objects.count() >= 2000
    assert sorted(Insight.objects.published().values_list("kind", flat=True)) == [
        *["big idea"] * 4, *["finding"] * 4, *["recommendation"] * 6,
    ]  # fmt: skip
    assert stories.values("service_area").distinct().count() == 4
    assert stories.values("themes").distinct().count() == 4


def test_demo_says_of_each_practice_what_it_is_and_what_it_takes(sample):
    described = dict(Practice.objects.values_list("ref", "description"))
    assert (len(described), len(set(described.values()))) == (36, 36)
    sentences = {ref: len(re.findall(r"[.](?: |$)", text)) for ref, text in described.items()}
    assert {ref: count for ref, count in sentences.items() if count not in (2, 3)} == {}


def test_demo_shows_a_wider_place_for_what_was_published_without_its_borough(sample, client):
    """“Asked twice if it may be published. Yes, without the borough's team named”, say the notes of its workshop."""
    story = Story.objects.published().get(ref="txfhdghzdv")
    assert "without the borough's team named" in story.workshop.notes
    assert (story.place.name, story.told_by.place.name) == ("Greater Manchester", "Oldham")
    waiting = Story.objects.filter(status="in review", place__isnull=False).first()
    assert wider_places(waiting) == [story.place]
    assert "10 places" in client.get("/places/").content.decode()


def test_demo_publishes_through_the_same_gates_as_anyone(sample):
    for insight in Insight.objects.all():
        assert publication_blockers(insight) == []
        assert all(verify_hash(publication) for publication in insight.publications.all())
        assert all(each.quotation == each.excerpt for each in insight.evidence.public())


def test_demo_twice_changes_nothing(sample):
    password = sample.printed.splitlines()[-1].split()[-1]
    before = everything(), list(User.objects.order_by("pk").values_list("username", "password", "is_active"))
    assert sample().splitlines()[-1].split()[-1] == password
    assert (everything(), list(User.objects.order_by("pk").values_list("username", "password", "is_active"))) == before


def test_demo_makes_one_account_a_role_that_can_sign_in(sample, client):
    password = sample.printed.splitlines()[-1].split()[-1]
    for role in ("facilitator", "editor", "analyst", "system leader", "administrator"):
        user = User.objects.get(username=role.replace(" ", "-"))
        assert [group.name for group in user.groups.all()] == [role]
        assert client.login(username=user.username, password=password)
        assert not user.is_superuser


def test_demo_prints_a_slip_that_opens_what_somebody_told(sample, client):
    said = sample.printed
    code = re.search(r"A slip +(\S+), to type at http://127.0.0.1:8000/my-contribution/", said).group(1)
    page = client.post("/my-contribution/", {"code": code}, follow=True).content.decode()
    assert "Quoted there now." in page
    assert Slip.objects.get().participant.stories.published().exists()
    before = list(Slip.objects.values())
    assert f"A slip          {code}, " in sample()
    assert list(Slip.objects.values()) == before


def test_demo_gives_no_slip_to_anybody_of_a_true_programme(sample):
    Slip.objects.all().delete()
    Programme.objects.update(illustrative=False)
    assert "A slip" not in sample()
    assert not Slip.objects.exists()


def test_demo_shows_a_released_round_that_agrees_but_for_a_few(sample, client):
    summary = summarise_results()
    assert (summary.agree, summary.mixed, summary.differ, summary.practices) == (23, 11, 2, 36)
    said = " ".join(client.get("/votes/").content.decode().split())
    assert "On 23 of 36 practices the services agree; on 2 they differ." in said
    assert "Community hubs and homelessness stand apart, on one each" in said
    assert (
        "People in homelessness wanted to keep it or do more of it less often than people in the other services."
        in (client.get("/practices/P-3a2s/").content.decode())
    )


def test_demo_leaves_what_people_changed_as_they_left_it(sample):
    Story.objects.filter(pk=Story.objects.published()[0].pk).update(title="Changed at the desk")
    sample()
    assert Story.objects.filter(title="Changed at the desk").count() == 1
