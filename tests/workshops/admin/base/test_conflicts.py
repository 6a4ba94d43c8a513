"""Two editors who have the same article, commitment or practice open: neither overwrites the other in silence."""

import datetime

import pytest
from django.contrib.auth.models import User
from django.forms import modelform_factory
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from innovation_archive.exchange.imports import import_table
from innovation_archive.exchange.reading import read_content
from insights.models import Article, Commitment, Review
from tests.desk import act, filled, page
from tests.factories import a_commitment, a_practice, a_story, a_user, a_workshop, an_article, an_insight
from workshops.admin.base.conflicts import VersionedForm
from workshops.choices import Consent, Status
from workshops.models import Practice, Tag
from workshops.roles import EDITOR, FACILITATOR
from workshops.stories import bulk_tagging, review

pytestmark = pytest.mark.django_db

ROWS = {
    "article": (an_article, "body"),
    "commitment": (a_commitment, "text"),
    "practice": (a_practice, "statement"),
}


@pytest.fixture
def mine():
    return signed_in(a_user(EDITOR, username="fay"))


@pytest.fixture
def theirs():
    return signed_in(a_user(EDITOR, username="col", first_name="Col", last_name="Lee"))


@pytest.fixture(params=ROWS)
def row(request):
    make, _ = ROWS[request.param]
    return make()


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def text_field(row):
    return ROWS[row._meta.model_name][1]


def opened(client, row):
    return filled(client.get(page(type(row), "change", row.pk)))


def save(client, row, form, **changes):
    return client.post(page(type(row), "change", row.pk), form | changes)


def stored(row):
    return getattr(type(row).objects.get(pk=row.pk), text_field(row))


def sentences(response):
    return response.context["adminform"].form.non_field_errors()


def shown(response):
    """What the page shows beside each other, as {label: (stored, typed)}."""
    conflict = response.context["adminform"].form.conflict
    return {label: tuple("".join(p.text for p in side) for side in sides) for label, *sides in conflict}


def test_second_of_two_is_told_who_saved_and_keeps_what_they_typed(mine, theirs, row):
    name = text_field(row)
    form = opened(mine, row)
    save(theirs, row, opened(theirs, row), **{name: "Theirs."})
    response = save(mine, row, form, **{name: "Mine."})
    (sentence,) = sentences(response)
    assert sentence.startswith(f"Col Lee saved this {row._meta.verbose_name} on ")
    assert sentence.endswith(
        ", after you had opened it. Nothing of yours is lost: it stands in the form below. Compare it with theirs, and "
        "save once more to put yours in its place."
    )
    assertContains(response, sentence)
    assertNotContains(response, "Please correct the error")
    assert response.context["adminform"].form[name].value() == "Mine."
    assert shown(response) == {name.capitalize(): ("Theirs.", "Mine.")}
    assertContains(response, "What is stored, and what you typed")
    assert stored(row) == "Theirs."
    assert save(mine, row, filled(response)).status_code == 302
    assert stored(row) == "Mine."


def test_saving_twice_in_a_row_is_no_conflict(mine, row):
    for text in ("One.", "Two."):
        assert save(mine, row, opened(mine, row), **{text_field(row): text}).status_code == 302
        assert stored(row) == text


@pytest.mark.parametrize("version", ["", "x", "-1", "0", "99999999999999999999"])
def test_form_that_does_not_say_what_it_opened_overwrites_nothing(mine, row, version):
    before = stored(row)
    assert len(sentences(save(mine, row, opened(mine, row), opened=version, **{text_field(row): "Forged."}))) == 1
    assert stored(row) == before


def test_new_row_is_saved_with_nothing_to_compare(mine):
    insight = an_insight()
    form = filled(mine.get(page(Article, "add")))
    typed = {"title": "New", "slug": "new", "programme": insight.programme_id}
    assert mine.post(page(Article, "add"), form | typed).status_code == 302
    assert (Article.objects.get().version, Article.objects.get().saved_by.username) == (1, "fay")


def test_name_of_who_saved_is_not_guessed(mine, row):
    """From the shell nobody is signed in."""
    form = opened(mine, row)
    type(row).objects.get(pk=row.pk).save()
    (sentence,) = sentences(save(mine, row, form))
    assert sentence.startswith(f"Somebody saved this {row._meta.verbose_name} on ")


def test_row_of_release_1_0_that_nobody_saved_since_opens_and_is_saved(mine, row):
    type(row).objects.update(version=0, saved_by=None, saved_at=None)
    assert save(mine, row, opened(mine, row), **{text_field(row): "Mine."}).status_code == 302


def test_import_counts_as_a_save(mine):
    article, commitment = an_article(slug="a"), a_commitment(ref="C-1")
    forms = {row: opened(mine, row) for row in (article, commitment)}
    bring_in("articles", "slug,body", "a,Theirs.")
    bring_in("commitments", "ref,text", "C-1,Theirs.")
    assert [len(sentences(save(mine, row, form))) for row, form in forms.items()] == [1, 1]
    assert [stored(article), stored(commitment)] == ["Theirs.", "Theirs."]


