import pytest

from insights.evidence.coverage import coverage_of, with_coverage
from insights.models import Evidence, Insight
from insights.publications.publishing import is_from_single_workshop
from tests.factories import (
    a_phase,
    a_place,
    a_practice,
    a_programme,
    a_service_area,
    a_story,
    a_workshop,
    an_insight,
)
from workshops.choices import Consent, Status
from workshops.models import Place, ServiceArea, Workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    """Two workshops that worked with two services and three places."""
    help_, hubs = a_service_area("Early help"), a_service_area("Hubs")
    bolton, bury, wigan = a_place("Bolton"), a_place("Bury"), a_place("Wigan")
    phase = a_phase(programme=a_programme(slug="gm"))
    a_workshop(slug="first", phase=phase, service_areas=[help_], places=[bolton, bury])
    a_workshop(slug="second", phase=phase, service_areas=[help_, hubs], places=[bury, wigan])
    return phase.programme


def told_in(slug, area, place, **fields):
    return a_story(
        workshop=Workshop.objects.get(slug=slug),
        service_area=ServiceArea.objects.get(name=area),
        place=Place.objects.get(name=place),
        **fields,
    )


def test_coverage_counts_the_published_stories_that_support(programme):
    insight = an_insight(
        programme=programme,
        supports=[
            told_in("first", "Early help", "Bolton"),
            told_in("first", "Early help", "Bury"),
            told_in("second", "Hubs", "Wigan", status=Status.DRAFT),
            told_in("second", "Hubs", "Wigan", consent=Consent.TEAM, status=Status.UNPUBLISHED),
        ],
        contradicts=[told_in("second", "Hubs", "Wigan")],
    )
    coverage = coverage_of(insight)
    assert str(coverage) == "Supported by stories from 1 of 2 services, 2 of 3 places, 1 of 2 workshops"
    assert coverage.stories == 2


def test_coverage_names_what_it_reaches_and_what_it_does_not(programme):
    insight = an_insight(programme=programme, supports=[told_in("first", "Early help", "Bury")])
    services, places, _ = coverage_of(insight).parts
    assert [area.name for area in services.heard] == ["Early help"]
    assert [area.name for area in services.unheard] == ["Hubs"]
    assert [place.name for place in places.heard] == ["Bury"]
    assert [place.name for place in places.unheard] == ["Bolton", "Wigan"]


def test_coverage_leaves_out_what_the_programme_does_not_declare(programme):
    a_service_area("Parks"), a_place("Leeds")
    elsewhere = a_workshop(slug="elsewhere")
    insight = an_insight(
        programme=programme,
        supports=[told_in("elsewhere", "Parks", "Leeds"), told_in("second", "Hubs", "Wigan")],
    )
    coverage = coverage_of(insight)
    assert str(coverage) == "Supported by stories from 1 of 2 services, 1 of 3 places, 1 of 2 workshops"
    assert not coverage.single_workshop, elsewhere


def test_coverage_leaves_out_a_part_of_which_there_is_none():
    workshop = a_workshop()
    insight = an_insight(programme=workshop.phase.programme, supports=[a_story(workshop=workshop)])
    assert str(coverage_of(insight)) == "Supported by stories from 1 of 1 workshop"


def test_coverage_without_a_supporting_story_says_nothing(programme):
    insight = an_insight(programme=programme, contradicts=[told_in("first", "Early help", "Bolton")])
    assert str(coverage_of(insight)) == ""


def test_coverage_of_a_practice_counts_for_the_single_workshop_label_alone(programme):
    insight = an_insight(programme=programme, supports=[told_in("first", "Early help", "Bolton")])
    assert coverage_of(insight).single_workshop is is_from_single_workshop(insight) is True
    hidden = told_in("second", "Hubs", "Wigan", status=Status.DRAFT)
    practice = a_practice(stories=[told_in("first", "Early help", "Bury"), hidden])
    Evidence.objects.create(insight=insight, practice=practice, order=2)
    assert coverage_of(insight).single_workshop is is_from_single_workshop(insight) is True
    practice.stories.add(told_in("second", "Hubs", "Wigan"))
    assert coverage_of(insight).single_workshop is is_from_single_workshop(insight) is False
    assert str(coverage_of(insight)) == "Supported by stories from 1 of 2 services, 1 of 3 places, 1 of 2 workshops"


def test_coverage_takes_the_same_queries_for_one_insight_and_for_many(programme, django_assert_num_queries):
    for _ in range(3):
        practice = a_practice(stories=[told_in("first", "Early help", "Bolton")])
        insight = an_insight(programme=programme, supports=[told_in("second", "Hubs", "Wigan")])
        Evidence.objects.create(insight=insight, practice=practice, order=9)
    one = list(Insight.objects.all().for_page()[:1])
    many = list(Insight.objects.all().for_page())
    with django_assert_num_queries(4):
        with_coverage(one)
    with django_assert_num_queries(4):
        with_coverage(many)
