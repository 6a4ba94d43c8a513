"""The desk's pages: on the smallest screen, with the keyboard alone, and what axe-core finds on them."""

import pytest
from django.urls import reverse

from tests.browser.looking import DAY, NIGHT, findings
from tests.factories import (
    a_case,
    a_correction,
    a_participant,
    a_practice,
    a_service_area,
    a_story,
    a_theme,
    a_user,
    a_workshop,
    an_insight,
)
from workshops.choices import Status
from workshops.models import Note, Vote
from workshops.roles import ADMINISTRATOR, EDITOR, FACILITATOR

LONG = "Neighbourhood-and-community-partnerships " * 4


@pytest.fixture
def person(site):
    return a_user(FACILITATOR, EDITOR, ADMINISTRATOR, first_name="Fay")


@pytest.fixture
def workshop(person):
    return a_workshop([person], [a_service_area("Early help")], title="Early help in May")


@pytest.fixture
def pages(person, workshop):
    """The address of each page that is looked at, with something long on it."""
    story = a_story(workshop=workshop, title=LONG, themes=[a_theme()], tags=["trust", "trusts"], status=Status.DRAFT)
    published = a_story(workshop=workshop)
    a_story(workshop=workshop, status=Status.IN_REVIEW)
    a_practice([story], statement=LONG, status=Status.DRAFT)
    a_participant([workshop])
    insight = an_insight([published], status=Status.DRAFT)
    Note.objects.create(workshop=workshop, text=LONG)
    correction = a_correction(published, published_text=LONG, suggested_by=person)
    case = a_case(about_kind="story", about_ref=published.ref, words=LONG, passage=LONG, name="Ann", post=LONG)
    return {
        "home": reverse("admin:index"),
        "stories": reverse("admin:workshops_story_changelist"),
        "story": reverse("admin:workshops_story_change", args=[story.pk]),
        "new story": reverse("admin:workshops_story_add"),
        "history": reverse("admin:workshops_story_history", args=[story.pk]),
        "correction": reverse("admin:workshops_story_correction", args=[published.pk, correction.pk]),
        "workshop": reverse("admin:workshops_workshop_change", args=[workshop.pk]),
        "notes": reverse("admin:workshops_workshop_notes", args=[workshop.pk]),
        "votes": reverse("admin:workshops_workshop_votes", args=[workshop.pk]),
        "flip charts": reverse("admin:workshops_workshop_tally", args=[workshop.pk]),
        "import": reverse("admin:innovation_archive_import_add"),
        "near-doubles": reverse("admin:workshops_tag_near_doubles"),
        "insight": reverse("admin:insights_insight_change", args=[insight.pk]),
        "new ballot": f"{reverse('admin:workshops_ballot_add')}?workshop={workshop.pk}",
        "accounts": reverse("admin:auth_user_changelist"),
        "programme": reverse("admin:workshops_programme_change", args=[workshop.phase.programme_id]),
        "new commitment": reverse("admin:insights_commitment_add"),
        "new vote": reverse("admin:workshops_vote_add"),
        "case": reverse("admin:innovation_archive_case_change", args=[case.pk]),
        "cases": reverse("admin:innovation_archive_case_changelist"),
        "new case": reverse("admin:innovation_archive_case_add"),
        "facts for privacy": reverse("admin:innovation_archive_controller_add"),
    }


PAGES = [
    "home",
    "stories",
    "story",
    "new story",
    "history",
    "correction",
    "workshop",
    "notes",
    "votes",
    "flip charts",
    "import",
    "near-doubles",
    "insight",
    "new ballot",
    "accounts",
    "programme",
    "new commitment",
    "new vote",
    "case",
    "cases",
    "new case",
    "facts for privacy",
]


def look(page):
    """What is found on a phone and on a desk, by day and by night."""
    return findings(page, [320, 1280], [DAY, NIGHT])


@pytest.mark.any_database
def test_every_page_is_looked_at(pages):
    assert list(pages) == PAGES


@pytest.mark.any_database
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_page_fits_the_smallest_screen(new_page, person, pages, name):
    page = new_page(person, bypass_csp=True)  # axe-core writes its own styles
    assert page.goto(pages[name]).status == 200
    assert look(page) == []


@pytest.mark.any_database
def test_axe_finds_nothing_where_one_signs_in(new_page):
    page = new_page(bypass_csp=True)
    page.goto(reverse("admin:login"))
    assert look(page) == []


