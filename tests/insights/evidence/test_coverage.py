import json

import pytest

from insights.choices import Role
from insights.evidence.coverage import Coverage, coverage_of, with_coverage
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
from workshops.choices import Consent, Kind, Status
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


def names(things):
    return [thing.name for thing in things]


def names_by_role(part):
    return {role.value: names(things) for role, things in part.heard.items() if things}


def with_every_role(programme):
    """An insight that Bury supports, Bolton qualifies and Bolton and Wigan contradict."""
    insight = an_insight(
        programme=programme,
        supports=[told_in("first", "Early help", "Bury")],
        contradicts=[told_in("first", "Early help", "Bolton"), told_in("second", "Hubs", "Wigan")],
    )
    Evidence.objects.create(insight=insight, story=told_in("first", "Early help", "Bolton"), role=Role.QUALIFIES)
    hidden = told_in("second", "Hubs", "Bury", status=Status.DRAFT)
    Evidence.objects.create(insight=insight, story=hidden, role=Role.CONTRADICTS)
    return insight


def test_coverage_names_what_it_reaches_and_what_it_does_not(programme):
    insight = an_insight(programme=programme, supports=[told_in("first", "Early help", "Bury")])
    services, places, _ = coverage_of(insight).parts
    assert (names_by_role(services), names(services.unheard)) == ({"supports": ["Early help"]}, ["Hubs"])
    assert (names_by_role(places), names(places.unheard)) == ({"supports": ["Bury"]}, ["Bolton", "Wigan"])


def test_coverage_names_whoever_qualifies_or_contradicts_beside_those_who_support(programme):
    services, places, _ = coverage_of(with_every_role(programme)).parts
    assert names_by_role(services) == {
        "supports": ["Early help"], "qualifies": ["Early help"], "contradicts": ["Early help", "Hubs"],
    }  # fmt: skip
    assert names_by_role(places) == {"supports": ["Bury"], "qualifies": ["Bolton"], "contradicts": ["Bolton", "Wigan"]}
    assert (services.unheard, places.unheard) == ([], [])


def test_coverage_counts_how_far_contradiction_reaches(programme):
    coverage = coverage_of(with_every_role(programme))
    assert str(coverage) == "Supported by stories from 1 of 2 services, 1 of 3 places, 1 of 2 workshops"
    assert list(map(str, coverage.against)) == ["2 of 2 services", "2 of 3 places", "2 of 2 workshops"]
    assert coverage_of(an_insight(supports=[a_story()])).against == []


def elsewhere(slug="second", area="Hubs", **fields):
    story = told_in(slug, area, "Bury", kind=Kind.ELSEWHERE, location="Utrecht", **fields)
    story.place = None
    story.save()
    return story


def test_coverage_of_examples_from_elsewhere_says_so_and_counts_no_place(programme):
    told = [elsewhere(), elsewhere("first", "Early help"), elsewhere(status=Status.DRAFT)]
    coverage = coverage_of(an_insight(programme=programme, supports=told))
    assert str(coverage) == "Supported by 2 examples from elsewhere, told in 2 of 2 services, 2 of 2 workshops"
    one = coverage_of(an_insight(programme=programme, supports=[elsewhere()]))
    assert str(one) == "Supported by 1 example from elsewhere, told in 1 of 2 services, 1 of 2 workshops"


def test_coverage_says_how_many_of_its_stories_are_examples_from_elsewhere(programme):
    here = told_in("first", "Early help", "Bury")
    one = an_insight(programme=programme, supports=[here, elsewhere()])
    both = an_insight(programme=programme, supports=[here, elsewhere(), elsewhere()])
    reach = "Supported by stories from 2 of 2 services, 1 of 3 places, 2 of 2 workshops"
    assert str(coverage_of(one)) == f"{reach}; 1 of these stories is an example from elsewhere"
    assert str(coverage_of(both)) == f"{reach}; 2 of these stories are examples from elsewhere"


def test_coverage_is_the_same_after_a_publication_kept_it(programme):
    told = [elsewhere(), told_in("first", "Early help", "Bury")]
    for supports, contradicts in [(told, told_in("second", "Hubs", "Wigan")), (told[:1], elsewhere())]:
        coverage = coverage_of(an_insight(programme=programme, supports=supports, contradicts=[contradicts]))
        kept = Coverage.thawed(json.loads(json.dumps(coverage.frozen())))
        assert str(kept) == str(coverage)
        assert list(map(str, kept.against)) == list(map(str, coverage.against))
        assert kept.frozen() == coverage.frozen()


def test_coverage_keeps_no_key_that_stands_for_nothing(programme):
    coverage = coverage_of(an_insight(programme=programme, supports=[told_in("first", "Early help", "Bury")]))
    assert coverage.frozen() == {
        "parts": [["service", 1, 2], ["place", 1, 3], ["workshop", 1, 2]], "stories": 1, "single_workshop": True,
    }  # fmt: skip


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
