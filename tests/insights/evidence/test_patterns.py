"""Which tags and pairs of tags are put before editors, in which order, and what starting an insight attaches."""

import random
from collections import Counter
from itertools import combinations

import pytest
from django.core.exceptions import ValidationError

from insights.evidence import editing, patterns
from insights.models import Insight
from insights.publications import publishing, working_copies
from tests.desk import messages, page
from tests.factories import (
    a_participant,
    a_phase,
    a_programme,
    a_service_area,
    a_story,
    a_user,
    a_workshop,
    an_insight,
)
from workshops.choices import Consent, Status
from workshops.consent import withdrawal
from workshops.models import Story, Tag
from workshops.roles import ADMINISTRATOR, ANALYST, EDITOR, FACILITATOR

pytestmark = pytest.mark.django_db

PATTERNS = "/admin/insights/insight/patterns/"
START = "/admin/insights/insight/patterns/start/"


def stories(number, *tags, workshops=2, **fields):
    """So many stories with these tags, from so many workshops in turn."""
    rooms = [a_workshop() for _ in range(workshops)]
    return [a_story(tags=tags, **{"workshop": rooms[n % workshops]} | fields) for n in range(number)]


def found(**narrowing):
    tags, pairs = patterns.find_patterns(**narrowing)
    return [(str(p), p.stories) for p in tags], [(str(p), p.stories) for p in pairs]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [([], 0), ([0, 0], 0), ([7], 1), ([7, 0], 1), ([3, 3], 2), ([2, 2, 2, 2], 4), ([1, 1, 2], 2.8284271247)],
)
def test_spread_is_the_exponential_of_the_entropy(counts, expected):
    assert patterns.spread(counts) == pytest.approx(expected)


def test_tag_needs_five_stories_from_two_workshops():
    stories(5, "trust")
    stories(4, "vans")
    stories(6, "one room", workshops=1)
    assert found() == ([("trust", 5)], [])


def test_pair_needs_four_stories_even_of_one_workshop():
    stories(4, "trust", "vans", workshops=1)
    stories(3, "trust", "food")
    assert found() == ([("trust", 7)], [("trust + vans", 4)])


def test_only_what_was_told_to_the_team_counts():
    stories(4, "trust", "vans")
    told = stories(1, "trust", "vans", status=Status.DRAFT, consent=Consent.TEAM, told_by=a_participant())
    stories(1, "trust", "vans", status=Status.DRAFT, consent=Consent.FACILITATORS)
    withdrawal.withdraw_stories(stories(1, "trust", "vans"))
    (tag, other), (pair,) = patterns.find_patterns()
    assert [(str(p), p.stories, p.published) for p in (tag, other, pair)] == [
        ("trust", 5, 4),
        ("vans", 5, 4),
        ("trust + vans", 5, 4),
    ]
    assert told[0] in Story.objects.told_to_team()


def test_told_to_team_is_what_an_editor_sees_beyond_their_own_workshops():
    editor = a_user(EDITOR, FACILITATOR)
    kinds = [(Status.PUBLISHED, Consent.PUBLIC), (Status.DRAFT, Consent.TEAM), (Status.DRAFT, Consent.FACILITATORS)]
    for status, level in kinds:
        a_story(status=status, consent=level)
        a_story(status=status, consent=level, workshop=a_workshop(facilitators=[editor]))
    withdrawal.withdraw_stories([a_story()])
    told = Story.objects.told_to_team()
    assert told.count() == 4
    assert set(told) == set(Story.objects.visible_to(editor).filter(effective_consent__gte=Consent.TEAM))


def test_areas_tell_count_and_depth():
    help_, housing, schools = (a_service_area(name) for name in ["Early help", "Housing", "Schools"])
    stories(6, "trust", service_area=help_)
    stories(2, "trust", service_area=housing)
    stories(1, "trust")
    ((pattern,), _) = patterns.find_patterns()
    assert pattern.areas == [(help_, 6, 4), (housing, 2, 2), (schools, 0, 0)]
    assert pattern.spread == pytest.approx(1.7547653506)


def test_support_ranks_first_and_then_the_even_spread():
    help_, housing = a_service_area("Early help"), a_service_area("Housing")
    stories(6, "narrow", service_area=help_)
    stories(3, "even", service_area=help_)
    stories(3, "even", service_area=housing)
    stories(7, "most", service_area=help_)
    stories(6, "alike", service_area=help_)
    assert found()[0] == [("most", 7), ("even", 6), ("alike", 6), ("narrow", 6)]


def test_what_an_insight_uses_comes_last():
    used = stories(9, "used", "both")
    stories(5, "free")
    insight = an_insight(title="On it", supports=used[:3])
    editing.attach_evidence(insight, used[3], "contradicts")
    tags, pairs = patterns.find_patterns()
    assert [(str(p), [str(i) for i in p.used_by]) for p in tags + pairs] == [
        ("free", []),
        ("both", ["On it"]),
        ("used", ["On it"]),
        ("both + used", ["On it"]),
    ]


def test_three_stories_of_an_insight_are_not_yet_use():
    told = stories(9, "tag")
    an_insight(supports=told[:3])
    ((pattern,), _) = patterns.find_patterns()
    assert pattern.used_by == []


def test_programme_narrows_what_is_counted():
    phase = a_phase()
    rooms = [a_workshop(phase=phase), a_workshop(phase=phase)]
    for number in range(5):
        a_story(tags=["here"], workshop=rooms[number % 2])
    stories(5, "elsewhere")
    assert found(programme=phase.programme) == ([("here", 5)], [])


