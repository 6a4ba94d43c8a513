"""A round of voting in a real browser: a facilitator, a screen on the wall, three phones, an editor and a reader."""

import pytest

from tests.factories import a_participant, a_practice, a_service_area, a_user, a_workshop, votes_on
from workshops import slips
from workshops.models import ServiceArea, Slip, Vote
from workshops.roles import EDITOR, FACILITATOR

PHONE = {"viewport": {"width": 320, "height": 640}}
EARLIER_SLIP = "7kfr-w2mn-8zqp"
# Shows the button anew and asks whether a finger would touch it: in that moment, as the second tap of a double tap
# would, and once its animation is over.
TAKES_TAPS = """button => {
  const takesTap = () => {
    const { x, y } = button.getBoundingClientRect();
    return button.contains(document.elementFromPoint(x + 9, y + 9));
  };
  button.style.animationName = "none";
  button.getBoundingClientRect();
  button.style.animationName = "";
  const atOnce = takesTap();
  button.getAnimations().forEach(animation => animation.finish());
  return [atOnce, takesTap()];
}"""


@pytest.fixture
def room(site):
    """Twenty-one people have voted on a practice before, nobody on the other; and somebody holds a slip."""
    room = a_workshop([a_user(FACILITATOR, username="fay")], title="Hubs in June")
    votes_on(a_practice(ref="P-a", statement="One number for all"), room, Hubs=(8, 1, 0, 0), Parks=(0, 12, 0, 0))
    a_practice(ref="P-b", statement="Vans in every ward", service_areas=[a_service_area("Schools")])
    holder = a_participant(service_area=ServiceArea.objects.get(name="Hubs"))
    Slip.objects.create(participant=holder, fingerprint=slips.code_hash(EARLIER_SLIP))
    return room


def open_ballot(facilitator, room):
    facilitator.goto("/admin/workshops/ballot/add/")
    facilitator.get_by_label("Workshop").select_option(label="Hubs in June")
    facilitator.get_by_label("One number for all").check()
    facilitator.get_by_label("Vans in every ward").check()
    facilitator.get_by_label("How many may vote").fill("3")
    facilitator.get_by_role("button", name="Open the ballot").click()
    facilitator.get_by_text("The ballot is open.").wait_for()
    return room.ballots.get()


def come_in(phone, code):
    phone.goto("/join/")
    phone.get_by_label("Code on the screen").fill(code.upper())
    phone.get_by_role("button", name="Continue").click()
    phone.get_by_role("heading", name="Before you vote").wait_for()


def join(phone, code):
    come_in(phone, code)
    phone.get_by_label("Your service area").select_option(label="Hubs")
    phone.get_by_role("button", name="Join", exact=True).click()
    phone.get_by_role("heading", name="Keep this slip").wait_for()
    return phone.locator(".slip-code").inner_text()


def fits(phone):
    phone.get_by_role("heading", level=1).wait_for()
    return phone.evaluate("document.documentElement.scrollWidth") <= 320


def test_three_phones_vote_and_readers_see_it_released(new_page, room):
    facilitator = new_page(room.facilitators.get())
    ballot = open_ballot(facilitator, room)
    facilitator.get_by_role("link", name="Show the code on the screen").click()
    assert facilitator.locator(".join-code").inner_text() == ballot.join_code

    # One practice a screen, without JavaScript; keep, and skip the second.
    first = new_page(java_script_enabled=False, **PHONE)
    slip = join(first, ballot.join_code)
    assert Slip.objects.with_code(slip).exists()
    first.get_by_role("link", name="Vote, one at a time").click()
    assert fits(first)
    first.get_by_role("button", name="Keep").click()
    # A browser takes no tap before the page has its stylesheet, but a test can ask sooner. This waits for it.
    first.wait_for_url("**/practices/P-b/")
    assert first.get_by_role("button", name="Discard").evaluate(TAKES_TAPS) == [False, True]
    first.get_by_role("link", name="Skip this one, and finish").click()
    first.get_by_text("You have voted on 1 of 2 practices.").wait_for()

    # All on one page, saved as they are chosen; one is changed.
    second = new_page(**PHONE)
    join(second, ballot.join_code)
    second.get_by_role("link", name="See all on one page").click()
    assert fits(second)
    one = second.get_by_role("group", name="One number for all")
    for choice in ("Create", "Keep"):
        one.get_by_label(choice).check()
        second.get_by_text("Saved.").wait_for()

    # Somebody with a slip already.
    third = new_page(**PHONE)
    come_in(third, ballot.join_code)
    third.get_by_text("I have a slip from an earlier workshop").click()
    third.get_by_label("Code on your slip").fill(EARLIER_SLIP.replace("-", " ").upper())
    third.get_by_role("button", name="Join with my slip").click()
    third.get_by_role("link", name="Vote, one at a time").click()
    third.get_by_role("button", name="Keep").click()
    third.get_by_role("button", name="Discard").click()
    third.get_by_text("You have voted on 2 of 2 practices.").wait_for()

    assert "One number" not in facilitator.locator("main").inner_text()
    facilitator.locator("[data-count=voted]", has_text="3").wait_for()
    reader = new_page()
    reader.goto("/votes/")
    assert "No results are shown yet" in reader.locator("main").inner_text()
    facilitator.get_by_role("link", name="Back to the ballot").click()
    facilitator.get_by_role("button", name="Close the ballot").click()
    facilitator.get_by_text("The ballot is closed. Its votes are with the workshop’s.").wait_for()
    assert sorted(Vote.objects.filter(participant__papers__ballot=ballot).values_list("practice__ref", "choice")) == [
        *[("P-a", "keep")] * 3,
        ("P-b", "discard"),
    ]
    answer = first.request.get(f"/join/{ballot.join_code}/all/")
    assert answer.status == 410
    assert "This ballot is closed" in answer.text()

    editor = new_page(a_user(EDITOR, username="eddy"))
    editor.goto(f"/admin/insights/release/of/{room.phase.programme.slug}/")
    assert "Fewer than 10 people with a recorded service voted" in editor.locator("#content").inner_text()
    editor.get_by_role("button", name="Release 2 practices").click()
    editor.get_by_text("The votes on 2 practices were released.").wait_for()

    reader.goto("/votes/")
    reader.locator(".picture").get_by_role("link", name="One number for all").click()
    said = reader.locator("main").inner_text()
    assert "Too few people voted to say more than the rows do." in said
    assert "keep all but fewer than 5, amplify fewer than 5, discard fewer than 5, create fewer than 5" in said
    reader.goto("/practices/P-b/")
    assert (
        "Fewer than 10 people with a recorded service voted, so we do not show a breakdown."
        in reader.locator("main").inner_text()
    )
