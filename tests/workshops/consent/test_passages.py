"""Passages are hidden in editors' texts, given back as they were, or kept out for good."""

import datetime
import json

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from insights.admin.insight_forms import last_save_of
from insights.models import Article, Evidence, Insight
from insights.publications.publishing import publish_insight
from tests.factories import a_correction, a_practice, a_programme, a_result, a_story, a_workshop, an_insight
from workshops import search
from workshops.choices import MARKER, Status
from workshops.consent.passages import (
    check_hidden_words,
    give_back,
    hidden_together,
    hide_passage,
    hide_runs,
    keep_out,
    runs_elsewhere,
)
from workshops.consent.runs import RunFinder
from workshops.consent.withdrawal import withdraw_stories
from workshops.models import HiddenPassage, HiddenShingle, Note, PracticeMerge, SpellingCorrection

TOLD = "We waited nine months for a bed, and then the ward closed on us."
QUOTED = "They said: “we waited nine months for a bed and then” – nothing."
CUT = f"They said: “{MARKER}” – nothing."

pytestmark = pytest.mark.django_db


def test_run_in_an_insight_is_cut_and_waits_for_an_editor():
    insight = an_insight(body=QUOTED)
    (passage,) = hide_runs([TOLD])
    insight.refresh_from_db()
    assert insight.body == CUT
    assert (passage.model, passage.row, passage.field) == ("insights.Insight", insight.pk, "body")
    assert (passage.start, passage.words) == (12, "we waited nine months for a bed and then")
    assert list(HiddenPassage.objects.waiting()) == [passage]


def test_words_given_back_stand_as_they_stood():
    insight = an_insight(body=QUOTED)
    (passage,) = hide_runs([TOLD])
    give_back(passage, "The minister said it first.")
    insight.refresh_from_db()
    passage.refresh_from_db()
    assert insight.body == QUOTED
    assert (passage.state, passage.words, passage.decided_because) == ("given back", "", "The minister said it first.")
    assert not HiddenShingle.objects.exists()


def test_words_kept_out_are_deleted_and_known_again():
    an_insight(body=QUOTED)
    (passage,) = hide_runs([TOLD])
    keep_out(passage)
    passage.refresh_from_db()
    assert (passage.state, passage.words) == ("kept out", "")
    with pytest.raises(ValidationError, match="NINE months for a bed, and then"):
        check_hidden_words("Once more: NINE months for a bed, and then.")
    check_hidden_words("Once more: nine months for a bed, but then.")


@pytest.mark.parametrize("row", [
    lambda: Article(slug="a", title="A", programme=a_programme(), body=QUOTED),
    lambda: Insight(slug="a", title="A", programme=a_programme(), actions=["One", TOLD]),
    lambda: Note(workshop=a_workshop(), text=TOLD),
])  # fmt: skip
def test_text_that_brings_hidden_words_back_is_refused(row):
    an_insight(body=QUOTED)
    hide_runs([TOLD])
    with pytest.raises(ValidationError, match="Say it in your own words"):
        row().full_clean()


def test_another_person_may_have_told_the_same():
    an_insight(body=QUOTED)
    hide_runs([TOLD])
    a_story(published_text=TOLD).full_clean()


@pytest.mark.parametrize("decide", [lambda passage: None, keep_out])
def test_few_words_hidden_in_a_story_do_not_come_back_to_it(decide):
    story = a_story(published_text="The nurse Ann rang.")
    passage = hide_passage(story, "published_text", 4, 13, "A case.")
    decide(passage)
    story.refresh_from_db()
    story.full_clean()
    story.published_text = "In the end the nurse ANN rang."
    with pytest.raises(ValidationError, match="“nurse ANN” was hidden"):
        story.full_clean()
    a_story(published_text="The nurse Ann rang.").full_clean()


def test_few_words_that_were_given_back_to_a_story_may_be_written_again():
    story = a_story(published_text="The nurse Ann rang.")
    give_back(hide_passage(story, "published_text", 4, 13, "A case."))
    story.refresh_from_db()
    assert story.published_text == "The nurse Ann rang."
    story.full_clean()


def test_words_that_were_given_back_may_be_written_again():
    an_insight(body=QUOTED)
    (passage,) = hide_runs([TOLD])
    give_back(passage)
    check_hidden_words(QUOTED)


@pytest.mark.parametrize("decide", [give_back, keep_out])
def test_passage_is_decided_once(decide):
    an_insight(body=QUOTED)
    (passage,) = hide_runs([TOLD])
    keep_out(passage)
    with pytest.raises(ValidationError, match="decided on it meanwhile"):
        decide(passage)


def test_five_words_in_a_row_stay():
    insight = an_insight(body="We waited nine months for days.")
    assert hide_runs([TOLD]) == []
    insight.refresh_from_db()
    assert insight.body == "We waited nine months for days."


