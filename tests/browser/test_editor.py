"""An editor's way from an emerging pattern to a published insight, in a real browser, with the keyboard alone."""

import pytest

from insights.models import Insight
from insights.publications import publishing
from tests.factories import a_phase, a_place, a_service_area, a_story, a_user, a_workshop, an_insight
from workshops.choices import Status
from workshops.roles import EDITOR

WORDS = "Nobody asked us twice. The van came on the day it was promised."


@pytest.fixture
def told(site):
    """Six stories about trust in two workshops, and two more that an editor has to find."""
    areas, place, phase = [a_service_area("Hubs"), a_service_area("Parks")], a_place("Bolton"), a_phase()
    rooms = [a_workshop(title=f"{area}", phase=phase, service_areas=[area], places=[place]) for area in areas]
    for n in range(6):
        a_story(title=f"Trust {n}", workshop=rooms[n % 2], service_area=areas[n % 2], place=place, tags=["trust"])
    a_story(title="The van that came", published_text=WORDS, workshop=rooms[0], service_area=areas[0], place=place)
    a_story(title="Told at second hand", workshop=rooms[1], service_area=areas[1], place=place)


def press(page, thing):
    thing.focus()
    page.keyboard.press("Enter")


def find(page, words):
    page.locator("#find").get_by_label("Search", exact=True).fill(words)
    press(page, page.locator("#find").get_by_role("button", name="Search"))
    page.locator(".found > li").nth(1).wait_for(state="detached")  # one is left


def test_editor_makes_an_insight_of_a_pattern(new_page, told):
    page = new_page(a_user(EDITOR))
    page.goto("/admin/insights/insight/patterns/")
    press(page, page.get_by_role("button", name="Start an insight : trust"))

    page.get_by_role("heading", name="Evidence (6)").wait_for()
    insight = Insight.objects.get()
    assert insight.status == Status.DRAFT
    page.get_by_label("Title").fill("Trust grew where a promise was kept")
    page.get_by_label("Summary").fill("Six people told it in two services.")
    page.get_by_label("Body").fill("They say when they come, and they come.")

    find(page, "van")
    press(page, page.get_by_text("Read and quote: The van that came"))
    page.locator("#find").get_by_label("Published wording of The van that came").focus()
    page.keyboard.press("Control+Home")
    for _ in "Nobody asked us twice.":
        page.keyboard.press("Shift+ArrowRight")
    press(page, page.locator("#find").get_by_role("button", name="Quote the selection : The van that came"))
    press(page, page.get_by_role("button", name="Contradicts : attach The van that came"))
    page.get_by_role("heading", name="Evidence (7)").wait_for()

    find(page, "second hand")
    page.get_by_role("checkbox", name="Told at second hand").focus()
    page.keyboard.press("Space")
    page.get_by_label("Set the ticked stories aside").select_option("anecdotal")
    press(page, page.get_by_role("button", name="Set aside", exact=True))
    page.get_by_role("heading", name="Set aside (1)").wait_for()

    assert "Nothing is missing." in page.locator("#gate").inner_text()
    press(page, page.get_by_role("button", name="Save and publish"))
    page.locator(".messagelist .success", has_text="published as version 1").wait_for()

    reader = new_page(java_script_enabled=False)
    reader.goto("/insights/")
    reader.get_by_role("link", name="Trust grew where a promise was kept").click()
    shown = reader.locator("main").inner_text()
    assert "Supported by stories from 2 of 2 services, 1 of 1 place, 2 of 2 workshops." in shown
    assert reader.locator(".voices.against blockquote").inner_text().strip() == "Nobody asked us twice."
    assert reader.locator(".voices.for li").count() == 6
    assert "Told at second hand Told at second hand, or too slight to lean on" in " ".join(shown.split())
    reader.get_by_role("link", name="The van that came").click()
    assert "Trust grew where a promise was kept" in reader.locator("main").inner_text()
    reader.goto(f"/programmes/{insight.programme.slug}/")
    trail = " ".join(reader.locator(".trail").inner_text().split())
    assert "2 workshops held, and notes taken 8 stories told there may be read" in trail
    assert "1 finding on what held across services" in trail


def test_editor_writes_the_next_version_while_readers_have_this_one(new_page, site):
    van = a_story(title="The van that came", published_text=WORDS)
    told = [van, a_story(title="Told again"), a_story(title="A third")]
    insight = an_insight(supports=told, title="Vans help", slug="vans", none_found="We asked.", status=Status.DRAFT)
    publishing.publish_insight(insight)
    page, reader = new_page(a_user(EDITOR)), new_page(java_script_enabled=False)
    page.goto(f"/admin/insights/insight/{insight.pk}/change/")
    assert "Readers have what stands here, as version 1" in page.locator("#which").inner_text()

    press(page, page.get_by_text("Take out Told again …"))
    page.locator("#piece-story-" + told[1].ref).get_by_label("Why, if you like").fill("It says the same")
    press(page, page.get_by_role("button", name="Take out : Told again"))
    page.locator("#which", has_text="You are looking at the working copy.").wait_for()
    press(page, page.get_by_role("button", name="Undo"))
    page.get_by_role("heading", name="Evidence (3)").wait_for()
    press(page, page.get_by_text("Take out Told again …"))
    press(page, page.get_by_role("button", name="Take out : Told again"))
    page.get_by_role("heading", name="Evidence (2)").wait_for()
    page.get_by_label("Title").fill("Vans help most")
    press(page, page.get_by_role("button", name="Save and continue editing"))
    page.locator(".messagelist .success").wait_for()
    reader.goto("/insights/vans/")
    assert reader.get_by_role("heading", level=1).inner_text() == "Vans help"
    assert reader.locator(".voices.for li").count() == 3

    press(page, page.get_by_role("link", name="Compare the two"))
    assert "Taken out: Told again" in page.locator("main, #content").first.inner_text()
    press(page, page.get_by_role("button", name="Publish the working copy"))
    page.locator(".messagelist .success", has_text="published as version 2").wait_for()
    reader.goto("/insights/vans/")
    assert reader.get_by_role("heading", level=1).inner_text() == "Vans help most"
    assert reader.locator(".voices.for li").count() == 2
    reader.goto("/insights/vans/v1/")
    assert reader.get_by_role("heading", level=1).inner_text() == "Vans help"
