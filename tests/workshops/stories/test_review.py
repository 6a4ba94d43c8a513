import pytest
from django.core.exceptions import ValidationError

from tests.factories import a_participant, a_place, a_practice, a_story, a_user, a_workshop
from workshops.choices import Consent, CorrectionState, Status
from workshops.consent import withdrawal
from workshops.models import Correction, Identity, Story
from workshops.personal_data import Mark
from workshops.stories import review

pytestmark = pytest.mark.django_db


def give_back(story):
    review.return_story_to_draft(story, "Who is “they”?")


STEPS = [
    (review.submit_story, "draft", "in review"),
    (review.submit_story, "in review", "in review"),
    (review.submit_story, "unpublished", "in review"),
    (review.submit_story, "published", None),
    (review.submit_story, "withdrawn", None),
    (give_back, "draft", "draft"),
    (give_back, "in review", "draft"),
    (give_back, "unpublished", "draft"),
    (give_back, "published", None),
    (give_back, "withdrawn", None),
    (review.publish_story, "draft", "published"),
    (review.publish_story, "in review", "published"),
    (review.publish_story, "unpublished", "published"),
    (review.publish_story, "published", "published"),
    (review.publish_story, "withdrawn", None),
    (review.unpublish_story, "draft", None),
    (review.unpublish_story, "in review", None),
    (review.unpublish_story, "unpublished", "unpublished"),
    (review.unpublish_story, "published", "unpublished"),
    (review.unpublish_story, "withdrawn", None),
]


@pytest.mark.parametrize(("step", "before", "after"), STEPS, ids=lambda value: getattr(value, "__name__", value))
def test_step_moves_a_story_or_refuses(step, before, after):
    story = a_story(status=Status.DRAFT if before == "withdrawn" else before)
    if before == "withdrawn":
        withdrawal.withdraw_stories([story])
    if after:
        step(story)
    else:
        with pytest.raises(ValidationError):
            step(story)
    story.refresh_from_db()
    assert story.status == (after or before)


def test_refused_step_says_from_where_it_would_lead_where():
    with pytest.raises(ValidationError) as refusal:
        review.submit_story(a_story())
    assert refusal.value.messages == ["It is published, and cannot go from there to “in review”."]


@pytest.mark.parametrize(
    ("own", "tellers", "whose"),
    [
        (Consent.FACILITATORS, Consent.CREDITED, "the story"),
        (Consent.PUBLIC, Consent.FACILITATORS, "the person who told it"),
    ],
)
def test_submit_refuses_what_no_editor_may_see(own, tellers, whose):
    story = a_story(status=Status.DRAFT, consent=own, told_by=a_participant(consent=tellers))
    with pytest.raises(ValidationError) as refusal:
        review.submit_story(story)
    assert refusal.value.messages == [
        f"No editor can see it: the consent of {whose} is “facilitators”. If who told it agrees to more, widen that first."
    ]
    story.refresh_from_db()
    assert story.status == Status.DRAFT


def test_publish_says_all_that_stands_against_it():
    story = a_story(status=Status.DRAFT, consent=Consent.TEAM, published_text=" ")

    with pytest.raises(ValidationError) as refusal:
        review.publish_story(story)

    assert refusal.value.message_dict == {
        "published_text": ["It has no published wording. Write what readers are to see."],
        "consent": ["Publishing needs consent “public” or “credited”; that of the story is “team”."],
    }


def test_publish_counts_the_consent_of_who_told_it():
    story = a_story(status=Status.DRAFT, told_by=a_participant(consent=Consent.FACILITATORS))

    with pytest.raises(ValidationError) as refusal:
        review.publish_story(story)

    assert refusal.value.message_dict == {
        "consent": [
            "Publishing needs consent “public” or “credited”; that of the person who told it is “facilitators”."
        ]
    }


def test_publish_never_revives_what_was_withdrawn_a_moment_before():
    story = a_story(status=Status.IN_REVIEW)
    withdrawal.withdraw_stories([story])

    with pytest.raises(ValidationError):
        review.publish_story(story)  # as a form holds it that was opened before

    story.refresh_from_db()
    assert story.status == Status.WITHDRAWN


def test_practice_is_published_and_returned_to_draft():
    practice = a_practice(status=Status.DRAFT)
    review.publish_practice(practice)
    practice.refresh_from_db()
    assert practice.status == Status.PUBLISHED
    review.return_practice_to_draft(practice)
    practice.refresh_from_db()
    assert practice.status == Status.DRAFT


