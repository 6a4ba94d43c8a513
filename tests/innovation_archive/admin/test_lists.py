"""Lists of the desk: the same few questions whatever their length, and pages that nothing counts."""

import re
from html import unescape
from itertools import chain

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from innovation_archive.models import ActKind, AdministrativeAct, Controller, Download, Import
from insights.models import Release
from insights.publications import publishing
from tests.desk import page
from tests.factories import (
    a_ballot,
    a_case,
    a_commitment,
    a_correction,
    a_participant,
    a_place,
    a_practice,
    a_programme,
    a_service_area,
    a_story,
    a_theme,
    a_user,
    a_vote,
    a_workshop,
    an_article,
    an_insight,
)
from workshops.choices import Status
from workshops.consent.passages import hide_passage
from workshops.models import Note, OutgoingMail, Story, Tag, Tally
from workshops.models.readings import record_private_reading
from workshops.roles import ROLES

pytestmark = pytest.mark.django_db

MOST_QUERIES = 10
# The facts of the controller are one row, and have no list.
LISTED = [model._meta.label_lower for model in admin.site._registry if model is not Controller]


@pytest.fixture
def person():
    """Somebody with every role, whose pages so ask the most."""
    return a_user(*ROLES)


@pytest.fixture
def room(person):
    return a_workshop([person], service_areas=[a_service_area("Early help")])


def makers(room, person):
    """How to make one more row of each model that the desk lists, with links of every kind."""
    area, place, theme = room.service_areas.get(), a_place("Bolton"), a_theme("Workforce")

    def story():
        return a_story(
            workshop=room, themes=[theme], tags=["trust"], service_area=area, place=place, status=Status.DRAFT
        )

    def practice():
        return a_practice([story()], [theme], [area], ["trust"])

    def participant():
        return a_participant([room], service_area=area, place=place)

    return {
        "workshops.story": story,
        "workshops.practice": practice,
        "workshops.participant": participant,
        "workshops.workshop": lambda: a_workshop([person], [area], [place]),
        "workshops.programme": a_programme,
        "workshops.servicearea": a_service_area,
        "workshops.theme": a_theme,
        "workshops.place": a_place,
        "workshops.tag": lambda: story().tags.add(f"tag {Tag.objects.count()}"),
        "workshops.vote": lambda: a_vote(practice=practice(), participant=participant(), workshop=room),
        "workshops.tally": lambda: Tally.objects.create(practice=practice(), workshop=room, service_area=area),
        "workshops.note": lambda: Note.objects.create(workshop=room, text="Said"),
        "workshops.ballot": lambda: a_ballot([practice()], workshop=room),
        "workshops.correction": lambda: a_correction(story(), suggested_by=person),
        "workshops.hiddenpassage": lambda: hide_passage(an_insight(), "body", 0, 9, "An objection."),
        "insights.insight": lambda: an_insight([story()], [story()], themes=[theme]),
        "insights.article": an_article,
        "insights.commitment": a_commitment,
        "insights.publication": lambda: publishing.publish_insight(an_insight([a_story()], none_found="We asked.")),
        "insights.release": lambda: Release.objects.create(programme=a_programme(), released_on="2020-12-01"),
        "innovation_archive.import": lambda: Import.objects.create(
            kind="stories", workshop=room, user=person, file_name="a.csv"
        ),
        "innovation_archive.administrativeact": lambda: AdministrativeAct.objects.create(
            by=person, about=person, kind=ActKind.NEW_PASSWORD
        ),
        "innovation_archive.case": a_case,
        "workshops.outgoingmail": lambda: OutgoingMail.objects.create(
            to="a@example.org", subject="A word", body="Words."
        ),
        "workshops.privatereading": lambda: record_private_reading(person, participant=participant(), workshop=room),
        "innovation_archive.download": lambda: Download.objects.create(user=person, file="votes.csv", purpose="A test"),
        "auth.user": lambda: a_user("editor"),
        "auth.group": lambda: Group.objects.create(name=f"group {Group.objects.count()}"),
    }


