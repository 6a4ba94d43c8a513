import pytest

from tests.factories import (
    a_participant,
    a_phase,
    a_practice,
    a_programme,
    a_story,
    a_user,
    a_workshop,
    an_article,
    an_insight,
    may_stand,
)
from workshops.consent import withdrawal
from workshops.judgements import judging
from workshops.judgements.judging import UnjudgedPassagesError, forget_judgements, judge_passages
from workshops.judgements.passages import JudgedIn, listed_words, masked, story_passages
from workshops.models import Identity, Judgement, UnjudgedPublication
from workshops.personal_data import Mark

pytestmark = pytest.mark.django_db


def in_room(story):
    return JudgedIn(workshops=(story.workshop_id,))


def words():
    return sorted(Judgement.objects.values_list("word", flat=True))


def still_asked(story):
    return [passage.text for passage in story_passages(story) if passage.is_open]


def test_word_is_judged_once_for_its_workshop_and_shown_to_the_next_person():
    room, ada = a_workshop(), a_user(first_name="Ada", last_name="Example")
    first = a_story(workshop=room, title="Told", published_text="Then Hope Stretford rang.")
    second = a_story(workshop=room, title="Told", published_text="It was HOPE  stretford; Hope Stretford came.")
    elsewhere = a_story(title="Told", published_text="Then Hope Stretford rang.")

    judge_passages(story_passages(first), in_room(first), ada, "a house, not a person")

    assert (still_asked(first), still_asked(elsewhere)) == ([], ["Hope Stretford"])
    assert "Hope Stretford" not in still_asked(second)
    judgement = story_passages(first)[0].judgement
    assert (judgement.judged_by, judgement.why) == (ada, "a house, not a person")
    assert judgement.sentence.startswith("Ada Example said on ")


def test_another_passage_or_kind_is_asked_about_again():
    story = a_story(title="Told", published_text="Then Hope rang.")
    may_stand(story)
    assert still_asked(story) == []
    story.published_text = "Then Hope rang 0161 496 0000."
    assert still_asked(story) == ["0161 496 0000"]
    participant = a_participant([story.workshop])
    Identity.objects.create(participant=participant, name="Hope Marks")
    assert still_asked(story) == ["Hope", "0161 496 0000"]


def test_second_judgement_of_a_word_leaves_the_first():
    story, first = a_story(title="Told", published_text="Ring 0161 496 0000."), a_user()
    passages = story_passages(story)
    judge_passages(passages, in_room(story), first, "a switchboard")
    judge_passages(passages, in_room(story), a_user(), "something else")
    assert list(Judgement.objects.values_list("judged_by", "why")) == [(first.pk, "a switchboard")]


def test_who_may_not_know_who_was_there_reads_of_a_name_and_judges_what_it_is():
    story = a_story(title="Told", published_text="Then ann rang.")
    Identity.objects.create(participant=a_participant([story.workshop]), name="Ann Field")
    (passage,) = masked(story_passages(story))
    assert (passage.mark, passage.token) == (Mark.NAME, "name:ann")
    with pytest.raises(UnjudgedPassagesError) as refusal:
        judging.refuse_unjudged(story, story_passages(story))
    assert refusal.value.messages == [
        "Nobody has said yet that a passage which may tell who somebody is may stand: “ann” (perhaps a name)."
    ]
    judge_passages([passage], in_room(story), a_user())
    assert list(Judgement.objects.values_list("mark", "word")) == [("participant", "ann")]
    assert still_asked(story) == []


def test_refusal_names_a_few_passages_and_counts_the_others():
    numbers = [f"0161 496 {n:04}" for n in range(10)]
    story = a_story(title="Told", published_text=", ".join(numbers))
    with pytest.raises(UnjudgedPassagesError) as refusal:
        judging.refuse_unjudged(story, story_passages(story))
    assert refusal.value.messages[0].endswith("“0161 496 0007” (a phone number), 2 more.")


def test_judgement_settles_all_that_waits_for_it_in_its_workshop():
    room = a_workshop()
    one, other = (a_story(workshop=room, title="Told", published_text="Ring 0161 496 0000.") for _ in range(2))
    for story in (one, other):
        judging.note_unjudged(story, 1)
    elsewhere = a_story(title="Told", published_text="Ring 0161 496 0000.")
    judging.note_unjudged(elsewhere, 1)
    may_stand(one)
    assert list(UnjudgedPublication.objects.values_list("ref", flat=True)) == [elsewhere.ref]


def test_judged_words_are_listed_as_they_are_written():
    assert listed_words({"zoe marks", "hope", "ann"}, ["Hopeful", "Then Zoë\nMarks; HOPE."]) == ["Zoë Marks", "HOPE"]


# Forgetting, before and after the words are gone.


def judged_story(room, text):
    return may_stand(a_story(workshop=room, title="Told", published_text=text))


@pytest.mark.parametrize("by", ["itself", "the withdrawal"])
def test_judgements_go_with_the_only_story_that_held_their_word(by):
    room = a_workshop()
    gone = judged_story(room, "Ring 0161 496 0000 or 0161 496 0001 or 0161 496 0002.")
    judged_story(room, "Ring 0161 496 0001.")
    may_stand(a_practice([gone], statement="Ring 0161 496 0002."))
    judged_story(a_workshop(), "Ring 0161 496 0000.")
    judging.note_unjudged(gone, 1)

    before = Judgement.objects.count()
    if by == "itself":
        assert forget_judgements([gone]) == 1
    withdrawal.withdraw_stories([gone])

    assert before - Judgement.objects.count() == 1
    assert sorted(Judgement.objects.filter(workshop=room).values_list("word", flat=True)) == [
        "0161 496 0001",
        "0161 496 0002",
    ]
    assert Judgement.objects.exclude(workshop=room).count() == 1
    assert not UnjudgedPublication.objects.exists()


def test_judgements_of_editors_own_words_stay_while_one_of_these_holds_them():
    programme = a_programme()
    story = a_story(workshop=a_workshop(phase=a_phase(programme=programme)))
    insight = may_stand(an_insight(programme=programme, body="Ring 0161 496 0000.", actions=["Ring 0161 496 0001."]))
    may_stand(an_article(programme=programme, body="Ring 0161 496 0002."))
    assert forget_judgements([story]) == 0
    type(insight).objects.filter(pk=insight.pk).update(body="Harmless.", actions=[])
    assert forget_judgements([story]) == 2
    assert words() == ["0161 496 0002"]


def test_judgements_are_read_by_those_of_the_workshop_and_by_editors():
    own, other = a_user("facilitator"), a_user("facilitator")
    judged_story(a_workshop([own]), "Ring 0161 496 0000.")
    seen = {
        user: Judgement.objects.visible_to(user).count() for user in (own, other, a_user("editor"), a_user("analyst"))
    }
    assert list(seen.values()) == [1, 0, 1, 0]
