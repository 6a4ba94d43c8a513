"""What an editor meets of passages that may tell who somebody is: while writing, at the gate, with and without JavaScript."""

import os

import pytest

from tests.browser.looking import DAY, NIGHT, findings
from tests.desk import page as desk_page
from tests.factories import a_participant, a_place, a_service_area, a_story, a_user, a_workshop
from workshops.choices import Status
from workshops.models import Judgement, Story

pytestmark = pytest.mark.django_db(transaction=True)

PLANTED = "943 476 5919"


@pytest.fixture
def editor():
    return a_user("editor", first_name="Edith", last_name="Example")


@pytest.fixture
def story(editor, site):
    area, place = a_service_area("Health visiting"), a_place("Bury")
    room = a_workshop([editor], title="Bury, June")
    a_participant([room], role="health visitor", service_area=area, place=place)
    return a_story(
        workshop=room, title="How they rang", published_text=f"Her number was {PLANTED}.",
        status=Status.IN_REVIEW, service_area=area, place=place,
    )  # fmt: skip


def show(page, name):
    """Keep a picture where somebody who looks has asked for it."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_number_is_marked_while_it_is_typed(new_page, editor, story):
    page = new_page(editor)
    page.goto(desk_page(Story, "change", story.pk))
    box = page.locator("#id_published_text")
    assert page.locator(".marked-words mark").all_inner_texts() == [PLANTED]
    show(page, "story-1280")
    box.fill("Ring 0161 496 0000 or ann@example.org.")
    assert page.locator(".marked-words mark").all_inner_texts() == ["0161 496 0000", "ann@example.org"]
    page.get_by_text("May tell who somebody is: 0161 496 0000 (a phone number)").wait_for()
    measure = "(name) => { const s = getComputedStyle(document.querySelector(name)); return [s.fontFamily, s.fontSize, s.lineHeight, s.paddingLeft, s.paddingTop] }"
    assert page.evaluate(measure, ".marked-words") == page.evaluate(measure, "#id_published_text")
    assert findings(page, [320, 1280], [DAY, NIGHT]) == []


@pytest.mark.parametrize("width", [320, 1280])
def test_editor_says_what_may_stand_and_publishes_without_javascript(new_page, editor, story, width):
    page = new_page(editor, java_script_enabled=False, viewport={"width": width, "height": 800})
    page.goto(desk_page(Story, "change", story.pk))
    assert "1 health visitor from Bury was there for Health visiting." in page.inner_text("#content")
    show(page, f"story-plain-{width}")
    page.get_by_role("button", name="Publish", exact=True).click()
    assert "Before you publish it" in page.inner_text("h1")
    show(page, f"publish-plain-{width}")
    page.get_by_role("checkbox", name=f"It may stand as it is: {PLANTED}").check()
    page.get_by_role("textbox", name="Why they may stand").fill("An example, nobody's")
    page.get_by_role("radio", name="No", exact=True).check()
    page.get_by_role("button", name="Publish", exact=True).click()
    story.refresh_from_db()
    assert story.status == Status.PUBLISHED
    judgement = Judgement.objects.get()
    assert (judgement.word, judgement.why, judgement.judged_by) == (PLANTED, "An example, nobody's", editor)
    page.goto(desk_page(Story, "change", story.pk))
    assert "Edith Example said on" in page.inner_text(".passages >> nth=0")
    show(page, f"story-published-plain-{width}")


def test_gate_is_usable_by_everybody(new_page, editor, story):
    page = new_page(editor)
    page.goto(desk_page(Story, "publish", story.pk))
    assert findings(page, [320, 1280], [DAY, NIGHT]) == []


def test_no_place_is_shown_with_one_click_and_nothing_is_saved(new_page, editor, story):
    page = new_page(editor, java_script_enabled=False)
    page.goto(desk_page(Story, "change", story.pk))
    page.get_by_role("button", name="Show no place").click()
    assert "No place would be shown. It is not saved yet." in page.inner_text(".errornote")
    assert page.locator("#id_place").input_value() == ""
    assert "1 health visitor was there for Health visiting." in page.inner_text("#content")
    story.refresh_from_db()
    assert story.place is not None
