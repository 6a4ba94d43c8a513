import re

import pytest

from insights.browsing.trail import trails
from insights.choices import Reason
from insights.models import SetAside
from tests.factories import a_practice, a_programme, a_story, a_theme, a_workshop, an_insight
from workshops.choices import Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    """Two workshops, three published stories, a finding and an idea; and as much again that is not its or not public."""
    programme = a_programme(slug="gm", title="Greater Manchester")
    workshop, people = a_workshop(programme=programme), a_theme("People")
    a_workshop(phase=workshop.phase)
    first, second, third = (a_story(workshop=workshop, themes=[people]) for _ in range(3))
    draft = a_story(workshop=workshop, themes=[a_theme("Hidden")], status=Status.DRAFT)
    finding = an_insight(programme=programme, supports=[first, draft], contradicts=[second])
    an_insight(programme=programme, kind="big idea", builds_on=[finding])
    an_insight(programme=programme, status=Status.DRAFT, supports=[third])
    SetAside.objects.create(insight=finding, story=third, reason=Reason.OUTLIER)
    a_practice(stories=[first])
    a_practice(stories=[first], status=Status.DRAFT)
    an_insight(supports=[a_story(themes=[a_theme("Elsewhere")])])
    return programme


STEPS = [
    ("2 workshops", "/workshops/?programme=gm"),
    ("3 stories", "/stories/?programme=gm"),
    ("1 theme", "/matrix/?programme=gm"),
    ("1 practice", "/votes/?programme=gm"),
    ("1 finding", "/insights/?programme=gm&kind=finding"),
    ("1 big idea", "/insights/?programme=gm&kind=big+idea"),
]


def test_trail_counts_what_is_public_of_one_programme(programme):
    (told,) = trails([programme])
    assert [(step.counted, step.url) for step in told.steps] == STEPS
    assert (told.used, told.left) == (2, 1)


def test_trails_of_many_programmes_cost_the_same_and_keep_them_apart(programme, django_assert_num_queries):
    others = [a_programme(slug=f"p{n}") for n in range(4)]
    for other in others:
        story = a_story(workshop=a_workshop(programme=other))
        a_practice(stories=[story])
        an_insight(programme=other, supports=[story])
    with django_assert_num_queries(5):
        first, *rest = trails([programme, *others])
    assert [(step.counted, step.url) for step in first.steps] == STEPS
    for trail, other in zip(rest, others, strict=True):
        assert trail.programme == other
        counted = [step.counted for step in trail.steps]
        assert counted == ["1 workshop", "1 story", "1 practice", "1 finding"]
        assert (trail.used, trail.left) == (1, 0)


def test_trail_leads_to_as_many_as_it_counts(programme, client):
    for counted, url in STEPS:
        if not url.startswith("/matrix/"):
            assert client.get(url).context["paginator"].count == int(counted.split()[0]), url


def test_step_is_a_sentence_that_links_what_it_counts(programme):
    (told,) = trails([programme])
    assert [step.sentence for step in told.steps] == [
        '<a href="/workshops/?programme=gm">2 workshops</a> held, and notes taken',
        '<a href="/stories/?programme=gm">3 stories</a> told there may be read, as their givers agreed',
        '<a href="/matrix/?programme=gm">1 theme</a> to sort them by, beside the service areas',
        '<a href="/votes/?programme=gm">1 practice</a> drawn from them and put to the vote',
        '<a href="/insights/?programme=gm&amp;kind=finding">1 finding</a> on what held across services, '
        "with the evidence against",
        '<a href="/insights/?programme=gm&amp;kind=big+idea">1 big idea</a> of what people could do about it',
    ]


@pytest.mark.parametrize(
    ("address", "of_which"), [("/programmes/gm/", ""), ("/about/method/", " in “Greater Manchester”")]
)
def test_trail_stands_on_the_page(address, of_which, programme, client):
    page = " ".join(re.sub("<[^>]+>", " ", client.get(address).content.decode()).split())
    assert f"From notes to insights{of_which} 2 workshops held, and notes taken 3 stories told" in page
    assert "Of the stories, 2 stand in an insight as evidence for or against it; 1 was considered" in page


def test_trail_of_a_programme_without_workshops_is_not_shown(client):
    a_programme(slug="new")
    assert "From notes to insights" not in client.get("/programmes/new/").content.decode()