def test_each_run_of_a_text_is_a_passage_and_goes_back_to_its_place():
    text = f"“{TOLD}” Or: “And then the ward closed on us”, she said. We waited nine months for a bed."
    insight = an_insight(body=text)
    passages = hide_runs([TOLD])
    insight.refresh_from_db()
    assert insight.body == f"“{MARKER}.” Or: “{MARKER}”, she said. {MARKER}."
    for passage in (passages[1], passages[0], passages[2]):
        give_back(passage)
    insight.refresh_from_db()
    assert insight.body == text


def test_later_passages_leave_earlier_ones_at_their_markers():
    text = "Our bus never came on a Sunday, not once. And we waited nine months for a bed here."
    insight = an_insight(body=text)
    (first,) = hide_runs(["we waited nine months for a bed"])
    (second,) = hide_runs(["Our bus never came on a Sunday"])
    insight.refresh_from_db()
    assert insight.body == f"{MARKER}, not once. And {MARKER} here."
    give_back(first)
    give_back(second)
    insight.refresh_from_db()
    assert insight.body == text


def test_words_find_their_marker_after_editors_wrote_around_it():
    insight = an_insight(body=QUOTED)
    (passage,) = hide_runs([TOLD])
    Insight.objects.update(body=f"In short: {CUT}")
    give_back(passage)
    insight.refresh_from_db()
    assert insight.body == f"In short: {QUOTED}"


def test_words_are_not_given_back_to_a_text_without_their_marker():
    an_insight(body=QUOTED)
    (passage,) = hide_runs([TOLD])
    Insight.objects.update(body="Something else.")
    with pytest.raises(ValidationError, match="rewritten meanwhile"):
        give_back(passage)
    assert HiddenPassage.objects.waiting().get() == passage


def test_words_are_not_given_back_to_a_row_that_is_gone():
    Article.objects.create(slug="a", programme=a_programme(), title="A", body=QUOTED)
    (passage,) = hide_runs([TOLD])
    Article.objects.all().delete()
    with pytest.raises(ValidationError, match="deleted by now"):
        give_back(passage)


def test_history_of_a_text_is_cut_and_waits_for_nobody():
    insight = an_insight(body=QUOTED)
    insight.body = "Said otherwise."
    insight.save()
    assert hide_runs([TOLD]) == []
    assert [entry.body for entry in insight.history.all()] == ["Said otherwise.", CUT]


def test_lines_of_a_list_are_cut_and_given_back():
    insight = an_insight(actions=["Open more beds", "Never again wait nine months for a bed, and then the ward closed"])
    (passage,) = hide_runs([TOLD])
    insight.refresh_from_db()
    assert insight.actions == ["Open more beds", f"Never again wait {MARKER}"]
    give_back(passage)
    insight.refresh_from_db()
    assert insight.actions[1] == "Never again wait nine months for a bed, and then the ward closed"


def test_working_copy_and_versions_are_cut():
    story = a_story()
    insight = an_insight([story], body=QUOTED, none_found="We looked.", status=Status.DRAFT)
    publication = publish_insight(insight)
    insight.refresh_from_db()
    Insight.with_working_copies.create(
        working_copy_of=insight, programme=insight.programme, title="Another", summary=QUOTED
    )
    passages = hide_runs([TOLD])
    publication.refresh_from_db()
    assert publication.text["body"] == CUT
    assert Insight.with_working_copies.get(working_copy_of=insight).summary == CUT
    assert sorted((passage.model, passage.field, passage.part) for passage in passages) == [
        ("insights.Insight", "body", ""),
        ("insights.Insight", "summary", ""),
        ("insights.Publication", "text", "body"),
    ]
    assert len(hidden_together(passages[0])) == 3


def test_action_of_a_version_goes_back_into_its_list():
    insight = an_insight(actions=["One", TOLD], none_found="x", status=Status.DRAFT, supports=[a_story()])
    publication = publish_insight(insight)
    passage = next(passage for passage in hide_runs([TOLD]) if passage.model == "insights.Publication")
    publication.refresh_from_db()
    assert (passage.part, publication.text["actions"]) == ("actions\n1", ["One", f"{MARKER}."])
    give_back(passage)
    publication.refresh_from_db()
    assert publication.text["actions"] == ["One", TOLD]


def test_field_without_room_for_the_marker_is_hidden_whole():
    title = "a b c d e f " + "x" * 238
    insight = an_insight(title=title)
    (passage,) = hide_runs(["a b c d e f"])
    insight.refresh_from_db()
    assert (insight.title, passage.words) == (MARKER, title)
    give_back(passage)
    insight.refresh_from_db()
    assert insight.title == title


