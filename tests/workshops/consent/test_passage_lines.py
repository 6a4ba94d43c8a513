"""What an editor hid stays hidden in an older database that is put in place of the one they hid it in."""

import json

import pytest

from insights.models import Article, Insight
from insights.publications.publishing import publish_insight
from tests.factories import a_programme, a_story, an_insight, may_stand
from workshops.choices import MARKER, Status
from workshops.consent import ledger
from workshops.consent.passages import give_back, hide_passage, hide_runs, keep_out
from workshops.models import Forgotten, HiddenPassage, Story

SECRET = "her daughter at Oakfield"
BODY = f"A nurse spoke of {SECRET}, and of rotas."

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ledger_file(settings, tmp_path):
    settings.LEDGER = tmp_path / "forgotten.ledger"
    return settings.LEDGER


@pytest.fixture
def insight():
    return an_insight(body=BODY)


def hide(row, field="body", words=SECRET, part=""):
    row.refresh_from_db()
    text = getattr(row, field)[part] if part else getattr(row, field)
    return hide_passage(row, field, text.index(words), text.index(words) + len(words), "A case.", part=part)


def text_of(row, field="body"):
    row.refresh_from_db()
    return getattr(row, field)


def put_back(*rows, keep=()):
    """Put an older database in place: these rows as they were, nothing hidden, and of the ledger these lines alone."""
    ledger.write_to_file(ledger.line_of(entry) for entry in Forgotten.objects.all())
    Forgotten.objects.exclude(pk__in=[entry.pk for entry in keep]).delete()
    HiddenPassage.objects.all().delete()
    for row in rows:
        type(row)._base_manager.filter(pk=row.pk).update(
            **{name: getattr(row, name) for name in ("title", *COLUMNS[type(row)])}
        )


COLUMNS = {Insight: ["body"], Story: ["published_text"], Article: ["body"]}


def as_now(row):
    return type(row)._base_manager.get(pk=row.pk)


def test_passage_is_hidden_again_and_nothing_else(insight):
    before = as_now(insight)
    other = Article.objects.create(slug="a", title="A", programme=a_programme(), body=BODY)
    hide(insight)
    (of_text, of_words) = [ledger.line_of(entry) for entry in Forgotten.objects.order_by("pk")]
    assert (of_text.reference, of_text.level) == (of_words.reference, 0)
    put_back(before)
    assert text_of(insight) == BODY

    assert ledger.reconcile() == 2

    assert text_of(insight) == f"A nurse spoke of {MARKER}, and of rotas."
    passage = HiddenPassage.objects.waiting().get()
    assert (passage.words, passage.why_hidden) == (
        SECRET,
        "It was hidden before. The archive was brought back from a backup since.",
    )
    assert text_of(other) == BODY
    assert {ledger.line_of(entry) for entry in Forgotten.objects.all()} == {of_text, of_words}
    assert ledger.reconcile() == 0
    give_back(passage)
    assert text_of(insight) == BODY


def test_lines_hold_no_words(insight, ledger_file, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        hide(insight)
    lines = [json.loads(line) for line in ledger_file.read_text().splitlines()]
    assert [(line["kind"], len(line["subject"])) for line in lines] == [("passage", 64), ("passage", 64)]
    assert "akfield" not in ledger_file.read_text()


def test_wording_of_a_story_and_half_words_are_hidden_again():
    """What was cut within a word takes the whole word with it: where it began cannot be told by its hash."""
    story = a_story(published_text="At Oakfield’s gate, and oakfield again.")
    before = as_now(story)
    hide(story, "published_text", "At Oakf")
    put_back(before)
    ledger.reconcile()
    assert text_of(story, "published_text") == f"{MARKER} gate, and oakfield again."


def test_words_are_found_though_the_text_around_them_was_another(insight):
    hide(insight)
    put_back()
    Insight.objects.update(body=f"In short, HER daughter (at Oakfield) came. {BODY}")
    ledger.reconcile()
    assert text_of(insight) == f"In short, {MARKER}) came. A nurse spoke of {MARKER}, and of rotas."


def test_part_of_a_version_is_hidden_again():
    insight = an_insight([a_story()], body=BODY, none_found="We looked.", status=Status.DRAFT)
    version = publish_insight(may_stand(insight))
    text = dict(version.text)
    hide(version, "text", part="body")
    put_back()
    type(version).objects.update(text=text)
    ledger.reconcile()
    assert text_of(version, "text") == text | {"body": f"A nurse spoke of {MARKER}, and of rotas."}


def test_words_given_back_stay_and_hidden_once_more_are_hidden_again(insight):
    before = as_now(insight)
    give_back(hide(insight))
    put_back(before)
    ledger.reconcile()
    assert text_of(insight) == BODY
    assert not HiddenPassage.objects.exists()
    hide(insight)
    put_back(before)
    ledger.reconcile()
    assert text_of(insight) == f"A nurse spoke of {MARKER}, and of rotas."


@pytest.mark.parametrize("decide", [lambda passage: None, keep_out])
def test_words_that_are_hidden_twice_stay_hidden_while_one_place_is_given_back(insight, decide):
    Insight.objects.update(body=f"{SECRET}. {SECRET}.")
    before = as_now(insight)
    decide(hide(insight))
    give_back(hide(insight))
    assert text_of(insight) == f"{MARKER}. {SECRET}."
    put_back(before)
    ledger.reconcile()
    assert text_of(insight) == f"{MARKER}. {MARKER}."


def test_second_passage_of_a_text_is_hidden_again_in_a_database_that_knows_of_the_first(insight):
    hide(insight, words="rotas")
    first, before = list(Forgotten.objects.all()), as_now(insight)
    hide(insight)
    put_back(before, keep=first)
    assert ledger.reconcile() == 1
    assert text_of(insight) == f"A nurse spoke of {MARKER}, and of {MARKER}."


def test_longest_of_passages_that_overlap_is_hidden(insight):
    before = as_now(insight)
    hide(insight, words="Oakfield")
    type(insight).objects.update(body=BODY)
    hide(insight)
    put_back(before)
    ledger.reconcile()
    assert text_of(insight) == f"A nurse spoke of {MARKER}, and of rotas."


def test_what_a_withdrawal_hid_has_no_line_when_it_is_hidden_nor_when_it_is_given_back(insight):
    hide_runs([BODY])
    give_back(HiddenPassage.objects.get())
    assert text_of(insight) == BODY
    assert not Forgotten.objects.exists()


def test_signs_without_a_word_have_no_line(insight):
    Insight.objects.update(body="Well … no.")
    hide(insight, words="…")
    assert not Forgotten.objects.exists()
