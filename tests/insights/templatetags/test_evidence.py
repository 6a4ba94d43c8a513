import datetime
from types import SimpleNamespace

import pytest

from insights.choices import Role
from insights.evidence.coverage import Coverage, CoveragePart
from insights.models import Insight, Publication
from insights.templatetags.evidence import published_as, strip_parts, strip_sentence, supported_by


def pieces(**counts):
    """Stories and practices by role: `pieces(supports=(14, 1))`."""
    return [
        SimpleNamespace(role=Role(role), practice_id=kind)
        for role, (stories, practices) in counts.items()
        for kind in [None] * stories + [7] * practices
    ]


@pytest.mark.parametrize(
    ("evidence", "said"),
    [
        (pieces(), ""),
        (pieces(supports=(1, 0)), "1 story supports this, none contradicts it"),
        (pieces(supports=(0, 1)), "1 practice supports this, none contradicts it"),
        (pieces(supports=(1, 1)), "1 story and 1 practice support this, none contradicts it"),
        (
            pieces(supports=(14, 2), qualifies=(2, 0), contradicts=(1, 0)),
            "14 stories and 2 practices support this, 2 stories qualify it, 1 story contradicts it",
        ),
        (pieces(qualifies=(1, 0), contradicts=(2, 0)), "1 story qualifies this, 2 stories contradict it"),
        (pieces(qualifies=(0, 2)), "2 practices qualify this, none contradicts it"),
        (pieces(contradicts=(1, 0)), "1 story contradicts this"),
        (pieces(contradicts=(0, 3)), "3 practices contradict this"),
    ],
)
def test_strip_says_in_a_sentence_what_its_blocks_show(evidence, said):
    assert strip_sentence(evidence) == said


def test_parts_of_the_strip_name_the_role_they_are_about():
    assert strip_parts(pieces(contradicts=(1, 0), supports=(2, 0))) == [
        (Role.SUPPORTS, "2 stories support this"),
        (Role.CONTRADICTS, "1 story contradicts it"),
    ]


def insight_with(*parts):
    insight = Insight(slug="vans")
    insight.coverage = Coverage(list(parts), stories=2, single_workshop=False)
    return insight


def test_coverage_links_each_part_to_the_supporting_stories():
    stories = "/stories/?insight=vans"
    said = supported_by(insight_with(CoveragePart("service", 1, 2), CoveragePart("workshop", 1, 1)))
    assert said == (
        f'Supported by <a href="{stories}">stories</a> from <a href="{stories}">1 of 2 services</a>, '
        f'<a href="{stories}">1 of 1 workshop</a>.'
    )
    assert supported_by(insight_with()) == f'Supported by <a href="{stories}">stories</a>.'


def test_insight_names_the_version_it_was_published_as_and_those_before():
    insight = Insight(slug="vans")
    first, second, third = (
        Publication(insight=insight, version=number, published_on=datetime.date(2021, number, 5))
        for number in (1, 2, 3)
    )
    links = [f'<a href="/insights/vans/v{number}/">version {number}</a>' for number in (1, 2, 3)]
    assert published_as(first, []) == f"Published on 5 January 2021 as {links[0]}."
    assert published_as(third, [first, second]) == (
        f"Published on 5 March 2021 as {links[2]}; before that {links[0]} (5 January 2021), {links[1]} (5 February 2021)."
    )
