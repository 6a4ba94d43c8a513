import datetime
import re

import pytest
from django.utils import timezone

from insights.choices import ReviewState
from insights.commitments.reviews import ReviewSummary, review_steps, summarise_reviews
from insights.models import Commitment, Review
from tests.factories import a_commitment, a_place, an_insight
from workshops.choices import Status

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def a_review(commitment, due_on, state=""):
    """A review that happened on the day it was due, or that did not happen yet."""
    return Review.objects.create(
        commitment=commitment, due_on=due_on, state=state, reviewed_on=due_on if state else None
    )


@pytest.fixture
def kept():
    """Reviewed three times, better and better, and due again tomorrow."""
    commitment = a_commitment(ref="A-kept", text="Keep the vans", place=a_place("Bolton", code="B"))
    for month, state in enumerate((ReviewState.REVERTED, ReviewState.SLIPPING, ReviewState.EMBEDDED), 1):
        a_review(commitment, datetime.date(2021, month, 1), state)
    a_review(commitment, TODAY + datetime.timedelta(days=1))
    return commitment


def page_of(client, address):
    html = client.get(address).content.decode()
    return " ".join(re.sub("<[^>]+>", " ", html).split())


def test_steps_rise_with_what_reviews_found_and_join(kept):
    told = [(step.word, step.letter, step.y, step.comes_from, step.goes_to) for step in review_steps(kept)]
    assert told == [
        ("Reverted", "R", 82, None, 71),
        ("Slipping", "S", 60, 71, 38),
        ("Embedded", "E", 16, 38, 16),
        ("To come", "?", 16, 16, None),
    ]


def test_commitments_overdue_for_longest_stand_first(kept, client):
    later, sooner = a_commitment(text="Later"), a_commitment(text="Sooner")
    a_review(later, datetime.date(2022, 5, 1))
    a_review(sooner, datetime.date(2022, 4, 1))
    a_review(sooner, datetime.date(2022, 6, 1))
    a_review(a_commitment(text="Due today"), TODAY)
    page = client.get("/commitments/")
    assert [str(commitment) for commitment in page.context["commitment_list"]] == [
        "Sooner",
        "Later",
        "Keep the vans",
        "Due today",
    ]
    shown = page_of(client, "/commitments/")
    assert "At the latest review 1 was embedded. 3 have not been reviewed yet. 2 are overdue for review" in shown
    assert "Overdue for review since 1 April 2022." in shown


def test_summary_counts_the_commitments_that_a_filter_chose(kept):
    slipping = a_commitment()
    a_review(slipping, datetime.date(2021, 2, 1), ReviewState.SLIPPING)
    a_review(a_commitment(insight=an_insight(status=Status.DRAFT)), datetime.date(2021, 2, 1))
    summary = summarise_reviews(Commitment.objects.published())
    assert summary == ReviewSummary({ReviewState.EMBEDDED: 1, ReviewState.SLIPPING: 1}, not_reviewed=0, overdue=0)
    assert summary.found == "1 was embedded, 1 was slipping"
    assert summarise_reviews(Commitment.objects.filter(pk=slipping.pk)).states == {ReviewState.SLIPPING: 1}


def test_summary_says_each_state_in_the_singular_or_plural():
    states = {ReviewState.EMBEDDED: 1, ReviewState.HOLDING: 2, ReviewState.SLIPPING: 1, ReviewState.REVERTED: 3}
    found = ReviewSummary(states, not_reviewed=0, overdue=0).found
    assert found == "1 was embedded, 2 were holding, 1 was slipping, 3 were reverted"


def test_commitment_page_has_a_picture_and_a_table_that_say_the_same(kept, client):
    Review.objects.filter(state=ReviewState.SLIPPING).update(note="Two vans sold.")
    html = client.get("/commitments/").content.decode()
    picture = re.search(r'<ol class="kept">.*?</ol>', html, re.S)[0]
    said = [" ".join(re.sub("<[^>]+>", " ", step).split()) for step in re.findall("<li>.*?</li>", picture, re.S)]
    assert said[:3] == ["R Reverted Jan 2021", "S Slipping Feb 2021", "E Embedded Mar 2021"]
    assert said[3].startswith("? To come ")
    table = " ".join(re.sub("<[^>]+>", " ", re.search("<table.*?</table>", html, re.S)[0]).split())
    assert "1 February 2021 1 February 2021 Slipping Two vans sold. 1 March 2021" in table
    assert " style=" not in html


@pytest.mark.parametrize("address", ["/places/B/", "insight"])
def test_other_pages_tell_a_commitment_in_short(address, kept, client):
    shown = page_of(client, kept.insight.get_absolute_url() if address == "insight" else address)
    assert "Embedded at the latest review, on 1 March 2021." in shown
    assert "What each review found of “Keep the vans”" in shown
    assert "Overdue" not in shown


def test_commitment_without_a_review_says_so(client):
    a_commitment()
    assert "No review is planned yet." in page_of(client, "/commitments/")
