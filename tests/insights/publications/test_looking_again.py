import datetime

import pytest
from django.utils import timezone

from insights.models import FreshLook, Insight
from insights.publications import looking_again, working_copies
from tests.desk import messages, page
from tests.factories import a_user, an_insight
from workshops.choices import Status
from workshops.roles import EDITOR

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 5, 1)
PAST, TO_COME = datetime.date(2026, 4, 30), datetime.date(2026, 5, 2)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *args: TODAY)


def a_version(insight, day):
    return insight.publications.create(version=1, published_on=day, text={}, hash="0")


def test_queue_lists_published_insights_whose_day_has_passed():
    later = an_insight(look_again_on=PAST)
    first = an_insight(look_again_on=datetime.date(2025, 1, 1))
    an_insight(look_again_on=TODAY)
    an_insight()
    an_insight(look_again_on=PAST, status=Status.DRAFT)
    working_copies.row_to_write(later)
    assert list(looking_again.due_for_a_look()) == [first, later]


def test_page_says_since_when_nobody_looked(client):
    insight = an_insight(look_again_on=PAST, title="Vans help")
    a_version(insight, datetime.date(2025, 4, 30))
    assert "Not looked at since 30 April 2025." in client.get(insight.get_absolute_url()).content.decode()
    FreshLook.objects.create(
        insight=insight, looked_on=datetime.date(2025, 6, 1), outcome="holds", reason="all still do it."
    )
    shown = client.get(insight.get_absolute_url()).content.decode()
    assert "Not looked at since 1 June 2025." in shown
    assert "Looked at again on 1 June 2025: it holds, because all still do it." in shown
    Insight.objects.update(look_again_on=TODAY)
    assert "Not looked at since" not in client.get(insight.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        ("holds", "Looked at again on 1 May 2026: it holds, because we asked."),
        ("narrowed", "Looked at again on 1 May 2026: it holds for less than it said, because we asked."),
        ("no longer", "Looked at again on 1 May 2026: it no longer holds, because we asked."),
        ("needs stories", "Looked at again on 1 May 2026: it needs more stories, because we asked."),
    ],
)
def test_editor_says_what_was_found_and_readers_read_it(client, outcome, sentence):
    insight = an_insight(look_again_on=PAST)
    copy = working_copies.row_to_write(insight)
    client.force_login(a_user(EDITOR, username="edith"))
    assert 'value="2027-05-01"' in client.get(page(Insight, "look", insight.pk)).content.decode()
    fields = {"outcome": outcome, "reason": "we asked.", "look_again_on": "2026-11-01"}
    response = client.post(page(Insight, "look", insight.pk), fields, follow=True)
    assert messages(response) == ["It stands on the public page now."]
    assert insight.looks.get().looked_by.username == "edith"
    client.logout()
    assert sentence in client.get(insight.get_absolute_url()).content.decode()
    for row in (insight, copy):
        row.refresh_from_db()
        assert row.look_again_on == datetime.date(2026, 11, 1)


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"outcome": ""}, {"outcome": ["This field is required."]}),
        ({"outcome": "fine"}, {"outcome": ["Select a valid choice. fine is not one of the available choices."]}),
        ({"reason": " "}, {"reason": ["This field is required."]}),
        ({"look_again_on": "2026-05-01"}, {"look_again_on": ["Choose a day to come."]}),
    ],
)
def test_look_without_an_answer_is_refused(client, changes, errors):
    insight = an_insight()
    client.force_login(a_user(EDITOR))
    fields = {"outcome": "holds", "reason": "we asked.", "look_again_on": "2026-05-02"}
    response = client.post(page(Insight, "look", insight.pk), fields | changes)
    assert response.context["form"].errors == errors
    assert not FreshLook.objects.exists()


def test_draft_is_not_looked_at_again(client):
    insight = an_insight(status=Status.DRAFT)
    client.force_login(a_user(EDITOR))
    response = client.get(page(Insight, "look", insight.pk), follow=True)
    assert messages(response) == ["Only a published insight is looked at again."]
