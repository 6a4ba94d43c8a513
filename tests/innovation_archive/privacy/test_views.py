"""/privacy/ says what the controller set, what the code does, and what nobody has said yet."""

import datetime
import re

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.html import escape

from innovation_archive.models import Controller
from innovation_archive.privacy import views
from tests.factories import a_ballot, a_participant, a_user
from workshops.choices import Consent
from workshops.contribution.slip_codes import issue_slip
from workshops.roles import EDITOR

pytestmark = pytest.mark.django_db

FACTS = {
    "publisher": "The Example Foundation",
    "email": "privacy@example.org",
    "post": "1 Example Street\nBury",
    "telephone": "0161 496 0000",
    "lawful_basis": "public task",
    "special_condition": "research",
    "officer_name": "Dee Pio",
    "officer_contact": "dpo@example.org",
    "recipients": "The evaluators of Example University.",
    "hosting": "Example Hosting, in the United Kingdom.",
}


def shown(client):
    return client.get("/privacy/").content.decode()


def test_page_of_an_archive_without_facts_says_of_each_that_it_is_missing(client):
    page = shown(client)
    assert page.count("The publisher has not said this yet.") == 10
    assert "Some facts below are for the publisher of this archive to say" in page


def test_page_has_every_fact_that_the_controller_set(client):
    Controller.objects.create(**FACTS)
    page = shown(client)
    assert "has not said this yet" not in page
    assert "Some facts below" not in page
    for line in (
        "The Example Foundation",
        "privacy@example.org",
        "1 Example Street<br>Bury",
        "0161 496 0000",
        "A task in the public interest",
        "Archiving, research or statistics",
        "Dee Pio",
        "dpo@example.org",
        "The evaluators of Example University.",
        "Example Hosting, in the United Kingdom.",
    ):
        assert line in page


def test_fact_is_shown_as_text(client):
    Controller.objects.create(publisher="<script>alert(1)</script>", officer_contact="<b>@example.org")
    page = shown(client)
    assert "<script>alert" not in page and "<b>@" not in page
    assert "&lt;script&gt;" in page


def test_page_says_how_long_each_thing_is_kept(client):
    Controller.objects.create(keep_names=6, keep_uploads=3)
    rows = re.findall(r'<th scope="row">([^<]+)</th>\s*<td>\s*([^<]+?)\s*</td>', shown(client))
    assert rows == [
        ("Names and contacts of people who took part", "6 months"),
        ("Words as they were told", "24 months"),
        ("Single votes", "12 months"),
        ("A workshop’s notes", "12 months"),
        ("Earlier wordings, kept to show who changed what", "24 months"),
        ("Files that were uploaded and not confirmed", "3 days; deleted by the archive itself"),
        ("Records of who did what at the desk, and of downloads", "12 months"),
        ("Complaints and requests, with the address to answer to", "36 months"),
        ("Records of sign-ins at the desk", "1 day"),
    ]


def test_page_says_who_sees_a_story_at_each_level(client):
    page = shown(client)
    for level in Consent:
        assert str(escape(level.label)) in page
        assert str(views.SEEN_BY[level]) in page


def test_page_says_when_housekeeping_ran(client, monkeypatch):
    assert "has not run yet" in shown(client)
    ran = datetime.datetime(2026, 11, 25, 3, 5, tzinfo=datetime.UTC)
    monkeypatch.setattr(views, "last_housekeeping", lambda: ran)
    assert "last ran on 25 November 2026, 03:05" in shown(client)


def test_page_names_every_cookie_that_is_set(client):
    ballot = a_ballot()
    client.get("/complaints/")
    client.get(f"/join/{ballot.join_code}/")
    client.post("/my-contribution/", {"code": issue_slip(a_participant())})
    client.post("/my-contribution/change/", {"act": "erase", "confirmed": "1"})
    client.force_login(a_user(EDITOR))
    client.get(reverse("admin:index"))
    names = {re.sub("_.{6}$", "_…", name) if name.startswith("ballot_") else name for name in client.cookies}
    own = {"ballot_…", "contribution", "contribution_receipt"}
    assert names == own | {"csrftoken", "sessionid", "desk_seen", "desk_writer"}
    assert [name for name in names if f"<code>{name}</code>" not in shown(client)] == []
    assert settings.CSRF_COOKIE_AGE == 60 * 60 * 24 * 7 * 52  # “for a year”


def test_reading_sets_no_cookie(client):
    client.get("/")
    client.get("/privacy/")
    assert dict(client.cookies) == {}


def test_page_names_the_supervisory_authority(client):
    page = shown(client)
    for line in (
        "Wycliffe House, Water Lane, Wilmslow, Cheshire SK9 5AF",
        "0303 123 1113",
        "ico.org.uk/make-a-complaint",
    ):
        assert line in page


def test_page_leads_the_holder_of_a_slip_to_their_contribution(client):
    assert '<a href="/my-contribution/">your contribution</a>' in shown(client)
