"""What a new visitor gets from the sample archive: from the home page to a claim, its voices and its files."""

import csv
import io
import re

import pytest

from innovation_archive.management.commands.demo import Command
from insights.choices import Role
from insights.models import Evidence, Insight


@pytest.fixture
def archive(site):
    Command(stdout=io.StringIO()).load_sample()


def press(page, link, keyboard):
    """Follow a link by a click, or by Tab from where one stands and Enter."""
    if not keyboard:
        link.click()
        return
    wanted = link.element_handle()
    for _ in range(200):
        page.keyboard.press("Tab")
        if wanted.evaluate("link => link === document.activeElement"):
            assert wanted.evaluate("link => getComputedStyle(link).outlineStyle") != "none"
            page.keyboard.press("Enter")
            return
    raise AssertionError("Tab does not lead there.")


@pytest.mark.parametrize("by", ["mouse, without JavaScript", "keyboard alone"])
def test_visitor_gets_from_home_to_a_finding_its_voices_and_its_file(new_page, archive, by):
    keyboard = by == "keyboard alone"
    page = new_page(java_script_enabled=keyboard, accept_downloads=True)
    page.goto("/")
    first = page.locator("main .card").first.get_by_role("link").first
    claim = first.inner_text()
    press(page, first, keyboard)  # the first click

    page.get_by_role("heading", level=1, name=claim).wait_for()
    insight = Insight.objects.get(title=claim)
    says = page.locator(".coverage").inner_text()
    services, of_services = map(int, re.search(r"(\d+) of (\d+) services", says).groups())
    places, of_places = map(int, re.search(r"(\d+) of (\d+) places", says).groups())
    told = insight.evidence.public().filter(role=Role.SUPPORTS, story__isnull=False)
    assert services == told.values("story__service_area").distinct().count()
    assert places == told.exclude(story__place=None).values("story__place").distinct().count()
    assert (of_services, of_places) == (4, 10)

    for side, role in ((".for", Role.SUPPORTS), (".against", Role.CONTRADICTS)):
        words = page.locator(f".voices{side} blockquote").first.inner_text().strip()
        assert Evidence.objects.filter(insight=insight, role=role, excerpt=words).exists()

    with page.expect_download() as download:
        press(page, page.get_by_role("link", name="CSV (this evidence)"), keyboard)  # the second
    assert download.value.suggested_filename == f"evidence-{insight.slug}-illustrative-sample.csv"
    with open(download.value.path(), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["insight"] for row in rows} == {insight.slug}
    assert len(rows) == page.locator(".voices li").count() == insight.evidence.public().count()

    press(page, page.get_by_role("link", name=f"{services} of 4 services"), keyboard)  # and the third
    page.get_by_role("heading", name=f"{told.count()} stories").wait_for()


@pytest.mark.any_database
def test_insights_print_on_two_pages(new_page, archive):
    page = new_page()
    for insight in Insight.objects.published():
        page.goto(insight.get_absolute_url())
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) <= 2, insight


@pytest.mark.any_database
def test_what_narrows_the_stories_is_shut_on_a_phone_and_open_where_there_is_room(new_page, archive):
    page = new_page(java_script_enabled=False, viewport={"width": 320, "height": 900})
    page.goto("/stories/?q=family")
    facet, narrow = page.get_by_role("link", name="Phase 1 ", exact=False), page.get_by_text("Narrow by", exact=True)
    assert not facet.is_visible()
    narrow.click()
    assert facet.is_visible()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/stories/?q=family")
    assert not narrow.is_visible()
    press(page, facet, keyboard=True)
    page.wait_for_url("**/stories/?q=family&phase=1")


@pytest.mark.any_database
@pytest.mark.parametrize(("path", "table"), [("/votes/", ".picture"), ("/matrix/", ".matrix")])
def test_tables_are_tables_on_a_sheet_of_paper(new_page, archive, path, table):
    """A sheet with margins is narrower than the screens on which rows are told one below the other."""
    page = new_page(viewport={"width": 680, "height": 900})
    page.goto(path)
    display = "table => getComputedStyle(table).display"
    assert page.locator(table).first.evaluate(display) == "block"
    page.emulate_media(media="print")
    assert page.locator(table).first.evaluate(display) == "table"
    assert page.locator(table).first.is_visible()