def test_excerpt_of_a_practice_is_cut_and_that_of_another_story_is_not():
    practice, story = a_practice(statement=TOLD), a_story(published_text=TOLD)
    insight = an_insight()
    Evidence.objects.create(insight=insight, practice=practice, excerpt=TOLD)
    Evidence.objects.create(insight=insight, story=story, excerpt=TOLD)
    hide_runs([TOLD])
    practice.refresh_from_db()
    assert practice.statement == f"{MARKER}."
    assert [piece.excerpt for piece in insight.evidence.all()] == [f"{MARKER}.", TOLD]
    assert all(piece.quotation == piece.excerpt for piece in insight.evidence.all())


def test_practice_that_lost_all_its_words_becomes_a_draft():
    wordless, other = a_practice(statement=TOLD), a_practice(statement=f"{TOLD} Ask us first.")
    hide_runs([TOLD])
    wordless.refresh_from_db()
    other.refresh_from_db()
    assert (wordless.status, other.status) == (Status.DRAFT, Status.PUBLISHED)


def test_released_statement_and_merged_practice_are_cut():
    result = a_result(practice=a_practice(statement="Short"), statement=TOLD)
    merge = PracticeMerge.objects.create(
        ref="P-OLD", statement=TOLD, into=a_practice(), remembered={"fields": {"statement": TOLD, "status": "draft"}}
    )
    passages = hide_runs([TOLD])
    result.refresh_from_db()
    merge.refresh_from_db()
    assert [result.statement, merge.statement, merge.remembered["fields"]["statement"]] == [f"{MARKER}."] * 3
    for passage in passages:
        give_back(passage)
    merge.refresh_from_db()
    assert merge.remembered == {"fields": {"statement": TOLD, "status": "draft"}}


def test_both_spellings_of_a_practice_may_be_hidden():
    spelling = SpellingCorrection.objects.create(practice=a_practice(), before=TOLD.upper(), after=TOLD)
    hide_runs([TOLD])
    spelling.refresh_from_db()
    assert (spelling.before, spelling.after) == (f"{MARKER}.", f"{MARKER}.")


def test_log_entry_is_cut_though_its_accents_are_numbers(django_user_model):
    user = django_user_model.objects.create_user("editor")
    message = json.dumps([{"changed": {"name": "review", "object": "Déjà vu à la gare du Nord, encore"}}])
    LogEntry.objects.create(
        user=user,
        object_repr="1",
        action_flag=CHANGE,
        change_message=message,
        action_time=datetime.datetime.now(datetime.UTC),
    )
    (passage,) = hide_runs(["Deja vu a la gare du nord"])
    cut = json.loads(LogEntry.objects.get().change_message)
    assert cut == [{"changed": {"name": "review", "object": f"{MARKER}, encore"}}]
    give_back(passage)
    assert LogEntry.objects.get().change_message == message


def test_notes_of_others_remarks_and_corrections_are_cut():
    workshop = a_workshop(notes=f"Somebody: {TOLD}")
    note = Note.objects.create(workshop=workshop, text=TOLD)
    draft = a_story(status=Status.DRAFT, remark=QUOTED, published_text=TOLD)
    correction = a_correction(draft, why=QUOTED)
    hide_runs([TOLD])
    for row in (workshop, note, draft, correction):
        row.refresh_from_db()
    assert (workshop.notes, note.text, correction.why) == (f"Somebody: {MARKER}.", f"{MARKER}.", CUT)
    assert draft.remark == CUT
    assert draft.published_text == TOLD  # another person's words


def test_what_was_typed_before_the_session_ended_is_forgotten(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("editor"))
    session = client.session
    session["kept"] = {"path": "/admin/", "fields": {"body": [QUOTED]}, "writer": "1"}
    session["purpose"] = "An evaluation"
    session.save()
    hide_runs([TOLD])
    left = Session.objects.get().get_decoded()
    assert ("kept" in left, left["purpose"], "_auth_user_id" in left) == (False, "An evaluation", True)


def test_row_that_counts_versions_tells_who_has_it_open():
    practice = a_practice(statement=QUOTED)
    before = practice.version
    hide_runs([TOLD])
    practice.refresh_from_db()
    assert practice.version == before + 1


def test_insight_tells_who_has_it_open():
    insight = an_insight(body=QUOTED, status=Status.DRAFT)
    before = last_save_of(insight)
    hide_runs([TOLD])
    assert last_save_of(insight) == insight.history.latest().history_id > before


def test_insight_that_says_nothing_any_more_comes_down():
    whole = an_insight(summary=TOLD, supports=[a_story()], none_found="Looked.")
    part = an_insight(summary=QUOTED, supports=[a_story()], none_found="Looked.")
    hide_runs([TOLD])
    whole.refresh_from_db()
    part.refresh_from_db()
    assert (whole.status, part.status) == (Status.UNPUBLISHED, Status.PUBLISHED)