def test_import_that_changes_nothing_is_no_conflict(mine):
    article = an_article(slug="a", body="As it was.")
    form = opened(mine, article)
    bring_in("articles", "slug,body", "a,As it was.")
    assert save(mine, article, form, body="Mine.").status_code == 302


def bring_in(kind, *lines):
    report = import_table(kind, read_content("\n".join(lines).encode(), f"{kind}.csv"), user=User.objects.get())
    assert report.problems == []


# Reviews stand in the form of their commitment.


@pytest.fixture
def reviewed():
    commitment = a_commitment(ref="C-1")
    Review.objects.create(commitment=commitment, due_on=datetime.date(2021, 1, 4), note="As it was.")
    return commitment


def test_second_of_two_who_write_of_a_review_is_told(mine, theirs, reviewed):
    form = opened(mine, reviewed)
    save(theirs, reviewed, opened(theirs, reviewed), **{"reviews-0-note": "Theirs."})
    response = save(mine, reviewed, form, **{"reviews-0-note": "Mine."})
    assert len(sentences(response)) == 1
    assert shown(response) == {f"{reviewed.pk}, due 2021-01-04: Note": ("Theirs.", "Mine.")}
    assert Review.objects.get().note == "Theirs."
    assert save(mine, reviewed, filled(response)).status_code == 302
    assert Review.objects.get().note == "Mine."


def test_import_of_reviews_counts_as_a_save_of_their_commitment(mine, reviewed):
    form = opened(mine, reviewed)
    bring_in("reviews", "commitment,due_on,note", "C-1,2021-01-04,Theirs.")
    assert len(sentences(save(mine, reviewed, form))) == 1
    assert Review.objects.get().note == "Theirs."


# Practices


@pytest.mark.parametrize("step", [review.publish_practice, review.return_practice_to_draft])
def test_step_of_a_practice_counts_as_a_save(mine, step):
    practice = a_practice()
    form = opened(mine, practice)
    step(Practice.objects.get())
    assert len(sentences(save(mine, practice, form))) == 1


def test_step_at_the_desk_says_whose_it_was(mine, theirs):
    practice = a_practice(status=Status.DRAFT)
    form = opened(mine, practice)
    act(theirs, Practice, "publish", practice)
    (sentence,) = sentences(save(mine, practice, form))
    assert sentence.startswith("Col Lee saved this practice on ")


def test_merged_tag_does_not_come_back_with_an_open_form(mine):
    practice = a_practice(tags=["van", "vans"])
    form = opened(mine, practice)
    bulk_tagging.merge_tags(Tag.objects.filter(name="vans"), Tag.objects.get(name="van"))
    response = save(mine, practice, form)
    assert shown(response) == {"Tags": ("van", "van, vans")}
    assert Tag.objects.count() == 1


def test_conflict_names_no_story_that_its_reader_may_not_see():
    facilitator = a_user(FACILITATOR)
    own = a_story(workshop=a_workshop(facilitators=[facilitator]), title="Own")
    hidden = a_story(title="Hidden", consent=Consent.FACILITATORS, status=Status.DRAFT)
    practice = a_practice(stories=[own, hidden], status=Status.DRAFT, entered_by=facilitator)
    client = signed_in(facilitator)
    form = opened(client, practice)
    practice.stories.remove(own)
    practice.save()
    response = save(client, practice, form)
    assert shown(response) == {"Stories": ("", "Own")}
    assertNotContains(response, "Hidden")


def test_version_is_no_part_of_a_history_or_a_file():
    practice = a_practice()
    names = {field.name for field in Practice.history.model._meta.get_fields()}
    assert names.isdisjoint(Practice.VERSION_FIELDS)
    assert Practice.history.filter(id=practice.pk).count() == 1


def test_commitment_of_two_editors_keeps_both_reviews_if_each_adds_one(mine, theirs, reviewed):
    """A review that was not there when the form was opened is no part of it, and stays."""
    form = opened(mine, reviewed)
    Review.objects.create(commitment=reviewed, due_on=datetime.date(2021, 2, 1))
    Commitment.objects.get().save()
    response = save(mine, reviewed, form)
    assert save(mine, reviewed, filled(response)).status_code == 302
    assert Review.objects.count() == 2


ADVICE = (
    "Nothing of yours is lost: it stands in the form below. Compare it with theirs, and save once more to put yours in "
    "its place."
)


@pytest.mark.parametrize(
    ("saved_by", "saved_at", "said"),
    [
        (
            User(username="col", first_name="Col", last_name="Lee"),
            datetime.datetime(2026, 7, 3, 8, 5, tzinfo=datetime.UTC),
            "Col Lee saved this practice on 3 July at 09:05, after you had opened it.",
        ),
        (User(username="col"), None, "col saved this practice, after you had opened it."),
        (None, None, "Somebody saved this practice, after you had opened it."),
    ],
)
def test_conflict_says_who_saved_and_when(monkeypatch, saved_by, saved_at, said):
    practice = a_practice()
    monkeypatch.setattr(Practice, "last_save", lambda practice: (saved_by, saved_at))
    form = modelform_factory(Practice, form=VersionedForm, fields=["statement"])(
        {"statement": "Mine", "opened": practice.version - 1}, instance=practice
    )
    assert form.non_field_errors() == [f"{said} {ADVICE}"]
