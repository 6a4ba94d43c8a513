"""The desk's pages of hidden passages: who decides on which, and what a decision does."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from innovation_archive.models import Import
from tests.factories import (
    a_case,
    a_commitment,
    a_practice,
    a_programme,
    a_story,
    a_user,
    a_user_for,
    a_workshop,
    an_article,
    an_insight,
)
from workshops.choices import MARKER, Consent, Status
from workshops.consent.passages import hide_passage, hide_runs
from workshops.models import HiddenPassage, Note, Phase, Programme, Workshop
from workshops.roles import ADMINISTRATOR, ANALYST, EDITOR, FACILITATOR

pytestmark = pytest.mark.django_db

TOLD = "We waited nine months for a bed"


def decide(client, passage, **sent):
    return client.post(reverse("admin:workshops_hiddenpassage_decide", args=[passage.pk]), sent, follow=True)


def text(response):
    return response.content.decode()


@pytest.fixture
def editor(client):
    editor = a_user(EDITOR)
    client.force_login(editor)
    return editor


def test_editor_sees_the_words_with_the_text_around_them(client, editor):
    an_insight(title="Beds", body=f"Once more: {TOLD}, she said.")
    (passage,) = hide_runs([TOLD])
    shown = text(client.get(reverse("admin:workshops_hiddenpassage_decide", args=[passage.pk])))
    assert f"Once more: <mark>{TOLD}</mark>, she said." in shown
    assert "Insight “Beds”, body" in shown
    assert "Insight “Beds”, body" in text(client.get(reverse("admin:workshops_hiddenpassage_changelist")))


def test_words_are_kept_out_wherever_they_were_hidden_together(client, editor):
    for _ in range(2):
        an_insight(body=TOLD)
    first, second = hide_runs([TOLD])
    shown = text(decide(client, first, keep_out="", because="They withdrew it."))
    assert "The words are deleted." in shown
    assert [(each.state, each.words, each.decided_by) for each in HiddenPassage.objects.all()] == [
        ("kept out", "", editor)
    ] * 2
    assert list(LogEntry.objects.values_list("object_repr", "change_message")) == [
        (f"Passage {second.pk}", "It was kept out."), (f"Passage {first.pk}", "It was kept out."),
    ]  # fmt: skip


def test_words_are_given_back_with_the_reason(client, editor):
    insight = an_insight(body=TOLD)
    (passage,) = hide_runs([TOLD])
    decide(client, passage, give_back="", because="The minister said it first.")
    insight.refresh_from_db()
    passage.refresh_from_db()
    assert (insight.body, passage.decided_because) == (TOLD, "The minister said it first.")
    for name, args in (("changelist", []), ("decide", [passage.pk])):
        html = client.get(reverse(f"admin:workshops_hiddenpassage_{name}", args=args)).content.decode()
        assert "The words stand there again." in html
        assert MARKER not in html


def test_decision_needs_a_reason(client, editor):
    an_insight(body=TOLD)
    (passage,) = hide_runs([TOLD])
    assert "Say why." in text(decide(client, passage, keep_out="", because=" "))
    assert HiddenPassage.objects.get().is_waiting


def test_refusal_says_why_and_decides_nothing(client, editor):
    first, second = an_insight(body=TOLD), an_insight(body=TOLD)
    passage, _ = hide_runs([TOLD])
    type(second).objects.filter(pk=second.pk).update(body="Rewritten.")
    assert "Its text was rewritten meanwhile" in text(decide(client, passage, give_back="", because="A saying."))
    first.refresh_from_db()
    assert first.body == MARKER
    assert HiddenPassage.objects.waiting().count() == 2


def test_home_of_editors_counts_what_waits(client, editor):
    assert "to give back or keep out" not in text(client.get(reverse("admin:index")))
    an_insight(body=TOLD, summary=TOLD)
    hide_runs([TOLD])
    assert "2 passages to give back or keep out" in text(client.get(reverse("admin:index")))


def test_words_of_notes_are_for_those_who_ran_the_workshop(client, editor):
    facilitator, another = a_user(FACILITATOR), a_user(FACILITATOR)
    Note.objects.create(workshop=a_workshop([facilitator], notes=TOLD), text=TOLD)
    an_insight(body=TOLD)
    hide_runs([TOLD])
    seen = {
        person: sorted(HiddenPassage.objects.visible_to(person).values_list("model", flat=True))
        for person in (facilitator, another, editor, a_user(ANALYST), a_user(ADMINISTRATOR))
    }
    assert list(seen.values()) == [["workshops.Note", "workshops.Workshop"], [], ["insights.Insight"], [], []]


def test_remark_on_a_story_that_its_facilitators_keep_is_not_for_editors(client, editor):
    a_story(status=Status.DRAFT, consent=Consent.FACILITATORS, remark=TOLD)
    (passage,) = hide_runs([TOLD])
    assert client.get(reverse("admin:workshops_hiddenpassage_decide", args=[passage.pk])).status_code == 404


def test_name_of_a_file_is_for_those_who_see_its_import(client, editor):
    facilitator = a_user(FACILITATOR)
    workshop = a_workshop([facilitator])
    for into in (workshop, None):
        Import.objects.create(
            kind="stories", workshop=into, user=facilitator, file_name=f"{TOLD}.csv", state="imported"
        )
    into_a_workshop, into_none = hide_runs([TOLD])
    assert list(HiddenPassage.objects.visible_to(editor)) == [into_none]
    assert not HiddenPassage.objects.visible_to(facilitator).exists()
    assert into_a_workshop.is_waiting


@pytest.mark.parametrize("role", [ANALYST, ADMINISTRATOR])
def test_other_roles_find_no_passages(client, role):
    client.force_login(a_user(role))
    passage = hide_passage(an_insight(), "body", 0, 9, "An objection.")
    for address in (
        reverse("admin:workshops_hiddenpassage_changelist"),
        reverse("admin:workshops_hiddenpassage_decide", args=[passage.pk]),
        reverse("admin:workshops_hiddenpassage_change", args=[passage.pk]),
    ):
        assert client.get(address).status_code == 403


def test_editor_of_a_programme_decides_on_passages_of_its_rows_alone(client):
    programme = a_programme()
    here, elsewhere = a_workshop(programme=programme), a_workshop()
    client.force_login(a_user_for(programme, EDITOR))
    rows = {
        room: [
            a_story(workshop=room, title=TOLD, published_text="Harmless."),
            room,
            room.phase,
            room.phase.programme,
            a_practice([a_story(workshop=room)], statement=TOLD),
            an_insight(programme=room.phase.programme, body=TOLD),
            an_article(programme=room.phase.programme, body=TOLD),
            a_commitment(insight=an_insight(programme=room.phase.programme), text=TOLD),
        ]
        for room in (here, elsewhere)
    }
    Workshop.objects.update(title=TOLD)
    Phase.objects.update(question=TOLD)
    Programme.objects.update(summary=TOLD)
    words = ["title", "title", "question", "summary", "statement", "body", "body", "text"]
    hidden = {
        room: [hide_passage(row, field, 0, len(TOLD), "") for row, field in zip(rows[room], words, strict=True)]
        for room in rows
    }
    an_event = hide_passage(a_case(words="W").events.create(kind="note", note=TOLD), "note", 0, len(TOLD), "")
    decide = "admin:workshops_hiddenpassage_decide"
    answers = {
        room: [client.get(reverse(decide, args=[passage.pk])).status_code for passage in hidden[room]]
        for room in hidden
    }
    assert answers == {here: [200] * 8, elsewhere: [404] * 8}
    assert client.get(reverse(decide, args=[an_event.pk])).status_code == 404
    shown = text(client.get(reverse("admin:workshops_hiddenpassage_changelist")))
    assert shown.count("/decide/") == 8
    assert "8 passages to give back or keep out" in text(client.get(reverse("admin:index")))


def test_decision_of_an_editor_of_a_programme_leaves_the_same_words_elsewhere(client):
    mine, theirs = an_insight(body=TOLD), an_insight(body=TOLD)
    client.force_login(a_user_for(mine.programme, EDITOR))
    hide_runs([TOLD])
    passage = HiddenPassage.objects.get(row=mine.pk)
    decide(client, passage, give_back="", because="The minister said it first.")
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.body, theirs.body) == (TOLD, MARKER)
