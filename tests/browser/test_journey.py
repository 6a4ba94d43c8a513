"""From a page of notes to published stories, in a real browser; with JavaScript, and without."""

import re

import pytest

from tests.factories import a_place, a_service_area, a_story, a_theme, a_user, a_workshop
from workshops.choices import Choice, Consent, Status
from workshops.models import Note, Practice, Story
from workshops.roles import EDITOR, FACILITATOR

PASSWORD = "tram-lantern-9"
NOTES = """Early help

• we rang every family on the list in the first week
\to and asked what they needed before we offered anything
• the school kitchen cooked for the whole street, @Kaydin ran it #food
+1
keep:
• one phone number for everything
"""


@pytest.fixture
def room(site):
    fay = a_user(FACILITATOR, username="fay", password=PASSWORD)
    a_user(EDITOR, username="eddy", password=PASSWORD)
    a_service_area("Early help")
    a_place("Bolton")
    a_theme("Workforce and culture")
    a_story(tags=["trust"])
    return a_workshop([fay], title="Early help in May")


def sign_in(page, username):
    page.goto("/admin/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="The desk").wait_for()


def paste(page, room):
    """Paste the notes, and say for all of them what they are and who may see them."""
    page.get_by_role("link", name="Paste notes").click()
    page.get_by_label("Notes", exact=True).fill(NOTES)
    page.get_by_role("button", name="Read the notes").click()
    page.get_by_role("heading", name="Apply to all").wait_for()
    page.locator("[name=all-kind]").select_option(label="Innovation here")
    page.locator("[name=all-consent]").select_option(label=str(Consent.PUBLIC.label))
    page.get_by_label("Everyone in this workshop agreed to that").check()
    page.get_by_role("button", name="Apply to all 3 entries").click()
    page.get_by_text("Set in all 3 entries").wait_for()


def mend(page):
    """Two entries: a better title for one, and a name out of the other."""
    first, second = page.locator("#entry-1"), page.locator("#entry-2")
    first.get_by_label("Title of the story").fill("A call before an offer")
    assert "may be somebody’s name" in second.inner_text()
    said = second.get_by_label("What was said")
    said.fill(said.input_value().replace(", @Kaydin ran it", ""))
    second.get_by_label("Title of the story").fill("A kitchen for the street")
    page.get_by_role("button", name="Save the entries").click()
    page.get_by_role("heading", name="Noted so far").wait_for()


def tag_and_submit(page, title, typed, javascript):
    """Open a story from the list, tag it with the keyboard alone, and hand it to an editor."""
    page.goto("/admin/")
    page.get_by_role("link", name=re.compile("to submit")).click()
    page.get_by_role("link", name=title).click()
    page.get_by_label("Tags").first.focus()
    page.keyboard.press("End")
    if javascript:
        page.keyboard.type(f", {typed[:3]}")
        page.get_by_role("option", name=typed).wait_for()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    else:
        page.keyboard.type(f", {typed}")
    page.get_by_role("button", name="Submit for review").focus()
    page.keyboard.press("Enter")
    page.locator(".messagelist .success", has_text="submitted for review").wait_for()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_notes_become_published_stories(new_page, room, javascript):
    fay = new_page(java_script_enabled=javascript)
    sign_in(fay, "fay")
    paste(fay, room)
    mend(fay)
    assert sorted(Story.objects.filter(workshop=room).values_list("title", "status", "consent")) == [
        ("A call before an offer", Status.DRAFT, Consent.PUBLIC),
        ("A kitchen for the street", Status.DRAFT, Consent.PUBLIC),
    ]
    assert Note.objects.get(choice=Choice.KEEP).practice == Practice.objects.get()
    for title in ("A call before an offer", "A kitchen for the street"):
        tag_and_submit(fay, title, "trust", javascript)

    eddy = new_page(java_script_enabled=javascript)
    sign_in(eddy, "eddy")
    for title in ("A call before an offer", "A kitchen for the street"):
        eddy.goto("/admin/")
        eddy.get_by_role("link", name=title).click()
        eddy.get_by_role("button", name="Publish").click()
        eddy.locator(".messagelist .success", has_text="published").wait_for()

    reader = new_page(java_script_enabled=javascript)
    reader.goto("/stories/?tag=trust")
    shown = reader.locator("main").inner_text()
    assert "A call before an offer" in shown
    assert "A kitchen for the street" in shown
    reader.get_by_role("link", name="A kitchen for the street").click()
    wording = reader.locator("main").inner_text()
    assert "the school kitchen cooked for the whole street" in wording
    assert "Kaydin" not in wording


def test_notes_outlive_a_closed_tab(new_page, room):
    tab = new_page(room.facilitators.get())
    tab.goto(f"/admin/workshops/workshop/{room.pk}/notes/")
    tab.get_by_label("Notes", exact=True).press_sequentially("• half a thought")
    tab.close()

    another = tab.context.new_page()
    another.goto(f"/admin/workshops/workshop/{room.pk}/notes/")
    assert another.get_by_label("Notes", exact=True).input_value() == "• half a thought"
    assert "This is your draft" in another.locator("#draft").inner_text()
