"""A participant with nothing but a slip and a phone of 320 px without JavaScript: sees, lowers, withdraws, erases."""

import datetime
import re

import pytest
from django.utils import timezone

from insights.models import Evidence, Insight
from insights.publications.publishing import publish_insight
from tests.browser.looking import DAY, FORCED, NIGHT, findings
from tests.factories import a_participant, a_practice, a_story, a_user, a_vote, a_workshop, an_insight
from workshops.choices import Consent, Status
from workshops.contribution.slip_codes import issue_slip
from workshops.contribution.words import choose_word
from workshops.models import Forgotten, Identity, Participant, Slip, Story
from workshops.roles import FACILITATOR

PHONE = {"viewport": {"width": 320, "height": 640}, "java_script_enabled": False}
LONG = "An-exceedingly-long-word-without-a-break-" * 4


@pytest.fixture
def person(site):
    room = a_workshop([a_user(FACILITATOR, username="fay")], title="Hubs in June")
    person = a_participant(code="gm-ines", workshops=[room])
    Identity.objects.create(participant=person, name="Ines Example", contact="ines@example.org")
    for ref, title in [("s1", "Ring them back"), ("s2", "Vans in every ward"), ("s3", "One number for all")]:
        words = f"{title}, we said. {LONG}"
        a_story(ref=ref, title=title, published_text=words, told_by=person, workshop=room, consent=Consent.CREDITED)
    a_story(ref="s4", title="Not yet", told_by=person, workshop=room, status=Status.DRAFT)
    for slug, ref in [("ring-back", "s1"), ("vans", "s2")]:
        insight = an_insight(slug=slug, title=f"Insight {slug}", none_found="We asked.", status=Status.DRAFT)
        story = Story.objects.get(ref=ref)
        Evidence.objects.create(insight=insight, role="supports", story=story, excerpt=f"{story.title}, we said.")
        publish_insight(insight)
    a_vote(participant=person, practice=a_practice(statement="Keep the vans"), workshop=room)
    return person


def fits(page):
    page.get_by_role("heading", level=1).wait_for()
    page.wait_for_load_state()  # with its stylesheet
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url


def come_in(page, code):
    page.goto("/my-contribution/")
    fits(page)
    page.get_by_label("The code on your slip").fill(code.upper().replace("-", " "))
    page.get_by_role("button", name="Open my page").click()
    page.get_by_role("heading", name="What you told, and where it is used").wait_for()
    fits(page)
    assert page.url.endswith("/my-contribution/")


def confirm(page, name):
    """Read what will follow, say yes, take the receipt and go back to the page. Returns what the two pages said."""
    page.get_by_text("This will follow").wait_for()
    fits(page)
    will_follow = page.locator(".follows").inner_text()
    page.get_by_role("button", name=name).click()
    page.get_by_role("heading", name="It is done").wait_for()
    fits(page)
    reference = page.locator(".slip-code").inner_text()
    assert re.fullmatch(r"[2-9a-z]{8}", reference)
    return will_follow, page.locator("main").inner_text(), reference


def press(page, button, about):
    """Press one of the buttons that say, to those who hear the page, what they are about."""
    page.get_by_role("button", name=re.compile(f"{button}.*{about}")).click()


def back(page):
    page.get_by_role("link", name="Back to my page").click()
    page.get_by_role("heading", level=1).wait_for()


