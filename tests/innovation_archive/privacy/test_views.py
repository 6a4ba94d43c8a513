"""/privacy/ says what the controller set, what the code does, and what nobody has said yet."""

import datetime
import re

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape, strip_tags

from innovation_archive.models import Controller, HousekeepingRun
from innovation_archive.operation.housekeeping import TASKS
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


def periods_on(page):
    """[(what is kept, how long and from when)] as the page says it."""
    section = page[page.index("How long it is kept") : page.index("Your rights")]
    pairs = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", section, re.S)
    return [tuple(" ".join(strip_tags(text).split()) for text in pair) for pair in pairs]


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
    rows = periods_on(shown(client))
    assert rows == [
        (
            "Names and contacts of people who took part",
            "6 months from their last workshop, or the day they were entered if that is later",
        ),
        (
            "Words as they were told, and drafts that are still a copy of them",
            "24 months from the workshop, or the day they were entered if that is later",
        ),
        (
            "Single votes; from then on only how many of a workshop and service chose what",
            "12 months from the last release of votes of the programme, or the day they were cast if that is later",
        ),
        ("A workshop’s notes", "12 months from the workshop, or the day they were entered if that is later"),
        ("Earlier wordings, kept to show who changed what; the last stays", "24 months from the change"),
        ("Files that were uploaded and not confirmed", "3 days from the upload"),
        (
            "Records of who did, read, imported or downloaded what at the desk",
            "12 months from the entry; of a download, from the last day on which its file may be used",
        ),
        ("Complaints and requests, with the address to answer to", "36 months from the day they are closed"),
        (
            "Records of sign-ins at the desk, with what was typed there and not saved",
            "1 day from the end of the sign-in",
        ),
        ("That a wrong code or password was typed, with a scrambled form of where", "10 minutes from the attempt"),
        (
            "An open ballot’s code, with a scrambled form of each phone’s network address",
            "12 hours from the opening of the ballot, if nobody closes it before",
        ),
        ("What an action on many stories changed, for its undo", "12 hours from the action"),
        (
            "What is to be erased because somebody asked it with a slip alone, hidden meanwhile",
            "1 day from the request",
        ),
        ("Who recorded a withdrawal; from then on only their role", "12 months from the withdrawal"),
        ("An address for news of uses that nobody has confirmed", "7 days from the day it was given"),
        ("An address for news of uses", "12 months from the day it was confirmed, or given again"),
        ("The address and words of a mail of the archive, sent or not", "30 days from the day it was written"),
        ("That a mail was sent, without address and words", "12 months from the day it was written"),
        ("What each housekeeping did, in numbers", "90 days from the housekeeping"),
    ]


def test_every_period_on_the_page_is_one_that_a_task_keeps(client):
    context = client.get("/privacy/").context
    said = [*context["periods_set"], *context["periods_fixed"]]
    assert [covers for covers, _how_long in periods_on(shown(client))] == [str(each.covers) for each in said]
    assert sorted(each.name for each in said) == sorted(name for task in TASKS for name in task.keeps)


def test_page_says_who_sees_a_story_at_each_level(client):
    page = shown(client)
    for level in Consent:
        assert str(escape(level.label)) in page
        assert str(views.SEEN_BY[level]) in page


def a_run(ago, **outcome):
    return HousekeepingRun.objects.create(is_running=False, ended_at=timezone.now() - ago, outcome=outcome)


def test_page_says_when_housekeeping_ran_and_warns_when_that_is_two_hours_ago(client):
    never, late = "What is due has never been deleted yet", "more than two hours ago"
    assert never in shown(client)
    a_run(datetime.timedelta(hours=2, minutes=1))
    assert (never in shown(client), late in shown(client)) == (False, True)
    run = a_run(datetime.timedelta(hours=1, minutes=59))
    day = date_format(timezone.localtime(run.ended_at), "j F Y, H:i")
    assert (f"What is due was last deleted on {day}." in shown(client), late in shown(client)) == (True, False)


def test_page_says_what_could_not_be_deleted(client):
    a_run(datetime.timedelta(0), words="OperationalError", votes=3, mail="OSError")
    said = re.search(r"it tries again every hour:</p>\s*<ul>(.*?)</ul>", shown(client), re.S).group(1)
    assert re.findall("<li>(.*?)</li>", said) == ["Words as they were told, and drafts that are still a copy of them"]


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
