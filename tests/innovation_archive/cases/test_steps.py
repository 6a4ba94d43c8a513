import datetime
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from innovation_archive.cases import hiding, steps
from innovation_archive.models import Case, CaseContact, CaseEvent
from tests.factories import a_case, a_story, a_user, a_workshop, an_article, an_insight
from workshops.roles import ADMINISTRATOR, ANALYST, EDITOR, FACILITATOR

pytestmark = pytest.mark.django_db


def happened(case):
    return list(CaseEvent.objects.filter(case=case).values_list("kind", "note"))


def refusal(step, *args):
    with pytest.raises(ValidationError) as refused:
        step(*args)
    return refused.value.messages


def test_case_is_extended_once_by_two_months_for_a_reason():
    case, editor = a_case(received_on=timezone.localdate()), a_user(EDITOR)
    assert refusal(steps.extend, case, editor, " ") == ["Say why it takes longer: the person has a right to be told."]
    steps.extend(case, editor, "Three workshops to look through.")
    case.refresh_from_db()
    assert (case.due_on - case.received_on).days > 88
    assert happened(case) == [("opened", ""), ("extended", "Three workshops to look through.")]
    assert refusal(steps.extend, case, editor, "More.") == ["It was extended before, and the law allows that once."]


def test_overdue_case_is_not_extended():
    case = a_case(received_on=date(2026, 9, 3))
    assert refusal(steps.extend, case, a_user(EDITOR), "Too much to do.") == [
        "Its month is over. It could be extended only before that."
    ]


def test_case_is_closed_with_an_outcome_and_what_the_person_was_told():
    case, editor = a_case(), a_user(EDITOR)
    assert refusal(steps.close, case, editor, "", "Told.") == ["Choose how it ended."]
    assert refusal(steps.close, case, editor, "no such", "Told.") == ["Choose how it ended."]
    assert refusal(steps.close, case, editor, "granted", "") == ["Write what the person was told."]
    steps.close(case, editor, "granted", "Your name is out.")
    case.refresh_from_db()
    assert (case.outcome, case.answer, case.closed_on, case.closed_by) == (
        "granted", "Your name is out.", timezone.localdate(), editor,
    )  # fmt: skip
    assert refusal(steps.add_note, case, editor, "Late.") == [
        "This case is closed. Open another if the person writes again."
    ]
    assert happened(case) == [("opened", ""), ("closed", "Your name is out.")]


def test_case_is_not_closed_while_something_is_hidden():
    story = a_story(published_text="Ann came.")
    case, editor = a_case(about_kind="story", about_ref=story.ref), a_user(EDITOR)
    hiding.hide_words(case, editor, "Ann")
    assert refusal(steps.close, case, editor, "granted", "Done.") == [
        "Something is still hidden from readers. Show it again or take it out for good, then close the case."
    ]


def test_case_is_acknowledged_once():
    case, editor = a_case(), a_user(EDITOR)
    steps.acknowledge(case, editor)
    case.refresh_from_db()
    assert case.acknowledged_on == timezone.localdate()
    assert refusal(steps.acknowledge, case, editor) == ["It was acknowledged before."]


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "no such"},
        {"way": "no such"},
        {"about_kind": "no such"},
        {"words": ""},
        {"due_on": date(2026, 1, 1), "received_on": date(2026, 1, 1)},
        {"outcome": "granted"},
        {"closed_on": date(2026, 2, 2)},
    ],
)
def test_database_refuses_a_case_that_cannot_be(fields):
    case = a_case()
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**fields)


def test_case_is_seen_by_those_who_answer_and_by_facilitators_of_its_workshop():
    its, other = a_user(FACILITATOR), a_user(FACILITATOR)
    story = a_story(workshop=a_workshop([its]))
    told = a_case(about_kind="story", about_ref=story.ref, name="Ann Other")
    alone = a_case()
    seen = {
        "its": set(Case.objects.visible_to(its)),
        "other": set(Case.objects.visible_to(other)),
        "analyst": set(Case.objects.visible_to(a_user(ANALYST))),
        "editor": set(Case.objects.visible_to(a_user(EDITOR))),
        "administrator": set(Case.objects.visible_to(a_user(ADMINISTRATOR))),
    }
    assert seen == {
        "its": {told},
        "other": set(),
        "analyst": set(),
        "editor": {told, alone},
        "administrator": {told, alone},
    }
    assert not CaseContact.objects.visible_to(its).exists()
    assert CaseContact.objects.visible_to(a_user(ADMINISTRATOR)).get().name == "Ann Other"


def test_case_is_linked_to_what_it_is_about_and_outlives_it():
    story, insight, article = a_story(), an_insight(), an_article()
    cases = [
        a_case(about_kind="story", about_ref=story.ref),
        a_case(about_kind="insight", about_ref=insight.slug),
        a_case(about_kind="article", about_ref=article.slug),
        a_case(about_kind="story", about_ref="gone"),
    ]
    assert [case.subject for case in cases] == [story, insight, article, None]
    programmes = [case.programme for case in cases]
    assert programmes == [story.workshop.phase.programme, insight.programme, article.programme, None]
    article.delete()
    cases[2].refresh_from_db()
    assert (cases[2].subject, cases[2].about_kind, cases[2].about_ref) == (None, "article", article.slug)


def test_pressing_cases_are_overdue_first_then_those_due_within_a_week():
    day = timezone.localdate()
    overdue, soon, later, closed = a_case(), a_case(), a_case(), a_case()
    for case, due in ((overdue, -1), (soon, 7), (later, 8), (closed, -9)):
        Case.objects.filter(pk=case.pk).update(
            received_on=day - datetime.timedelta(days=20), due_on=day + datetime.timedelta(days=due)
        )
    steps.close(closed, a_user(EDITOR), "granted", "Told.")
    assert list(Case.objects.needing_attention()) == [overdue, soon]


def test_case_that_nobody_acknowledged_presses_a_week_before_its_thirty_days_are_over():
    day = timezone.localdate()
    waiting, acknowledged, fresh = a_case(), a_case(), a_case()
    steps.acknowledge(acknowledged, a_user(EDITOR))
    far = day + datetime.timedelta(days=50)
    for case, age in ((waiting, 23), (acknowledged, 23), (fresh, 22)):
        Case.objects.filter(pk=case.pk).update(received_on=day - datetime.timedelta(days=age), due_on=far)
    assert list(Case.objects.needing_attention()) == [waiting]
