import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from innovation_archive.models import Case, CaseContact
from tests.desk import filled, listed, messages
from tests.factories import a_case, a_story, a_user, a_workshop
from workshops.consent.withdrawal import withdraw_stories
from workshops.models import Story
from workshops.roles import ADMINISTRATOR, EDITOR, FACILITATOR

pytestmark = pytest.mark.django_db

LIST = reverse("admin:innovation_archive_case_changelist")
ADD = reverse("admin:innovation_archive_case_add")


@pytest.fixture
def editor():
    return a_user(EDITOR)


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


def page_of(case):
    return reverse("admin:innovation_archive_case_change", args=[case.pk])


def step(client, case, name, **fields):
    """Press a button of a case's page; returns what the desk says then."""
    address = reverse("admin:innovation_archive_case_step", args=[case.pk])
    return messages(client.post(address, {"step": name, **fields}, follow=True))


def test_case_that_came_by_telephone_is_entered_with_its_clock_from_that_day(desk, editor):
    story = a_story()
    sent = filled(
        desk.get(ADD),
        kind="erasure",
        way="telephone",
        received_on="03/09/2026",
        about_kind="story",
        about_ref=story.ref,
        words="She says it is about her.",
        name="Ann Other",
        post="0161 496 0000",
    )
    assert desk.post(ADD, sent).status_code == 302
    case = Case.objects.get()
    assert (case.received_on, case.due_on, case.acknowledged_on) == (
        datetime.date(2026, 9, 3), datetime.date(2026, 10, 5), None,
    )  # fmt: skip
    assert (case.way, case.subject, case.contact.name, case.contact.post) == (
        "telephone", story, "Ann Other", "0161 496 0000",
    )  # fmt: skip
    assert case.events.get().by == editor


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"about_kind": "story"}, "Say both: what kind of page it is about, and its ref or key. Or neither."),
        ({"about_kind": "story", "about_ref": "nosuch"}, "There is none with this ref or key."),
        ({"received_on": "01/01/2100"}, "It cannot have come in later than today."),
    ],
)
def test_case_that_cannot_be_is_refused_in_a_sentence(desk, fields, says):
    sent = filled(desk.get(ADD), kind="access", way="post", words="A copy, please.", **fields)
    answer = desk.post(ADD, sent)
    assert says in answer.content.decode()
    assert not Case.objects.exists()


def test_passage_that_the_person_named_is_hidden_and_shown_with_one_click_each(desk):
    story = a_story(published_text="Ann came, and went.")
    case = a_case(about_kind="story", about_ref=story.ref, passage="Ann came")
    page = desk.get(page_of(case)).content.decode()
    assert ">Ann came</textarea>" in page and "Hide this passage while we look" in page
    said = step(desk, case, "hide", passage="Ann came")
    assert said == ["Readers do not see it any more: it was hidden in 1 place."]
    assert Story.objects.get().published_text == "[words removed], and went."
    assert "1 passage is hidden" in desk.get(page_of(case)).content.decode()
    assert step(desk, case, "show") == ["Readers see it again."]
    assert Story.objects.get().published_text == "Ann came, and went."


def test_whole_wording_is_hidden_with_one_click_and_taken_out_with_another(desk):
    story = a_story(title="Ann", published_text="Ann came.")
    case = a_case(about_kind="story", about_ref=story.ref)
    assert step(desk, case, "hide_all") == ["Readers do not see it any more: it was hidden in 2 places."]
    assert step(desk, case, "close", outcome="granted", answer="Done.") == [
        "Something is still hidden from readers. Show it again or take it out for good, then close the case."
    ]
    assert step(desk, case, "take_out") == ["It was taken out for good."]
    assert step(desk, case, "close", outcome="granted", answer="Done.") == ["The case is closed."]
    assert Story.objects.values_list("title", "published_text").get() == ("[words removed]", "[words removed]")


def test_case_about_a_withdrawn_story_offers_nothing_to_hide(desk):
    story = a_story(ref="s9", published_text="A nurse waited.")
    case = a_case(about_kind="story", about_ref="s9")
    assert "Hide all of it while we look" in desk.get(page_of(case)).content.decode()
    withdraw_stories([story])
    page = desk.get(page_of(case)).content.decode()
    assert "Readers do not see what it is about: it is not published, or was taken back." in page
    assert "Hide all of it while we look" not in page


def test_steps_are_recorded_with_who_took_them(desk, editor):
    case = a_case()
    assert step(desk, case, "acknowledge") == ["Recorded: it was acknowledged."]
    assert step(desk, case, "note", note="She was called back.") == ["The note was added."]
    assert step(desk, case, "extend", because="It is long.") == [
        "It is due two months later. Tell the person so, and why."
    ]
    events = case.events.values_list("kind", "note", "by")
    assert list(events) == [
        ("opened", "", None),
        ("acknowledged", "", editor.pk),
        ("note", "She was called back.", editor.pk),
        ("extended", "It is long.", editor.pk),
    ]
    page = desk.get(page_of(case)).content.decode()
    assert "She was called back." in page and "Extend by two months" not in page
    assert step(desk, case, "no such") == []


def test_administrator_answers_cases_and_hides_nothing(client):
    client.force_login(a_user(ADMINISTRATOR))
    story = a_story(published_text="Ann came.")
    case = a_case(about_kind="story", about_ref=story.ref)
    assert "Hide all of it" not in client.get(page_of(case)).content.decode()
    address = reverse("admin:innovation_archive_case_step", args=[case.pk])
    assert client.post(address, {"step": "hide_all"}).status_code == 403
    assert Story.objects.get().published_text == "Ann came."
    assert step(client, case, "close", outcome="refused", answer="No.") == ["The case is closed."]


def test_facilitator_reads_cases_about_their_stories_without_the_address_and_decides_nothing(client):
    facilitator = a_user(FACILITATOR)
    client.force_login(facilitator)
    story = a_story(workshop=a_workshop([facilitator]))
    case = a_case(about_kind="story", about_ref=story.ref, words="That is me.", name="Ann Other")
    other = a_case(about_kind="story", about_ref=a_story().ref)
    assert listed(client.get(LIST)) == [str(case)]
    page = client.get(page_of(case)).content.decode()
    assert "That is me." in page
    assert "Ann Other" not in page and "Close the case" not in page
    assert client.get(page_of(other)).status_code == 404


def test_page_shows_the_address_to_those_who_answer(desk):
    case = a_case(name="Ann Other", email="ann@example.org")
    page = desk.get(page_of(case)).content.decode()
    assert "Ann Other" in page and "ann@example.org" in page
    CaseContact.objects.all().delete()
    assert "none is kept" in desk.get(page_of(case)).content.decode()


def test_home_shows_overdue_cases_before_those_due_within_a_week(desk):
    day = timezone.localdate()
    soon, overdue, later = a_case(), a_case(), a_case()
    for case, days in ((soon, 6), (overdue, -3), (later, 30)):
        Case.objects.filter(pk=case.pk).update(
            received_on=day - datetime.timedelta(days=10),
            acknowledged_on=day,
            due_on=day + datetime.timedelta(days=days),
        )
    home = desk.get(reverse("admin:index")).content.decode()
    assert home.index(overdue.reference) < home.index(soon.reference)
    assert later.reference not in home
    assert "Overdue since" in home and "3 complaints and requests are open" in home


def test_home_without_pressing_cases_says_so(desk):
    assert "Nothing is overdue or due within a week." in desk.get(reverse("admin:index")).content.decode()
