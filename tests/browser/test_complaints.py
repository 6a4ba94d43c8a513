"""Somebody who is in a story complains on a phone without JavaScript; an editor hides the words with one click."""

import pytest
from django.urls import reverse

from innovation_archive.models import Case, Controller
from tests.browser.looking import DAY, FORCED, NIGHT, findings
from tests.factories import a_story, a_user
from workshops.roles import EDITOR

pytestmark = pytest.mark.any_database

PHONE = {"viewport": {"width": 320, "height": 640}, "java_script_enabled": False}
LONG = "An address of a page that nobody can break " + "x" * 80


@pytest.fixture
def story(site):
    Controller.objects.create(publisher="The Example Foundation", telephone="0161 496 0000", post=LONG)
    return a_story(ref="s1", title="A nurse who waited", published_text="Ann of Oakfield waited a week.")


def test_passage_is_reported_on_a_phone_hidden_by_an_editor_and_shown_again(new_page, story):
    phone, desk = new_page(**PHONE), new_page(a_user(EDITOR))
    phone.goto("/stories/s1/")
    phone.get_by_role("link", name="Something here is about me").click()
    phone.get_by_label("Have something about me removed").check()
    phone.get_by_label("Which words are about you?").fill("Ann of Oakfield")
    phone.get_by_label("What is wrong with it").fill("That is me.")
    phone.get_by_role("button", name="Send").click()
    reference = phone.locator(".reference").inner_text()
    assert reference == Case.objects.get().reference

    desk.goto(reverse("admin:innovation_archive_case_changelist"))
    desk.get_by_role("link", name=reference).click()
    desk.get_by_role("button", name="Hide this passage while we look").click()
    phone.goto("/stories/s1/")
    assert phone.get_by_text("[words removed] waited a week.").is_visible()
    desk.get_by_role("button", name="Show it again").click()
    phone.goto("/stories/s1/")
    assert phone.get_by_text("Ann of Oakfield waited a week.").is_visible()


@pytest.fixture
def page(chromium, site):
    """A page that may be refused: Chromium writes of every 400 to the console, where `new_page` allows nothing."""
    browser = chromium.new_context(base_url=site, bypass_csp=True)
    yield browser.new_page()
    browser.close()


def test_axe_finds_nothing_on_a_complaint_in_error_and_received(page, story):
    page.goto("/complaints/story/s1/")
    page.get_by_role("button", name="Send").click()
    assert page.title().startswith("Error:")
    page.locator("[role=alert]:focus").wait_for()
    page.get_by_role("link", name="Choose what you want us to do.").click()
    assert page.evaluate("document.activeElement.type") == "radio"
    found = findings(page, [320, 1280], [DAY, NIGHT, FORCED])
    page.get_by_label("Object to something about me being used").check()
    page.get_by_label("What is wrong with it").fill("That is me.")
    page.get_by_role("button", name="Send").click()
    page.get_by_role("heading", name="We have received it").wait_for()
    assert found + findings(page, [320, 1280], [DAY, NIGHT, FORCED]) == []


@pytest.mark.parametrize("address", ["/privacy/", "/complaints/", "/stories/s1/"])
def test_axe_finds_nothing_on_pages_that_print_the_facts(page, story, address):
    page.goto(address)
    assert findings(page, [320, 768, 1280], [DAY, NIGHT, FORCED]) == []