def test_participant_sees_lowers_withdraws_and_erases_with_a_slip_alone(new_page, person):
    code = issue_slip(person)
    choose_word(person.slip, "green door")
    Slip.objects.update(word_chosen_at=timezone.now() - datetime.timedelta(days=2))
    phone = new_page(**PHONE)
    come_in(phone, code)
    assert "Ines Example" not in phone.locator("main").inner_text()

    phone.get_by_label("The word you chose with your slip").fill("Green Door")
    phone.get_by_role("button", name="Show me the rest").click()
    phone.get_by_text("Ines Example").wait_for()
    fits(phone)

    press(phone, "Take this quotation back", "Insight ring-back")
    will_follow, _said, _reference = confirm(phone, "Yes, take it back")
    assert "The insight “Insight ring-back” loses 1 quotation of yours" in will_follow
    assert set(Evidence.objects.filter(insight__slug="ring-back").values_list("excerpt", flat=True)) == {""}
    back(phone)

    phone.locator("summary", has_text="One number for all").click()
    phone.locator("article", has_text="One number for all").get_by_label("Project team").check()
    phone.locator("article", has_text="One number for all").get_by_role("button", name="See what would follow").click()
    confirm(phone, "Yes, show it to fewer people")
    assert (Story.objects.get(ref="s3").status, Story.objects.get(ref="s3").consent) == ("unpublished", Consent.TEAM)
    back(phone)

    press(phone, "This is not what I meant", "Ring them back")
    fits(phone)
    phone.get_by_label("What is wrong, or what did you mean?").fill("It was the next day.")
    phone.get_by_role("button", name="Send it to an editor").click()
    phone.get_by_text("An editor reads it and answers within a month.").wait_for()
    back(phone)

    press(phone, "Take this story back", "Vans in every ward")
    will_follow, _said, reference = confirm(phone, "Yes, take it back")
    assert "The insight “Insight vans” is unpublished with it" in will_follow
    assert Forgotten.objects.get(kind="withdrawal").reference == reference
    assert Insight.objects.get(slug="vans").status == Status.UNPUBLISHED
    back(phone)

    phone.get_by_role("button", name="Erase everything of mine").click()
    _will_follow, said, _reference = confirm(phone, "Yes, erase everything now")
    assert "Everything you gave was erased" in said
    assert not Participant.objects.filter(pk=person.pk).exists()
    phone.goto("/my-contribution/")
    phone.get_by_label("The code on your slip").wait_for()


def test_erasing_without_a_word_hides_everything_and_can_be_called_back(new_page, person):
    phone = new_page(**PHONE)
    come_in(phone, issue_slip(person))
    phone.get_by_role("button", name="Erase everything of mine").click()
    confirm(phone, "Yes, hide everything now and erase it tomorrow")
    assert not Story.objects.published().filter(told_by=person).exists()
    back(phone)
    fits(phone)
    phone.get_by_role("button", name="Call it back").click()
    phone.get_by_text("You called the erasure back.").wait_for()
    assert Story.objects.published().filter(told_by=person).count() == 3
    back(phone)
    phone.get_by_role("button", name="I am done").first.click()
    phone.get_by_role("heading", name="Your page is closed").wait_for()


@pytest.mark.any_database
def test_axe_finds_nothing_on_the_pages_of_a_contribution(new_page, person):
    page = new_page(bypass_csp=True)
    code, found = issue_slip(person), []

    def look(name):
        page.get_by_role("heading", level=1).wait_for()
        found.extend((name, *each) for each in findings(page, [320, 1280], [DAY, NIGHT, FORCED]))

    page.goto("/my-contribution/")
    look("code")
    page.get_by_label("The code on your slip").fill(code)
    page.get_by_role("button", name="Open my page").click()
    look("page")
    page.get_by_label("Choose a word", exact=True).fill("green door")
    page.get_by_role("button", name="Choose this word").click()
    page.get_by_text("Ines Example").wait_for()
    for summary in page.locator("summary").all():
        summary.click()
    look("page with the word")
    page.get_by_role("button", name="Give me a copy to read or print").click()
    look("copy")
    page.goto("/my-contribution/")
    page.get_by_role("button", name="This is not what I meant").first.click()
    look("correct")
    page.goto("/my-contribution/")
    page.get_by_role("button", name="Erase everything of mine").click()
    look("confirm")
    page.get_by_role("button", name="Yes, hide everything now").click()
    look("receipt")
    page.get_by_role("link", name="Back to my page").click()
    look("hidden")
    page.get_by_role("button", name="I am done").click()
    look("done")
    assert found == []


@pytest.mark.any_database
def test_sheet_of_slips_prints_two_a_page(new_page, person):
    facilitator = new_page(person.workshops.get().facilitators.get())
    facilitator.goto(f"/admin/workshops/workshop/{person.workshops.get().pk}/slips/")
    facilitator.get_by_label("gm-ines").check()
    facilitator.get_by_label("Blank slips").fill("4")
    facilitator.get_by_role("button", name="Make the sheet").click()
    facilitator.get_by_text("Print this page now").wait_for()
    slips = facilitator.locator(".paper-slip")
    assert slips.count() == 5
    facilitator.emulate_media(media="print")
    cut_off = slips.evaluate_all("slips => slips.filter(slip => slip.scrollHeight > slip.clientHeight + 1).length")
    assert cut_off == 0
    assert len(re.findall(rb"/Type\s*/Page\b", facilitator.pdf(format="A4"))) == 3
