"""What the database itself refuses of conclusions."""

import datetime

import pytest
from django.db import IntegrityError

from insights.models import Evidence, FreshLook, Insight, Publication, ReleasedGroup, Review, SetAside
from insights.models.releases import COUNTED
from tests.factories import a_commitment, a_practice, a_result, a_story, a_user, an_insight

pytestmark = pytest.mark.django_db

DAY = datetime.date(2020, 10, 5)


def test_nature_is_for_findings():
    assert an_insight(kind="finding", nature="capacity").pk
    with pytest.raises(IntegrityError, match="insight_nature_is_for_findings"):
        an_insight(kind="big idea", nature="capacity")


def test_insight_status_is_known():
    an_insight()
    with pytest.raises(IntegrityError, match="insight_status_is_known"):
        Insight.objects.update(status="in review")


@pytest.mark.parametrize("sources", [[], ["story", "practice"]])
def test_evidence_is_one_story_or_one_practice(sources):
    makers = {"story": a_story, "practice": a_practice}
    with pytest.raises(IntegrityError, match="evidence_is_one_story_or_one_practice"):
        Evidence.objects.create(insight=an_insight(), **{name: makers[name]() for name in sources})


@pytest.mark.parametrize("source", ["story", "practice"])
def test_evidence_is_once_an_insight(source):
    row = {"story": a_story, "practice": a_practice}[source]()
    insight = an_insight()
    Evidence.objects.create(insight=insight, **{source: row})
    Evidence.objects.create(insight=an_insight(), **{source: row})
    with pytest.raises(IntegrityError):
        Evidence.objects.create(insight=insight, **{source: row}, role="contradicts")


def test_evidence_role_is_known():
    with pytest.raises(IntegrityError, match="evidence_role_is_known"):
        Evidence.objects.create(insight=an_insight(), story=a_story(), role="decorates")


def test_story_is_set_aside_once_an_insight():
    insight, story = an_insight(), a_story()
    SetAside.objects.create(insight=insight, story=story, reason="outlier")
    SetAside.objects.create(insight=an_insight(), story=story, reason="outlier")
    with pytest.raises(IntegrityError):
        SetAside.objects.create(insight=insight, story=story, reason="redundant")


def test_set_aside_reason_is_known():
    with pytest.raises(IntegrityError, match="set_aside_reason_is_known"):
        SetAside.objects.create(insight=an_insight(), story=a_story(), reason="discard")


def a_publication(**fields):
    return Publication.objects.create(**{"version": 1, "published_on": DAY, "text": {}, "hash": "0"} | fields)


def test_versions_count_from_one():
    with pytest.raises(IntegrityError, match="version"):
        a_publication(insight=an_insight(), version=0)


def test_insight_has_a_version_once_and_several_a_day():
    insight = an_insight()
    a_publication(insight=insight)
    a_publication(insight=an_insight())
    a_publication(insight=insight, version=2)
    with pytest.raises(IntegrityError):
        a_publication(insight=insight, published_on=datetime.date(2020, 10, 6))


@pytest.mark.parametrize("fields", [{"slug": "an-address"}, {"status": "published"}, {"status": "unpublished"}])
def test_working_copy_has_no_address_and_is_never_published(fields):
    insight = an_insight()
    copy = {"working_copy_of": insight, "slug": None, "status": "draft", "programme": insight.programme}
    assert Insight.objects.create(**copy).itself == insight
    with pytest.raises(IntegrityError, match="working_copy_is_never_public"):
        Insight.objects.create(**copy | {"working_copy_of": an_insight()} | fields)


def test_insight_without_an_address_is_refused():
    with pytest.raises(IntegrityError, match="working_copy_is_never_public"):
        an_insight(slug=None)


def test_insight_has_one_working_copy():
    insight = an_insight()
    copy = {"working_copy_of": insight, "slug": None, "status": "draft", "programme": insight.programme}
    Insight.objects.create(**copy)
    with pytest.raises(IntegrityError):
        Insight.objects.create(**copy)


def test_second_reading_is_asked_for_at_a_time():
    an_insight(reading_asked_by=a_user(), reading_asked_at="2026-01-01T12:00Z")
    with pytest.raises(IntegrityError, match="second_reading_is_asked_for_at_a_time"):
        an_insight(reading_asked_by=a_user())


@pytest.mark.parametrize(("fields", "rule"), [({"outcome": "fine"}, "outcome"), ({"reason": ""}, "reason")])
def test_look_has_a_known_outcome_and_a_reason(fields, rule):
    look = {"insight": an_insight(), "looked_on": DAY, "outcome": "holds", "reason": "We asked."}
    FreshLook.objects.create(**look)
    with pytest.raises(IntegrityError, match=f"look_.*{rule}"):
        FreshLook.objects.create(**look | fields)


@pytest.mark.parametrize("found", [{"state": "holding"}, {"reviewed_on": DAY}])
def test_review_has_a_state_once_it_happened(found):
    commitment = a_commitment()
    Review.objects.create(commitment=commitment, due_on=DAY)
    Review.objects.create(commitment=commitment, due_on=datetime.date(2021, 1, 1), reviewed_on=DAY, state="holding")
    with pytest.raises(IntegrityError, match="review_has_a_state_once_it_happened"):
        Review.objects.create(commitment=commitment, due_on=datetime.date(2022, 1, 1), **found)


def test_commitment_is_reviewed_once_a_due_date():
    commitment = a_commitment()
    Review.objects.create(commitment=commitment, due_on=DAY)
    with pytest.raises(IntegrityError):
        Review.objects.create(commitment=commitment, due_on=DAY)


FEW = {f"{counted}_{end}": {"low": 0, "high": 4}[end] for counted in COUNTED for end in ("low", "high")}


def a_group(**fields):
    result = fields.pop("result", None) or a_result()
    return ReleasedGroup.objects.create(
        **{"result": result, "group": "All", "base_low": 10, "base_high": 12} | FEW | fields
    )


@pytest.mark.parametrize("base", [{"base_low": 9}, {"base_high": 9}])
def test_released_base_is_ten_or_more(base):
    assert a_group().pk
    with pytest.raises(IntegrityError, match="released_base_is_ten_or_more"):
        a_group(**base)


@pytest.mark.parametrize("counted", COUNTED)
@pytest.mark.parametrize(("low", "high"), [(0, 3), (4, 8), (1, 4), (8, 7)])
def test_released_count_is_few_or_a_range_from_five(counted, low, high):
    assert a_group(**{f"{counted}_low": 5, f"{counted}_high": 7}).pk
    with pytest.raises(IntegrityError, match=f"released_{counted}_is_few_or_five_or_more"):
        a_group(**{f"{counted}_low": low, f"{counted}_high": high})


def test_released_row_is_one_a_result_and_group():
    group = a_group()
    with pytest.raises(IntegrityError):
        a_group(result=group.result)


def test_practice_has_one_current_result_a_programme():
    result = a_result()
    a_result(result.practice, programme=result.programme, is_current=False)
    a_result(result.practice)
    with pytest.raises(IntegrityError):
        a_result(result.practice, programme=result.programme)


@pytest.mark.parametrize("fields", [{"correction": "Typed twice."}, {"corrected_on": DAY}, {"is_taken_back": True}])
def test_correction_has_a_day_and_a_reason(fields):
    a_result(corrected_on=DAY, correction="Typed twice.", is_taken_back=True)
    with pytest.raises(IntegrityError, match="correction_has_a_day_and_a_reason"):
        a_result(**fields)