@pytest.mark.any_database
def test_axe_finds_nothing_in_the_preview_of_notes(new_page, person, pages):
    page = new_page(person, bypass_csp=True)
    page.goto(pages["notes"])
    page.get_by_label("Notes", exact=True).fill(
        f"• {LONG}\n• 🤫 said in confidence\nkeep:\n• one number @Kaydin #food\n"
    )
    page.get_by_role("button", name="Read the notes").click()
    page.get_by_role("heading", name="Apply to all").wait_for()
    assert look(page) == []


@pytest.mark.any_database
def test_pages_hold_to_the_content_security_policy(new_page, person, pages):
    page = new_page(person)
    for address in pages.values():
        page.goto(address)  # and `new_page` reads what the browser complains of


@pytest.mark.any_database
def test_first_stop_of_tab_skips_to_the_content(new_page, person):
    page = new_page(person)
    page.goto(reverse("admin:index"))
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to main content")
    assert link.evaluate("link => link === document.activeElement && link.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content-start"


@pytest.mark.any_database
def test_focus_is_seen_wherever_tab_leads(new_page, person, pages):
    page = new_page(person)
    page.goto(pages["new story"])
    unseen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        unseen += page.evaluate(
            "() => { const at = document.activeElement, style = getComputedStyle(at);"
            " return at === document.body || style.outlineStyle !== 'none' ? [] : [at.outerHTML] }"
        )
    assert unseen == []


def test_votes_are_typed_with_the_keyboard_alone(new_page, person, workshop):
    practices = [a_practice([a_story(workshop=workshop)], statement=words) for words in ("Ring first", "Cook")]
    people = [a_participant([workshop], code=code) for code in ("a-1", "b-2")]
    page = new_page(person)
    page.goto(reverse("admin:workshops_workshop_votes", args=[workshop.pk]))
    page.locator(f"[aria-labelledby~=person-{people[0].pk}]").first.focus()
    for key in ("k", "d", "a", "ArrowUp", "c"):
        page.keyboard.press(key)
    page.get_by_role("button", name="Save", exact=True).focus()
    page.keyboard.press("Enter")
    page.locator(".messagelist li").first.wait_for()
    votes = {(vote.participant.code, vote.choice) for vote in Vote.objects.all()}
    assert votes == {("a-1", "keep"), ("a-1", "create"), ("b-2", "amplify")}
    assert Vote.objects.filter(practice__in=practices).count() == 3


def cast():
    return {(vote.participant.code, vote.practice.statement, vote.choice) for vote in Vote.objects.all()}


def test_votes_are_pasted_from_a_spreadsheet(new_page, person, workshop):
    for words in ("Ring first", "Cook"):
        a_practice([a_story(workshop=workshop)], statement=words)
    first, _ = [a_participant([workshop], code=code) for code in ("a-1", "b-2")]
    page = new_page(person)
    page.goto(reverse("admin:workshops_workshop_votes", args=[workshop.pk]))
    page.locator(f"[aria-labelledby~=person-{first.pk}]").first.focus()
    page.evaluate(
        "() => { const clipboardData = new DataTransfer();"
        " clipboardData.setData('text/plain', 'keep\\tDiscard\\r\\n\\tC\\r\\n');"
        " const paste = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });"
        " document.activeElement.dispatchEvent(paste) }"
    )
    assert page.locator("[data-sheet-status]").inner_text() == "Pasted into 4 boxes. 3 changes not saved yet."
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("3 votes were saved.").wait_for()
    assert cast() == {("a-1", "Ring first", "keep"), ("a-1", "Cook", "discard"), ("b-2", "Cook", "create")}


def test_votes_are_typed_into_plain_boxes_without_javascript(new_page, person, workshop):
    a_practice([a_story(workshop=workshop)], statement="Ring first")
    a_participant([workshop], code="a-1")
    page = new_page(person, java_script_enabled=False)
    page.goto(reverse("admin:workshops_workshop_votes", args=[workshop.pk]))
    page.locator("table input").fill("keeep")
    page.get_by_role("button", name="Save", exact=True).click()
    assert "“keeep” is no choice." in page.locator("main").inner_text()
    page.locator("table input").fill("keep")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("1 vote was saved.").wait_for()
    assert cast() == {("a-1", "Ring first", "keep")}