@pytest.mark.parametrize("remark", ["", "  \n"])
def test_story_is_returned_only_with_a_remark(remark):
    story = a_story(status=Status.IN_REVIEW)
    with pytest.raises(ValidationError) as refusal:
        review.return_story_to_draft(story, remark)
    assert refusal.value.message_dict == {
        "remark": ["Say in a sentence what its facilitators should mend; they read it here."]
    }
    story.refresh_from_db()
    assert story.status == Status.IN_REVIEW


def test_remark_stays_until_the_story_is_published():
    story, other = a_story(status=Status.IN_REVIEW), a_story(status=Status.DRAFT)
    give_back(story)
    assert list(Story.objects.returned()) == [story]
    review.submit_story(story)
    assert (story.remark, list(Story.objects.returned())) == ("Who is “they”?", [])
    review.publish_story(story)
    assert (story.remark, other.remark) == ("", "")


def test_giving_away_looks_for_those_who_were_in_the_room():
    workshop = a_workshop(title="The Deansgate round")
    story = a_story(
        workshop=workshop,
        told_by=a_participant(),
        title="How ann drove",
        published_text="Then zoe rang tom near Wigan, Stretford and Deansgate.",
    )
    for participant, name in [
        (a_participant([workshop]), "Ann Field"),
        (story.told_by, "Zoe Marks"),
        (a_participant([a_workshop()]), "Tom Hill"),
        (a_participant([workshop]), ""),
    ]:
        Identity.objects.create(participant=participant, name=name)
    a_place("Wigan")

    def found(names):
        return [(finding.mark, finding.text) for finding in review.giving_away(story, names=names)]

    assert found(names=True) == [
        (Mark.PARTICIPANT, "ann"),
        (Mark.PARTICIPANT, "zoe"),
        (Mark.NAME, "tom"),
        (Mark.NAME, "Stretford"),
    ]
    assert found(names=False) == [
        (Mark.NAME, "ann"),
        (Mark.NAME, "zoe"),
        (Mark.NAME, "tom"),
        (Mark.NAME, "Stretford"),
    ]


def a_correction(story, **fields):
    return Correction.objects.create(
        **{"story": story, "title": "Better", "published_text": "Better words.", "why": "It was wrong."} | fields
    )


def test_correction_that_is_taken_is_what_readers_see():
    story, editor = a_story(title="The van"), a_user()
    correction = a_correction(story)
    review.accept_correction(correction, editor, "Thank you", seen=story.version)
    story.refresh_from_db()
    correction.refresh_from_db()
    assert (story.title, story.published_text, story.status) == ("Better", "Better words.", "published")
    assert (correction.state, correction.answer, correction.decided_by) == ("taken", "Thank you", editor)


def test_correction_is_not_taken_over_what_changed_meanwhile():
    story = a_story(published_text="First.")
    correction, seen = a_correction(story), story.version
    story.published_text = "Second."
    story.save()
    with pytest.raises(ValidationError) as refusal:
        review.accept_correction(correction, a_user(), seen=seen)
    assert refusal.value.messages == ["The story was changed while you were reading. Compare the two once more."]
    story.refresh_from_db()
    correction.refresh_from_db()
    assert (story.published_text, correction.state) == ("Second.", "open")


def test_correction_passes_the_gate_of_publishing():
    story = a_story()
    correction = a_correction(story, published_text=" ")
    with pytest.raises(ValidationError) as refusal:
        review.accept_correction(correction, a_user())
    assert refusal.value.message_dict == {
        "published_text": ["It has no published wording. Write what readers are to see."]
    }


def test_correction_is_declined_with_an_answer():
    story = a_story(title="The van")
    correction = a_correction(story)
    with pytest.raises(ValidationError) as refusal:
        review.decline_correction(correction, a_user(), " ")
    assert refusal.value.message_dict == {
        "answer": ["Say in a sentence why it stays as it is; who suggested it reads it."]
    }
    review.decline_correction(correction, a_user(), "It was in the notes.")
    story.refresh_from_db()
    assert (story.title, correction.state) == ("The van", CorrectionState.DECLINED)


def test_correction_is_decided_once():
    correction, editor = a_correction(a_story()), a_user(username="ed")
    review.decline_correction(correction, editor, "No.")
    with pytest.raises(ValidationError) as refusal:
        review.accept_correction(correction, a_user())
    assert refusal.value.messages == ["It was declined already, by ed."]


def test_correction_decided_by_an_account_that_is_gone_was_decided_by_somebody_else():
    correction, editor = a_correction(a_story()), a_user()
    review.accept_correction(correction, editor)
    editor.delete()
    with pytest.raises(ValidationError) as refusal:
        review.decline_correction(correction, a_user(), "No.")
    assert refusal.value.messages == ["It was taken already, by somebody else."]
