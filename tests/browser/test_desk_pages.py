"""The desk's main pages on the smallest screen, and what axe-core finds on them."""

import pytest

from tests.factories import a_practice, a_story, a_theme, a_user, a_workshop, an_insight
from workshops.choices import Status
from workshops.roles import EDITOR, FACILITATOR

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs tests/requirements.txt")

AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def person(site):
    person = a_user(FACILITATOR, EDITOR, first_name="Fay")
    workshop = a_workshop([person], title="Early help in May")
    long = "Neighbourhood-and-community-partnerships " * 4
    story = a_story(workshop=workshop, title=long.strip(), themes=[a_theme()], tags=["trust"], status=Status.DRAFT)
    a_story(workshop=workshop, status=Status.IN_REVIEW)
    a_practice(stories=[story], statement=long, status=Status.DRAFT)
    an_insight([story], status=Status.DRAFT)
    person.pages = {
        "home": "/admin/",
        "stories": "/admin/workshops/story/",
        "story": f"/admin/workshops/story/{story.pk}/change/",
        "new story": "/admin/workshops/story/add/",
        "workshop": f"/admin/workshops/workshop/{workshop.pk}/change/",
        "sign in": "/admin/login/",
    }
    return person


PAGES = ["home", "stories", "story", "new story", "workshop"]


def findings(page):
    """What axe-core holds for serious or critical, each with where it stands."""
    found = axe.Axe().run(page, options=AXE).response["violations"]
    return [
        f"{rule['id']}: {node['target'][0]}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("name", PAGES)
def test_page_does_not_scroll_sideways_on_the_smallest_screen(new_page, person, name):
    page = new_page(person, viewport={"width": 320, "height": 640})
    page.goto(person.pages[name])
    assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious_by_day_or_night(new_page, person, name):
    page = new_page(person, bypass_csp=True)  # axe-core writes styles of its own into the page
    page.goto(person.pages[name])
    by_day = findings(page)
    page.emulate_media(color_scheme="dark")
    assert (by_day, findings(page)) == ([], [])
