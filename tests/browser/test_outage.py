"""A facilitator saves a story while the database is locked, in a real browser against a real server."""

import pytest
from django.test import Client

from tests.desk import page as address_of
from tests.factories import a_story, a_user, a_workshop
from tests.faults.outages import impatient, locked
from tests.roles import make_roles_again
from tests.serving import serving
from workshops.choices import Status
from workshops.models import Story
from workshops.roles import FACILITATOR

WORDS = 'They said "<b>wait</b>" & left.\nThen nobody came back.'


def session_of(user):
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


@pytest.mark.django_db(transaction=True)
def test_what_was_typed_while_the_database_was_locked_is_saved_from_the_page_that_says_so(chromium, tmp_path):
    make_roles_again()
    facilitator = a_user(FACILITATOR)
    story = a_story(workshop=a_workshop(facilitators=[facilitator]), status=Status.DRAFT, title="The van")
    with serving("innovation_archive.wsgi", tmp_path, "--threads=4", **impatient()) as port:
        site = f"http://localhost:{port}"
        page = chromium.new_page(base_url=site, viewport={"width": 320, "height": 900})
        page.context.add_cookies([{"name": "sessionid", "value": session_of(facilitator), "url": site}])
        page.goto(address_of(Story, "change", story.pk))
        page.get_by_label("Published wording").fill(WORDS)
        with locked("workshops_story"):
            page.get_by_role("button", name="Save", exact=True).click()
            page.get_by_role("heading", name="Nothing was saved yet").wait_for()
            assert page.get_by_label("What you typed").last.input_value() == WORDS
            assert page.evaluate("document.documentElement.scrollWidth") <= 320
            page.get_by_role("button", name="Send it again").click()  # too early: the same page comes again
            page.get_by_role("alert").wait_for()
            assert page.get_by_label("What you typed").last.input_value() == WORDS
        page.get_by_role("button", name="Send it again").focus()
        page.keyboard.press("Enter")
        page.locator(".messagelist .success").wait_for()
        page.close()
    story.refresh_from_db()
    assert story.published_text == WORDS
