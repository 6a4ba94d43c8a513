"""Every public page, full, empty and in error: what axe-core finds, on three screens, by day, by night and in forced
colours; that it fits a phone, bears wider text, and shows where the keyboard is."""

import pytest

from tests.browser.looking import DAY, FORCED, NIGHT, findings
from tests.factories import a_place, a_story
from tests.innovation_archive.test_pages import PAGES, fill

pytestmark = pytest.mark.any_database
WRONG = ["/stories/?place=none", "/matrix/?place=none", "/votes/?theme=none"]
# What WCAG 1.4.12 asks a page to bear.
SPACED = """
* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }
"""


def look(page, addresses):
    """What is found on three screens and in three ways of colouring, each with its address; and pages that move."""
    found = []
    for address in addresses:
        page.goto(address)
        found += [(address, *each) for each in findings(page, [320, 768, 1280], [DAY, NIGHT, FORCED])]
        # Nothing moves, whether or not a reader asks for less motion.
        found += [(address, "moves")] if page.evaluate("document.getAnimations().length") else []
    return found


@pytest.fixture
def page(new_page):
    return new_page(bypass_csp=True)  # axe-core is put into the page


def test_axe_finds_nothing_on_any_public_page(page):
    fill(3, illustrative=True)
    a_story(place=a_place("Bury", code="E08000002"))  # so that there is a map
    assert look(page, [*PAGES, "/join/"]) == []


def test_axe_finds_nothing_on_pages_of_an_empty_archive(page):
    empty = [address for address in PAGES if address.count("/") == 2 and "?" not in address]
    assert look(page, ["/", *empty]) == []


def test_axe_finds_nothing_where_something_is_wrong(page):
    fill(3)
    assert look(page, WRONG) == []


def test_public_pages_bear_wider_text(page):
    fill(3)
    page.set_viewport_size({"width": 320, "height": 900})
    wide = []
    for address in PAGES:
        page.goto(address)
        page.add_style_tag(content=SPACED)
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            wide.append(address)
    assert wide == []


def test_focus_is_seen_wherever_tab_leads_from_home_to_a_story(new_page):
    fill(3)
    page = new_page()
    unseen = []
    for address in ("/", "/places/B1/", "/insights/finding/", "/matrix/"):
        page.goto(address)
        for _ in range(200):
            page.keyboard.press("Tab")
            seen = page.evaluate(
                "() => { const at = document.activeElement; if (at === document.body) return null;"
                " const box = at.getBoundingClientRect(), style = getComputedStyle(at);"
                " return [style.outlineStyle !== 'none' || at.matches('.hexagon'), box.bottom > 0 && box.top < innerHeight,"
                " at.outerHTML.slice(0, 100)] }"
            )
            if seen is None:
                break
            if not (seen[0] and seen[1]):
                unseen.append((address, seen))
    assert unseen == []