def test_insight_whose_search_for_contradictions_is_hidden_comes_down():
    insight = an_insight(supports=[a_story()], none_found=TOLD)
    hide_runs([TOLD])
    insight.refresh_from_db()
    assert insight.status == Status.UNPUBLISHED


def test_insight_that_rests_on_a_wordless_practice_comes_down():
    practice = a_practice(statement=TOLD, stories=[a_story()])
    insight = an_insight(none_found="Looked.")
    Evidence.objects.create(insight=insight, practice=practice, role="supports")
    hide_runs([TOLD])
    insight.refresh_from_db()
    assert insight.status == Status.UNPUBLISHED


def test_where_words_stand_is_told_before_and_nothing_is_changed():
    insight = an_insight(body=QUOTED)
    (quoted,) = runs_elsewhere([TOLD])
    assert (quoted.row, quoted.field, quoted.words) == (insight, "body", ["we waited nine months for a bed and then"])
    assert not HiddenPassage.objects.exists()


# A passage while an editor looks


def test_passage_of_a_story_is_hidden_and_the_story_stays_published():
    story = a_story(published_text=TOLD)
    passage = hide_passage(story, "published_text", 3, 21, "Somebody says it is about them.")
    story.refresh_from_db()
    assert story.published_text == f"We {MARKER} for a bed, and then the ward closed on us."
    assert (story.status, passage.words, passage.why_hidden) == (
        Status.PUBLISHED, "waited nine months", "Somebody says it is about them.",
    )  # fmt: skip
    assert search.find_all(search.read_query("waited")) == []
    assert story.version > 1
    give_back(passage)
    story.refresh_from_db()
    assert story.published_text == TOLD
    assert search.find_all(search.read_query("waited")) == [story.pk]


@pytest.mark.parametrize("end", [lambda story: withdraw_stories([story]), lambda story: story.delete()])
def test_hidden_passage_goes_with_its_story(end):
    story, other = a_story(published_text=TOLD), a_story(published_text=TOLD)
    hide_passage(story, "published_text", 3, 21, "An objection.")
    left = hide_passage(other, "published_text", 3, 21, "An objection.")
    end(story)
    assert HiddenPassage.objects.get() == left


def test_words_are_not_given_back_where_they_have_no_room():
    insight = an_insight(title=f"Once {TOLD}")
    (passage,) = hide_runs([TOLD])
    Insight.objects.update(title=f"{MARKER} {'x' * 230}")
    with pytest.raises(ValidationError, match="no room"):
        give_back(passage)
    insight.refresh_from_db()
    assert insight.title.startswith(MARKER)


@pytest.mark.parametrize(("start", "end"), [(5, 5), (9, 5), (-1, 5), (0, 1000), (2, 3)])
def test_passage_without_words_is_refused(start, end):
    story = a_story(published_text=TOLD)
    with pytest.raises(ValidationError, match="no words to hide"):
        hide_passage(story, "published_text", start, end, "An objection.")


def test_passage_that_holds_a_marker_is_refused():
    story = a_story(published_text=TOLD)
    hide_passage(story, "published_text", 3, 21, "An objection.")
    with pytest.raises(ValidationError, match="hidden already"):
        hide_passage(story, "published_text", 0, 10, "Another.")


def test_words_kept_out_leave_the_history():
    insight = an_insight(body=QUOTED)
    keep_out(hide_passage(insight, "body", 12, 52, "An objection."))
    assert [entry.body for entry in insight.history.all()] == [CUT, CUT]


# Whatever is written


WORDS = st.sampled_from(
    ["bus", "Ward", "café", "CAFE\u0301", "it’s", "its", "wait", "🤫", "床", "ना", "x-y", MARKER, "9"]
)
GAPS = st.sampled_from([" ", ", ", "\n", " – ", "” “", "  ", "·"])


@st.composite
def texts(draw, most=30):
    return "".join(draw(WORDS) + draw(GAPS) for _ in range(draw(st.integers(0, most)))).strip()


class HidingWhateverIsWritten(TestCase):
    @given(told=texts(), body=texts(), summary=texts(), actions=st.lists(texts(10), max_size=3))
    def test_no_run_is_left_and_all_go_back(self, told, body, summary, actions):
        insight = an_insight(status=Status.DRAFT, body=body, summary=summary, actions=actions)
        insight.refresh_from_db()
        before = (insight.body, insight.summary, insight.actions)
        passages = hide_runs([told])
        insight.refresh_from_db()
        finder = RunFinder([told])
        left = [
            insight.body,
            insight.summary,
            "\n".join(insight.actions),
            *insight.history.values_list("body", flat=True),
        ]
        assert [runs for text in left if (runs := finder.runs_in(text))] == []
        for passage in reversed(passages):
            give_back(passage)
        insight.refresh_from_db()
        assert (insight.body, insight.summary, insight.actions) == before