@pytest.mark.parametrize("seed", range(5))
def test_pairs_are_those_that_counting_every_pair_gives(monkeypatch, seed):
    monkeypatch.setattr(patterns, "MAX_PATTERNS", 6)
    draw = random.Random(seed)  # noqa: S311 - invented stories
    tags = [f"tag {n}" for n in range(12)]
    room, counts = a_workshop(), Counter()
    for _ in range(60):
        borne = sorted(set(draw.choices(tags, range(12, 0, -1), k=4)))
        a_story(tags=borne, workshop=room)
        counts.update(combinations(borne, 2))
    order = [count for _, count in counts.most_common() if count >= 4][:6]
    _, pairs = patterns.find_patterns()
    assert [pair.stories for pair in pairs] == order
    assert all(counts[tuple(sorted(tag.name for tag in pair.tags))] == pair.stories for pair in pairs)


def test_start_attaches_a_bounded_number_from_each_area_in_turn():
    help_, housing = a_service_area("Early help"), a_service_area("Housing")
    programme = a_programme(slug="gm")
    room = a_workshop(programme=programme)
    for _ in range(20):
        a_story(tags=["trust", "vans"], service_area=help_, workshop=room)
    draft = a_story(
        tags=["trust", "vans"], service_area=housing, status=Status.DRAFT, consent=Consent.TEAM, told_by=a_participant()
    )
    for _ in range(2):
        a_story(tags=["trust", "vans"], service_area=housing)
    a_story(tags=["trust"], service_area=housing)
    a_story(tags=["trust", "vans"], status=Status.DRAFT, consent=Consent.FACILITATORS)
    insight, borne = patterns.start_insight(Tag.objects.order_by("name"))
    evidence = list(insight.evidence.order_by("order").select_related("story__service_area"))
    assert (insight.status, insight.programme, insight.title, borne) == (
        "draft",
        programme,
        "To be written: what stories of trust and vans say",
        23,
    )
    assert (len(evidence), {piece.role for piece in evidence}) == (12, {"supports"})
    assert Counter(piece.story.service_area.name for piece in evidence) == {"Early help": 9, "Housing": 3}
    assert [piece.story for piece in evidence].index(draft) > 3


def test_across_areas_goes_from_workshop_to_workshop():
    area, room, other = a_service_area(), a_workshop(), a_workshop()
    told = [a_story(ref=ref, service_area=area, workshop=room) for ref in ("a", "b", "c")]
    told.append(a_story(ref="d", service_area=area, workshop=other))
    assert [story.ref for story in patterns.across_areas(told)] == ["a", "d", "b", "c"]


def test_start_is_refused_when_no_story_bears_the_tags():
    stories(1, "trust")
    stories(1, "vans")
    with pytest.raises(ValidationError):
        patterns.start_insight(Tag.objects.all())
    assert not Insight.objects.exists()


@pytest.fixture
def as_editor(client):
    client.force_login(a_user(EDITOR))
    return client


@pytest.mark.parametrize("role", [FACILITATOR, ANALYST, ADMINISTRATOR])
def test_patterns_are_for_editors(client, role):
    stories(5, "trust")
    client.force_login(a_user(role))
    assert client.get(PATTERNS).status_code == 403
    assert client.post(START, {"tags": Tag.objects.get().pk}).status_code == 403
    assert not Insight.objects.exists()


def test_page_shows_patterns_with_the_formula(as_editor):
    stories(5, "trust", "vans", service_area=a_service_area("Housing"))
    stories(4, "secret", status=Status.DRAFT, consent=Consent.FACILITATORS)
    shown = as_editor.get(PATTERNS).content.decode()
    assert "exp(−Σ pᵢ · ln pᵢ)" in shown
    assert '<td class="depth-4">5</td>' in shown
    assert ("trust + vans" in shown, "secret" in shown) == (True, False)


def test_one_click_starts_an_insight(as_editor):
    told = stories(5, "trust", "vans")
    tags = Tag.objects.order_by("name")
    response = as_editor.post(START, {"tags": [tag.pk for tag in tags]}, follow=True)
    insight = Insight.objects.get()
    assert response.redirect_chain == [(page(Insight, "change", insight.pk), 302)]
    assert str(insight.written_by_id) == as_editor.session["_auth_user_id"]
    assert set(insight.evidence.values_list("story", flat=True)) == {story.pk for story in told}
    assert messages(response) == [
        "A draft is started. 5 of the 5 stories are attached as support, taken from each service in turn. Write the "
        "claim, and say what each story does to it."
    ]
    singles, pairs = patterns.find_patterns()
    assert {str(pattern): bool(pattern.used_by) for pattern in singles + pairs} == {
        "trust": True,
        "vans": True,
        "trust + vans": True,
    }


@pytest.mark.parametrize("tags", [[], ["x"], [10**9], [1, 2, 3]])
def test_start_of_what_is_no_pattern_says_so(as_editor, tags):
    a_story(tags=["a", "b", "c"])
    keys = list(Tag.objects.values_list("pk", flat=True)) if len(tags) == 3 else tags
    response = as_editor.post(START, {"tags": keys}, follow=True)
    assert messages(response) == ["This pattern is not there any more. Look at the list again."]
    assert not Insight.objects.exists()


def test_start_is_no_link(as_editor):
    assert as_editor.get(START).status_code == 405


def test_working_copy_uses_no_pattern_before_it_is_published():
    told = stories(5, "trust")
    insight = an_insight(supports=[a_story()], none_found="We asked.", title="Trust grows")
    copy = working_copies.row_to_write(insight)
    for story in told:
        editing.attach_evidence(copy, story, "supports")
    assert [pattern.used_by for pattern in patterns.find_patterns()[0]] == [[]]
    publishing.publish_insight(insight)
    assert [pattern.used_by for pattern in patterns.find_patterns()[0]] == [[insight]]