@pytest.mark.parametrize("label", LISTED)
def test_list_asks_few_questions_however_long(client, person, room, label):
    make = makers(room, person).get(label)
    assert make, f"Say in `makers` how to make one more {label}."
    client.force_login(person)
    address = reverse(f"admin:{label.replace('.', '_')}_changelist")

    def asked_of(length):
        while (lacking := length - client.get(address).context["cl"].result_count) > 0:
            for _ in range(lacking):
                make()
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return [query["sql"] for query in asked]

    few, many = asked_of(10), asked_of(51)
    assert len(many) == len(few) <= MOST_QUERIES, "\n".join(many)
    assert label == "auth.group" or "COUNT(*)" not in "\n".join(many)


def pages(client, label, **query):
    """What a list shows on each page, from the first to the last, following its own links."""
    address, shown = reverse(f"admin:{label}_changelist"), []
    while address:
        response = client.get(address, query)
        shown.append([row.pk for row in response.context["cl"].result_list])
        following = re.search(r'href="([^"]*)" rel="next"', response.content.decode())
        address, query = following and response.request["PATH_INFO"] + unescape(following[1]), {}
    return shown


@pytest.mark.parametrize(
    ("length", "sizes"), [(0, [0]), (49, [49]), (50, [50]), (51, [50, 1]), (100, [50, 50]), (101, [50, 50, 1])]
)
def test_pages_hold_each_row_once(client, person, room, length, sizes):
    Story.objects.bulk_create(Story(workshop=room, title=f"Story {n}") for n in range(length))
    client.force_login(person)
    shown = pages(client, "workshops_story")
    assert [len(rows) for rows in shown] == sizes
    assert sorted(chain.from_iterable(shown)) == sorted(Story.objects.values_list("pk", flat=True))


def test_search_and_filters_stay_from_page_to_page(client, person, room):
    Story.objects.bulk_create(Story(workshop=room, title=f"Bread {n}", status=Status.DRAFT) for n in range(60))
    Story.objects.bulk_create(Story(workshop=room, title=f"Soup {n}") for n in range(60))
    client.force_login(person)
    assert [len(rows) for rows in pages(client, "workshops_story", q="bread", status__exact="draft")] == [50, 10]


def test_last_page_says_how_many_there_are(client, person, room):
    Story.objects.bulk_create(Story(workshop=room, title=f"Story {n}") for n in range(51))
    client.force_login(person)
    assert "51 stories" not in client.get(page(Story)).content.decode()
    assert "51 stories" in " ".join(client.get(page(Story), {"p": 2}).content.decode().split())


@pytest.mark.parametrize("length", [0, 1, 51])
@pytest.mark.parametrize("number", ["0", "-1", "2", "3", "999999", "9" * 30, "٣", "x", "1_0", "", "\0"])
def test_page_that_is_not_there_is_no_error(client, person, room, number, length):
    Story.objects.bulk_create(Story(workshop=room, title=f"Story {n}") for n in range(length))
    client.force_login(person)
    response = client.get(page(Story), {"p": number}, follow=True)
    assert response.status_code == 200
    on_last = number == "2" and length == 51
    assert len(response.context["cl"].result_list) == (1 if on_last else min(length, 50))


def test_list_is_never_shown_whole(client, person, room):
    Story.objects.bulk_create(Story(workshop=room, title=f"Story {n}") for n in range(51))
    client.force_login(person)
    assert len(client.get(page(Story), {"all": ""}).context["cl"].result_list) == 50


def test_empty_list_says_what_to_do_first(client, person):
    client.force_login(person)
    assert "No story yet." in client.get(page(Story)).content.decode()
    content = " ".join(client.get(page(Story), {"q": "bread"}).content.decode().split())
    assert 'Nothing matches. <a href="?">Show the whole list</a>.' in content


def test_autocomplete_pages_are_not_counted_either(client, person, room):
    Story.objects.bulk_create(Story(workshop=room, title=f"Story {n}") for n in range(41))
    client.force_login(person)
    query = {"app_label": "workshops", "model_name": "practice", "field_name": "stories", "term": "story"}
    answers = [client.get(reverse("admin:autocomplete"), query | {"page": number}).json() for number in (1, 2, 3)]
    assert [len(answer["results"]) for answer in answers] == [20, 20, 1]
    assert [answer["pagination"]["more"] for answer in answers] == [True, True, False]
