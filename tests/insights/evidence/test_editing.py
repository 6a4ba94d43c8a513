"""What can be done with the evidence of an insight, what is refused, and how an excerpt follows its wording."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from insights.evidence import editing
from insights.models import Evidence, Insight, SetAside
from tests.crowd import all_at_once
from tests.factories import (
    a_participant,
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
from workshops.consent import withdrawal

pytestmark = pytest.mark.django_db

WORDING = "We rang twice. Nobody came.\nWe rang twice, and a neighbour came."


def attached(passage="", start=None, **story):
    return editing.attach_evidence(
        an_insight(), a_story(**{"published_text": WORDING} | story), "supports", passage, start
    )


def order_of(insight):
    return [piece.story.title for piece in insight.evidence.order_by("order", "pk").select_related("story")]


def refusal(step, *arguments):
    with pytest.raises(ValidationError) as problem:
        step(*arguments)
    return problem.value.messages


def test_attach_puts_it_last():
    insight = an_insight(supports=[a_story(title="First")])
    editing.attach_evidence(insight, a_story(title="Second"), "contradicts")
    practice = a_practice()
    editing.attach_evidence(insight, practice, "qualifies")
    assert list(insight.evidence.order_by("order").values_list("order", "role", "story__title", "practice")) == [
        (1, "supports", "First", None),
        (2, "contradicts", "Second", None),
        (3, "qualifies", None, practice.pk),
    ]


@pytest.mark.parametrize("make", [a_story, a_practice])
def test_attach_twice_is_refused_in_words(make):
    insight, thing = an_insight(), make()
    editing.attach_evidence(insight, thing, "supports")
    assert refusal(editing.attach_evidence, insight, thing, "contradicts") == [
        f"“{thing}” is among the evidence already."
    ]
    assert list(insight.evidence.values_list("role", flat=True)) == ["supports"]


def test_attach_ends_being_set_aside():
    insight, other, story = an_insight(), an_insight(), a_story()
    editing.set_stories_aside(insight, [story], "outlier")
    editing.set_stories_aside(other, [story], "outlier")
    editing.attach_evidence(insight, story, "supports")
    assert list(SetAside.objects.values_list("insight", flat=True)) == [other.pk]


def test_passage_is_found_where_it_first_stands():
    piece = attached("We rang twice")
    assert (piece.excerpt, piece.excerpt_start) == ("We rang twice", 0)


def test_start_tells_which_of_two_like_passages_is_meant():
    assert attached("We rang twice", 28).excerpt_start == 28


def test_start_counts_code_points():
    piece = attached("came", published_text="👩‍👩‍👧 and 🙂 came")
    assert piece.excerpt_start == 12
    assert piece.wording[piece.excerpt_start :] == "came"


def test_passage_may_break_its_lines_elsewhere():
    piece = attached("  Nobody came.  We rang\r\ntwice, and ")
    assert (piece.excerpt, piece.excerpt_start) == ("Nobody came.\nWe rang twice, and", 15)


def test_passage_that_is_not_in_the_wording_is_refused():
    insight, story = an_insight(), a_story(title="The van", published_text=WORDING, text="Mrs Khan came.")
    assert refusal(editing.attach_evidence, insight, story, "supports", "Mrs Khan came.") == [
        "The published wording of “The van” does not say this. Copy the passage letter by letter."
    ]
    assert not insight.evidence.exists()


def test_change_keeps_the_place_of_a_passage_that_stays():
    piece = attached("We rang twice", 28)
    editing.change_evidence(piece, "qualifies", "We rang twice")
    piece.refresh_from_db()
    assert (piece.role, piece.excerpt_start) == ("qualifies", 28)


def test_change_empties_the_quotation():
    piece = attached("We rang twice", 28)
    editing.change_evidence(piece, "supports", " ")
    piece.refresh_from_db()
    assert (piece.excerpt, piece.excerpt_start) == ("", None)


def test_excerpt_follows_a_wording_that_grew_before_it():
    piece = attached("We rang twice", 28)
    piece.story.published_text = f"In May: {WORDING}"
    piece.story.save()
    fresh = Evidence.objects.get()
    assert (fresh.is_broken, list(Evidence.objects.broken())) == (False, [])
    fresh.save()
    fresh.refresh_from_db()
    assert fresh.excerpt_start == 36


def test_excerpt_that_a_later_edit_breaks_is_noticed():
    broken, whole, none = attached("Nobody came."), attached("Nobody came."), attached()
    practice = a_practice(statement="Ring twice.")
    of_practice = editing.attach_evidence(an_insight(), practice, "supports", "Ring")
    broken.story.published_text = "We rang twice. nobody came."
    broken.story.save()
    practice.statement = "Call."
    practice.save()
    assert {piece.pk: piece.is_broken for piece in Evidence.objects.all()} == {
        broken.pk: True,
        whole.pk: False,
        none.pk: False,
        of_practice.pk: True,
    }
    assert set(Evidence.objects.broken()) == {broken, of_practice}


def test_broken_excerpt_keeps_its_words_and_the_place_where_it_stood():
    piece = attached("Nobody came.")
    piece.story.published_text = "Gone."
    piece.story.save()
    editing.change_evidence(Evidence.objects.get(), "qualifies", "Nobody came.")
    piece.refresh_from_db()
    assert (piece.role, piece.excerpt, piece.excerpt_start) == ("qualifies", "Nobody came.", 15)


def test_withdrawal_takes_the_place_of_an_excerpt_with_it():
    piece = attached("Nobody came.")
    withdrawal.withdraw_stories([piece.story])
    piece.refresh_from_db()
    assert (piece.excerpt, piece.excerpt_start) == ("", None)


def test_database_keeps_no_place_without_an_excerpt():
    piece = attached("Nobody came.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.filter(pk=piece.pk).update(excerpt="")


def test_move_puts_a_piece_in_its_place_and_numbers_all():
    insight = an_insight(supports=[a_story(title=title) for title in "ABCD"])
    insight.evidence.update(order=7)  # as a file may bring them
    editing.move_evidence(insight.evidence.get(story__title="D"), 1)
    assert order_of(insight) == ["A", "D", "B", "C"]
    assert sorted(insight.evidence.values_list("order", flat=True)) == [1, 2, 3, 4]


def test_move_leaves_what_is_not_at_the_bench_where_it_is():
    gone = a_story(title="Gone")
    insight = an_insight(supports=[a_story(title="A"), gone, a_story(title="B"), a_story(title="C")])
    withdrawal.withdraw_stories([gone])
    editing.move_evidence(insight.evidence.get(story__title="C"), 0)
    places = list(insight.evidence.order_by("order").values_list("story", flat=True))
    assert places.index(gone.pk) == 1
    assert [piece.story.title for piece in insight.evidence.at_bench().order_by("order")] == ["C", "A", "B"]


def test_set_aside_takes_many_at_once_and_replaces_their_reason():
    insight, first, second = an_insight(), a_story(), a_story()
    editing.set_stories_aside(insight, [first], "outlier")
    editing.set_stories_aside(insight, [first, second], "too old")
    assert set(insight.set_aside.values_list("story", "reason")) == {(first.pk, "too old"), (second.pk, "too old")}


def test_set_aside_refuses_all_if_one_is_evidence():
    used, other = a_story(title="Used"), a_story()
    insight = an_insight(supports=[used])
    assert refusal(editing.set_stories_aside, insight, [other, used], "outlier") == [
        "“Used” is among the evidence. Take it out first."
    ]
    assert not insight.set_aside.exists()


def test_at_bench_leaves_out_what_is_not_for_editors():
    told = [
        a_story(title="Published"),
        a_story(title="Team", status=Status.DRAFT, consent=Consent.TEAM, told_by=a_participant()),
        a_story(title="Facilitators", status=Status.DRAFT, consent=Consent.FACILITATORS),
        a_story(title="Withdrawn"),
    ]
    insight = an_insight(supports=told)
    editing.attach_evidence(insight, a_practice(status=Status.DRAFT), "supports")
    withdrawal.withdraw_stories([told[3]])
    assert [piece.story and piece.story.title for piece in insight.evidence.at_bench().order_by("order")] == [
        "Published",
        "Team",
        None,
    ]


def test_reach_names_what_the_support_covers_and_what_it_misses():
    programme = a_programme()
    help_, housing = a_service_area("Early help"), a_service_area("Housing")
    bolton, bury = a_place("Bolton"), a_place("Bury")
    one, two = a_phase(programme=programme, number=1), a_phase(programme=programme, number=2)
    here = a_workshop(phase=one, slug="here", service_areas=[help_, housing], places=[bolton, bury])
    there = a_workshop(phase=two, slug="there", service_areas=[help_])
    a_workshop(slug="elsewhere", service_areas=[a_service_area("Schools")], places=[a_place("Leeds")])
    told = {"workshop": here, "service_area": help_, "place": bury}
    supports = [a_story(**told), a_story(status=Status.DRAFT, **told)]
    against = a_story(workshop=there, service_area=housing, place=bolton)
    insight = an_insight(programme=programme, supports=supports, contradicts=[against])
    areas, places, phases, workshops = editing.draft_reach(insight, list(insight.evidence.for_page()))
    assert (areas.heard, areas.missing) == ([(help_, "early-help", 2)], [(housing, "housing")])
    assert (places.heard, places.missing) == ([(bury, bury.code, 2)], [(bolton, bolton.code)])
    assert (phases.heard, phases.missing) == ([(one, 1, 2)], [(two, 2)])
    assert (workshops.heard, workshops.missing) == ([(here, "here", 2)], [(there, "there")])
    assert [str(part) for part in (areas, workshops)] == ["1 of 2 services", "1 of 2 workshops"]


@pytest.mark.django_db(transaction=True)
def test_editors_who_attach_at_once_lose_nothing():
    insight = an_insight()
    stories = [a_story() for _ in range(8)]
    stories.append(stories[0])

    def attach(number):
        try:
            return editing.attach_evidence(Insight.objects.get(pk=insight.pk), stories[number], "supports").order
        except ValidationError:
            return None

    orders = all_at_once(attach, len(stories))
    assert insight.evidence.count() == 8
    assert sorted(order for order in orders if order) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert orders.count(None) == 1
